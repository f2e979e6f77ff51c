import { familyOf } from '@parlance/events';
import type { Id } from '@parlance/kernel';
import type { Tx } from '../transaction.js';

export interface SeenVersion {
  /** Name of the projection; one service may keep several of one event. */
  consumer: string;
  subject: Id;
  /** `sequence` of the event. */
  version: number;
  type: string;
}

/**
 * Whether the event is newer than all of its subject that came before, and if so remembers it.
 * False means stale: queues reorder, and the newer state is already there, so the handler returns
 * and the event is acknowledged. Until the transaction ends, others of the subject wait.
 *
 * All versions of an event count as its first: when a service moves from v1 to v2, it still knows
 * what v1 told it, and of a change told in both versions it applies one.
 */
export async function applyIfNewer(tx: Tx, seen: SeenVersion): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO projection_version (consumer, type, subject, version)
     VALUES ($1::text, $2::text, $3::uuid, $4::bigint)
     ON CONFLICT (institution_id, consumer, type, subject)
       DO UPDATE SET version = excluded.version
       WHERE projection_version.version < excluded.version
     RETURNING 1 AS applied`,
    [seen.consumer, `${familyOf(seen.type)}.v1`, seen.subject, seen.version],
  );
  return rows.length > 0;
}
