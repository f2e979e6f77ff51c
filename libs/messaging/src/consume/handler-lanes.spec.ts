import { HandlerLanes } from './handler-lanes.js';

test('with several types none takes the last place, and alone one takes all', () => {
  const lanes = new HandlerLanes(() => 3, 10);
  lanes.define('a', {});
  for (let n = 0; n < 2; n += 1) lanes.started('a');
  expect(lanes.isOpen('a')).toBe(true);
  lanes.define('b', {});
  expect([lanes.isOpen('a'), lanes.isOpen('b')]).toEqual([false, true]);
  lanes.finished('a', 1, 5);
  expect(lanes.isOpen('a')).toBe(true);
});

test('a handler that says atMost runs no oftener, and with one place every type runs', () => {
  const lanes = new HandlerLanes(() => 8, 10);
  lanes.define('a', { atMost: 2 });
  lanes.define('b', {});
  lanes.started('a');
  lanes.started('a');
  expect(lanes.isOpen('a')).toBe(false);
  const narrow = new HandlerLanes(() => 1, 10);
  narrow.define('a', {});
  narrow.define('b', {});
  expect(narrow.isOpen('a')).toBe(true);
});

test('slow messages share a transaction with fewer others, those that ask for it with none', () => {
  const lanes = new HandlerLanes(() => 8, 10);
  lanes.define('quick', {});
  lanes.define('slow', {});
  lanes.define('alone', { alone: true });
  for (let n = 0; n < 100; n += 1) lanes.finished('slow', 1, 100);
  // 200 ms together: two of about 100 ms.
  expect(lanes.batchSize('quick')).toBe(10);
  expect(lanes.batchSize('slow')).toBe(2);
  expect(lanes.batchSize('alone')).toBe(1);
});

test('slowness is against the usual of the same type', () => {
  const lanes = new HandlerLanes(() => 8, 10);
  lanes.define('a', {});
  for (let n = 0; n < 200; n += 1) lanes.finished('a', 10, 1_000);
  expect(lanes.finished('a', 10, 3_000)).toBeCloseTo(3, 1);
});
