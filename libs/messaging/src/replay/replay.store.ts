import type { Id } from '@parlance/kernel';
import type { StoredEnvelope } from '../envelope/envelope.js';
import type { TraceHeaders } from '../trace/trace-context.js';
import type { TransactionSource } from '../transaction.js';
import type { ReplayMode } from './admission.store.js';

export type ReplayState = 'running' | 'paused' | 'done' | 'cancelled';

/** Which events are told again. Instants are RFC 3339 texts, the end is not included. */
export interface ReplaySelection {
  types: readonly string[];
  from?: string | undefined;
  to?: string | undefined;
  /** Partition key: the subject unless the producer chose another. */
  key?: string | undefined;
  institutionId?: Id | undefined;
}

/** A replay as its owner knows it: the service whose events are told again. */
export interface ReplayView {
  id: Id;
  consumer: string;
  mode: ReplayMode;
  types: string[];
  from: Date | null;
  to: Date | null;
  key: string | null;
  institutionId: Id | null;
  ratePerSecond: number;
  state: ReplayState;
  /** Events sent, each counted once. */
  sent: number;
  /** Events SQS refused for what they hold. */
  refused: number;
  /** From 0 to 1: how much of the outbox has been walked. */
  progress: number;
  lastError: string | null;
  reason: string;
  createdBy: string;
  createdAt: Date;
  finishedAt: Date | null;
}

export interface NewReplay extends ReplaySelection {
  id: Id;
  consumer: string;
  mode: ReplayMode;
  ratePerSecond: number;
  reason: string;
  createdBy: string;
}

/** What a sender holds while it works on a replay. */
export interface Turn {
  id: Id;
  token: string;
  owner: string;
}

/** A replay with what a sender must know of it. */
export interface Sending extends Turn {
  consumer: string;
  mode: ReplayMode;
  cursor: string;
  last: string;
  ratePerSecond: number;
}

export interface ReplayedRow {
  id: string;
  envelope: StoredEnvelope;
  headers: TraceHeaders;
}

export interface Step {
  cursor: string;
  sent: number;
  refused: number;
  error: string | null;
}

/** The owner's side of replays in SQL; each call is a short transaction of its own. */
export class ReplayStore {
  constructor(private readonly transactions: TransactionSource) {}

  /** Undefined when there is one of this id already. */
  async insert(one: NewReplay): Promise<ReplayView | undefined> {
    const { id, consumer, mode, types, from, to, key, institutionId } = one;
    const { ratePerSecond, reason, createdBy } = one;
    const [row] = await this.run<ReplayView>(INSERT, [
      ...[id, consumer, mode, types, from ?? null, to ?? null, key ?? null],
      ...[institutionId ?? null, ratePerSecond, reason, createdBy],
    ]);
    return row && viewOf(row);
  }

  async find(id: Id): Promise<ReplayView | undefined> {
    const [row] = await this.run<ReplayView>(`SELECT ${COLUMNS} FROM replay WHERE id = $1`, [id]);
    return row && viewOf(row);
  }

  async latest(limit: number): Promise<ReplayView[]> {
    const sql = `SELECT ${COLUMNS} FROM replay ORDER BY created_at DESC LIMIT $1`;
    return (await this.run<ReplayView>(sql, [limit])).map(viewOf);
  }

  /** Moves it on from one of the states; undefined when it is in none of them. */
  async setState(
    id: Id,
    from: readonly ReplayState[],
    to: ReplayState,
  ): Promise<ReplayView | undefined> {
    const [row] = await this.run<ReplayView>(
      `UPDATE replay SET state = $3,
              finished_at = CASE WHEN $3 = 'cancelled' THEN clock_timestamp() END
        WHERE id = $1 AND state = ANY ($2::text[]) RETURNING ${COLUMNS}`,
      [id, from, to],
    );
    return row && viewOf(row);
  }

  async count(selection: ReplaySelection, hasPending: boolean) {
    const { types, from, to, key, institutionId } = selection;
    const rows = await this.transactions.asMessaging(async (tx) => {
      await tx.query(`SELECT set_config('statement_timeout', '10min', true)`);
      return tx.query<{ type: string; day: string; events: string }>(COUNT, [
        ...[types, from ?? null, to ?? null, key ?? null, institutionId ?? null, hasPending],
      ]);
    });
    return rows.map((row) => ({ ...row, events: Number(row.events) }));
  }

  /** The oldest replay nobody works on. The token makes whoever worked on it before a stranger. */
  async take(owner: string, leaseMs: number): Promise<Sending | undefined> {
    const [row] = await this.run<Sending>(TAKE, [owner, leaseMs]);
    return row;
  }

  /**
   * Writes down how far it went and goes on holding it. False when it is no longer ours to send:
   * paused, cancelled, or in other hands.
   */
  async advance(turn: Turn, step: Step, leaseMs: number): Promise<boolean> {
    const rows = await this.run(ADVANCE, [
      ...[turn.id, turn.token, turn.owner, step.cursor, step.sent, step.refused],
      ...[step.error, leaseMs],
    ]);
    return rows.length > 0;
  }

  async release(turn: Turn): Promise<void> {
    await this.run(
      `UPDATE replay SET owner = NULL, lease_until = NULL
        WHERE id = $1 AND token = $2::bigint AND owner = $3 RETURNING id`,
      [turn.id, turn.token, turn.owner],
    );
  }

  /** Events after the cursor that belong to it, and how far one may go after sending them. */
  async read(one: Sending, limit: number): Promise<{ rows: ReplayedRow[]; cursor: string }> {
    const window = BigInt(one.cursor) + WINDOW;
    const end = window < BigInt(one.last) ? window : BigInt(one.last);
    const rows = await this.run<ReplayedRow>(READ, [one.id, one.cursor, end.toString(), limit]);
    const isCut = rows.length === limit;
    return { rows, cursor: isCut ? (rows.at(-1)?.id ?? one.cursor) : end.toString() };
  }

  private run<R>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    return this.transactions.asMessaging((tx) => tx.query<R>(sql, params));
  }
}

/** Ids looked at in one read, so that a rare type does not make it read the whole outbox. */
const WINDOW = 20_000n;

const COLUMNS = `id, consumer, mode, types, from_at AS "from", to_at AS "to", only_key AS key,
  only_institution_id AS "institutionId", rate_per_second AS "ratePerSecond", state, sent, refused,
  CASE WHEN last_id <= first_id THEN 1
       ELSE (cursor_id - first_id)::float8 / (last_id - first_id) END AS progress,
  last_error AS "lastError", reason, created_by AS "createdBy", created_at AS "createdAt",
  finished_at AS "finishedAt"`;

// What is committed later is told by the relay as usual, after the consumer has admitted this.
const INSERT = `
WITH reach AS (
  SELECT coalesce(min(id) - 1, 0) AS first, coalesce(max(id), 0) AS last FROM outbox
   WHERE created_at >= coalesce($5::timestamptz, '-infinity')
     AND created_at < coalesce($6::timestamptz, 'infinity')
)
INSERT INTO replay (id, consumer, mode, types, from_at, to_at, only_key, only_institution_id,
                    rate_per_second, reason, created_by, state, first_id, last_id, cursor_id)
SELECT $1::uuid, $2::text, $3::text, $4::text[], $5::timestamptz, $6::timestamptz, $7::text,
       $8::uuid, $9::int, $10::text, $11::text, 'running', first, last, first
  FROM reach
ON CONFLICT (id) DO NOTHING
RETURNING ${COLUMNS}`;

/**
 * Events nobody was told of stay out: those SNS refused, and, in a repair, those the relay has yet
 * to send. A rebuild takes the latter too: one of them may have been sent, and consumed before
 * the rebuild was announced, while the note of it was still on its way.
 */
const TOLD = `o.failed_at IS NULL AND (o.published_at IS NOT NULL OR`;

const COUNT = `
SELECT o.type, to_char(o.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*) AS events
  FROM outbox o
 WHERE o.type = ANY ($1::text[])
   AND o.created_at >= coalesce($2::timestamptz, '-infinity')
   AND o.created_at < coalesce($3::timestamptz, 'infinity')
   AND ($4::text IS NULL OR o.agg_key = $4::text)
   AND ($5::uuid IS NULL OR o.institution_id = $5::uuid)
   AND ${TOLD} $6::boolean)
 GROUP BY 1, 2 ORDER BY 1, 2`;

const READ = `
SELECT o.id::text AS id, o.envelope, o.headers
  FROM replay r
  JOIN outbox o ON o.id > $2::bigint AND o.id <= $3::bigint
   AND o.created_at >= coalesce(r.from_at, '-infinity')
   AND o.created_at < coalesce(r.to_at, 'infinity')
   AND o.type = ANY (r.types)
   AND (r.only_key IS NULL OR o.agg_key = r.only_key)
   AND (r.only_institution_id IS NULL OR o.institution_id = r.only_institution_id)
   AND ${TOLD} r.mode = 'rebuild')
 WHERE r.id = $1::uuid
 ORDER BY o.id LIMIT $4::int`;

const TAKE = `
UPDATE replay SET owner = $1::text, token = token + 1,
       lease_until = clock_timestamp() + $2::int * interval '1 millisecond'
 WHERE id = (SELECT id FROM replay
              WHERE state = 'running'
                AND (lease_until IS NULL OR lease_until < clock_timestamp())
              ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, token::text AS token, owner, consumer, mode, cursor_id::text AS cursor,
          last_id::text AS last, rate_per_second AS "ratePerSecond"`;

const ADVANCE = `
UPDATE replay
   SET cursor_id = $4::bigint, sent = sent + $5::int, refused = refused + $6::int,
       last_error = $7::text, lease_until = clock_timestamp() + $8::int * interval '1 millisecond',
       state = CASE WHEN $4::bigint >= last_id THEN 'done' ELSE state END,
       finished_at = CASE WHEN $4::bigint >= last_id THEN clock_timestamp() END
 WHERE id = $1::uuid AND token = $2::bigint AND owner = $3::text AND state = 'running'
RETURNING id`;

/** Counts come as text, being bigint. */
function viewOf(row: ReplayView): ReplayView {
  return { ...row, sent: Number(row.sent), refused: Number(row.refused) };
}
