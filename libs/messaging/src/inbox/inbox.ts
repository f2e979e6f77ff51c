import type { Id } from '@parlance/kernel';
import { eventDay } from '../envelope/envelope.js';
import type { Tx } from '../transaction.js';

export interface InboxEntry {
  consumer: string;
  eventId: Id;
  /** Set while a projection is rebuilt: such an event counts apart from its first telling. */
  replayId: Id | undefined;
  institutionId: Id;
  traceId: string;
  type: string;
  receiveCount: number;
  appliedAt: Date;
}

export const NO_REPLAY = '00000000-0000-0000-0000-000000000000';

/**
 * Writes down that the consumer has had the event; false when it had it before. In the transaction
 * of the effects, so both happen or neither. A duplicate at the same time waits here until the
 * first one commits or rolls back.
 */
export async function enterInbox(tx: Tx, entry: InboxEntry): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO inbox (consumer, event_id, event_day, replay_id, institution_id, trace_id, type,
                        receive_count, processed_at)
     VALUES ($1::text, $2::uuid, $3::date, $4::uuid, $5::uuid, $6::text, $7::text, $8::int,
             $9::timestamptz)
     ON CONFLICT DO NOTHING RETURNING 1 AS entered`,
    [
      entry.consumer,
      entry.eventId,
      eventDay(entry.eventId),
      entry.replayId ?? NO_REPLAY,
      entry.institutionId,
      entry.traceId,
      entry.type,
      entry.receiveCount,
      entry.appliedAt,
    ],
  );
  return rows.length > 0;
}

export type FirstApplied = Pick<InboxEntry, 'appliedAt' | 'traceId'>;

/** When and in which trace the event was first applied, if it was. */
export async function firstApplied(
  tx: Tx,
  entry: Pick<InboxEntry, 'consumer' | 'eventId'>,
): Promise<FirstApplied | undefined> {
  const [row] = await tx.query<FirstApplied>(
    `SELECT processed_at AS "appliedAt", trace_id AS "traceId" FROM inbox
      WHERE consumer = $1::text AND event_id = $2::uuid AND event_day = $3::date
        AND replay_id = $4::uuid`,
    [entry.consumer, entry.eventId, eventDay(entry.eventId), NO_REPLAY],
  );
  return row;
}
