import { Breaker } from './breaker.js';

let now: number;
let breaker: Breaker;

beforeEach(() => {
  now = 0;
  breaker = new Breaker(
    { failures: 3, baseMs: 100, capMs: 1_000 },
    () => now,
    () => 0.999,
  );
});

function fail(times: number): void {
  for (let n = 0; n < times; n += 1) breaker.failed();
}

test('it opens at the third failure in a row, not at three with a success between', () => {
  fail(2);
  breaker.succeeded();
  fail(2);
  expect(breaker.state).toBe('closed');
  expect(breaker.failed()).toBe(true);
  expect(breaker.state).toBe('open');
  expect(breaker.pass()).toBe(false);
});

test('after the wait exactly one probe passes', () => {
  fail(3);
  now = 100;
  expect([breaker.pass(), breaker.pass()]).toEqual([true, false]);
  expect(breaker.state).toBe('half-open');
  expect(breaker.succeeded()).toBe(true);
  expect(breaker.pass()).toBe(true);
});

test('each failed probe doubles the wait, up to the cap', () => {
  fail(3);
  const waits: number[] = [];
  for (let n = 0; n < 6; n += 1) {
    const from = now;
    while (!breaker.isPassable()) now += 1;
    waits.push(now - from);
    breaker.pass();
    breaker.failed();
  }
  expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});

test('late failures of what was under way do not lengthen the wait', () => {
  fail(3);
  now = 50;
  fail(5);
  now = 100;
  expect(breaker.pass()).toBe(true);
});
