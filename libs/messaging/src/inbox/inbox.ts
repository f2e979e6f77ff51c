import type { Id } from '@parlance/kernel';
import { eventDay } from '../envelope/envelope.js';
import type { Tx } from '../transaction.js';
import { deliveryKey } from './inbox-switch.js';

export interface InboxEntry {
  consumer: string;
  eventId: Id;
  /** Set while history is told again: such an event counts apart from its first telling. */
  replayId: Id | undefined;
  institutionId: Id;
  traceId: string;
  type: string;
  receiveCount: number;
}

/**
 * Writes down that the consumer has had the event; false when it had it before. In the transaction
 * of the effects, so both happen or neither. A duplicate at the same time waits here until the
 * first one commits or rolls back.
 */
export async function enterInbox(tx: Tx, entry: InboxEntry): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO inbox (consumer, event_id, event_day, replay_id, institution_id, trace_id, type,
                        receive_count)
     VALUES ($1::text, $2::uuid, $3::date, $4::uuid, $5::uuid, $6::text, $7::text, $8::int)
     ON CONFLICT DO NOTHING RETURNING 1 AS entered`,
    [
      entry.consumer,
      entry.eventId,
      eventDay(entry.eventId),
      deliveryKey(entry.replayId),
      entry.institutionId,
      entry.traceId,
      entry.type,
      entry.receiveCount,
    ],
  );
  return rows.length > 0;
}
