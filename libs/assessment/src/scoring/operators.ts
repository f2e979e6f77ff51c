import type { EqualExpression, Operator } from '../items/rules.js';
import { arithmetic } from './arithmetic.js';
import { contains, gather, match, member, without } from './containers.js';
import { withoutNoise } from './rounding.js';
import { FALSE, TRUE, foldCase, numberIn, plainText, single, truth, truthIn } from './values.js';
import type { Value } from './values.js';

/** Operators that take nothing but the values of their sub-expressions. */
export type PlainOperator = Exclude<Operator, 'random'>;

export function applyOperator(op: PlainOperator, of: Value[]): Value {
  const [first = null, second = null] = of;
  switch (op) {
    case 'is-null':
      return truth(first === null);
    case 'not': {
      const value = truthIn(first);
      return value === null ? null : truth(!value);
    }
    case 'and':
      if (of.some((one) => truthIn(one) === false)) return FALSE;
      return of.every((one) => truthIn(one) === true) ? TRUE : null;
    case 'or':
      if (of.some((one) => truthIn(one) === true)) return TRUE;
      return of.every((one) => truthIn(one) === false) ? FALSE : null;
    case 'match':
      return match(first, second);
    case 'member':
      return member(first, second);
    case 'contains':
      return contains(first, second);
    case 'delete':
      return without(first, second);
    case 'multiple':
    case 'ordered':
      return gather(op, of);
    case 'container-size':
      return single('integer', first?.items.length ?? 0);
    case 'duration-lt':
      return compareDurations(first, second, (a, b) => a < b);
    case 'duration-gte':
      return compareDurations(first, second, (a, b) => a >= b);
    default:
      return arithmetic(op, of);
  }
}

/** True when at least min and at most max are true, as far as the NULLs leave that certain. */
export function anyN(
  min: number | null,
  max: number | null,
  truths: readonly (boolean | null)[],
): Value {
  if (min === null || max === null) return null;
  const certain = truths.filter((one) => one === true).length;
  const possible = certain + truths.filter((one) => one === null).length;
  if (certain > max || possible < min) return FALSE;
  return certain >= min && possible <= max ? TRUE : null;
}

/** Two numbers compared within a tolerance; a relative one is in per cent of the first. */
export function equal(a: Value, b: Value, options: EqualExpression): Value {
  const expected = numberIn(a);
  const given = numberIn(b);
  if (expected === null || given === null) return null;
  if (options.toleranceMode === 'exact') return truth(expected === given);
  const [below, above] = options.tolerance;
  const width = (part: number) =>
    options.toleranceMode === 'absolute' ? part : Math.abs(expected) * (part / 100);
  const low = withoutNoise(expected - width(below));
  const high = withoutNoise(expected + width(above));
  const fitsLow = options.includeLowerBound ? given >= low : given > low;
  const fitsHigh = options.includeUpperBound ? given <= high : given < high;
  return truth(fitsLow && fitsHigh);
}

/** Whether two texts are the same, or the first holds the second. */
export function stringMatch(
  whole: Value,
  part: Value,
  caseSensitive: boolean,
  substring: boolean,
): Value {
  const a = textIn(whole);
  const b = textIn(part);
  if (a === null || b === null) return null;
  const [all, some] = caseSensitive ? [plainText(a), plainText(b)] : [foldCase(a), foldCase(b)];
  return truth(substring ? all.includes(some) : all === some);
}

/** The text of a single value, whatever its type; a record's is what was typed. */
export function textIn(value: Value): string | null {
  if (value?.cardinality !== 'single' && value?.cardinality !== 'record') return null;
  return String(value.items[0]);
}

function compareDurations(a: Value, b: Value, holds: (a: number, b: number) => boolean): Value {
  const [first, second] = [secondsIn(a), secondsIn(b)];
  return first === null || second === null ? null : truth(holds(first, second));
}

function secondsIn(value: Value): number | null {
  const isDuration = value?.cardinality === 'single' && value.baseType === 'duration';
  return isDuration ? (value.items[0] as number) : null;
}
