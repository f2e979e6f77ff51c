import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { seeAllInstitutions } from './registration.store.js';

/** A stream this process may work on until the lease ends. */
export interface Lease {
  institutionId: Id;
  streamId: Id;
  registrationId: Id;
  token: Id;
}

/** One score to send, with all that is needed for it. */
export interface Job {
  deliveryId: Id;
  subject: string;
  points: number;
  pointsPossible: number;
  body: string;
  scoredAt: Date;
  attempts: number;
  restamped: boolean;
  /** An earlier try may have reached the platform without our learning of it. */
  mayHaveArrived: boolean;
  firstTriedAt: Date;
  traceparent: string | null;
  resourceLink: Id;
  resourceLinkId: string;
  deploymentId: string;
  scopes: string[];
  lineItemUrl: string | null;
  lineItemsUrl: string | null;
}

interface Newest {
  id: Id;
  scored_at: Date;
  may_have_arrived: boolean;
  /** A step after the score before may lie ahead; some platforms keep such a stamp for ever. */
  is_early: boolean;
}

/** How a try ended. */
export interface Settlement {
  status: 'pending' | 'delivered' | 'failed' | 'orphaned';
  reason: string | null;
  httpStatus: number | null;
  mayHaveArrived: boolean;
  /** When the stream is looked at again; null: when its next score comes. */
  dueAt: Date | null;
}

const JOB_COLUMNS = `d.id AS "deliveryId", d.subject, d.points::float8 AS points,
  d.points_possible::float8 AS "pointsPossible", d.body, d.scored_at AS "scoredAt",
  d.attempts, d.restamped, d.may_have_arrived AS "mayHaveArrived",
  d.first_tried_at AS "firstTriedAt", d.traceparent, l.id AS "resourceLink",
  l.resource_link_id AS "resourceLinkId", p.deployment_id AS "deploymentId", l.scopes,
  l.line_item_url AS "lineItemUrl", l.line_items_url AS "lineItemsUrl"`;

@Injectable()
export class DeliveryQueueStore {
  /** Across institutions; streams of `busy` registrations are left alone. */
  async claim(tx: Tx, token: Id, leaseMs: number, busy: readonly Id[]): Promise<Lease | undefined> {
    await seeAllInstitutions(tx);
    const [row] = await tx.query<Lease>(
      // Materialised, for a subquery may be run once per row of the outer table, and then claims all.
      `WITH due AS MATERIALIZED (
         SELECT institution_id, id FROM delivery_stream
         WHERE due_at <= clock_timestamp()
           AND (lease_until IS NULL OR lease_until < clock_timestamp())
           AND NOT (registration_id = ANY ($3::uuid[]))
         ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       UPDATE delivery_stream s
       SET lease_token = $1, lease_until = clock_timestamp() + make_interval(secs => $2 / 1000.0)
       FROM due WHERE s.institution_id = due.institution_id AND s.id = due.id
       RETURNING s.institution_id AS "institutionId", s.id AS "streamId",
                 s.registration_id AS "registrationId", s.lease_token AS token`,
      [token, leaseMs, busy],
    );
    return row;
  }

  /**
   * The newest score that waits on the stream; those before it are superseded, because the LMS
   * keeps only the last. The try is recorded before anything is sent. Undefined when nothing
   * waits or the lease was lost.
   */
  async take(tx: Tx, lease: Lease): Promise<Job | undefined> {
    if (!(await this.holds(tx, lease))) return undefined;
    const [newest] = await tx.query<Newest>(
      `SELECT id, scored_at, may_have_arrived, scored_at > clock_timestamp() AS is_early
       FROM delivery WHERE stream_id = $1 AND status = 'pending' ORDER BY scored_at DESC LIMIT 1`,
      [lease.streamId],
    );
    if (newest === undefined || newest.is_early) {
      await this.release(tx, lease, newest?.scored_at ?? null);
      return undefined;
    }
    await this.supersedeBefore(tx, lease.streamId, newest.scored_at);
    await tx.query(
      `UPDATE delivery SET attempts = attempts + 1, last_tried_at = clock_timestamp(),
              first_tried_at = coalesce(first_tried_at, clock_timestamp()), may_have_arrived = true
       WHERE id = $1`,
      [newest.id],
    );
    const [job] = await tx.query<Job>(
      `SELECT ${JOB_COLUMNS} FROM delivery d
       JOIN delivery_stream s ON s.id = d.stream_id
       JOIN resource_link l ON l.id = s.resource_link
       JOIN deployment p ON p.id = l.deployment
       WHERE d.id = $1`,
      [newest.id],
    );
    return job === undefined ? undefined : { ...job, mayHaveArrived: newest.may_have_arrived };
  }

  /** Records how a try ended and gives the stream back. Does nothing once the lease is lost. */
  async settle(tx: Tx, lease: Lease, job: Job, settlement: Settlement): Promise<void> {
    if (!(await this.holds(tx, lease))) return;
    const { status, reason, httpStatus, mayHaveArrived, dueAt } = settlement;
    await tx.query(
      `UPDATE delivery SET status = $2, reason = $3, http_status = $4, may_have_arrived = $5,
              delivered_at = CASE WHEN $2 = 'delivered' THEN clock_timestamp() END
       WHERE id = $1 AND status = 'pending'`,
      [job.deliveryId, status, reason, httpStatus, mayHaveArrived],
    );
    const newer = await tx.query(
      `SELECT 1 FROM delivery WHERE stream_id = $1 AND status = 'pending' AND scored_at > $2`,
      [lease.streamId, job.scoredAt],
    );
    if (newer.length > 0) await this.supersedeBefore(tx, lease.streamId, null);
    await this.release(tx, lease, dueAt ?? (newer.length > 0 ? new Date() : null));
  }

  /** Gives a pending score a later instant than the platform's, and its body with it. */
  async restamp(
    tx: Tx,
    lease: Lease,
    job: Job,
    rules: { after: Date | undefined; stepMs: number; body(scoredAt: Date): string },
  ): Promise<Date | undefined> {
    if (!(await this.holds(tx, lease))) return undefined;
    const [stream] = await tx.query<{ scoredAt: Date }>(
      `UPDATE delivery_stream SET last_scored_at = greatest(
         date_trunc('milliseconds', clock_timestamp()),
         last_scored_at + make_interval(secs => $2 / 1000.0),
         $3::timestamptz + make_interval(secs => $2 / 1000.0))
       WHERE id = $1 RETURNING last_scored_at AS "scoredAt"`,
      [lease.streamId, rules.stepMs, rules.after ?? null],
    );
    if (stream === undefined) return undefined;
    const newer = await tx.query(
      `SELECT 1 FROM delivery WHERE stream_id = $1 AND status = 'pending' AND scored_at > $2`,
      [lease.streamId, job.scoredAt],
    );
    // A newer score waits already and is later still; this one must not jump ahead of it.
    if (newer.length > 0) return undefined;
    await tx.query(
      `UPDATE delivery SET scored_at = $2, body = $3, restamped = true WHERE id = $1`,
      [job.deliveryId, stream.scoredAt, rules.body(stream.scoredAt)],
    );
    return stream.scoredAt;
  }

  /** A platform that asked for patience gets it for all that waits and all that is still to come. */
  async holdPlatform(tx: Tx, registrationId: Id, until: Date): Promise<void> {
    await tx.query(
      `UPDATE registration SET scores_held_until = greatest(scores_held_until, $2) WHERE id = $1`,
      [registrationId, until],
    );
    await tx.query(
      `UPDATE delivery_stream SET due_at = $2
       WHERE registration_id = $1 AND due_at IS NOT NULL AND due_at < $2`,
      [registrationId, until],
    );
  }

  private async holds(tx: Tx, lease: Lease): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM delivery_stream WHERE id = $1 AND lease_token = $2 FOR UPDATE`,
      [lease.streamId, lease.token],
    );
    return rows.length > 0;
  }

  private async supersedeBefore(tx: Tx, streamId: Id, scoredAt: Date | null): Promise<void> {
    await tx.query(
      `UPDATE delivery SET status = 'superseded' WHERE stream_id = $1 AND status = 'pending'
         AND scored_at < coalesce($2::timestamptz, (SELECT max(scored_at) FROM delivery
               WHERE stream_id = $1 AND status = 'pending'))`,
      [streamId, scoredAt],
    );
  }

  private async release(tx: Tx, lease: Lease, dueAt: Date | null): Promise<void> {
    await tx.query(
      `UPDATE delivery_stream SET lease_token = NULL, lease_until = NULL, due_at = $2
       WHERE id = $1`,
      [lease.streamId, dueAt],
    );
  }
}
