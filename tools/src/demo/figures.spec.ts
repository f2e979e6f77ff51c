import { percentile, totalsOf } from './figures.js';

describe('totals', () => {
  it('use the sample standard deviation', () => {
    expect(totalsOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({
      n: 8,
      mean: 5,
      sd: 2.1381,
      min: 2,
      max: 9,
    });
  });
  it('of nothing are zero', () => {
    expect(totalsOf([])).toEqual({ n: 0, mean: 0, sd: 0, min: 0, max: 0 });
  });
});

describe('a percentile', () => {
  it('is a value that occurs (nearest rank)', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile([7], 0.99)).toBe(7);
  });
});
