import fc from 'fast-check';
import { ATTEMPT_RULES, resultOfAttempts } from './attempts.js';
import { lateScore } from './late.js';

const attempt = (attemptNumber: number, points: number, isSettled = true) => ({
  attemptNumber,
  points,
  isSettled,
});
const three = [attempt(1, 6), attempt(2, 9), attempt(3, 4.5)];

it('vector of 3.5: 10 in time and then 10 late is 10', () => {
  const policy = {
    percentPerInterval: 10,
    intervalSeconds: 86_400,
    floorPercent: 0,
    graceSeconds: 0,
  };
  const after = (latenessMs: number) =>
    lateScore({ points: 10, pointsPossible: 10, latenessMs }, policy).points as number;
  const attempts = [attempt(1, after(0)), attempt(2, after(5 * 86_400_000))];
  expect(attempts.map(({ points }) => points)).toEqual([10, 5]);
  expect(resultOfAttempts(attempts, 'best')).toEqual({ attempt: attempts[0], points: 10 });
});

it.each([
  ['best', 2, 9],
  ['last', 3, 4.5],
  ['first', 1, 6],
  ['mean', 3, 6.5],
] as const)('%s of three attempts, in whatever order they are given', (rule, number, points) => {
  for (const attempts of [three, three.toReversed()]) {
    const result = resultOfAttempts(attempts, rule);
    expect([result.attempt.attemptNumber, result.points]).toEqual([number, points]);
  }
});

it('of equal attempts the first is the best', () => {
  expect(resultOfAttempts([attempt(2, 5), attempt(1, 5)], 'best').attempt.attemptNumber).toBe(1);
});

describe('while an attempt waits for a marker', () => {
  const waiting = [attempt(1, 6), attempt(2, 9, false)];

  it('the best is of the settled ones', () => {
    expect(resultOfAttempts(waiting, 'best').points).toBe(6);
    expect(resultOfAttempts(waiting.slice(1), 'best').points).toBeNull();
  });

  it('last and mean wait with it, first does not', () => {
    const points = (rule: 'last' | 'mean' | 'first') => resultOfAttempts(waiting, rule).points;
    expect([points('last'), points('mean'), points('first')]).toEqual([null, null, 6]);
  });
});

it('a mean is exact until it is rounded: a third of 0.1 + 0.2 + 0.3 is 0.2', () => {
  const attempts = [0.1, 0.2, 0.3].map((points, index) => attempt(index + 1, points));
  expect(resultOfAttempts(attempts, 'mean').points).toBe(0.2);
});

it('needs an attempt', () => {
  expect(() => resultOfAttempts([], 'best')).toThrow(RangeError);
});

it('every rule stays between the worst and the best, and best never falls with another', () => {
  const points = fc.integer({ min: 0, max: 1000 }).map((n) => n / 100);
  fc.assert(
    fc.property(fc.array(points, { minLength: 1, maxLength: 8 }), points, (given, more) => {
      const attempts = given.map((one, index) => attempt(index + 1, one));
      for (const rule of ATTEMPT_RULES) {
        const result = resultOfAttempts(attempts, rule).points as number;
        expect(result).toBeGreaterThanOrEqual(Math.min(...given) - 1e-6);
        expect(result).toBeLessThanOrEqual(Math.max(...given) + 1e-6);
      }
      const best = (all: typeof attempts) => resultOfAttempts(all, 'best').points as number;
      const retaken = [...attempts, attempt(given.length + 1, more)];
      expect(best(retaken)).toBeGreaterThanOrEqual(best(attempts));
    }),
  );
});
