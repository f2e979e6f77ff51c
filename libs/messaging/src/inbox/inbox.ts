import type { Id } from '@parlance/kernel';
import { eventDay } from '../envelope/envelope.js';
import type { Tx } from '../transaction.js';
import { deliveryKey } from './inbox-switch.js';

export interface InboxEntry {
  eventId: Id;
  /** Set while history is told again: such an event counts apart from its first telling. */
  replayId: Id | undefined;
  traceId: string;
  type: string;
  receiveCount: number;
}

export interface InboxOwner {
  consumer: string;
  institutionId: Id;
}

/**
 * Writes down which events the consumer now has; returns those it did not have before. In the
 * transaction of the effects, so both happen or neither. A duplicate at the same time waits here
 * until the first one commits or rolls back.
 */
export async function enterInbox(
  tx: Tx,
  { consumer, institutionId }: InboxOwner,
  entries: readonly InboxEntry[],
): Promise<Set<Id>> {
  // In one order everywhere, so that two consumers of the same duplicates do not deadlock.
  const sorted = [...entries].sort((one, other) => (one.eventId < other.eventId ? -1 : 1));
  const rows = await tx.query<{ event_id: Id }>(ENTER, [
    consumer,
    institutionId,
    sorted.map(({ eventId }) => eventId),
    sorted.map(({ eventId }) => eventDay(eventId)),
    sorted.map(({ replayId }) => deliveryKey(replayId)),
    sorted.map(({ traceId }) => traceId),
    sorted.map(({ type }) => type),
    sorted.map(({ receiveCount }) => receiveCount),
  ]);
  return new Set(rows.map((row) => row.event_id));
}

const ENTER = `
INSERT INTO inbox (consumer, institution_id, event_id, event_day, replay_id, trace_id, type,
                   receive_count)
SELECT $1::text, $2::uuid, e.*
  FROM unnest($3::uuid[], $4::date[], $5::uuid[], $6::text[], $7::text[], $8::int[]) AS e
ON CONFLICT DO NOTHING
RETURNING event_id`;
