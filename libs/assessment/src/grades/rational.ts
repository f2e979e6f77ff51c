/**
 * A fraction with a positive denominator, not necessarily in lowest terms. Grades are summed,
 * divided and weighted as fractions and rounded once, at the end, so that a total never depends on
 * the order in which it was added up.
 */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

export const ZERO: Rational = { n: 0n, d: 1n };
export const ONE: Rational = { n: 1n, d: 1n };

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * The exact value of a decimal number, as a database writes it (`"89.995"`) or as JavaScript
 * prints it: 0.1 is one tenth and not the binary fraction nearest to it.
 *
 * @throws RangeError when it is not a finite decimal number.
 */
export function rational(value: number | string): Rational {
  const text = String(value).trim();
  const [, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') {
    throw new RangeError(`"${text.slice(0, 40)}" is not a decimal number`);
  }
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const scale = Number(exponent) - fraction.length;
  return scale >= 0
    ? { n: digits * 10n ** BigInt(scale), d: 1n }
    : reduced(digits, 10n ** BigInt(-scale));
}

export function add(a: Rational, b: Rational): Rational {
  return reduced(a.n * b.d + b.n * a.d, a.d * b.d);
}

export function subtract(a: Rational, b: Rational): Rational {
  return add(a, { n: -b.n, d: b.d });
}

export function multiply(a: Rational, b: Rational): Rational {
  return reduced(a.n * b.n, a.d * b.d);
}

/** @throws RangeError when b is 0. */
export function divide(a: Rational, b: Rational): Rational {
  if (b.n === 0n) throw new RangeError('division by zero');
  return b.n > 0n ? reduced(a.n * b.d, a.d * b.n) : reduced(-a.n * b.d, -a.d * b.n);
}

/** Below, at or above 0 as a is less than, equal to or greater than b. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.n * b.d - b.n * a.d;
  if (difference === 0n) return 0;
  return difference > 0n ? 1 : -1;
}

export function sum(values: Iterable<Rational>): Rational {
  let total = ZERO;
  for (const value of values) total = add(total, value);
  return total;
}

/** To so many decimals, halves away from zero. */
export function roundHalfUp(value: Rational, decimals: number): number {
  const scale = 10n ** BigInt(decimals);
  const size = value.n < 0n ? -value.n : value.n;
  const rounded = (2n * size * scale + value.d) / (2n * value.d);
  const digits = String(rounded).padStart(decimals + 1, '0');
  const cut = digits.length - decimals;
  const sign = value.n < 0n && rounded !== 0n ? '-' : '';
  return Number(`${sign}${digits.slice(0, cut)}.${digits.slice(cut)}`);
}

function reduced(n: bigint, d: bigint): Rational {
  let [a, b] = [n < 0n ? -n : n, d];
  while (b !== 0n) [a, b] = [b, a % b];
  return a > 1n ? { n: n / a, d: d / a } : { n, d };
}
