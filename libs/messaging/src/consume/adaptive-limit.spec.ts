import { AdaptiveLimit, type HandlingSample } from './adaptive-limit.js';

const window = (limit: AdaptiveLimit, sample: HandlingSample) => {
  for (let n = 0; n < 20; n += 1) limit.sample(sample);
  return limit.value;
};

const FINE: HandlingSample = { waitedMs: 0, tookMs: 10, slowness: 1 };
const WAITING: HandlingSample = { waitedMs: 9, tookMs: 10, slowness: 1 };
const SLOW: HandlingSample = { waitedMs: 0, tookMs: 30, slowness: 3 };

test('handlers that wait for connections become fewer by a tenth a window', () => {
  const limit = new AdaptiveLimit(100);
  expect(window(limit, WAITING)).toBe(90);
  expect(window(limit, WAITING)).toBe(81);
});

test('handlers that take thrice as long as usual become fewer', () => {
  expect(window(new AdaptiveLimit(100), SLOW)).toBe(90);
});

test('when all is well one more may run after each window, up to the most', () => {
  const limit = new AdaptiveLimit(100);
  window(limit, WAITING);
  expect(window(limit, FINE)).toBe(91);
  for (let n = 0; n < 20; n += 1) window(limit, FINE);
  expect(limit.value).toBe(100);
});

test('one long handler among twenty changes nothing, and the least stays', () => {
  const limit = new AdaptiveLimit(10);
  limit.sample({ waitedMs: 0, tookMs: 60_000, slowness: 6_000 });
  for (let n = 0; n < 19; n += 1) limit.sample(FINE);
  expect(limit.value).toBe(10);
  for (let n = 0; n < 60; n += 1) window(limit, WAITING);
  expect(limit.value).toBe(1);
});
