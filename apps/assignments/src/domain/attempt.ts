import { type Id, Refusal } from '@parlance/kernel';
import type { Assignment, AssignmentStatus } from './assignment.js';
import type { PackedForm } from './form.js';

/** One learner's go at an assignment, with what its assignment says about time. */
export interface Attempt {
  id: Id;
  assignmentId: Id;
  classId: Id;
  learnerId: Id;
  attemptNumber: number;
  testVersionId: Id;
  /** Decides the order of choices; the selection of items is kept in `form`. */
  seed: string;
  form: PackedForm;
  status: 'in-progress' | 'submitted';
  version: number;
  startedAt: Date;
  /** When the time limit of the test is over; null without one. */
  endsAt: Date | null;
  submittedAt: Date | null;
  late: boolean | null;
  submissionKey: string | null;
  assignmentStatus: AssignmentStatus;
  dueAt: Date | null;
  closesAt: Date | null;
}

type Opening = Pick<Assignment, 'status' | 'opensAt' | 'closesAt'>;

/** Throws unless a learner may work on the assignment at `now`. */
export function requireOpen(assignment: Opening, now: Date): void {
  const { opensAt, closesAt } = assignment;
  requirePublished(assignment.status);
  if (opensAt === null || now < opensAt) {
    const when = opensAt === null ? '' : ` It opens at ${opensAt.toISOString()}.`;
    const detail = `This assignment is not open yet.${when}`;
    throw new Refusal('conflict', 'assignment-not-open', detail);
  }
  requireNotClosed(closesAt, now);
}

/** The number of the next attempt, or a refusal when `used` attempts are all there are. */
export function nextAttemptNumber(used: number, maxAttempts: number): number {
  if (used < maxAttempts) return used + 1;
  const detail = `All attempts are used: this assignment allows ${maxAttempts}.`;
  throw new Refusal('conflict', 'no-attempts-left', detail);
}

/** Throws unless answers may still be saved at `now`. */
export function requireSaving(attempt: Attempt, now: Date): void {
  if (attempt.status === 'submitted') {
    const detail = 'This attempt is submitted; its answers cannot change any more.';
    throw new Refusal('conflict', 'attempt-submitted', detail);
  }
  requirePublished(attempt.assignmentStatus);
  requireNotClosed(attempt.closesAt, now);
  if (attempt.endsAt !== null && now >= attempt.endsAt) {
    const detail = `The time was over at ${attempt.endsAt.toISOString()}. Submit what is saved.`;
    throw new Refusal('conflict', 'attempt-time-over', detail);
  }
}

/**
 * Throws unless the attempt may be submitted at `now`. The end of a time limit only stops saving:
 * what was saved by then can be handed in until the assignment closes.
 */
export function requireSubmitting(attempt: Attempt, now: Date): void {
  if (attempt.submittedAt !== null) {
    const detail = `This attempt was submitted at ${attempt.submittedAt.toISOString()}.`;
    throw new Refusal('conflict', 'already-submitted', detail);
  }
  requirePublished(attempt.assignmentStatus);
  requireNotClosed(attempt.closesAt, now);
}

/** After the due instant; at that very instant is still in time. */
export function isLate(submittedAt: Date, dueAt: Date | null): boolean {
  return dueAt !== null && submittedAt > dueAt;
}

/** Until when answers are taken: the earlier of the time limit and the close. */
export function savingEndsAt({ endsAt, closesAt }: Attempt): Date | null {
  if (endsAt === null || closesAt === null) return endsAt ?? closesAt;
  return endsAt < closesAt ? endsAt : closesAt;
}

function requirePublished(status: AssignmentStatus): void {
  if (status === 'published') return;
  const detail = 'Your teacher has withdrawn this assignment.';
  throw new Refusal('conflict', 'assignment-withdrawn', detail);
}

function requireNotClosed(closesAt: Date | null, now: Date): void {
  if (closesAt === null || now < closesAt) return;
  const detail = `This assignment closed at ${closesAt.toISOString()}.`;
  throw new Refusal('conflict', 'assignment-closed', detail);
}
