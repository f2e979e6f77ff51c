import { ValidateBy } from 'class-validator';

/**
 * Every element of an array passes `test`. For long arrays: nested classes cost class-validator a
 * hundred times as much.
 */
export function EachSatisfies(test: (value: unknown) => boolean): PropertyDecorator {
  return ValidateBy({
    name: 'eachSatisfies',
    validator: {
      validate: (value) => Array.isArray(value) && value.every(test),
      defaultMessage: () => '$property holds an element of the wrong shape',
    },
  });
}
