import { Decimal } from 'decimal.js';

/** Most decimals a score is stored or sent with. */
export const POINTS_SCALE = 6;

/**
 * Points of a score as a plain number with at most six decimals. Sums run through decimal.js, so
 * that ten times 0.1 is 1, and only the result is rounded (half up).
 */
export function sumPoints(points: Iterable<number | string>): number {
  let total = new Decimal(0);
  for (const value of points) total = total.plus(value);
  return roundPoints(total);
}

export function roundPoints(value: Decimal.Value, scale = POINTS_SCALE): number {
  return new Decimal(value).toDecimalPlaces(scale, Decimal.ROUND_HALF_UP).toNumber();
}
