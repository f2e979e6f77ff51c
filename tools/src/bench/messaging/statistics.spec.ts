import { median, spreadOf } from './statistics.js';

describe('the median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('of nothing is no number', () => {
    expect(median([])).toBeNaN();
  });

  it('comes with the least and the most', () => {
    expect(spreadOf([5, 9, 1])).toEqual({ median: 5, min: 1, max: 9 });
  });
});
