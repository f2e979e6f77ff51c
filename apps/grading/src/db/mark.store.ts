import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { Annotation } from '../domain/score-view.js';
import type { TaskMark } from '../domain/settled-marks.js';
import type { Origin } from './attempt-score.store.js';
import { type ReviewTask, TASK_COLUMNS, taskOf, type TaskRow } from './review-task.store.js';

/** A mark as it is written. */
export interface NewMark {
  points: number;
  comment: string | null;
  annotations: Annotation[];
  rubric: ReviewTask['rubric'];
  scoreVersion: number;
}

@Injectable()
export class MarkStore {
  /** Marks a task that is locked; every mark there ever was is kept. */
  async mark(tx: Tx, taskId: Id, mark: NewMark, origin: Origin): Promise<ReviewTask> {
    const [row] = await tx.query<TaskRow>(MARK, [
      ...[taskId, mark.points, mark.comment, mark.scoreVersion],
      ...[origin.actorId, origin.traceId, origin.at],
      JSON.stringify(mark.annotations),
      mark.rubric === null ? null : JSON.stringify(mark.rubric),
    ]);
    if (row === undefined) throw new Error(`Review task ${taskId} vanished while it was locked.`);
    return taskOf(row);
  }

  /** Every task of an attempt, as far as its points are concerned. */
  async ofAttempt(tx: Tx, attemptId: Id): Promise<(TaskMark & { id: Id })[]> {
    const rows = await tx.query<TaskRow>(
      `SELECT ${TASK_COLUMNS} FROM review_task t
       WHERE t.attempt_id = $1 AND t.status <> 'withdrawn' ORDER BY t.id`,
      [attemptId],
    );
    return rows.map(taskOf).map((task) => ({
      ...task,
      status: task.status === 'done' ? 'done' : 'open',
    }));
  }

  /** Ends an adjudication that is not needed any more. */
  async withdraw(tx: Tx, taskId: Id): Promise<void> {
    await tx.query(
      `UPDATE review_task SET status = 'withdrawn', claimed_by = NULL, lease_until = NULL
       WHERE id = $1 AND status = 'open'`,
      [taskId],
    );
  }

  /** The marks of every answer of an assignment that more than one person has marked. */
  async doubleMarks(tx: Tx, assignmentId: Id) {
    const rows = await tx.query<{ marks: { markerId: Id; points: number }[] }>(
      `SELECT jsonb_agg(jsonb_build_object('markerId', marked_by, 'points', points)) AS marks
       FROM review_task
       WHERE assignment_id = $1 AND status = 'done' AND double_threshold IS NOT NULL
       GROUP BY attempt_id, slot, response_id HAVING count(*) > 1`,
      [assignmentId],
    );
    return rows.map(({ marks }) => marks);
  }

  /** What was marked in a slot with one rubric version, or by items' own (null), locked. */
  async withRubric(tx: Tx, assignmentId: Id, slot: number, versionId: Id | null) {
    const rows = await tx.query<TaskRow>(
      `SELECT ${TASK_COLUMNS} FROM review_task t
       WHERE t.assignment_id = $1 AND t.slot = $2 AND t.status = 'done'
         AND CASE WHEN $3::text IS NULL THEN jsonb_exists(t.rubric, 'itemVersionId')
                  ELSE t.rubric ->> 'versionId' = $3 END
       ORDER BY t.id FOR UPDATE OF t`,
      [assignmentId, slot, versionId],
    );
    return rows.map(taskOf);
  }

  async needRemark(tx: Tx, taskIds: readonly Id[]): Promise<void> {
    await tx.query(`UPDATE review_task SET needs_remark = true WHERE id = ANY($1::uuid[])`, [
      taskIds,
    ]);
  }
}

const MARK = `
WITH marked AS (
  UPDATE review_task t SET status = 'done', points = $2, comment = $3, marked_by = $5,
    marked_at = $7, claimed_by = NULL, lease_until = NULL, annotations = $8::jsonb,
    rubric = $9::jsonb, needs_remark = false
  WHERE t.id = $1 RETURNING t.*),
kept AS (
  INSERT INTO review_mark (institution_id, task_id, score_version, points, comment,
    actor_id, trace_id, marked_at, annotations, rubric)
  SELECT institution_id, id, $4::int, $2, $3, $5, $6::text, $7, $8::jsonb, $9::jsonb FROM marked)
SELECT ${TASK_COLUMNS} FROM marked t`;
