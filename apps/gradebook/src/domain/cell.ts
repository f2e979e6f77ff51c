import type { Id } from '@parlance/kernel';

/** What one attempt earned, by the newest score version that has arrived. */
export interface AttemptGrade {
  attemptNumber: number;
  scoreVersion: number;
  status: 'provisional' | 'final';
  points: number;
  pointsPossible: number;
  overridden: boolean;
  submittedAt: string;
}

export type CellStatus = 'graded' | 'pending-review';

/** What a cell shows. */
export interface CellGrade {
  /** The attempt that counts. */
  attemptId: Id;
  status: CellStatus;
  /** Null while it waits for a review: half a score is not a grade. */
  points: number | null;
  pointsPossible: number;
  overridden: boolean;
  submittedAt: string;
}

export type Attempts = Record<Id, AttemptGrade>;

/** The attempts with this one in it, or null when what arrived is no newer than what is known. */
export function withAttempt(
  attempts: Attempts,
  attemptId: Id,
  grade: AttemptGrade,
): Attempts | null {
  const known = Object.hasOwn(attempts, attemptId) ? attempts[attemptId] : undefined;
  if (known !== undefined && known.scoreVersion >= grade.scoreVersion) return null;
  return { ...attempts, [attemptId]: grade };
}

/**
 * The grade of several attempts: the most points of those whose score is settled, and of equal
 * ones the first attempt. Only when none is settled does the cell wait for a review, that of the
 * last attempt. An override settles a score even while parts of it wait.
 */
export function gradeOf(attempts: Attempts): CellGrade {
  const all = Object.entries(attempts).map(([attemptId, grade]) => ({ attemptId, ...grade }));
  const settled = all.filter((one) => one.status === 'final' || one.overridden);
  const [best] = settled.toSorted(
    (a, b) => b.points - a.points || a.attemptNumber - b.attemptNumber,
  );
  if (best !== undefined) return shown(best, 'graded');
  const [last] = all.toSorted((a, b) => b.attemptNumber - a.attemptNumber);
  if (last === undefined) throw new Error('A cell needs an attempt.');
  return shown(last, 'pending-review');
}

function shown(attempt: AttemptGrade & { attemptId: Id }, status: CellStatus): CellGrade {
  const { attemptId, points, pointsPossible, overridden, submittedAt } = attempt;
  return {
    attemptId,
    status,
    points: status === 'graded' ? points : null,
    pointsPossible,
    overridden,
    submittedAt,
  };
}

export function isSameGrade(one: CellGrade, other: CellGrade): boolean {
  return (
    one.attemptId === other.attemptId &&
    one.status === other.status &&
    one.points === other.points &&
    one.pointsPossible === other.pointsPossible &&
    one.overridden === other.overridden
  );
}
