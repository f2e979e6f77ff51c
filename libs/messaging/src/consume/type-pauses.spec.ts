import { TypePauses } from './type-pauses.js';

const SETTINGS = { messages: 3, windowMs: 60_000, probeEveryMs: 10_000 };
const TYPE = 'grading.scored.v1';
const START = Date.UTC(2026, 0, 1);

let now: number;
let pauses: TypePauses;

beforeEach(() => {
  now = START;
  pauses = new TypePauses(SETTINGS, () => now);
});

const fail = (...ids: string[]) => ids.map((id) => pauses.failed(TYPE, 'bug', id));

test('the third message that fails alike pauses its type, and is the only one told so', () => {
  expect(fail('a', 'b', 'c', 'd')).toEqual([false, false, true, false]);
  expect(pauses.list()).toEqual([
    { type: TYPE, fingerprint: 'bug', messages: 3, pausedAt: '2026-01-01T00:00:00.000Z' },
  ]);
  expect(pauses.admits(TYPE)).toBe(false);
  expect(pauses.admits('grading.other.v1')).toBe(true);
});

test('one message that fails again and again is one message', () => {
  expect(fail('a', 'a', 'a', 'a', 'b')).toEqual([false, false, false, false, false]);
  expect(pauses.list()).toEqual([]);
});

test('failures of different kinds do not add up', () => {
  const told = ['x', 'y', 'z', 'x', 'y'].map((kind, at) => pauses.failed(TYPE, kind, `m${at}`));
  expect(told).not.toContain(true);
  expect(pauses.failed(TYPE, 'x', 'm9')).toBe(true);
});

test('a success between starts the count again', () => {
  fail('a', 'b');
  expect(pauses.succeeded(TYPE)).toBe(false);
  expect(fail('c', 'd')).toEqual([false, false]);
  expect(fail('e')).toEqual([true]);
});

test('failures older than the window no longer count, a repeated one counts from its last', () => {
  fail('a', 'b');
  now += 59_999;
  fail('b');
  now += 1;
  expect(fail('c')).toEqual([false]);
  now += 59_998;
  expect(fail('d')).toEqual([true]);
});

test('while paused one message per interval is the probe', () => {
  fail('a', 'b', 'c');
  now += 9_999;
  expect(pauses.admits(TYPE)).toBe(false);
  now += 1;
  expect(pauses.isPaused(TYPE)).toBe(false);
  expect(pauses.isPaused(TYPE)).toBe(false);
  expect([pauses.admits(TYPE), pauses.admits(TYPE)]).toEqual([true, false]);
  expect(pauses.isPaused(TYPE)).toBe(true);
  // The probe failed: the pause goes on, until the next one.
  expect(fail('p')).toEqual([false]);
  now += 10_000;
  expect([pauses.admits(TYPE), pauses.admits(TYPE)]).toEqual([true, false]);
  expect(pauses.list()).toHaveLength(1);
});

test('a probe that succeeds ends the pause', () => {
  fail('a', 'b', 'c');
  now += 10_000;
  pauses.admits(TYPE);
  expect(pauses.succeeded(TYPE)).toBe(true);
  expect(pauses.succeeded(TYPE)).toBe(false);
  expect([pauses.admits(TYPE), pauses.admits(TYPE)]).toEqual([true, true]);
  expect(pauses.list()).toEqual([]);
});

test('an operator ends a pause, and only a pause', () => {
  fail('a', 'b');
  expect(pauses.resume(TYPE)).toBe(false);
  expect(fail('c')).toEqual([true]);
  expect(pauses.resume(TYPE)).toBe(true);
  expect(pauses.admits(TYPE)).toBe(true);
  expect(fail('d', 'e')).toEqual([false, false]);
});

test('a flood of invented types and kinds is forgotten, a pause is not', () => {
  fail('a', 'b', 'c');
  for (let n = 0; n < 1_000; n += 1) {
    pauses.failed(`t${n}`, 'x', 'm');
    pauses.failed('many-kinds', `kind ${n}`, 'm1');
  }
  expect(pauses.list()).toHaveLength(1);
  const held = pauses as unknown as { types: Map<string, { failures: Map<string, unknown> }> };
  expect(held.types.size).toBe(200);
  expect(held.types.get('many-kinds')?.failures.size).toBe(20);
});
