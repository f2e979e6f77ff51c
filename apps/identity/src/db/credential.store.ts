import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

export interface Credential {
  personId: Id;
  hash: string;
}

export async function credentialOfEmail(
  tx: Tx,
  institutionId: Id,
  email: string,
): Promise<Credential | undefined> {
  const [row] = await tx.query<Credential>(
    `SELECT p.id AS "personId", c.hash FROM person p
     JOIN password c ON c.institution_id = p.institution_id AND c.person_id = p.id
     WHERE p.institution_id = $1 AND p.email = $2`,
    [institutionId, email],
  );
  return row;
}

export async function passwordHashOf(
  tx: Tx,
  institutionId: Id,
  personId: Id,
): Promise<string | undefined> {
  const [row] = await tx.query<{ hash: string }>(
    'SELECT hash FROM password WHERE institution_id = $1 AND person_id = $2',
    [institutionId, personId],
  );
  return row?.hash;
}

export async function setPassword(
  tx: Tx,
  institutionId: Id,
  personId: Id,
  hash: string,
): Promise<void> {
  await tx.query(
    `INSERT INTO password (institution_id, person_id, hash) VALUES ($1, $2, $3)
     ON CONFLICT (institution_id, person_id) DO UPDATE SET hash = $3, set_at = now()`,
    [institutionId, personId, hash],
  );
}
