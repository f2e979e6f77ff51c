import { type Buckets, growthOf, type Measurement, quantileOf, type Series } from './metrics.js';

const name = {
  service: 'grading',
  instance: 'a',
  name: 'n',
  unit: '',
  kind: 'counter' as const,
  attributes: {},
};

const counter = (...points: [startedAtMs: number, atMs: number, value: number][]): Series => ({
  ...name,
  points: points.map(([startedAtMs, atMs, value]): Measurement => ({ startedAtMs, atMs, value })),
});

describe('growth', () => {
  test('counts from the last point before the period', () => {
    const series = counter([0, 1_000, 5], [0, 9_000, 8], [0, 20_000, 14], [0, 30_000, 20]);
    expect(growthOf(series, 10_000, 30_000)).toEqual({ count: 12, seconds: 21 });
  });

  test('of a process that began within the period is all it counted', () => {
    const series = counter([12_000, 15_000, 4], [12_000, 22_000, 10]);
    expect(growthOf(series, 10_000, 22_000)).toEqual({ count: 10, seconds: 10 });
  });

  test('before the first known point is not made up', () => {
    const series = counter([0, 15_000, 400], [0, 25_000, 410]);
    expect(growthOf(series, 10_000, 25_000)).toEqual({ count: 10, seconds: 10 });
  });

  test('goes on when a process begins anew', () => {
    const series = counter([0, 5_000, 100], [0, 15_000, 107], [18_000, 25_000, 3]);
    expect(growthOf(series, 10_000, 25_000)).toEqual({ count: 10, seconds: 20 });
  });

  test('is none when nothing was reported within the period', () => {
    expect(growthOf(counter([0, 5_000, 100]), 10_000, 30_000).count).toBe(0);
  });

  test('of histograms is told by bucket', () => {
    const at = (atMs: number, counts: number[], sum: number): Measurement => ({
      startedAtMs: 0,
      atMs,
      value: sum,
      buckets: { count: counts.reduce((a, b) => a + b, 0), sum, bounds: [1, 2], counts },
    });
    const series: Series = {
      ...name,
      points: [at(1_000, [5, 1, 0], 6), at(20_000, [7, 4, 1], 20)],
    };
    expect(growthOf(series, 10_000, 20_000).buckets).toEqual({
      count: 6,
      sum: 14,
      bounds: [1, 2],
      counts: [2, 3, 1],
    });
  });
});

describe('a quantile', () => {
  const buckets = (counts: number[]): Buckets => ({
    count: counts.reduce((a, b) => a + b, 0),
    sum: 0,
    bounds: [1, 2, 10],
    counts,
  });

  test.each([
    // 10 between 0 and 1: the 5th lies in the middle.
    [[10, 0, 0, 0], 0.5, 0.5],
    // rank 50 of 100: 10 below 1, so 40 of the 80 between 1 and 2.
    [[10, 80, 10, 0], 0.5, 1.5],
    // rank 99: 9 of the 10 between 2 and 10.
    [[10, 80, 10, 0], 0.99, 9.2],
    [[0, 0, 0, 5], 0.5, 10],
  ])('of %j at %d is %d', (counts, part, expected) => {
    expect(quantileOf(buckets(counts), part)).toBeCloseTo(expected, 10);
  });

  test('of nothing is nothing', () => {
    expect(quantileOf(buckets([0, 0, 0, 0]), 0.5)).toBeUndefined();
    expect(quantileOf(undefined, 0.5)).toBeUndefined();
  });
});
