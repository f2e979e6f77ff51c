import { type Id, Refusal } from '@parlance/kernel';
import type { Attempt } from './attempt.js';

/**
 * Refuses a device that is not, or no longer, the one that writes. Of two devices at work at once,
 * the one that took over last has the lease, and the other reads only; as long as nobody claimed
 * the attempt, any device of the learner writes.
 */
export function requireWriter(attempt: Pick<Attempt, 'lease'>, lease: Id | null): void {
  if (attempt.lease === null || attempt.lease === lease) return;
  if (lease === null) {
    const detail = 'Another device works on this attempt. Take over to go on here.';
    throw new Refusal('conflict', 'attempt-on-another-device', detail);
  }
  const detail = 'Another device has taken over this attempt; here it can only be read.';
  throw new Refusal('conflict', 'attempt-taken-over', detail);
}

/** Refuses a claim while another device writes, unless the learner wants to take over. */
export function requireClaim(
  attempt: Pick<Attempt, 'deviceId' | 'lease'>,
  claim: { deviceId: string; takeOver: boolean },
): void {
  const isFree = attempt.lease === null || attempt.deviceId === claim.deviceId;
  if (isFree || claim.takeOver) return;
  const detail = 'Another device works on this attempt. Take over to go on here.';
  throw new Refusal('conflict', 'attempt-on-another-device', detail);
}
