import type { Id } from '@parlance/kernel';

export type ScoreStatus = 'provisional' | 'final';

/** Why a version came to be; also what `grading.attempt-scored` says. */
export type ScoreCause =
  | 'scored'
  | 'reviewed'
  | 'adjudicated'
  | 'overridden'
  | 'override-removed'
  | 'rescored'
  | 'rescore-reverted'
  | 'resubmitted'
  | 'reopened'
  | 'entered'
  | 'released'
  | 'withheld';

/** What one attempt scores at one version. A version is never changed, only followed by another. */
export interface AttemptScore {
  attemptId: Id;
  assignmentId: Id;
  classId: Id;
  learnerId: Id;
  attemptNumber: number;
  submittedAt: Date;
  /** When it was due for this learner; null when it was not, or is not known. */
  dueAt: Date | null;
  version: number;
  status: ScoreStatus;
  /** Points that needed no person. */
  autoPoints: number;
  /** What marking gave, by machine and by people. */
  computedPoints: number;
  pointsPossible: number;
  /** A teacher's word above the computed points; the version it came with says why. */
  override: { points: number; version: number } | null;
  /** Instant of the first version. */
  firstScoredAt: Date;
  /** Instants of the versions that are scoring runs, which keep the scored items; oldest first. */
  runAts: Date[];
}

/** The points that count. */
export function countingPoints(score: AttemptScore): number {
  return score.override?.points ?? score.computedPoints;
}

/** The next version after reviews left so many points and so many open tasks. */
export function reviewed(
  score: AttemptScore,
  marks: { computedPoints: number; openReviews: number },
): AttemptScore {
  const { computedPoints, openReviews } = marks;
  const status = openReviews > 0 ? 'provisional' : 'final';
  return { ...score, version: score.version + 1, computedPoints, status };
}

/** The next version with an override, or without one (null). Marking goes on beneath it. */
export function overridden(score: AttemptScore, points: number | null): AttemptScore {
  const version = score.version + 1;
  return { ...score, version, override: points === null ? null : { points, version } };
}
