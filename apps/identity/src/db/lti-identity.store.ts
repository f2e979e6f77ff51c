import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { currentTraceId } from '@parlance/telemetry';

/** False when the assertion was used before. */
export async function useAssertion(
  tx: Tx,
  institutionId: Id,
  jti: string,
  expiresAt: Date,
): Promise<boolean> {
  // Kept longer than verifiers tolerate differing clocks, then of no more use.
  await tx.query(
    `DELETE FROM used_assertion
     WHERE institution_id = $1 AND expires_at < now() - interval '5 minutes'`,
    [institutionId],
  );
  const rows = await tx.query(
    `INSERT INTO used_assertion VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING 1`,
    [institutionId, jti, expiresAt],
  );
  return rows.length > 0;
}

export interface LtiUser {
  registrationId: Id;
  subject: string;
}

/** Waits until no other launch of the same user runs, then says whose it is. */
export async function lockLtiIdentity(
  tx: Tx,
  institutionId: Id,
  { registrationId, subject }: LtiUser,
): Promise<Id | undefined> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `lti-identity ${institutionId} ${registrationId} ${subject}`,
  ]);
  const [row] = await tx.query<{ personId: Id }>(
    `SELECT person_id AS "personId" FROM lti_identity
     WHERE institution_id = $1 AND registration_id = $2 AND subject = $3`,
    [institutionId, registrationId, subject],
  );
  return row?.personId;
}

export async function insertLtiIdentity(
  tx: Tx,
  institutionId: Id,
  identity: LtiUser & { id: Id; personId: Id },
): Promise<void> {
  await tx.query(
    `INSERT INTO lti_identity
       (institution_id, id, registration_id, subject, person_id, trace_id)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      institutionId,
      identity.id,
      identity.registrationId,
      identity.subject,
      identity.personId,
      currentTraceId(),
    ],
  );
}
