import type { Id } from '@parlance/kernel';
import { type Attempt, savingEndsAt, SYNC_MS } from './attempt.js';

/** What became of an answer that was given without a connection. */
export const OFFLINE_OUTCOMES = [
  'saved',
  'stale',
  'superseded',
  'answered-after-end',
  'synced-too-late',
  'attempt-submitted',
  'assignment-withdrawn',
  'invalid',
] as const;
export type OfflineOutcome = (typeof OFFLINE_OUTCOMES)[number];

/** What the signed evidence of a bundle says. */
export interface BundleEvidence {
  attemptId: Id;
  deviceId: string;
  lease: Id;
  issuedAt: Date;
}

/**
 * The latest instant at which an answer can have been given. A device's clock is never asked: it
 * counts the time since the bundle came, by a clock that cannot be set, and we know when that was.
 * Without a count, or with one that leads beyond now, it is now.
 */
export function answeredBy(
  { issuedAt }: Pick<BundleEvidence, 'issuedAt'>,
  elapsedMs: number | null,
  receivedAt: Date,
): Date {
  if (elapsedMs === null) return receivedAt;
  const counted = issuedAt.getTime() + elapsedMs;
  return counted > receivedAt.getTime() ? receivedAt : new Date(counted);
}

/** Why an answer cannot count any more; null: it can. */
export function tooLate(
  attempt: Attempt,
  { answered, receivedAt }: { answered: Date; receivedAt: Date },
): OfflineOutcome | null {
  if (attempt.status === 'submitted') return 'attempt-submitted';
  if (attempt.assignmentStatus !== 'published') return 'assignment-withdrawn';
  const endsAt = savingEndsAt(attempt);
  if (endsAt === null) return null;
  if (answered >= endsAt) return 'answered-after-end';
  return receivedAt.getTime() > endsAt.getTime() + SYNC_MS ? 'synced-too-late' : null;
}

/**
 * Whether another device has answered a slot since the bundle was given out. As long as the lease
 * is the bundle's own, nobody can have.
 */
export function isSuperseded(
  attempt: Pick<Attempt, 'lease'>,
  evidence: BundleEvidence,
  lastSavedAt: Date | undefined,
): boolean {
  if (attempt.lease === evidence.lease || lastSavedAt === undefined) return false;
  return lastSavedAt > evidence.issuedAt;
}
