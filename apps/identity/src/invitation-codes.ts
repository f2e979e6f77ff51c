import { type Id, systemClock } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { putInvitations } from './db/invitation.store.js';
import { newInvitationCode } from './secrets.js';

const VALID_DAYS = 30;
const DAY_MS = 86_400_000;

/** New codes for these people; codes they had before stop working. */
export async function issueCodes(
  tx: Tx,
  institutionId: Id,
  personIds: readonly Id[],
): Promise<{ codes: Map<Id, string>; expiresAt: Date }> {
  const expiresAt = new Date(systemClock.now().getTime() + VALID_DAYS * DAY_MS);
  const codes = new Map<Id, string>();
  const rows = personIds.map((personId) => {
    const { token, hash } = newInvitationCode(institutionId);
    codes.set(personId, token);
    return { personId, codeHash: hash };
  });
  if (rows.length > 0) await putInvitations(tx, institutionId, rows, expiresAt);
  return { codes, expiresAt };
}
