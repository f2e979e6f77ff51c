import { roundPoints, sumPoints } from './points.js';

describe('points', () => {
  it('add up without float dust', () => {
    expect(sumPoints(Array.from({ length: 10 }, () => 0.1))).toBe(1);
    expect(sumPoints(['0.1', '0.2'])).toBe(0.3);
  });
  it.each([
    [89.995, 90],
    [89.994, 89.99],
    [1.005, 1.01],
    [1.255, 1.26],
    [10.235, 10.24],
  ])('round half up: %d to %d', (value, rounded) => {
    expect(roundPoints(value, 2)).toBe(rounded);
  });
});
