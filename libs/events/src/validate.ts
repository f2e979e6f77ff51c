import 'reflect-metadata';
import { validateSync, type ValidationError } from 'class-validator';
import type { EventDefinition } from './define.js';

/** `data` does not fit the schema of its event. Holds paths and rules, never values. */
export class EventDataInvalid extends Error {
  constructor(
    readonly type: string,
    readonly faults: string[],
  ) {
    super(`${type}: ${faults.join('; ')}`);
    this.name = 'EventDataInvalid';
  }
}

/**
 * The data as an instance of the event's class, or an EventDataInvalid. Unknown fields are kept:
 * a newer producer may add some, and an older consumer must not lose or refuse them.
 */
export function parseEventData<T extends object>(event: EventDefinition<T>, data: unknown): T {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new EventDataInvalid(event.type, ['data must be an object']);
  }
  // A shallow copy: class-transformer would walk every answer of every attempt, twice per event.
  const instance = Object.assign(new event.data(), data);
  const errors = validateSync(instance, { validationError: { target: false, value: false } });
  if (errors.length > 0) throw new EventDataInvalid(event.type, faultsOf(errors));
  return instance;
}

function faultsOf(errors: ValidationError[], path = ''): string[] {
  return errors.flatMap((error) => {
    const at = path === '' ? error.property : `${path}.${error.property}`;
    const own = Object.keys(error.constraints ?? {}).map((rule) => `${at} (${rule})`);
    return [...own, ...faultsOf(error.children ?? [], at)];
  });
}
