import { createHash } from 'node:crypto';
import { Refusal } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { Actor } from './auth/actor.js';

export interface IdempotentRequest {
  actor: Actor;
  /** From the Idempotency-Key header; undefined: the work simply runs. */
  key: string | undefined;
  /** What is done, with its object: `submit-attempt:<id>`. */
  operation: string;
  body: unknown;
}

/**
 * Runs `work` once for a key: its answer is stored in the transaction of the work itself, so a
 * retry gets the same answer, and a parallel one waits for it. The same key with another body is
 * refused. `work` must answer with plain JSON.
 */
export async function once<T>(
  tx: Tx,
  request: IdempotentRequest,
  work: () => Promise<T>,
): Promise<T> {
  if (request.key === undefined) return work();
  const { actor, key, operation } = request;
  const hash = createHash('sha256')
    .update(JSON.stringify(request.body ?? null))
    .digest('hex');
  const id = [actor.institutionId, actor.personId, operation, key];
  const inserted = await tx.query(
    `INSERT INTO idempotency_key (institution_id, actor_id, operation, key, request_hash)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING 1`,
    [...id, hash],
  );
  if (inserted.length === 0) return storedAnswer<T>(tx, id, hash);
  const answer = await work();
  await tx.query(
    `UPDATE idempotency_key SET response = $5
     WHERE institution_id = $1 AND actor_id = $2 AND operation = $3 AND key = $4`,
    [...id, JSON.stringify(answer)],
  );
  return answer;
}

async function storedAnswer<T>(tx: Tx, id: string[], hash: string): Promise<T> {
  const [row] = await tx.query<{ request_hash: string; response: T }>(
    `SELECT request_hash, response FROM idempotency_key
     WHERE institution_id = $1 AND actor_id = $2 AND operation = $3 AND key = $4`,
    id,
  );
  if (row === undefined) throw new Error('An idempotency key vanished inside a transaction.');
  if (row.request_hash !== hash) {
    const detail = 'This Idempotency-Key was used with another body.';
    throw new Refusal('unprocessable', 'idempotency-key-reused', detail);
  }
  return row.response;
}
