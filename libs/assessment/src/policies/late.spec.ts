import fc from 'fast-check';
import { type LatePolicy, lateScore, latenessMs, missingPoints } from './late.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

const perDay = (percent: number, floorPercent = 0): LatePolicy => ({
  percentPerInterval: percent,
  intervalSeconds: 86_400,
  floorPercent,
  graceSeconds: 0,
});
const perHour = (percent: number, floorPercent = 0): LatePolicy => ({
  ...perDay(percent, floorPercent),
  intervalSeconds: 3600,
});
const late = (points: number | null, latenessMs: number, policy: LatePolicy | null) =>
  lateScore({ points, pointsPossible: 10, latenessMs }, policy);

describe('vectors of 3.5, 10 points possible', () => {
  it.each([
    ['8 at 10 % a day, 25 h late: -2, 6', 8, 25 * HOUR, perDay(10), 2, 6],
    ['the same with a floor of 70 %: -1, 7', 8, 25 * HOUR, perDay(10, 70), 1, 7],
    ['4 is below a floor of 70 % already: -0', 4, 25 * HOUR, perDay(10, 70), 0, 4],
    ['1 s late costs the interval it begins: -1', 10, SECOND, perDay(10), 1, 9],
    ['10 at 1 % an hour, 24 h, floor 50 %: -2.4', 10, 24 * HOUR, perHour(1, 50), 2.4, 7.6],
    ['40 days late stop at the floor: -5', 10, 40 * DAY, perHour(1, 50), 5, 5],
  ])('%s', (_, points, lateMs, policy, deduction, left) => {
    expect(late(points, lateMs, policy)).toMatchObject({ deduction, points: left });
  });

  it('an interval ends with its last second', () => {
    expect(late(10, DAY, perDay(10)).deduction).toBe(1);
    expect(late(10, DAY + 1, perDay(10)).deduction).toBe(2);
  });

  it('nothing is taken without a score, without points to earn, without a policy, in time', () => {
    expect(late(null, DAY, perDay(10))).toEqual({ points: null, deduction: 0, intervals: 0 });
    const nothing = { points: 0, pointsPossible: 0, latenessMs: DAY };
    expect(lateScore(nothing, perDay(10))).toEqual({ points: 0, deduction: 0, intervals: 0 });
    expect(late(8, DAY, null).points).toBe(8);
    expect(late(8, 0, perDay(10)).points).toBe(8);
  });

  it('60 s of grace are subtracted from the time of handing in', () => {
    const dueAt = new Date('2026-03-02T10:00:00Z');
    const after = (seconds: number) => new Date(dueAt.getTime() + seconds * SECOND);
    expect(latenessMs(after(60), dueAt, 60)).toBe(0);
    expect(latenessMs(after(61), dueAt, 60)).toBe(SECOND);
    expect(latenessMs(after(61), dueAt, 0)).toBe(61 * SECOND);
    expect(latenessMs(after(-5), dueAt, 0)).toBe(0);
    expect(latenessMs(after(61), null)).toBe(0);
  });

  it('missing work keeps what the policy leaves of it, and fails where one passes or fails', () => {
    expect(missingPoints(10, { deductionPercent: 100 })).toBe(0);
    expect(missingPoints(10, { deductionPercent: 60 })).toBe(4);
    expect(missingPoints(7, { deductionPercent: 33.5 })).toBe(4.655);
    expect(missingPoints(10, { deductionPercent: 0 }, 'pass-fail')).toBe(0);
  });
});

it('is exact: 0.1 of 0.3 points is 0.03, not a binary neighbour', () => {
  const score = { points: 0.3, pointsPossible: 0.3, latenessMs: 1 };
  expect(lateScore(score, perDay(10))).toEqual({ points: 0.27, deduction: 0.03, intervals: 1 });
});

describe('properties', () => {
  const hundredths = (max: number) => fc.integer({ min: 0, max: max * 100 }).map((n) => n / 100);
  const policy = fc.record({
    percentPerInterval: hundredths(100),
    intervalSeconds: fc.constantFrom(60, 3600, 86_400),
    floorPercent: hundredths(100),
    graceSeconds: fc.constant(0),
  });
  const lateMs = fc.integer({ min: 0, max: 90 * DAY });

  it('what is left is between nothing and the score, and never below floor or score', () => {
    fc.assert(
      fc.property(hundredths(20), lateMs, policy, (points, latenessMs, rule) => {
        const left = lateScore({ points, pointsPossible: 20, latenessMs }, rule).points as number;
        const floor = (20 * rule.floorPercent) / 100;
        expect(left).toBeLessThanOrEqual(points);
        expect(left).toBeGreaterThanOrEqual(Math.min(points, floor) - 1e-9);
        expect(left).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('later never pays, and a better score never gives less at the same time', () => {
    fc.assert(
      fc.property(hundredths(20), hundredths(20), lateMs, lateMs, policy, (a, b, s, t, rule) => {
        const left = (points: number, latenessMs: number) =>
          lateScore({ points, pointsPossible: 20, latenessMs }, rule).points as number;
        expect(left(a, Math.max(s, t))).toBeLessThanOrEqual(left(a, Math.min(s, t)));
        expect(left(Math.max(a, b), s)).toBeGreaterThanOrEqual(left(Math.min(a, b), s));
      }),
    );
  });
});
