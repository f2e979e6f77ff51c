import { Injectable } from '@nestjs/common';
import { type Id, newId } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { SCOPE } from '../domain/claims.js';

/** A grade that some LMS has not been told yet. Numbers come as text from the driver. */
export interface Undelivered {
  institutionId: Id;
  registrationId: Id;
  productFamily: string;
  resourceLink: Id;
  identityId: Id;
  subject: string;
  assignmentId: Id;
  learnerId: Id;
  cellId: Id;
  cellVersion: number;
  points: string;
  pointsPossible: string;
  traceparent: string | null;
  traceId: string | null;
}

export interface DeliveryRow {
  id: Id;
  assignmentId: Id;
  learnerId: Id;
  cellVersion: number;
  points: string;
  pointsPossible: string;
  status: string;
  reason: string | null;
  httpStatus: number | null;
  attempts: number;
  scoredAt: Date;
  lastTriedAt: Date | null;
  deliveredAt: Date | null;
}

export interface DeliveryFilter {
  assignmentId?: Id | undefined;
  learnerId?: Id | undefined;
  status?: string | undefined;
  after: Id | null;
  limit: number;
}

const DISCOVERY_SCOPES = [SCOPE.lineItem, SCOPE.lineItemRead];

@Injectable()
export class DeliveryStore {
  /**
   * Final grades with a way to the LMS, newer than what was last taken up for it. An assignment
   * linked from several courses is told only to those the learner came from, unless there is but
   * one.
   */
  undelivered(
    tx: Tx,
    of: { assignmentId?: Id; learnerId?: Id; resourceLink?: Id },
    limit: number,
  ): Promise<Undelivered[]> {
    return tx.query<Undelivered>(
      `SELECT c.institution_id AS "institutionId", l.registration_id AS "registrationId",
              r.product_family AS "productFamily", l.id AS "resourceLink",
              u.identity_id AS "identityId", u.subject, c.assignment_id AS "assignmentId",
              c.learner_id AS "learnerId", c.cell_id AS "cellId",
              c.cell_version AS "cellVersion", c.points, c.points_possible AS "pointsPossible",
              c.traceparent, c.trace_id AS "traceId"
       FROM cell c
       JOIN resource_link l ON l.assignment_id = c.assignment_id
       JOIN registration r ON r.id = l.registration_id
       JOIN learner_link u ON u.registration_id = l.registration_id AND u.person_id = c.learner_id
       WHERE c.status = 'graded' AND c.points IS NOT NULL
         AND ($1::uuid IS NULL OR c.assignment_id = $1)
         AND ($2::uuid IS NULL OR c.learner_id = $2)
         AND ($3::uuid IS NULL OR l.id = $3)
         AND $4 = ANY (l.scopes)
         AND (l.line_item_url IS NOT NULL OR (l.line_items_url IS NOT NULL AND l.scopes && $5))
         AND (EXISTS (SELECT 1 FROM link_user x WHERE x.resource_link = l.id
                        AND x.subject = u.subject)
              OR (SELECT count(*) FROM resource_link o WHERE o.assignment_id = c.assignment_id
                    AND o.registration_id = l.registration_id) = 1)
         AND NOT EXISTS (
           SELECT 1 FROM delivery_stream s JOIN delivery d ON d.stream_id = s.id
           WHERE s.resource_link = l.id AND s.identity_id = u.identity_id
             AND d.cell_id = c.cell_id AND d.cell_version >= c.cell_version)
       ORDER BY c.learner_id, l.id LIMIT $6`,
      [
        of.assignmentId ?? null,
        of.learnerId ?? null,
        of.resourceLink ?? null,
        SCOPE.score,
        DISCOVERY_SCOPES,
        limit,
      ],
    );
  }

  /**
   * The instant of the next score on this stream: now, and later than the one before by at least
   * the step that the platform tells apart. The locked row makes it strictly increasing whoever
   * asks; a step into the future is waited for before sending.
   */
  async allocate(
    tx: Tx,
    score: Undelivered,
    stepMs: number,
  ): Promise<{ streamId: Id; scoredAt: Date }> {
    const [row] = await tx.query<{ streamId: Id; scoredAt: Date }>(
      `INSERT INTO delivery_stream AS s (institution_id, id, registration_id, resource_link,
                                         identity_id, last_scored_at, due_at)
       VALUES ($1, $2, $3, $4, $5, date_trunc('milliseconds', clock_timestamp()),
               greatest(clock_timestamp(),
                        (SELECT scores_held_until FROM registration WHERE id = $3)))
       ON CONFLICT (institution_id, resource_link, identity_id) DO UPDATE SET
         last_scored_at = greatest(date_trunc('milliseconds', clock_timestamp()),
                                   s.last_scored_at + make_interval(secs => $6 / 1000.0)),
         due_at = coalesce(s.due_at, greatest(excluded.due_at,
                                   s.last_scored_at + make_interval(secs => $6 / 1000.0)))
       RETURNING id AS "streamId", last_scored_at AS "scoredAt"`,
      [
        score.institutionId,
        newId(),
        score.registrationId,
        score.resourceLink,
        score.identityId,
        stepMs,
      ],
    );
    if (row === undefined) throw new Error('An upsert returned no row.');
    return row;
  }

  async insert(
    tx: Tx,
    score: Undelivered,
    delivery: { streamId: Id; scoredAt: Date; body: string; refusal: string | null },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO delivery (institution_id, id, stream_id, assignment_id, learner_id, cell_id,
         cell_version, subject, points, points_possible, scored_at, body, status, reason,
         traceparent, trace_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
      [
        score.institutionId,
        newId(),
        delivery.streamId,
        score.assignmentId,
        score.learnerId,
        score.cellId,
        score.cellVersion,
        score.subject,
        score.points,
        score.pointsPossible,
        delivery.scoredAt,
        delivery.body,
        delivery.refusal === null ? 'pending' : 'failed',
        delivery.refusal,
        score.traceparent,
        score.traceId,
      ],
    );
  }

  list(tx: Tx, filter: DeliveryFilter): Promise<DeliveryRow[]> {
    return tx.query<DeliveryRow>(
      `SELECT id, assignment_id AS "assignmentId", learner_id AS "learnerId",
              cell_version AS "cellVersion", points, points_possible AS "pointsPossible", status,
              reason, http_status AS "httpStatus", attempts, scored_at AS "scoredAt",
              last_tried_at AS "lastTriedAt", delivered_at AS "deliveredAt"
       FROM delivery
       WHERE ($1::uuid IS NULL OR assignment_id = $1) AND ($2::uuid IS NULL OR learner_id = $2)
         AND ($3::text IS NULL OR status = $3) AND ($4::uuid IS NULL OR id < $4)
       ORDER BY id DESC LIMIT $5`,
      [
        filter.assignmentId ?? null,
        filter.learnerId ?? null,
        filter.status ?? null,
        filter.after,
        filter.limit,
      ],
    );
  }

  /**
   * Takes up a delivery that failed for good, with its body and timestamp as they are. Only the
   * latest of its stream: an older one would overwrite a newer grade.
   */
  async reopen(tx: Tx, id: Id): Promise<boolean> {
    const reopened = await tx.query<{ stream_id: Id }>(
      `UPDATE delivery d SET status = 'pending', reason = NULL, attempts = 0, restamped = false,
              first_tried_at = NULL
       WHERE d.id = $1 AND d.status IN ('failed', 'orphaned') AND d.points_possible > 0
         AND NOT EXISTS (SELECT 1 FROM delivery n
                         WHERE n.stream_id = d.stream_id AND n.scored_at > d.scored_at)
       RETURNING stream_id`,
      [id],
    );
    const [row] = reopened;
    if (row === undefined) return false;
    await tx.query(
      `UPDATE delivery_stream SET due_at = coalesce(due_at, clock_timestamp()) WHERE id = $1`,
      [row.stream_id],
    );
    return true;
  }

  async exists(tx: Tx, id: Id): Promise<boolean> {
    return (await tx.query(`SELECT 1 FROM delivery WHERE id = $1`, [id])).length > 0;
  }
}
