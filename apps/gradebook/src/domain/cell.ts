import {
  type GradePolicy,
  latenessMs,
  lateScore,
  resultOfAttempts,
  USUAL_POLICY,
} from '@parlance/assessment';
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
  /** Whether the learner may see it; told since there are release policies. */
  isReleased?: boolean;
  /** Opened again then: what was handed in before it does not count any more. */
  reopenedAt?: string;
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
  /** Taken for lateness; 0 of an override, which is a teacher's last word. */
  deduction: number;
  /** Whether the learner may see it. */
  isReleased: boolean;
}

/** What a learner's attempts at an assignment are graded by. */
export interface GradeRules {
  policy: GradePolicy;
  policyVersion: number;
  dueAt: string | null;
}

export const NO_RULES: GradeRules = { policy: USUAL_POLICY, policyVersion: 0, dueAt: null };

export type Attempts = Record<Id, AttemptGrade>;

/** The attempts with this one in it, or null when what arrived is no newer than what is known. */
export function withAttempt(
  attempts: Attempts,
  attemptId: Id,
  grade: AttemptGrade,
): Attempts | null {
  const known = Object.hasOwn(attempts, attemptId) ? attempts[attemptId] : undefined;
  if (known !== undefined && known.scoreVersion >= grade.scoreVersion) return null;
  const { reopenedAt } = known ?? {};
  return { ...attempts, [attemptId]: { ...grade, ...(reopenedAt && { reopenedAt }) } };
}

/** The attempts with one of them opened again; one of which no score has come yet is open too. */
export function withReopened(
  attempts: Attempts,
  attemptId: Id,
  { attemptNumber, reopenedAt }: { attemptNumber: number; reopenedAt: string },
): Attempts {
  const known = Object.hasOwn(attempts, attemptId) ? attempts[attemptId] : undefined;
  const since = known?.reopenedAt ?? '';
  const open: AttemptGrade = known ?? {
    ...{ attemptNumber, scoreVersion: 0, status: 'provisional', points: 0, pointsPossible: 0 },
    ...{ overridden: false, submittedAt: reopenedAt },
  };
  const latest = reopenedAt > since ? reopenedAt : since;
  return { ...attempts, [attemptId]: { ...open, reopenedAt: latest } };
}

/**
 * The grade of several attempts: each after what its lateness costs, then as the policy says, so
 * that a late retake never lowers what was in time. While what counts waits for a review, so does
 * the cell. An override settles a score even while parts of it wait, and lateness takes nothing
 * from it.
 */
export function gradeOf(attempts: Attempts, rules: GradeRules = NO_RULES): CellGrade {
  const all = Object.entries(attempts).map(([attemptId, grade]) =>
    counted(attemptId, grade, rules),
  );
  const { attempt, points } = resultOfAttempts(all, rules.policy.attempts);
  const isMean = rules.policy.attempts === 'mean';
  return {
    attemptId: attempt.attemptId,
    status: points === null ? 'pending-review' : 'graded',
    points,
    pointsPossible: attempt.pointsPossible,
    overridden: attempt.overridden,
    submittedAt: attempt.submittedAt,
    deduction: points === null ? 0 : attempt.deduction,
    isReleased: (isMean ? all : [attempt]).every(({ isReleased }) => isReleased !== false),
  };
}

function counted(attemptId: Id, grade: AttemptGrade, { policy, dueAt }: GradeRules) {
  const { points, pointsPossible, overridden, submittedAt, reopenedAt, status } = grade;
  const due = dueAt === null ? null : new Date(dueAt);
  const late = overridden
    ? { points, deduction: 0 }
    : lateScore(
        {
          points,
          pointsPossible,
          latenessMs: latenessMs(new Date(submittedAt), due, policy.late?.graceSeconds ?? 0),
        },
        policy.late,
      );
  const isOpen = reopenedAt !== undefined && submittedAt <= reopenedAt;
  return {
    ...grade,
    attemptId,
    points: late.points ?? points,
    deduction: late.deduction,
    isSettled: !isOpen && (status === 'final' || overridden),
  };
}

export function isSameGrade(one: CellGrade, other: CellGrade): boolean {
  return (
    one.attemptId === other.attemptId &&
    one.status === other.status &&
    one.points === other.points &&
    one.pointsPossible === other.pointsPossible &&
    one.overridden === other.overridden &&
    one.deduction === other.deduction &&
    one.isReleased === other.isReleased
  );
}
