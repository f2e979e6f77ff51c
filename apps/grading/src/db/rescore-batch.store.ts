import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type AttemptScore, countingPoints } from '../domain/attempt-score.js';
import type { Campaign, Cursor } from '../domain/campaign.js';
import type { RescoreOutcome, RescorePass } from '../domain/rescore.js';
import type { ScoredItem } from '../domain/score-attempt.js';
import type { TaskMark } from '../domain/settled-marks.js';
import { type Origin, scoreOf, type ScoreRow } from './attempt-score.store.js';
import { runRowsOf } from './scoring-run.js';

/** One attempt as a pass left it. */
export interface AttemptOutcome {
  /** The new score where it was rescored, else as it was. */
  score: AttemptScore;
  outcome: RescoreOutcome;
  pointsBefore: number;
  items: ScoredItem[];
}

/** All SQL of a batch: every statement is about all its attempts at once. */
@Injectable()
export class RescoreBatchStore {
  /**
   * Attempts after the cursor of assignments that hold the item version, in the order of the
   * cursor; without those the pass has dealt with. Whether an attempt of a blueprint got the item
   * is not known before its items are read.
   */
  async candidates(tx: Tx, campaign: Campaign, limit: number): Promise<Cursor[]> {
    const { id, pass, cursor } = campaign;
    const held = pass === 'revert' ? campaign.toVersionId : campaign.fromVersionId;
    const rows = await tx.query<{ assignment_id: Id; attempt_id: Id }>(CANDIDATES, [
      ...[held, cursor.assignmentId, cursor.attemptId, id],
      ...[pass === 'preview' ? 'apply' : pass, limit],
    ]);
    return rows.map((row) => ({ assignmentId: row.assignment_id, attemptId: row.attempt_id }));
  }

  /** The review tasks, locked; always before the scores, as whoever marks does. */
  async lockTasks(tx: Tx, attemptIds: readonly Id[]): Promise<void> {
    await tx.query(
      `SELECT 1 FROM review_task WHERE attempt_id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
      [attemptIds],
    );
  }

  async scores(tx: Tx, attemptIds: readonly Id[], lock: boolean): Promise<AttemptScore[]> {
    const rows = await tx.query<ScoreRow>(
      `SELECT * FROM attempt_score WHERE attempt_id = ANY($1::uuid[])
       ORDER BY attempt_id ${lock ? 'FOR UPDATE' : ''}`,
      [attemptIds],
    );
    return rows.map(scoreOf);
  }

  /**
   * The scoring runs of each attempt, oldest first. Where there was only one, it has the slots of
   * the item version and no others.
   */
  async runs(tx: Tx, attemptIds: readonly Id[], versionId: Id): Promise<Map<Id, ScoredItem[][]>> {
    const rows = await tx.query<{ attempt_id: Id; runs: ScoredItem[][] }>(RUNS, [
      attemptIds,
      versionId,
    ]);
    return new Map(rows.map((row) => [row.attempt_id, row.runs]));
  }

  async tasks(tx: Tx, attemptIds: readonly Id[]): Promise<Map<Id, TaskMark[]>> {
    const rows = await tx.query<TaskMarkRow>(
      `SELECT attempt_id, slot, response_id, round, double_threshold, status, points, marked_by
       FROM review_task WHERE attempt_id = ANY($1::uuid[]) AND status <> 'withdrawn'`,
      [attemptIds],
    );
    const tasks = new Map<Id, TaskMark[]>();
    for (const row of rows) {
      const own = tasks.get(row.attempt_id) ?? [];
      own.push(taskMarkOf(row));
      tasks.set(row.attempt_id, own);
    }
    return tasks;
  }

  /** Writes new versions and what came of every attempt, in one statement. */
  async write(
    tx: Tx,
    campaignId: Id,
    pass: RescorePass,
    outcomes: readonly AttemptOutcome[],
    origin: Origin,
  ): Promise<void> {
    const rows = outcomes.map(({ score, outcome, pointsBefore, items }) => ({
      ...{ attempt: score.attemptId, class: score.classId, version: score.version, outcome },
      ...{ status: score.status, auto: score.autoPoints, computed: score.computedPoints },
      ...{ possible: score.pointsPossible, counting: countingPoints(score), before: pointsBefore },
      ...{ overridden: score.override !== null, items: outcome === 'rescored' ? items : null },
    }));
    const { cause, actorId, traceId, at } = origin;
    const args = [JSON.stringify(rows), campaignId, pass, cause, actorId, traceId, at];
    await tx.query(WRITE, args);
  }

  /** So that a later correction of the corrected version finds these assignments as well. */
  async noteItems(tx: Tx, versionId: Id, assignmentIds: readonly Id[]): Promise<void> {
    await tx.query(
      `INSERT INTO assignment_item (institution_id, item_version_id, assignment_id)
       SELECT DISTINCT app_institution(), $1::uuid, a FROM unnest($2::uuid[]) AS a
       ON CONFLICT DO NOTHING`,
      [versionId, assignmentIds],
    );
  }
}

/**
 * The limits inside keep one assignment from being read to its end for a batch, and what the pass
 * has dealt with from being read as a whole, however much of it there is.
 */
export const CANDIDATES = `
SELECT i.assignment_id, s.attempt_id
FROM assignment_item i
CROSS JOIN LATERAL (
  SELECT s.attempt_id FROM attempt_score s
  LEFT JOIN LATERAL (
    SELECT 1 AS done FROM rescore_outcome o
    WHERE o.campaign_id = $4 AND o.pass = $5 AND o.attempt_id = s.attempt_id LIMIT 1) o ON true
  WHERE s.assignment_id = i.assignment_id
    AND s.attempt_id > CASE WHEN i.assignment_id = $2 THEN $3::uuid
                            ELSE '00000000-0000-0000-0000-000000000000' END
    AND o.done IS NULL
  ORDER BY s.attempt_id LIMIT $6) AS s
WHERE i.item_version_id = $1 AND i.assignment_id >= $2
ORDER BY i.assignment_id, s.attempt_id
LIMIT $6`;

export const RUNS = `
SELECT s.attempt_id, jsonb_agg(kept.items ORDER BY v.version) AS runs
FROM attempt_score s
CROSS JOIN ${runRowsOf('s')} AS v
CROSS JOIN LATERAL (
  SELECT coalesce(jsonb_agg(item), '[]') AS items FROM jsonb_array_elements(v.items) AS item
  WHERE cardinality(s.run_ats) > 1
     OR coalesce(item ->> 'scoredWith', item ->> 'itemVersionId') = $2::text) AS kept
WHERE s.attempt_id = ANY($1::uuid[])
GROUP BY s.attempt_id`;

const WRITE = `
WITH given AS MATERIALIZED (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS g(attempt uuid, class uuid, version integer,
    outcome text, status text, auto numeric, computed numeric, possible numeric,
    counting numeric, before numeric, overridden boolean, items jsonb)),
kept AS (
  INSERT INTO rescore_outcome (institution_id, campaign_id, pass, attempt_id, class_id, outcome,
    points_before, points_after, score_version)
  SELECT app_institution(), $2, $3, attempt, class, outcome, before, counting, version FROM given),
score AS (
  UPDATE attempt_score s
  SET version = g.version, status = g.status, auto_points = g.auto, computed_points = g.computed,
      points_possible = g.possible,
      run_ats = coalesce(s.run_ats, ARRAY[s.first_scored_at]) || $7::timestamptz
  FROM given g WHERE g.outcome = 'rescored' AND s.attempt_id = g.attempt)
INSERT INTO attempt_score_version (institution_id, attempt_id, version, status, points,
  computed_points, points_possible, overridden, cause, actor_id, items, trace_id, scored_at)
SELECT app_institution(), attempt, version, status, counting, computed, possible, overridden,
       $4::text, $5::uuid, items, $6::text, $7 FROM given WHERE outcome = 'rescored'`;

interface TaskMarkRow {
  attempt_id: Id;
  slot: number;
  response_id: string | null;
  round: TaskMark['round'];
  double_threshold: string | null;
  status: TaskMark['status'];
  points: string | null;
  marked_by: Id | null;
}

function taskMarkOf(row: TaskMarkRow): TaskMark {
  return {
    slot: row.slot,
    responseId: row.response_id,
    round: row.round,
    doubleThreshold: row.double_threshold === null ? null : Number(row.double_threshold),
    status: row.status,
    points: row.points === null ? null : Number(row.points),
    comment: null,
    annotations: [],
    markedBy: row.marked_by,
  };
}
