import {
  ZERO,
  compare,
  divide,
  multiply,
  rational,
  roundHalfUp,
  subtract,
} from '../grades/rational.js';
import type { Rational } from '../grades/rational.js';

/** Places of a decimal that points are rounded to, once, when a deduction is known exactly. */
const POINTS_PLACES = 6;

/** What handing in late costs. Per cent are of the points possible. */
export interface LatePolicy {
  /** Taken for every interval begun. */
  percentPerInterval: number;
  intervalSeconds: number;
  /** Lateness alone never takes a score below this; one that is lower already loses nothing. */
  floorPercent: number;
  /** Subtracted from the lateness: a submission so little late is in time. */
  graceSeconds: number;
}

/** What is held against work that was never handed in: 100 leaves nothing of the points. */
export interface MissingPolicy {
  deductionPercent: number;
}

/** Time between pressing the button and the request's arrival, which no learner answers for. */
export const USUAL_GRACE_SECONDS = 60;

/**
 * Milliseconds after due and grace; 0 when in time. At the very end of the grace is still in time.
 */
export function latenessMs(
  submittedAt: Date,
  dueAt: Date | null,
  graceSeconds: number = USUAL_GRACE_SECONDS,
): number {
  if (dueAt === null) return 0;
  return Math.max(0, submittedAt.getTime() - graceSeconds * 1000 - dueAt.getTime());
}

export interface LateScore {
  /** What is left; null as long as there is no score. */
  points: number | null;
  /** 0 when in time. Never negative. */
  deduction: number;
  /** Intervals begun. */
  intervals: number;
}

/**
 * A score after the deduction for lateness:
 * `possible * min(rate * intervals, max(score / possible * 100 - floor, 0)) / 100`, which is 0
 * without a score, without points to earn, or in time (Canvas's late policy). It is computed
 * exactly and rounded once.
 */
export function lateScore(
  score: { points: number | null; pointsPossible: number; latenessMs: number },
  policy: LatePolicy | null,
): LateScore {
  const { points, pointsPossible, latenessMs: lateMs } = score;
  const isFree = policy === null || points === null || pointsPossible <= 0 || lateMs <= 0;
  if (isFree) return { points, deduction: 0, intervals: 0 };
  const intervals = Math.ceil(lateMs / (policy.intervalSeconds * 1000));
  const deduction = deductionOf(rational(points), rational(pointsPossible), intervals, policy);
  return {
    points: roundHalfUp(subtract(rational(points), deduction), POINTS_PLACES),
    deduction: roundHalfUp(deduction, POINTS_PLACES),
    intervals,
  };
}

/** The points of work that is missing; work that only passes or fails has failed. */
export function missingPoints(
  pointsPossible: number,
  policy: MissingPolicy,
  grading: 'points' | 'pass-fail' = 'points',
): number {
  if (grading === 'pass-fail') return 0;
  const kept = subtract(rational(100), rational(policy.deductionPercent));
  return roundHalfUp(percentOf(rational(pointsPossible), kept), POINTS_PLACES);
}

function deductionOf(
  points: Rational,
  possible: Rational,
  intervals: number,
  { percentPerInterval, floorPercent }: LatePolicy,
): Rational {
  const asked = multiply(rational(percentPerInterval), rational(intervals));
  const earned = multiply(divide(points, possible), rational(100));
  const room = subtract(earned, rational(floorPercent));
  const percent = compare(asked, room) <= 0 ? asked : room;
  return compare(percent, ZERO) <= 0 ? ZERO : percentOf(possible, percent);
}

function percentOf(whole: Rational, percent: Rational): Rational {
  return divide(multiply(whole, percent), rational(100));
}
