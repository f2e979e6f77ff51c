import { ValidateBy } from 'class-validator';
import type { JsonSchema } from './contracts/json-schema.js';

export const EACH_SATISFIES = 'eachSatisfies';

/**
 * Every element of an array passes `test`. For long arrays: nested classes cost class-validator a
 * hundred times as much. `schema` says in JSON Schema what `test` lets pass: it is what the contract
 * of the event shows of an element.
 */
export function EachSatisfies(
  test: (value: unknown) => boolean,
  schema?: JsonSchema,
): PropertyDecorator {
  return ValidateBy({
    name: EACH_SATISFIES,
    constraints: [schema],
    validator: {
      validate: (value) => Array.isArray(value) && value.every(test),
      defaultMessage: () => '$property holds an element of the wrong shape',
    },
  });
}
