import { deadLetterReason } from './errors.js';
import { HeldMessage } from './held-message.js';
import { Retries } from './retries.js';
import { TypePauses } from './type-pauses.js';

const SETTINGS = { retryBaseSeconds: 2, retryCapSeconds: 60 };
const PAUSE = { messages: 3, windowMs: 60_000, probeEveryMs: 1_000 };

function message(receiveCount = 1, messageId = 'm', type = 'grading.scored.v1'): HeldMessage {
  const event = { type, tenant: 't', partitionkey: 'k' } as never;
  return new HeldMessage(
    { MessageId: messageId, Attributes: { ApproximateReceiveCount: String(receiveCount) } },
    { kind: 'event', event, definition: { type } as never },
    Infinity,
  );
}

const retry = (dependency?: string, afterSeconds?: number) =>
  ({ kind: 'retry', dependency, afterSeconds, failure: undefined }) as const;

function retries(changes: [string, boolean][] = [], nowMs: () => number = () => 0) {
  return new Retries(SETTINGS, new TypePauses(PAUSE, nowMs), (...change) => changes.push(change));
}

test('the wait is jittered below the doubling bound, and never less than a second', () => {
  const some = retries();
  for (let count = 1; count <= 8; count += 1) {
    const seconds = some.secondsUntilNext(message(count), undefined);
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(Math.min(60, 2 * 2 ** (count - 1)));
  }
});

test('a handler may say when, up to what SQS can delay', () => {
  expect(retries().secondsUntilNext(message(), retry(undefined, 300))).toBe(300);
  expect(retries().secondsUntilNext(message(), retry(undefined, 5_000))).toBe(900);
});

test('a dependency that only fails has its budget spent, and successes earn it back', () => {
  const some = retries();
  const soon = () => some.secondsUntilNext(message(), retry('handler of grading.scored.v1')) <= 2;
  const first = Array.from({ length: 12 }, soon);
  expect(first).toEqual([...Array<boolean>(10).fill(true), false, false]);
  for (let n = 0; n < 5; n += 1) some.succeeded(message());
  expect([soon(), soon()]).toEqual([true, false]);
  expect(some.secondsUntilNext(message(), retry('mail'))).toBeLessThanOrEqual(2);
});

test('messages that fail alike pause their type, the probe ends the pause, others go on', () => {
  const changes: [string, boolean][] = [];
  let nowMs = 0;
  const some = retries(changes, () => nowMs);
  const reason = deadLetterReason('retries-exhausted', 'TypeError: x is undefined', 't');
  expect(some.failed(message(1, 'a'), reason)).toBe(false);
  expect(some.failed(message(2, 'a'), reason)).toBe(false);
  expect(some.failed(message(1, 'b'), reason)).toBe(false);
  expect(some.failed(message(1, 'c'), reason)).toBe(true);
  expect(some.admits(message())).toBe(false);
  expect(some.admits(message(1, 'm', 'grading.other.v1'))).toBe(true);
  nowMs = 1_000;
  expect([some.admits(message()), some.admits(message())]).toEqual([true, false]);
  some.succeeded(message());
  expect(some.admits(message())).toBe(true);
  expect(changes).toEqual([
    ['grading.scored.v1', true],
    ['grading.scored.v1', false],
  ]);
});

test('a paused message stays away ever longer, so that its receives last', () => {
  const waits = [1, 2, 5, 6, 7].map((count) => retries().pauseSeconds(message(count)));
  expect(waits).toEqual([30, 60, 480, 900, 900]);
});
