import { type Id, Refusal } from '@parlance/kernel';
import type { AssignmentStatus, Mode } from './assignment.js';
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
  handedInBy: HandedInBy | null;
  /** Of the grade policy in force when the attempt began. */
  policyVersion: number;
  /** The only device that writes, and what proves it is that one; null: nobody claimed it. */
  deviceId: string | null;
  lease: Id | null;
  /** When the newest bundle for work without a connection was given out. */
  bundleIssuedAt: Date | null;
  assignmentStatus: AssignmentStatus;
  mode: Mode;
  liveSlot: number;
  /** For this learner, with all that was granted. */
  dueAt: Date | null;
  closesAt: Date | null;
}

/** time: nobody pressed the button before the end. */
export type HandedInBy = 'learner' | 'time' | 'teacher';

interface Opening {
  status: AssignmentStatus;
  opensAt: Date | null;
  closesAt: Date | null;
}

/** How long after the end the sweeper leaves the button to the learner, in ms. */
export const SWEEP_GRACE_MS = 60_000;

/** How long after the end answers from a bundle may still come in, in ms. */
export const SYNC_MS = 24 * 3_600_000;

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
  requireOnScreen(attempt.mode);
  requireNotClosed(attempt.closesAt, now);
  if (attempt.endsAt !== null && now >= attempt.endsAt) {
    const detail = `The time was over at ${attempt.endsAt.toISOString()}. Submit what is saved.`;
    throw new Refusal('conflict', 'attempt-time-over', detail);
  }
}

/** As requireSaving; what was recorded without a connection may follow as long as answers may. */
export function requireUploading(attempt: Attempt, now: Date): void {
  const endsAt = savingEndsAt(attempt);
  const isFollowing =
    isEnded(attempt, now) &&
    attempt.bundleIssuedAt !== null &&
    endsAt !== null &&
    now.getTime() < endsAt.getTime() + SYNC_MS;
  if (!isFollowing) requireSaving(attempt, now);
}

/** Throws unless the attempt may be handed in. */
export function requireSubmitting(attempt: Attempt): void {
  if (attempt.submittedAt !== null) {
    const detail = `This attempt was submitted at ${attempt.submittedAt.toISOString()}.`;
    throw new Refusal('conflict', 'already-submitted', detail);
  }
  requirePublished(attempt.assignmentStatus);
}

/**
 * When an attempt counts as handed in that is handed in at `now`: at its end, if that is over. What
 * was saved by then is in time for it, whether the learner, the sweeper or a slow network is the
 * last; at the very millisecond of the end it is over.
 */
export function handedInAt(attempt: Attempt, now: Date): Date {
  const endsAt = savingEndsAt(attempt);
  return endsAt !== null && endsAt <= now ? endsAt : now;
}

/** Whether nothing can be saved any more although nobody has handed it in. */
export function isEnded(attempt: Attempt, now: Date): boolean {
  const endsAt = savingEndsAt(attempt);
  return attempt.status === 'in-progress' && endsAt !== null && endsAt <= now;
}

/** From when on the sweeper hands it in; null: never by itself. */
export function sweptAt(
  attempt: Pick<Attempt, 'endsAt' | 'closesAt' | 'bundleIssuedAt'>,
): Date | null {
  const endsAt = savingEndsAt(attempt);
  if (endsAt === null) return null;
  const patienceMs = attempt.bundleIssuedAt === null ? SWEEP_GRACE_MS : SYNC_MS;
  return new Date(endsAt.getTime() + patienceMs);
}

/** After the due instant; at that very instant is still in time. */
export function isLate(submittedAt: Date, dueAt: Date | null): boolean {
  return dueAt !== null && submittedAt > dueAt;
}

/** Until when answers are taken: the earlier of the time limit and the close. */
export function savingEndsAt({
  endsAt,
  closesAt,
}: Pick<Attempt, 'endsAt' | 'closesAt'>): Date | null {
  if (endsAt === null || closesAt === null) return endsAt ?? closesAt;
  return endsAt < closesAt ? endsAt : closesAt;
}

function requirePublished(status: AssignmentStatus): void {
  if (status === 'published') return;
  const detail = 'Your teacher has withdrawn this assignment.';
  throw new Refusal('conflict', 'assignment-withdrawn', detail);
}

/** Learners have nothing to do on a screen in the other modes. */
export function requireOnScreen(mode: Mode): void {
  if (mode === 'self' || mode === 'live') return;
  const detail = 'This assignment is done in class or on paper; your teacher enters it.';
  throw new Refusal('conflict', 'assignment-off-screen', detail);
}

function requireNotClosed(closesAt: Date | null, now: Date): void {
  if (closesAt === null || now < closesAt) return;
  const detail = `This assignment closed at ${closesAt.toISOString()}.`;
  throw new Refusal('conflict', 'assignment-closed', detail);
}
