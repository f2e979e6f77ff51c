import type { EqualExpression, Operator } from '../items/rules.js';
import type { BaseType } from '../items/scoring-spec.js';
import { withoutNoise } from './mapping.js';
import { FALSE, TRUE, atomKey, container, foldCase, numberIn, sameAtom } from './values.js';
import { single, truth, truthIn } from './values.js';
import type { Value } from './values.js';

/** The value of an operator that takes nothing but the values of its sub-expressions. */
export function applyOperator(op: Operator, of: Value[]): Value {
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
    default:
      return arithmetic(op, of);
  }
}

/** Whether two values are the same; in a multiple the order does not matter. */
export function match(a: Value, b: Value): Value {
  if (a === null || b === null) return null;
  if (a.cardinality !== b.cardinality || !comparable(a.baseType, b.baseType)) return null;
  if (a.items.length !== b.items.length) return FALSE;
  const keysOf = (value: NonNullable<Value>) => {
    const keys = value.items.map((item) => atomKey(value.baseType, item));
    return value.cardinality === 'multiple' ? keys.toSorted() : keys;
  };
  const keys = keysOf(b);
  return truth(keysOf(a).every((key, index) => key === keys[index]));
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
  if (whole === null || part === null) return null;
  if (whole.cardinality !== 'single' || part.cardinality !== 'single') return null;
  const [a, b] = [whole, part].map((value) => {
    const text = String(value.items[0]);
    return caseSensitive ? atomKey('string', text) : foldCase(text);
  }) as [string, string];
  return truth(substring ? a.includes(b) : a === b);
}

function member(one: Value, all: Value): Value {
  const item = one?.cardinality === 'single' ? one.items[0] : undefined;
  if (one === null || all === null || item === undefined) return null;
  if (!comparable(one.baseType, all.baseType)) return null;
  return truth(all.items.some((other) => sameAtom(all.baseType, other, item)));
}

/** Whether the first container holds the second: as a bag, or in order and without a gap. */
function contains(whole: Value, part: Value): Value {
  if (whole === null || part === null || whole.cardinality !== part.cardinality) return null;
  const all = whole.items.map((item) => atomKey(whole.baseType, item));
  const some = part.items.map((item) => atomKey(part.baseType, item));
  if (whole.cardinality === 'ordered') {
    const starts = all.map((_, index) => index);
    return truth(starts.some((start) => some.every((key, index) => all[start + index] === key)));
  }
  const left = new Map<string, number>();
  for (const key of all) left.set(key, (left.get(key) ?? 0) + 1);
  return truth(
    some.every((key) => {
      const count = left.get(key) ?? 0;
      left.set(key, count - 1);
      return count > 0;
    }),
  );
}

function without(one: Value, all: Value): Value {
  const item = one?.items[0];
  if (one === null || all === null || item === undefined) return null;
  const rest = all.items.filter((other) => !sameAtom(all.baseType, other, item));
  return container(all.cardinality, all.baseType, rest);
}

/** A container of all the values given; NULLs among them are left out. */
function gather(cardinality: 'multiple' | 'ordered', of: Value[]): Value {
  const known = of.filter((value) => value !== null);
  const baseType = known[0]?.baseType;
  if (baseType === undefined || known.some((value) => value.baseType !== baseType)) return null;
  return container(
    cardinality,
    baseType,
    known.flatMap((value) => value.items),
  );
}

type Arithmetic = Exclude<
  Operator,
  | 'is-null'
  | 'not'
  | 'and'
  | 'or'
  | 'match'
  | 'member'
  | 'contains'
  | 'delete'
  | 'multiple'
  | 'ordered'
  | 'container-size'
>;

/** Operators on numbers: one NULL among them, or a text, and the result is NULL. */
function arithmetic(op: Arithmetic, of: Value[]): Value {
  const numbers: number[] = [];
  for (const value of of) {
    for (const item of value?.items ?? [null]) {
      if (typeof item !== 'number') return null;
      numbers.push(item);
    }
  }
  const [a = Number.NaN, b = Number.NaN] = numbers;
  const allIntegers = of.every((value) => value?.baseType === 'integer');
  const number = (value: number) => single(allIntegers ? 'integer' : 'float', withoutNoise(value));
  switch (op) {
    case 'sum':
      return number(numbers.reduce((total, one) => total + one, 0));
    case 'product':
      return number(numbers.reduce((total, one) => total * one, 1));
    case 'subtract':
      return number(a - b);
    case 'min':
      return number(numbers.reduce((least, one) => Math.min(least, one)));
    case 'max':
      return number(numbers.reduce((most, one) => Math.max(most, one)));
    case 'divide':
      return single('float', a / b);
    case 'integer-divide':
      return single('integer', Math.floor(a / b));
    case 'integer-modulus':
      return single('integer', b === 0 ? Number.NaN : a - b * Math.floor(a / b));
    case 'power':
      return number(a ** b);
    case 'integer-to-float':
      return single('float', a);
    case 'round':
      return single('integer', Math.floor(a + 0.5));
    case 'truncate':
      return single('integer', Math.trunc(a));
    case 'lt':
      return truth(a < b);
    case 'lte':
      return truth(a <= b);
    case 'gt':
      return truth(a > b);
    case 'gte':
      return truth(a >= b);
    case 'gcd':
    case 'lcm':
    case 'duration-lt':
    case 'duration-gte':
    case 'random':
      return null;
  }
}

/** Base types whose values can be the same: equal ones, and the two kinds of number. */
function comparable(a: BaseType, b: BaseType): boolean {
  const isNumber = (type: BaseType) => type === 'integer' || type === 'float';
  return a === b || (isNumber(a) && isNumber(b));
}
