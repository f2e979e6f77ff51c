import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

/** A new code for a person replaces the one before it. */
export async function putInvitations(
  tx: Tx,
  institutionId: Id,
  invitations: readonly { personId: Id; codeHash: Buffer }[],
  expiresAt: Date,
): Promise<void> {
  const rows = invitations.map((one) => ({ ...one, codeHash: one.codeHash.toString('hex') }));
  await tx.query(
    `INSERT INTO invitation (institution_id, person_id, code_hash, expires_at)
     SELECT $1, r."personId", decode(r."codeHash", 'hex'), $3
     FROM jsonb_to_recordset($2::jsonb) AS r("personId" uuid, "codeHash" text)
     ON CONFLICT (institution_id, person_id) DO UPDATE
       SET code_hash = EXCLUDED.code_hash, expires_at = EXCLUDED.expires_at, redeemed_at = NULL`,
    [institutionId, JSON.stringify(rows), expiresAt],
  );
}

/** Marks the code as used and says whose it is; undefined: unknown, used or expired. */
export async function redeemInvitation(
  tx: Tx,
  institutionId: Id,
  codeHash: Buffer,
): Promise<Id | undefined> {
  const [row] = await tx.query<{ personId: Id }>(
    `UPDATE invitation SET redeemed_at = now()
     WHERE institution_id = $1 AND code_hash = $2 AND redeemed_at IS NULL AND expires_at > now()
     RETURNING person_id AS "personId"`,
    [institutionId, codeHash],
  );
  return row?.personId;
}

export async function isInvitationOpen(
  tx: Tx,
  institutionId: Id,
  codeHash: Buffer,
): Promise<boolean> {
  const rows = await tx.query(
    `SELECT FROM invitation WHERE institution_id = $1 AND code_hash = $2
       AND redeemed_at IS NULL AND expires_at > now()`,
    [institutionId, codeHash],
  );
  return rows.length > 0;
}
