import { ValidationPipe } from '@nestjs/common';
import { type FieldFault, Refusal } from '@parlance/kernel';
import type { ValidationError } from 'class-validator';

/** Bodies and queries hold what their DTO names and nothing else; every fault is told at once. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    transform: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors: ValidationError[]) =>
      new Refusal('invalid', 'invalid-input', 'The input does not fit.', faultsOf(errors)),
  });
}

function faultsOf(errors: ValidationError[], path = ''): FieldFault[] {
  return errors.flatMap((error) => {
    const pointer = `${path}/${error.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const own = Object.values(error.constraints ?? {}).map((detail) => ({ pointer, detail }));
    return [...own, ...faultsOf(error.children ?? [], pointer)];
  });
}
