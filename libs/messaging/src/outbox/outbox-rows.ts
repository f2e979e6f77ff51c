import type { Id } from '@parlance/kernel';
import {
  type MessageAttributes,
  messageAttributes,
  messageBytes,
} from '../envelope/message-attributes.js';
import type { TraceHeaders } from '../trace/trace-context.js';
import type { TransactionSource } from '../transaction.js';
import type { Settled } from './settlements.js';
import { FAILED_EVENTS, type FailedEvent } from './failed-events.js';

/** An event to be published. Ids and instants stay text: a number cannot hold them exactly. */
export interface OutboxRow {
  id: string;
  created_at: string;
  event_id: Id;
  topic: string;
  agg_key: string;
  shard: number;
  institution_id: Id;
  attempts: number;
  /** The envelope as it is sent: nobody needs to read it on the way. */
  body: string;
  attributes: MessageAttributes;
  /** Of body and attributes together, as SNS counts them. */
  bytes: number;
  headers: TraceHeaders;
}

type ClaimedRow = Omit<OutboxRow, 'attributes' | 'bytes'> & { type: string; subject: string };

/** A shard as one relay holds it: writes with an older token than the table's are refused. */
export interface Lease {
  shard: number;
  token: string;
  owner: string;
}

export type RowOutcome =
  | { row: OutboxRow; kind: 'published' }
  | { row: OutboxRow; kind: 'retry'; afterMs: number; error: string }
  | { row: OutboxRow; kind: 'failed'; error: string };

/** Unsent events older than this are looked for only where `backlog` last saw some. */
const RECENT_MS = 2 * 86_400_000;

/**
 * What the relay reads and writes of the outbox; each call is a short transaction of its own.
 *
 * Reads are limited to the days that hold unsent events. Planning over a month of partitions would
 * take longer than the reads themselves.
 */
export class OutboxRows {
  private from = '-infinity';

  constructor(private readonly transactions: TransactionSource) {}

  /** The first events of each shard in the order of their ids, without those of keys held back. */
  async claim(shards: readonly number[], limit: number): Promise<OutboxRow[]> {
    const rows = await this.run<ClaimedRow>(CLAIM, [shards, limit, ...this.days()]);
    return rows.map(({ type, subject, ...row }) => {
      const identity = { id: row.event_id, type, subject, tenant: row.institution_id };
      const attributes = messageAttributes(identity, row.headers);
      return { ...row, attributes, bytes: messageBytes(row.body, attributes) };
    });
  }

  /**
   * Writes down what became of events, and returns of how many. Those whose lease has gone to
   * another relay are left as that relay sees them.
   */
  async settle(settled: readonly Settled[]): Promise<number> {
    const outcomes = settled.map(({ outcome }) => outcome);
    const rows = await this.run(SETTLE, [
      outcomes.map(({ row }) => row.id),
      outcomes.map(({ row }) => row.created_at),
      outcomes.map(({ kind }) => kind),
      outcomes.map((outcome) => (outcome.kind === 'retry' ? Math.round(outcome.afterMs) : 0)),
      outcomes.map((outcome) => (outcome.kind === 'published' ? null : outcome.error)),
      settled.map(({ lease }) => lease.shard),
      settled.map(({ lease }) => lease.token),
      settled.map(({ lease }) => lease.owner),
      ...this.days(),
    ]);
    return rows.length;
  }

  /**
   * Age of the oldest event still to be published, not counting those behind one that failed for
   * good; and how many have failed.
   */
  async backlog(): Promise<{ oldestUnpublishedSeconds: number; failed: number }> {
    const recent = Date.now() - RECENT_MS;
    const [row] =
      await this.run<Record<'age' | 'failed' | 'oldest_ms', number | string | null>>(BACKLOG);
    // Held ones count too: an event behind one that was overlooked would overtake it.
    const oldestMs = Number(row?.oldest_ms ?? recent);
    this.from = new Date(Math.min(oldestMs - 60_000, recent)).toISOString();
    return { oldestUnpublishedSeconds: Number(row?.age ?? 0), failed: Number(row?.failed ?? 0) };
  }

  async maintainPartitions(): Promise<number> {
    const [row] = await this.run<{ changed: number }>(
      'SELECT maintain_messaging_partitions() AS changed',
    );
    return Number(row?.changed ?? 0);
  }

  /** Events that failed for good, in the order in which they were written. */
  failed(limit: number): Promise<FailedEvent[]> {
    return this.run<FailedEvent>(FAILED_EVENTS, [limit]);
  }

  /** Lets failed events be tried again; their keys go on after them. Returns how many. */
  async requeue(eventIds: Id[]): Promise<number> {
    return (await this.run(REQUEUE, [eventIds])).length;
  }

  /** Gives up failed events, so that their keys go on without them. Returns how many. */
  async skip(eventIds: Id[], reason: string): Promise<number> {
    return (await this.run(SKIP, [eventIds, `skipped: ${reason}`.slice(0, 300)])).length;
  }

  /** From when to when; a day ahead, as the database's clock need not be ours. */
  private days(): [string, string] {
    return [this.from, new Date(Date.now() + 86_400_000).toISOString()];
  }

  private run<R>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    return this.transactions.asMessaging(async (tx) => {
      await tx.query(BY_INDEX);
      return tx.query<R>(sql, params);
    });
  }
}

/**
 * Everything by index, in its order. The planner takes what is pending for a handful of rows,
 * whatever there is, and would read and sort all of it to find the first.
 */
const BY_INDEX = `
SELECT set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true)`;

// Shard by shard: the index on pending rows then gives them in order without a sort. A plain `=` on
// the shard would make the order by it void, and the primary key, with all that is published, an
// index in the same order.
// Whether any event is held back is asked once: as a rule none is, and each row would ask every day.
const CLAIM = `
WITH held_back AS (
  SELECT EXISTS (
    SELECT 1 FROM outbox
     WHERE created_at >= $3::timestamptz AND created_at < $4::timestamptz
       AND published_at IS NULL AND attempts > 0) AS is_any
)
SELECT next.*
  FROM unnest($1::smallint[]) AS s(shard)
 CROSS JOIN LATERAL (
   SELECT o.id::text AS id, o.created_at::text AS created_at, o.event_id, o.topic, o.agg_key,
          o.shard, o.institution_id, o.attempts, o.type, o.envelope ->> 'subject' AS subject,
          o.envelope::text AS body, o.headers
     FROM outbox o
    WHERE o.shard BETWEEN s.shard AND s.shard
      AND o.published_at IS NULL AND o.failed_at IS NULL
      AND o.available_at <= clock_timestamp()
      AND o.created_at >= $3::timestamptz AND o.created_at < $4::timestamptz
      AND CASE WHEN (SELECT is_any FROM held_back) THEN NOT EXISTS (
        SELECT 1 FROM outbox held
         WHERE held.created_at >= $3::timestamptz AND held.created_at < $4::timestamptz
           AND held.shard = s.shard AND held.agg_key = o.agg_key AND held.id < o.id
           AND held.published_at IS NULL AND held.attempts > 0
           AND (held.failed_at IS NOT NULL OR held.available_at > clock_timestamp()))
        ELSE true END
    ORDER BY o.shard, o.id
    LIMIT $2::int) AS next`;

const SETTLE = `
UPDATE outbox o
   SET published_at = CASE WHEN d.kind = 'published' THEN clock_timestamp() END,
       failed_at = CASE WHEN d.kind = 'failed' THEN clock_timestamp() END,
       attempts = o.attempts + CASE WHEN d.kind = 'published' THEN 0 ELSE 1 END,
       available_at = clock_timestamp() + d.after_ms * interval '1 millisecond',
       last_error = d.error
  FROM unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::int[], $5::text[], $6::smallint[],
              $7::bigint[], $8::text[])
    AS d(id, created_at, kind, after_ms, error, shard, token, owner)
 WHERE o.id = d.id AND o.created_at = d.created_at AND o.published_at IS NULL
   AND o.created_at >= $9::timestamptz AND o.created_at < $10::timestamptz
   AND EXISTS (SELECT 1 FROM outbox_shard s
                WHERE s.shard = d.shard AND s.token = d.token AND s.owner = d.owner)
RETURNING o.id`;

const BACKLOG = `
WITH pending AS (
  SELECT min(first.created_at) AS oldest
    FROM outbox_shard s
   CROSS JOIN LATERAL (SELECT o.created_at FROM outbox o
                        WHERE o.shard BETWEEN s.shard AND s.shard
                          AND o.published_at IS NULL AND o.failed_at IS NULL
                          AND NOT EXISTS (
                            SELECT 1 FROM outbox failed
                             WHERE failed.shard = s.shard AND failed.agg_key = o.agg_key
                               AND failed.id < o.id AND failed.published_at IS NULL
                               AND failed.attempts > 0 AND failed.failed_at IS NOT NULL)
                        ORDER BY o.shard, o.id LIMIT 1) AS first
), held AS (
  SELECT min(created_at) AS oldest, count(*) FILTER (WHERE failed_at IS NOT NULL) AS failed
    FROM outbox WHERE published_at IS NULL AND attempts > 0
)
SELECT extract(epoch FROM clock_timestamp() - pending.oldest)::float8 AS age, held.failed,
       (extract(epoch FROM least(pending.oldest, held.oldest)) * 1000)::float8 AS oldest_ms
  FROM pending, held`;

const REQUEUE = `
UPDATE outbox SET failed_at = NULL, attempts = 0, available_at = clock_timestamp()
 WHERE event_id = ANY($1::uuid[]) AND failed_at IS NOT NULL AND published_at IS NULL
   AND attempts > 0
RETURNING id`;

const SKIP = `
UPDATE outbox SET published_at = clock_timestamp(), last_error = $2::text
 WHERE event_id = ANY($1::uuid[]) AND failed_at IS NOT NULL AND published_at IS NULL
   AND attempts > 0
RETURNING id`;
