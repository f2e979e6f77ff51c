import { RateLimiter } from './rate-limiter.js';

test('a burst passes, then the rate', () => {
  const limiter = new RateLimiter(2, 3);
  expect([1, 2, 3].map(() => limiter.take('a', 0))).toEqual([0, 0, 0]);
  expect(limiter.take('a', 0)).toBe(1);
  expect(limiter.take('a', 500)).toBe(0);
  expect(limiter.take('a', 500)).toBe(1);
});

test('being refused costs nothing', () => {
  const limiter = new RateLimiter(1, 1);
  limiter.take('a', 0);
  for (let ms = 0; ms < 1000; ms += 100) expect(limiter.take('a', ms)).toBe(1);
  expect(limiter.take('a', 1000)).toBe(0);
});

test('a quiet caller does not save up more than a burst', () => {
  const limiter = new RateLimiter(100, 2);
  limiter.take('a', 0);
  expect([1, 2, 3].map(() => limiter.take('a', 3_600_000))).toEqual([0, 0, 1]);
});
