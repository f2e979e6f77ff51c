import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

export interface SessionRow {
  personId: Id;
  secretHash: Buffer;
  createdAt: Date;
  expiresAt: Date;
  ended: boolean;
}

export type EndReason = 'signed-out' | 'reused' | 'suspended' | 'password-changed';

export async function insertSession(
  tx: Tx,
  institutionId: Id,
  session: { id: Id; personId: Id; secretHash: Buffer; createdAt: Date; expiresAt: Date },
): Promise<void> {
  // What a person left behind is cleared when they sign in again.
  await tx.query(
    `DELETE FROM session WHERE institution_id = $1 AND person_id = $2
       AND (expires_at < now() OR ended_at < now() - interval '1 day')`,
    [institutionId, session.personId],
  );
  await tx.query(
    `INSERT INTO session (institution_id, id, person_id, secret_hash, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      institutionId,
      session.id,
      session.personId,
      session.secretHash,
      session.createdAt,
      session.expiresAt,
    ],
  );
}

export async function lockSession(
  tx: Tx,
  institutionId: Id,
  id: Id,
): Promise<SessionRow | undefined> {
  const [row] = await tx.query<SessionRow>(
    `SELECT person_id AS "personId", secret_hash AS "secretHash", created_at AS "createdAt",
       expires_at AS "expiresAt", ended_at IS NOT NULL AS ended
     FROM session WHERE institution_id = $1 AND id = $2 FOR UPDATE`,
    [institutionId, id],
  );
  return row;
}

export async function rotateSession(
  tx: Tx,
  institutionId: Id,
  session: { id: Id; secretHash: Buffer; expiresAt: Date },
): Promise<void> {
  await tx.query(
    'UPDATE session SET secret_hash = $3, expires_at = $4 WHERE institution_id = $1 AND id = $2',
    [institutionId, session.id, session.secretHash, session.expiresAt],
  );
}

export async function endSession(
  tx: Tx,
  institutionId: Id,
  id: Id,
  reason: EndReason,
): Promise<void> {
  await tx.query(
    `UPDATE session SET ended_at = now(), end_reason = $3
     WHERE institution_id = $1 AND id = $2 AND ended_at IS NULL`,
    [institutionId, id, reason],
  );
}

export async function endSessionsOf(
  tx: Tx,
  institutionId: Id,
  personId: Id,
  reason: EndReason,
): Promise<void> {
  await tx.query(
    `UPDATE session SET ended_at = now(), end_reason = $3
     WHERE institution_id = $1 AND person_id = $2 AND ended_at IS NULL`,
    [institutionId, personId, reason],
  );
}
