import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

export interface Failures {
  failures: number;
  /** Seconds until they are forgotten. */
  secondsLeft: number;
}

const WINDOW = `interval '15 minutes'`;

const COUNT = `failures = CASE WHEN f.window_ends_at <= now() THEN 1 ELSE f.failures + 1 END,
  window_ends_at = CASE WHEN f.window_ends_at <= now() THEN now() + ${WINDOW}
    ELSE f.window_ends_at END`;

const TOLD = `failures, ceil(extract(epoch FROM window_ends_at - now()))::integer AS "secondsLeft"`;

/** Rows of windows long past, removed a few at a time by whoever fails next. */
const MAX_SWEPT = 50;

/** Counts before the password is checked, so that parallel guesses cannot all slip through. */
export async function countAccountAttempt(
  tx: Tx,
  institutionId: Id,
  accountHash: Buffer,
): Promise<Failures> {
  const [row] = await tx.query<Failures>(
    `INSERT INTO account_failure AS f VALUES ($1, $2, 1, now() + ${WINDOW})
     ON CONFLICT (institution_id, account_hash) DO UPDATE SET ${COUNT} RETURNING ${TOLD}`,
    [institutionId, accountHash],
  );
  return row as Failures;
}

/** The password was right: what was counted for it, and before it, is forgotten. */
export async function forgetAccountFailures(
  tx: Tx,
  institutionId: Id,
  accountHash: Buffer,
): Promise<void> {
  await tx.query('DELETE FROM account_failure WHERE institution_id = $1 AND account_hash = $2', [
    institutionId,
    accountHash,
  ]);
  await tx.query(
    `DELETE FROM account_failure WHERE (institution_id, account_hash) IN (
       SELECT institution_id, account_hash FROM account_failure
       WHERE institution_id = $1 AND window_ends_at < now()
       LIMIT ${MAX_SWEPT} FOR UPDATE SKIP LOCKED)`,
    [institutionId],
  );
}

export async function addressFailures(tx: Tx, addressHash: Buffer): Promise<Failures> {
  const [row] = await tx.query<Failures>(
    `SELECT ${TOLD} FROM address_failure WHERE address_hash = $1 AND window_ends_at > now()`,
    [addressHash],
  );
  return row ?? { failures: 0, secondsLeft: 0 };
}

export async function countAddressFailure(tx: Tx, addressHash: Buffer): Promise<void> {
  await tx.query(
    `INSERT INTO address_failure AS f VALUES ($1, 1, now() + ${WINDOW})
     ON CONFLICT (address_hash) DO UPDATE SET ${COUNT}`,
    [addressHash],
  );
  await tx.query(
    `DELETE FROM address_failure WHERE address_hash IN (
       SELECT address_hash FROM address_failure WHERE window_ends_at < now()
       LIMIT ${MAX_SWEPT} FOR UPDATE SKIP LOCKED)`,
  );
}
