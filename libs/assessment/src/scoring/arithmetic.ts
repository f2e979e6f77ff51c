import { withoutNoise } from './rounding.js';
import { isNumeric, single, truth } from './values.js';
import type { Value } from './values.js';

/** Operators on numbers. */
export type Arithmetic =
  | 'sum'
  | 'product'
  | 'subtract'
  | 'divide'
  | 'integer-divide'
  | 'integer-modulus'
  | 'integer-to-float'
  | 'gcd'
  | 'lcm'
  | 'power'
  | 'min'
  | 'max'
  | 'round'
  | 'truncate'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte';

/** The numbers in values, those of containers one after the other; null when one is NULL or none. */
export function numbersIn(values: readonly Value[]): number[] | null {
  const numbers: number[] = [];
  for (const value of values) {
    if (value === null || !isNumeric(value.baseType)) return null;
    for (const item of value.items) numbers.push(item as number);
  }
  return numbers;
}

/** One NULL among the operands, or something that is no number, and the result is NULL. */
export function arithmetic(op: Arithmetic, of: Value[]): Value {
  const numbers = numbersIn(of);
  if (numbers === null || numbers.length === 0) return null;
  switch (op) {
    case 'sum':
      return number(
        of,
        numbers.reduce((total, one) => total + one, 0),
      );
    case 'product':
      return number(
        of,
        numbers.reduce((total, one) => total * one, 1),
      );
    case 'min':
      return number(
        of,
        numbers.reduce((least, one) => Math.min(least, one)),
      );
    case 'max':
      return number(
        of,
        numbers.reduce((most, one) => Math.max(most, one)),
      );
    case 'gcd':
      return whole(numbers, gcd);
    case 'lcm':
      return whole(numbers, (a, b) => (a === 0 ? 0 : Math.abs(a * b) / gcd(a, b)));
    default:
      // The others take numbers one by one; a container is none.
      return of.every((value) => value?.cardinality === 'single')
        ? onSingles(op, of, numbers)
        : null;
  }
}

type OnSingles = Exclude<Arithmetic, 'sum' | 'product' | 'min' | 'max' | 'gcd' | 'lcm'>;

function onSingles(op: OnSingles, of: Value[], numbers: number[]): Value {
  const [a = Number.NaN, b = Number.NaN] = numbers;
  switch (op) {
    case 'subtract':
      return number(of, a - b);
    case 'power':
      return number(of, a ** b);
    case 'divide':
      return single('float', a / b);
    case 'integer-divide':
      return single('integer', wholeOnly(numbers, Math.floor(a / b)));
    case 'integer-modulus':
      return single('integer', wholeOnly(numbers, a - b * Math.floor(a / b)));
    case 'integer-to-float':
      return single('float', a);
    case 'round':
      // Halves go up, -2.5 to -2, unlike with round-to (QTI "round").
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
  }
}

/** A whole number in type when all operands are, unless it is none, as 2 to the -1 is. */
function number(of: Value[], result: number): Value {
  const isWhole = of.every((value) => value?.baseType === 'integer') && Number.isInteger(result);
  return single(isWhole ? 'integer' : 'float', withoutNoise(result));
}

/** No number at all where an operand is not whole; NULL comes of it. */
function wholeOnly(numbers: readonly number[], result: number): number {
  return numbers.every(Number.isInteger) ? result : Number.NaN;
}

function whole(numbers: number[], combine: (a: number, b: number) => number): Value {
  if (!numbers.every(Number.isInteger)) return null;
  const result = numbers.map(Math.abs).reduce(combine);
  // Beyond this, whole numbers next to each other can no longer be told apart.
  return Number.isSafeInteger(result) ? single('integer', result) : null;
}

/** Euclid's algorithm; the greatest common divisor of nothing but zeros is 0. */
function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}
