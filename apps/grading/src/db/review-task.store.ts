import { Injectable } from '@nestjs/common';
import type { Responses } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { MarkRound } from '@parlance/assessment';
import type { MarkRubric } from '../domain/marking-rubric.js';
import type { Annotation } from '../domain/score-view.js';
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
  /** Null: entered from paper. */
  itemVersionId: Id | null;
  /** Null: the item as a whole. */
  responseId: string | null;
  pointsPossible: number;
  status: TaskStatus;
  claimedBy: Id | null;
  leaseUntil: Date | null;
  points: number | null;
  comment: string | null;
  annotations: Annotation[];
  /** The rubric the mark was made with, and the level chosen for each criterion. */
  rubric: MarkRubric | null;
  /** The rubric has changed so that the mark cannot be carried over. */
  needsRemark: boolean;
  /** A photo of what was done on paper. */
  evidenceUploadId: Id | null;
  markedBy: Id | null;
  markedAt: Date | null;
  round: MarkRound;
  /** Points two marks may be apart; null: it is marked once. */
  doubleThreshold: number | null;
}

export interface TaskAnswer {
  responses: Responses;
  /** The item version; null: entered from paper. */
  scoredWith: Id | null;
}

/** Who looks: an admin sees every class, a teacher those of their own. */
export interface Reviewer {
  personId: Id;
  isAdmin: boolean;
}

/** What a marker is after; what is left out does not matter. */
export interface TaskFilter {
  assignmentId?: Id | undefined;
  classId?: Id | undefined;
  slot?: number | undefined;
  /** `remark`: marked with a rubric that has changed since. */
  status?: TaskStatus | 'remark' | undefined;
}

/** Tasks of one slot of one assignment. */
export interface TaskCount {
  assignmentId: Id;
  slot: number;
  open: number;
  claimed: number;
  done: number;
}

@Injectable()
export class ReviewTaskStore {
  async list(tx: Tx, who: Reviewer, filter: TaskFilter, page: { after: Id | null; limit: number }) {
    const rows = await tx.query<TaskRow>(
      `SELECT ${TASK_COLUMNS} FROM review_task t
       WHERE ${VISIBLE} AND ${MATCHES}
         AND ${STATUS_FILTER[filter.status ?? 'any']}
         AND ($6::uuid IS NULL OR t.id > $6)
       ORDER BY t.id LIMIT $7`,
      [...[who.personId, who.isAdmin, ...valuesOf(filter)], page.after, page.limit],
    );
    return rows.map(taskOf);
  }

  /** How much there is to mark, by assignment and slot. */
  async counts(tx: Tx, who: Reviewer, filter: TaskFilter): Promise<TaskCount[]> {
    const rows = await tx.query<TaskCount>(
      `SELECT t.assignment_id AS "assignmentId", t.slot,
              count(*) FILTER (WHERE ${STATUS_FILTER.open})::int AS open,
              count(*) FILTER (WHERE ${STATUS_FILTER.claimed})::int AS claimed,
              count(*) FILTER (WHERE ${STATUS_FILTER.done})::int AS done
       FROM review_task t WHERE ${VISIBLE} AND ${MATCHES} AND t.status <> 'withdrawn'
       GROUP BY t.assignment_id, t.slot ORDER BY t.assignment_id, t.slot LIMIT 1000`,
      [who.personId, who.isAdmin, ...valuesOf(filter)],
    );
    return rows;
  }

  async find(tx: Tx, who: Reviewer, taskId: Id): Promise<ReviewTask | null> {
    const [row] = await tx.query<TaskRow>(
      `SELECT ${TASK_COLUMNS} FROM review_task t WHERE ${VISIBLE} AND t.id = $3`,
      [who.personId, who.isAdmin, taskId],
    );
    return row === undefined ? null : taskOf(row);
  }

  /**
   * Claims a task of the oldest day that nobody is at; see newDayId for why not the oldest. Rows other claimers have locked are skipped, and a row
   * that was claimed since this statement began is checked again, so no task is given out twice.
   */
  async claimNext(
    tx: Tx,
    who: Reviewer,
    filter: TaskFilter,
    taskId: Id | null = null,
  ): Promise<ReviewTask | null> {
    const [row] = await tx.query<TaskRow>(
      `WITH next AS MATERIALIZED (
         SELECT t.institution_id, t.id FROM review_task t
         WHERE ${VISIBLE} AND ${MATCHES} AND ${NOT_OWN_PART}
           AND (t.status = 'open' OR t.needs_remark)
           AND (t.lease_until IS NULL OR t.lease_until <= clock_timestamp())
           AND CASE WHEN $6::uuid IS NULL
             THEN t.status = 'open' AND NOT EXISTS (SELECT 1 FROM review_skip k
                    WHERE k.task_id = t.id AND k.person_id = $1)
             ELSE t.id = $6 END
         ORDER BY t.id LIMIT 1 FOR UPDATE OF t SKIP LOCKED)
       UPDATE review_task t SET claimed_by = $1, lease_until = ${LEASE_END}
       FROM next WHERE t.institution_id = next.institution_id AND t.id = next.id
       RETURNING ${TASK_COLUMNS}`,
      [...[who.personId, who.isAdmin, ...valuesOf(filter)], taskId],
    );
    return row === undefined ? null : taskOf(row);
  }

  /** The person is not offered the task again; others are. */
  async skip(tx: Tx, taskId: Id, personId: Id): Promise<void> {
    await tx.query(
      `INSERT INTO review_skip (institution_id, task_id, person_id)
       VALUES (app_institution(), $1, $2) ON CONFLICT DO NOTHING`,
      [taskId, personId],
    );
  }

  /** The task, locked until the transaction ends. */
  async lock(tx: Tx, who: Reviewer, taskId: Id): Promise<ReviewTask | null> {
    const [row] = await tx.query<TaskRow>(
      `SELECT ${TASK_COLUMNS} FROM review_task t WHERE ${VISIBLE} AND t.id = $3 FOR UPDATE OF t`,
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

  /** What shows work that was done on paper. */
  async setEvidence(tx: Tx, taskId: Id, uploadId: Id | null): Promise<void> {
    await tx.query(`UPDATE review_task SET evidence_upload_id = $2 WHERE id = $1`, [
      taskId,
      uploadId,
    ]);
  }

  /** The answers to the item of a task, as they were handed in, and what scores them now. */
  async answer(tx: Tx, task: ReviewTask): Promise<TaskAnswer> {
    const [row] = await tx.query<TaskAnswer>(
      `SELECT item -> 'responses' AS responses,
              coalesce(item ->> 'scoredWith', item ->> 'itemVersionId') AS "scoredWith"
       FROM attempt_score s, ${runRowsOf('s')} AS v, jsonb_array_elements(v.items) AS item
       WHERE s.attempt_id = $1 AND (item ->> 'slot')::int = $2
       ORDER BY v.version DESC LIMIT 1`,
      [task.attemptId, task.slot],
    );
    return row ?? { responses: {}, scoredWith: null };
  }
}

/** $1 = person, $2 = is an admin. */
const VISIBLE = `($2::boolean OR ${teachesClassOf('t')})`;

/** $3 assignment, $4 class, $5 slot. */
const MATCHES = `($3::uuid IS NULL OR t.assignment_id = $3) AND ($4::uuid IS NULL OR t.class_id = $4)
  AND ($5::int IS NULL OR t.slot = $5)`;

/** Nobody marks one answer twice, nor decides between their own mark and another. */
const NOT_OWN_PART = `(t.double_threshold IS NULL OR NOT EXISTS (
  SELECT 1 FROM review_task o WHERE o.attempt_id = t.attempt_id AND o.slot = t.slot
    AND o.response_id IS NOT DISTINCT FROM t.response_id AND o.id <> t.id
    AND (o.marked_by = $1 OR (o.claimed_by = $1 AND o.lease_until > clock_timestamp()))))`;

function valuesOf({ assignmentId, classId, slot }: TaskFilter) {
  return [assignmentId ?? null, classId ?? null, slot ?? null];
}

const LEASE_END = `clock_timestamp() + interval '${LEASE_MINUTES} minutes'`;

export const TASK_COLUMNS = `t.id, t.attempt_id, t.assignment_id, t.class_id, t.slot, t.item_version_id,
  t.response_id, t.points_possible, t.points, t.comment, t.marked_by, t.marked_at,
  t.annotations, t.rubric, t.evidence_upload_id, t.needs_remark, t.round, t.double_threshold,
  CASE WHEN t.status = 'open' AND t.lease_until > clock_timestamp() THEN 'claimed'
       ELSE t.status END AS status, t.claimed_by, t.lease_until`;

const STATUS_FILTER: Record<TaskStatus | 'any' | 'remark', string> = {
  any: `t.status <> 'withdrawn'`,
  remark: 't.needs_remark',
  open: `t.status = 'open' AND (t.lease_until IS NULL OR t.lease_until <= clock_timestamp())`,
  claimed: `t.status = 'open' AND t.lease_until > clock_timestamp()`,
  done: `t.status = 'done'`,
};

export interface TaskRow {
  id: Id;
  attempt_id: Id;
  assignment_id: Id;
  class_id: Id;
  slot: number;
  item_version_id: Id | null;
  response_id: string | null;
  points_possible: string;
  status: TaskStatus;
  claimed_by: Id | null;
  lease_until: Date | null;
  points: string | null;
  comment: string | null;
  marked_by: Id | null;
  marked_at: Date | null;
  annotations: Annotation[] | null;
  rubric: ReviewTask['rubric'];
  needs_remark: boolean;
  evidence_upload_id: Id | null;
  round: MarkRound;
  double_threshold: string | null;
}

export function taskOf(row: TaskRow): ReviewTask {
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
    annotations: row.annotations ?? [],
    rubric: row.rubric,
    needsRemark: row.needs_remark,
    evidenceUploadId: row.evidence_upload_id,
    round: row.round,
    doubleThreshold: row.double_threshold === null ? null : Number(row.double_threshold),
  };
}
