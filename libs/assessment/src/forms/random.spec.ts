import fc from 'fast-check';
import { seededRandom, shuffled, shuffledAround, xoshiro128 } from '../index.js';

test('the generator is xoshiro128**: its first numbers from 1, 2, 3, 4, worked out by hand', () => {
  const random = xoshiro128([1, 2, 3, 4]);
  expect([1, 2, 3].map(() => random.below(2 ** 32))).toEqual([11_520, 0, 5_927_040]);
});

test('the same seed gives the same numbers, another seed others', () => {
  const draw = (seed: string) => {
    const random = seededRandom(seed);
    return Array.from({ length: 20 }, () => random.below(1_000));
  };
  expect(draw('attempt 1')).toEqual(draw('attempt 1'));
  expect(draw('attempt 1')).not.toEqual(draw('attempt 2'));
  expect(draw('')).not.toEqual(draw('\u0000'));
});

test('numbers are below their limit, and near limits are reached', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, below) => {
      const drawn = seededRandom(seed).below(below);
      expect(Number.isInteger(drawn) && drawn >= 0 && drawn < below).toBe(true);
    }),
  );
  const random = seededRandom('dice');
  const counts = [0, 0, 0, 0, 0, 0];
  for (let roll = 0; roll < 6_000; roll += 1) counts[random.below(6)]! += 1;
  // Five standard deviations around 1,000: sqrt(6000 * 1/6 * 5/6) is 28.9.
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(145);
});

test('a shuffle is a permutation and leaves its input alone', () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.string(), (list, seed) => {
      const before = [...list];
      const after = shuffled(list, seededRandom(seed));
      expect(list).toEqual(before);
      expect(after.toSorted((a, b) => a - b)).toEqual(before.toSorted((a, b) => a - b));
    }),
  );
});

test('the fixed ones stay where they are', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean()), fc.string(), (flags, seed) => {
      const list = flags.map((fixed, index) => ({ fixed, index }));
      const after = shuffledAround(list, (one) => one.fixed, seededRandom(seed));
      expect(after.map((one) => one.index).toSorted((a, b) => a - b)).toEqual(
        list.map((one) => one.index),
      );
      for (const { fixed, index } of list) if (fixed) expect(after[index]?.index).toBe(index);
    }),
  );
});
