import type { Id } from '@parlance/kernel';
import { eventDay } from '../envelope/envelope.js';
import type { Tx } from '../transaction.js';
import { deliveryKey, NO_REPLAY } from './inbox-switch.js';

export interface InboxEntry {
  eventId: Id;
  /** Set while a projection is rebuilt: such an event counts apart from its first telling. */
  replayId: Id | undefined;
  traceId: string;
  type: string;
  receiveCount: number;
  appliedAt: Date;
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
    sorted.map(({ appliedAt }) => appliedAt),
  ]);
  return new Set(rows.map((row) => row.event_id));
}

export type FirstApplied = Pick<InboxEntry, 'appliedAt' | 'traceId'>;

/** When and in which trace the event was first applied, if it was. */
export async function firstApplied(
  tx: Tx,
  entry: Pick<InboxOwner, 'consumer'> & Pick<InboxEntry, 'eventId'>,
): Promise<FirstApplied | undefined> {
  const [row] = await tx.query<FirstApplied>(
    `SELECT processed_at AS "appliedAt", trace_id AS "traceId" FROM inbox
      WHERE consumer = $1::text AND event_id = $2::uuid AND event_day = $3::date
        AND replay_id = $4::uuid`,
    [entry.consumer, entry.eventId, eventDay(entry.eventId), NO_REPLAY],
  );
  return row;
}

const ENTER = `
INSERT INTO inbox (consumer, institution_id, event_id, event_day, replay_id, trace_id, type,
                   receive_count, processed_at)
SELECT $1::text, $2::uuid, e.*
  FROM unnest($3::uuid[], $4::date[], $5::uuid[], $6::text[], $7::text[], $8::int[],
              $9::timestamptz[]) AS e
ON CONFLICT DO NOTHING
RETURNING event_id`;
