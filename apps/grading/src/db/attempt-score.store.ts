import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import {
  type AttemptScore,
  countingPoints,
  type ScoreCause,
  type ScoreStatus,
} from '../domain/attempt-score.js';
import type { NewTask } from '../domain/marking-settings.js';
import { currentItems, type ScoredItem } from '../domain/score-attempt.js';
import { runsOf } from './scoring-run.js';
import { teachesClassOf } from './enrolment.store.js';

/** Who or what made a score version, and when. */
export interface Origin {
  cause: ScoreCause;
  actorId: Id | null;
  traceId: string | null;
  at: Date;
}

export interface ScoreDetail {
  score: AttemptScore;
  items: ScoredItem[];
  override: { points: number; reason: string; actorId: Id; at: Date } | null;
  isTaught: boolean;
}

export interface ScoreVersion {
  version: number;
  status: ScoreStatus;
  points: number;
  computedPoints: number;
  pointsPossible: number;
  overridden: boolean;
  cause: ScoreCause;
  actorId: Id | null;
  reason: string | null;
  scoredAt: Date;
}

export interface ScoreRow {
  attempt_id: Id;
  assignment_id: Id;
  class_id: Id;
  learner_id: Id;
  attempt_number: number;
  submitted_at: Date;
  version: number;
  status: ScoreStatus;
  auto_points: string;
  computed_points: string;
  points_possible: string;
  override_points: string | null;
  override_version: number | null;
  first_scored_at: Date;
  run_ats: Date[] | null;
  due_at: Date | null;
}

@Injectable()
export class AttemptScoreStore {
  /**
   * Writes the first version with its review tasks, all in one statement. False, and nothing
   * written, when the attempt has been scored before.
   */
  async addFirst(
    tx: Tx,
    score: AttemptScore,
    items: ScoredItem[],
    tasks: (NewTask & { id: Id })[],
    origin: Origin,
  ): Promise<boolean> {
    const rows = await tx.query(ADD_FIRST, [
      score.attemptId,
      score.assignmentId,
      score.classId,
      score.learnerId,
      score.attemptNumber,
      score.submittedAt,
      score.status,
      score.autoPoints,
      score.pointsPossible,
      score.firstScoredAt,
      JSON.stringify(items),
      origin.traceId,
      JSON.stringify(tasks),
      score.dueAt,
    ]);
    return rows.length > 0;
  }

  /** Writes the next version of a score that is locked; with items it is a scoring run. */
  async addNext(
    tx: Tx,
    score: AttemptScore,
    origin: Origin,
    items: ScoredItem[] | null = null,
  ): Promise<void> {
    await tx.query(ADD_NEXT, [
      score.attemptId,
      score.version,
      score.status,
      score.computedPoints,
      score.override?.points ?? null,
      score.override?.version ?? null,
      countingPoints(score),
      origin.cause,
      origin.actorId,
      origin.traceId,
      origin.at,
      score.autoPoints,
      score.pointsPossible,
      score.submittedAt,
      score.dueAt,
      score.runAts,
      items === null ? null : JSON.stringify(items),
    ]);
  }

  async addOverride(
    tx: Tx,
    attemptId: Id,
    override: { version: number; points: number | null; reason: string | null },
    origin: Origin,
  ): Promise<void> {
    const { version, points, reason } = override;
    await tx.query(
      `INSERT INTO score_override
         (institution_id, attempt_id, version, points, reason, actor_id, created_at)
       VALUES (app_institution(), $1, $2, $3, $4, $5, $6)`,
      [attemptId, version, points, reason, origin.actorId, origin.at],
    );
  }

  /** The score, locked until the transaction ends, and whether the person teaches its class. */
  async lock(tx: Tx, attemptId: Id, personId: Id) {
    const [row] = await tx.query<ScoreRow & { is_taught: boolean }>(
      `SELECT s.*, ${teachesClassOf('s')} AS is_taught
       FROM attempt_score s WHERE s.attempt_id = $2 FOR UPDATE OF s`,
      [personId, attemptId],
    );
    return row === undefined ? null : { score: scoreOf(row), isTaught: row.is_taught };
  }

  async detail(tx: Tx, attemptId: Id, personId: Id): Promise<ScoreDetail | null> {
    const [row] = await tx.query<DetailRow>(
      `SELECT s.*, ${teachesClassOf('s')} AS is_taught, ${runsOf('s')} AS runs,
              o.reason AS override_reason, o.actor_id AS override_actor_id,
              o.created_at AS overridden_at
       FROM attempt_score s
       LEFT JOIN score_override o ON o.institution_id = s.institution_id
         AND o.attempt_id = s.attempt_id AND o.version = s.override_version
       WHERE s.attempt_id = $2`,
      [personId, attemptId],
    );
    if (row === undefined) return null;
    const score = scoreOf(row);
    const override =
      score.override === null || row.override_reason === null || row.override_actor_id === null
        ? null
        : {
            points: score.override.points,
            reason: row.override_reason,
            actorId: row.override_actor_id,
            at: row.overridden_at as Date,
          };
    return { score, items: currentItems(row.runs ?? []), override, isTaught: row.is_taught };
  }

  /** Versions after `after`, oldest first. */
  async versions(tx: Tx, score: AttemptScore, after: number, limit: number) {
    const rows = await tx.query<VersionRow>(
      `SELECT v.version, v.status, v.points, v.computed_points, v.points_possible, v.overridden,
              v.cause, v.actor_id, v.scored_at, o.reason
       FROM attempt_score_version v
       LEFT JOIN score_override o ON o.institution_id = v.institution_id
         AND o.attempt_id = v.attempt_id AND o.version = v.version
       WHERE v.attempt_id = $1 AND v.scored_at >= $2 AND v.version > $3
       ORDER BY v.version LIMIT $4`,
      [score.attemptId, score.firstScoredAt, after, limit],
    );
    return rows.map(versionOf);
  }

  async find(tx: Tx, attemptId: Id, personId: Id) {
    const [row] = await tx.query<ScoreRow & { is_taught: boolean }>(
      `SELECT s.*, ${teachesClassOf('s')} AS is_taught FROM attempt_score s
       WHERE s.attempt_id = $2`,
      [personId, attemptId],
    );
    return row === undefined ? null : { score: scoreOf(row), isTaught: row.is_taught };
  }
}

interface DetailRow extends ScoreRow {
  is_taught: boolean;
  runs: ScoredItem[][] | null;
  override_reason: string | null;
  override_actor_id: Id | null;
  overridden_at: Date | null;
}

interface VersionRow {
  version: number;
  status: ScoreStatus;
  points: string;
  computed_points: string;
  points_possible: string;
  overridden: boolean;
  cause: ScoreCause;
  actor_id: Id | null;
  reason: string | null;
  scored_at: Date;
}

export function scoreOf(row: ScoreRow): AttemptScore {
  return {
    attemptId: row.attempt_id,
    assignmentId: row.assignment_id,
    classId: row.class_id,
    learnerId: row.learner_id,
    attemptNumber: row.attempt_number,
    submittedAt: row.submitted_at,
    version: row.version,
    status: row.status,
    autoPoints: Number(row.auto_points),
    computedPoints: Number(row.computed_points),
    pointsPossible: Number(row.points_possible),
    override:
      row.override_points === null || row.override_version === null
        ? null
        : { points: Number(row.override_points), version: row.override_version },
    firstScoredAt: row.first_scored_at,
    runAts: row.run_ats ?? [row.first_scored_at],
    dueAt: row.due_at,
  };
}

function versionOf(row: VersionRow): ScoreVersion {
  return {
    version: row.version,
    status: row.status,
    points: Number(row.points),
    computedPoints: Number(row.computed_points),
    pointsPossible: Number(row.points_possible),
    overridden: row.overridden,
    cause: row.cause,
    actorId: row.actor_id,
    reason: row.reason,
    scoredAt: row.scored_at,
  };
}

const ADD_FIRST = `
WITH score AS (
  INSERT INTO attempt_score
    (institution_id, attempt_id, assignment_id, class_id, learner_id, attempt_number,
     submitted_at, version, status, auto_points, computed_points, points_possible,
     first_scored_at, due_at)
  VALUES (app_institution(), $1, $2, $3, $4, $5, $6, 1, $7, $8, $8, $9, $10, $14)
  ON CONFLICT (institution_id, attempt_id) DO NOTHING
  RETURNING *),
version AS (
  INSERT INTO attempt_score_version
    (institution_id, attempt_id, version, status, points, computed_points, points_possible,
     overridden, cause, items, trace_id, scored_at)
  SELECT institution_id, attempt_id, 1, status, computed_points, computed_points,
         points_possible, false, 'scored', $11::jsonb, $12::text, first_scored_at
  FROM score),
item AS (
  INSERT INTO assignment_item (institution_id, item_version_id, assignment_id)
  SELECT DISTINCT institution_id, item_version_id, assignment_id
  FROM score, jsonb_to_recordset($11::jsonb) AS one("itemVersionId" uuid, "scoredWith" uuid),
       unnest(ARRAY["itemVersionId", "scoredWith"]) AS item_version_id
  WHERE item_version_id IS NOT NULL
  ON CONFLICT DO NOTHING),
task AS (
  INSERT INTO review_task
    (institution_id, id, attempt_id, assignment_id, class_id, slot, item_version_id,
     response_id, points_possible, round, double_threshold)
  SELECT score.institution_id, need.id, attempt_id, assignment_id, class_id, need.slot,
         need."itemVersionId", need."responseId", need."pointsPossible", need.round,
         need."doubleThreshold"
  FROM score, jsonb_to_recordset($13::jsonb) AS need(id uuid, slot integer,
    "itemVersionId" uuid, "responseId" text, "pointsPossible" numeric, round smallint,
    "doubleThreshold" numeric))
SELECT attempt_id FROM score`;

const ADD_NEXT = `
WITH score AS (
  UPDATE attempt_score
  SET version = $2, status = $3, computed_points = $4, override_points = $5,
      override_version = $6, auto_points = $12, points_possible = $13, submitted_at = $14,
      due_at = $15, run_ats = $16
  WHERE attempt_id = $1
  RETURNING institution_id)
INSERT INTO attempt_score_version
  (institution_id, attempt_id, version, status, points, computed_points, points_possible,
   overridden, cause, actor_id, items, trace_id, scored_at)
SELECT institution_id, $1, $2, $3, $7::numeric, $4, $13, $5::numeric IS NOT NULL,
       $8::text, $9::uuid, $17::jsonb, $10::text, $11::timestamptz
FROM score`;
