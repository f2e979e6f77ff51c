import type { Tx } from '@parlance/messaging';
import type { JWK } from 'jose';
import type { KeyState } from '../domain/key-rotation.js';

export interface SigningKeyRow {
  kid: string;
  state: KeyState;
  since: Date;
  publicJwk: JWK;
  sealedPrivateKey: Buffer;
}

/** All keys; nobody else changes them until the transaction ends. */
export async function lockSigningKeys(tx: Tx): Promise<SigningKeyRow[]> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtext('signing-keys'))`);
  return tx.query<SigningKeyRow>(
    `SELECT kid, state, state_since AS since, public_jwk AS "publicJwk",
       sealed_private_key AS "sealedPrivateKey"
     FROM signing_key ORDER BY state_since`,
  );
}

export async function insertSigningKey(tx: Tx, key: SigningKeyRow): Promise<void> {
  await tx.query('INSERT INTO signing_key VALUES ($1, $2, $3, $4, $5)', [
    key.kid,
    key.state,
    key.since,
    JSON.stringify(key.publicJwk),
    key.sealedPrivateKey,
  ]);
}

export async function setKeyState(
  tx: Tx,
  kid: string,
  state: KeyState,
  since: Date,
): Promise<void> {
  await tx.query('UPDATE signing_key SET state = $2, state_since = $3 WHERE kid = $1', [
    kid,
    state,
    since,
  ]);
}

export async function removeSigningKey(tx: Tx, kid: string): Promise<void> {
  await tx.query('DELETE FROM signing_key WHERE kid = $1', [kid]);
}
