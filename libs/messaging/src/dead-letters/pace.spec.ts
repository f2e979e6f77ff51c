import { Pace, type PaceClock } from './pace.js';

/** A clock on which only pauses let time pass. */
function handClock() {
  const pauses: number[] = [];
  let now = 5_000;
  const clock: PaceClock = {
    nowMs: () => now,
    pause: async (ms) => {
      pauses.push(ms);
      now += ms;
    },
  };
  return { clock, pauses, elapsed: () => now - 5_000, skip: (ms: number) => (now += ms) };
}

test('twenty at four per second, two at a time, take four and a half seconds', async () => {
  const { clock, pauses, elapsed } = handClock();
  const pace = new Pace(4, clock);
  for (let taken = 0; taken < 20; taken += 2) await pace.take(2);
  expect(pauses).toEqual(Array.from({ length: 9 }, () => 500));
  expect(elapsed()).toBe(4_500);
});

test('time in which nobody took is not saved up', async () => {
  const { clock, pauses, skip } = handClock();
  const pace = new Pace(10, clock);
  await pace.take(10);
  skip(60_000);
  await pace.take(10);
  await pace.take(10);
  expect(pauses).toEqual([1_000]);
});

test('no pace at all is refused', () => {
  expect(() => new Pace(0)).toThrow('more than none');
});
