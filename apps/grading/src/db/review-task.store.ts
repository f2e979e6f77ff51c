import { Injectable } from '@nestjs/common';
import type { Responses } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { Mark } from '../domain/score-view.js';
import type { Origin } from './attempt-score.store.js';
import { teachesClassOf } from './enrolment.store.js';
import { runRowsOf } from './scoring-run.js';

/** How long a claimed task is nobody else's, unless the teacher's client says it is still at it. */
export const LEASE_MINUTES = 10;

export type TaskStatus = 'open' | 'claimed' | 'done';

export interface ReviewTask {
  id: Id;
  attemptId: Id;
  assignmentId: Id;
  classId: Id;
  slot: number;
  itemVersionId: Id;
  /** Null: the item as a whole. */
  responseId: string | null;
  pointsPossible: number;
  status: TaskStatus;
  claimedBy: Id | null;
  leaseUntil: Date | null;
  points: number | null;
  comment: string | null;
  markedBy: Id | null;
  markedAt: Date | null;
}

/** Who looks: an admin sees every class, a teacher those of their own. */
export interface Reviewer {
  personId: Id;
  isAdmin: boolean;
}

export interface TaskFilter {
  assignmentId: Id | undefined;
  status: TaskStatus | undefined;
}

@Injectable()
export class ReviewTaskStore {
  async list(tx: Tx, who: Reviewer, filter: TaskFilter, page: { after: Id | null; limit: number }) {
    const rows = await tx.query<TaskRow>(
      `SELECT ${COLUMNS} FROM review_task t
       WHERE ${VISIBLE}
         AND ($3::uuid IS NULL OR t.assignment_id = $3)
         AND ${STATUS_FILTER[filter.status ?? 'any']}
         AND ($4::uuid IS NULL OR t.id > $4)
       ORDER BY t.id LIMIT $5`,
      [who.personId, who.isAdmin, filter.assignmentId ?? null, page.after, page.limit],
    );
    return rows.map(taskOf);
  }

  async find(tx: Tx, who: Reviewer, taskId: Id): Promise<ReviewTask | null> {
    const [row] = await tx.query<TaskRow>(
      `SELECT ${COLUMNS} FROM review_task t WHERE ${VISIBLE} AND t.id = $3`,
      [who.personId, who.isAdmin, taskId],
    );
    return row === undefined ? null : taskOf(row);
  }

  /**
   * Claims the oldest task nobody is at. Rows other claimers have locked are skipped, and a row
   * that was claimed since this statement began is checked again, so no task is given out twice.
   */
  async claimNext(tx: Tx, who: Reviewer, assignmentId: Id | null): Promise<ReviewTask | null> {
    const [row] = await tx.query<TaskRow>(
      `WITH next AS MATERIALIZED (
         SELECT t.institution_id, t.id FROM review_task t
         WHERE ${VISIBLE} AND t.status = 'open'
           AND (t.lease_until IS NULL OR t.lease_until <= clock_timestamp())
           AND ($3::uuid IS NULL OR t.assignment_id = $3)
         ORDER BY t.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED)
       UPDATE review_task t SET claimed_by = $1, lease_until = ${LEASE_END}
       FROM next WHERE t.institution_id = next.institution_id AND t.id = next.id
       RETURNING ${COLUMNS}`,
      [who.personId, who.isAdmin, assignmentId],
    );
    return row === undefined ? null : taskOf(row);
  }

  /** The task, locked until the transaction ends. */
  async lock(tx: Tx, who: Reviewer, taskId: Id): Promise<ReviewTask | null> {
    const [row] = await tx.query<TaskRow>(
      `SELECT ${COLUMNS} FROM review_task t WHERE ${VISIBLE} AND t.id = $3 FOR UPDATE OF t`,
      [who.personId, who.isAdmin, taskId],
    );
    return row === undefined ? null : taskOf(row);
  }

  /** Sets or ends the lease of a task that is locked. */
  async setLease(tx: Tx, taskId: Id, holder: Id | null): Promise<Date | null> {
    const [row] = await tx.query<{ lease_until: Date | null }>(
      `UPDATE review_task SET claimed_by = $2,
         lease_until = CASE WHEN $2::uuid IS NULL THEN NULL ELSE ${LEASE_END} END
       WHERE id = $1 RETURNING lease_until`,
      [taskId, holder],
    );
    return row?.lease_until ?? null;
  }

  /** Points people have given in an attempt and tasks still open, but for one task. */
  async others(tx: Tx, attemptId: Id, taskId: Id) {
    const [row] = await tx.query<{ points: string; open: number }>(
      `SELECT coalesce(sum(points) FILTER (WHERE status = 'done'), 0) AS points,
              count(*) FILTER (WHERE status = 'open')::int AS open
       FROM review_task WHERE attempt_id = $1 AND id <> $2`,
      [attemptId, taskId],
    );
    return { points: row?.points ?? '0', open: row?.open ?? 0 };
  }

  async mark(
    tx: Tx,
    taskId: Id,
    mark: { points: number; comment: string | null; scoreVersion: number },
    origin: Origin,
  ): Promise<ReviewTask> {
    const [row] = await tx.query<TaskRow>(
      `WITH marked AS (
         UPDATE review_task t SET status = 'done', points = $2, comment = $3, marked_by = $5,
           marked_at = $7, claimed_by = NULL, lease_until = NULL
         WHERE t.id = $1 RETURNING t.*),
       kept AS (
         INSERT INTO review_mark (institution_id, task_id, score_version, points, comment,
           actor_id, trace_id, marked_at)
         SELECT institution_id, id, $4::int, $2, $3, $5, $6::text, $7 FROM marked)
       SELECT ${COLUMNS} FROM marked t`,
      [
        taskId,
        mark.points,
        mark.comment,
        mark.scoreVersion,
        origin.actorId,
        origin.traceId,
        origin.at,
      ],
    );
    if (row === undefined) throw new Error(`Review task ${taskId} vanished while it was locked.`);
    return taskOf(row);
  }

  /** The answers to the item of a task, as they were handed in. */
  async responses(tx: Tx, task: ReviewTask): Promise<Responses> {
    const [row] = await tx.query<{ responses: Responses }>(
      `SELECT item -> 'responses' AS responses
       FROM attempt_score s, ${runRowsOf('s')} AS v, jsonb_array_elements(v.items) AS item
       WHERE s.attempt_id = $1 AND (item ->> 'slot')::int = $2
       ORDER BY v.version DESC LIMIT 1`,
      [task.attemptId, task.slot],
    );
    return row?.responses ?? {};
  }

  async marks(tx: Tx, attemptId: Id): Promise<Mark[]> {
    const rows = await tx.query<MarkRow>(
      `SELECT slot, response_id, points, comment, marked_by FROM review_task
       WHERE attempt_id = $1 AND status = 'done'`,
      [attemptId],
    );
    return rows.map((row) => ({
      slot: row.slot,
      responseId: row.response_id,
      points: Number(row.points),
      comment: row.comment,
      annotations: [],
      markedBy: row.marked_by,
    }));
  }
}

/** $1 = person, $2 = is an admin. */
const VISIBLE = `($2::boolean OR ${teachesClassOf('t')})`;

const LEASE_END = `clock_timestamp() + interval '${LEASE_MINUTES} minutes'`;

const COLUMNS = `t.id, t.attempt_id, t.assignment_id, t.class_id, t.slot, t.item_version_id,
  t.response_id, t.points_possible, t.points, t.comment, t.marked_by, t.marked_at,
  CASE WHEN t.status = 'open' AND t.lease_until > clock_timestamp() THEN 'claimed'
       ELSE t.status END AS status, t.claimed_by, t.lease_until`;

const STATUS_FILTER: Record<TaskStatus | 'any', string> = {
  any: 'true',
  open: `t.status = 'open' AND (t.lease_until IS NULL OR t.lease_until <= clock_timestamp())`,
  claimed: `t.status = 'open' AND t.lease_until > clock_timestamp()`,
  done: `t.status = 'done'`,
};

interface TaskRow {
  id: Id;
  attempt_id: Id;
  assignment_id: Id;
  class_id: Id;
  slot: number;
  item_version_id: Id;
  response_id: string | null;
  points_possible: string;
  status: TaskStatus;
  claimed_by: Id | null;
  lease_until: Date | null;
  points: string | null;
  comment: string | null;
  marked_by: Id | null;
  marked_at: Date | null;
}

interface MarkRow {
  slot: number;
  response_id: string | null;
  points: string;
  comment: string | null;
  marked_by: Id;
}

function taskOf(row: TaskRow): ReviewTask {
  return {
    id: row.id,
    attemptId: row.attempt_id,
    assignmentId: row.assignment_id,
    classId: row.class_id,
    slot: row.slot,
    itemVersionId: row.item_version_id,
    responseId: row.response_id,
    pointsPossible: Number(row.points_possible),
    status: row.status,
    claimedBy: row.claimed_by,
    leaseUntil: row.lease_until,
    points: row.points === null ? null : Number(row.points),
    comment: row.comment,
    markedBy: row.marked_by,
    markedAt: row.marked_at,
  };
}
