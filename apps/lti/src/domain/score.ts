import { roundPoints } from '@parlance/kernel';

export interface Grade {
  points: number;
  pointsPossible: number;
}

const CANVAS_SUBMISSION = 'https://canvas.instructure.com/lti/submission';

/**
 * The body of a score (AGS 2.0 section 3.4) as it is sent, now and at every retry: compact, because
 * Moodle loses the status of a refusal whose request had a line break. Only a final grade is ever
 * sent, for most platforms erase the grade on anything less.
 */
export function scoreBody(
  subject: string,
  grade: Grade,
  scoredAt: Date,
  productFamily: string,
): string {
  return JSON.stringify({
    userId: subject,
    timestamp: scoredAt.toISOString(),
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
    scoreGiven: Math.max(0, roundPoints(grade.points)),
    scoreMaximum: roundPoints(grade.pointsPossible),
    // Without it Canvas counts every score as one more submission; others refuse unknown keys.
    ...(isCanvas(productFamily) ? { [CANVAS_SUBMISSION]: { new_submission: false } } : {}),
  });
}

/** The same score at another instant, for when the platform holds a later one. */
export function restamped(body: string, scoredAt: Date): string {
  const score = JSON.parse(body) as Record<string, unknown>;
  return JSON.stringify({ ...score, timestamp: scoredAt.toISOString() });
}

/** Least ms between two scores: Moodle compares whole seconds. */
export function timestampStepMs(productFamily: string): number {
  return productFamily.toLowerCase() === 'moodle' ? 1000 : 1;
}

export function isCanvas(productFamily: string): boolean {
  return productFamily.toLowerCase() === 'canvas';
}

/**
 * Whether a result the platform reports is the grade we sent, in whatever scale it keeps grades. A
 * platform may cut a grade above the maximum down to it.
 */
export function isSameGrade(
  result: { resultScore?: unknown; resultMaximum?: unknown },
  grade: Grade,
): boolean {
  const { resultScore, resultMaximum = 1 } = result;
  if (typeof resultScore !== 'number' || typeof resultMaximum !== 'number') return false;
  if (resultMaximum <= 0 || grade.pointsPossible <= 0) return false;
  const sent = Math.max(0, grade.points) / grade.pointsPossible;
  const kept = resultScore / resultMaximum;
  const isNear = (one: number, other: number) => Math.abs(one - other) < 1e-4;
  return isNear(kept, sent) || (sent > 1 && isNear(kept, 1));
}
