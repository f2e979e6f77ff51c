/** Numbers of a list, as the report and the JSON file give them. */
export interface Totals {
  n: number;
  mean: number;
  /** Sample standard deviation (n - 1); 0 for fewer than two. */
  sd: number;
  min: number;
  max: number;
}

export function totalsOf(values: readonly number[]): Totals {
  const n = values.length;
  if (n === 0) return { n, mean: 0, sd: 0, min: 0, max: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const sd = n < 2 ? 0 : Math.sqrt(squares / (n - 1));
  const [min, max] = values.reduce(
    ([low, high], v) => [Math.min(low, v), Math.max(high, v)],
    [Infinity, -Infinity],
  );
  return { n, mean: round(mean), sd: round(sd), min, max };
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/** The smallest value that at least `share` of all values do not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
}
