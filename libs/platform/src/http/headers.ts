import {
  type CallHandler,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  type PipeTransform,
  SetMetadata,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type Id, isId, Refusal } from '@parlance/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';

const VERSIONED = 'parlance:versioned';

/** The answer has a `version`, which also becomes its ETag. */
export const Versioned = () => SetMetadata(VERSIONED, true);

@Injectable()
export class EtagInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (execution.getType() !== 'http') return next.handle();
    if (this.reflector.get<boolean>(VERSIONED, execution.getHandler()) !== true) {
      return next.handle();
    }
    const reply = execution.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((body: { version: number }) => {
        reply.header('etag', `"${body.version}"`);
        return body;
      }),
    );
  }
}

function header(execution: ExecutionContext, name: string): string | undefined {
  const value = execution.switchToHttp().getRequest<FastifyRequest>().headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The version in `If-Match: "7"`. Missing: 428. */
export const IfMatchVersion = createParamDecorator((_: unknown, execution: ExecutionContext) => {
  const value = header(execution, 'if-match');
  if (value === undefined) {
    const detail = 'Send the ETag you last read as If-Match, so that nobody is overwritten.';
    throw new Refusal('precondition-required', 'if-match-required', detail);
  }
  const version = /^"(\d{1,9})"$/.exec(value)?.[1];
  if (version === undefined) {
    throw new Refusal('invalid', 'invalid-if-match', 'If-Match must be one ETag such as "7".');
  }
  return Number(version);
});

/** Throws 412 unless the version the client saw is still the present one. */
export function requireVersion(seen: number, present: number): void {
  if (seen === present) return;
  const detail = `It has changed since you read it: you saw version ${seen}, it is now ${present}.`;
  throw new Refusal('precondition-failed', 'version-changed', detail);
}

const KEY_FORM = /^[\x21-\x7e]{8,128}$/;

/** The client's Idempotency-Key; `required` refuses a request without one. */
export const IdempotencyKey = createParamDecorator(
  (need: 'required' | 'optional' | undefined, execution: ExecutionContext) => {
    const key = header(execution, 'idempotency-key');
    if (key === undefined) {
      if (need !== 'required') return undefined;
      const detail = 'Send an Idempotency-Key, so that a retry cannot do it twice.';
      throw new Refusal('invalid', 'idempotency-key-required', detail);
    }
    if (!KEY_FORM.test(key)) {
      const detail = 'Idempotency-Key must be 8 to 128 visible ASCII characters.';
      throw new Refusal('invalid', 'invalid-idempotency-key', detail);
    }
    return key;
  },
);

/** A path parameter that is an id: anything else is 404, as an id that does not exist is. */
@Injectable()
export class IdPipe implements PipeTransform<string, Id> {
  transform(value: string): Id {
    if (isId(value)) return value.toLowerCase();
    throw new Refusal('not-found', 'not-found', 'There is nothing with this id.');
  }
}
