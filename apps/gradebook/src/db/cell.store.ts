import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { Attempts, CellGrade, CellStatus } from '../domain/cell.js';
import type { CellView } from '../domain/totals.js';

export interface Cell {
  id: Id;
  assignmentId: Id;
  classId: Id;
  learnerId: Id;
  attempts: Attempts;
  grade: CellGrade;
  /** Of the policy it was graded by. */
  policyVersion: number;
  version: number;
}

/** There is one cell of a learner in a column. */
export type CellKey = Pick<Cell, 'assignmentId' | 'learnerId'>;

export const keyOf = ({ assignmentId, learnerId }: CellKey): string =>
  `${assignmentId} ${learnerId}`;

/** A cell as it is to be, and the versions it went through on the way, oldest first. */
export interface CellWrite {
  cell: Cell;
  versions: { cell: Cell; cause: string; actorId: Id | null; traceId: string | null }[];
}

export interface CellVersion {
  version: number;
  attemptId: Id;
  status: CellStatus;
  points: number | null;
  pointsPossible: number;
  overridden: boolean;
  deduction: number;
  policyVersion: number;
  cause: string;
  actorId: Id | null;
  changedAt: Date;
}

@Injectable()
export class CellStore {
  /**
   * Until the transaction ends nobody else reads these cells to change them, whether they are there
   * yet or not, or changes the rules of their columns. Whoever locks does so in one order: columns
   * first, then cells.
   */
  async lock(tx: Tx, keys: readonly CellKey[]): Promise<void> {
    await tx.query(LOCK, keyParams(keys));
  }

  /** By `keyOf`. */
  async find(tx: Tx, keys: readonly CellKey[]): Promise<Map<string, Cell>> {
    const rows = await tx.query<CellRow>(FIND, keyParams(keys));
    return new Map(rows.map(cellOf).map((cell) => [keyOf(cell), cell]));
  }

  /** All of a column, by `keyOf`. */
  async ofColumn(tx: Tx, assignmentId: Id): Promise<Map<string, Cell>> {
    const rows = await tx.query<CellRow>(
      `SELECT * FROM cell WHERE assignment_id = $1 ORDER BY learner_id`,
      [assignmentId],
    );
    return new Map(rows.map(cellOf).map((cell) => [keyOf(cell), cell]));
  }

  /** Of everybody in one column, to be looked at only. */
  async attemptsOf(tx: Tx, assignmentId: Id): Promise<Map<Id, Attempts>> {
    const rows = await tx.query<{ learner_id: Id; attempts: Attempts }>(
      `SELECT learner_id, attempts FROM cell WHERE assignment_id = $1`,
      [assignmentId],
    );
    return new Map(rows.map((row) => [row.learner_id, row.attempts]));
  }

  /** Writes locked cells with their new versions, all in one statement. */
  async write(tx: Tx, writes: readonly CellWrite[], at: Date): Promise<void> {
    if (writes.length === 0) return;
    const cells = writes.map(({ cell }) => ({
      ...rowOf(cell),
      ...{ assignment_id: cell.assignmentId, class_id: cell.classId },
      ...{ learner_id: cell.learnerId, attempts: cell.attempts },
      ...{ submitted_at: cell.grade.submittedAt, is_released: cell.grade.isReleased },
    }));
    const versions = writes.flatMap((write) =>
      write.versions.map(({ cell, cause, actorId, traceId }) => ({
        ...rowOf(cell),
        ...{ cause, actor_id: actorId, trace_id: traceId },
      })),
    );
    await tx.query(WRITE, [JSON.stringify(cells), JSON.stringify(versions), at]);
  }

  /** By learner, then by assignment. */
  async ofLearners(tx: Tx, classId: Id, learnerIds: Id[]): Promise<Map<Id, Map<Id, CellView>>> {
    const rows = await tx.query<CellRow & { created_at: Date }>(
      `SELECT id, assignment_id, learner_id, status, points, points_possible, overridden,
              version, submitted_at, created_at, deduction, is_released, policy_version
       FROM cell WHERE class_id = $1 AND learner_id = ANY($2::uuid[])`,
      [classId, learnerIds],
    );
    const byLearner = new Map<Id, Map<Id, CellView>>();
    for (const row of rows) {
      const cells = byLearner.get(row.learner_id) ?? new Map<Id, CellView>();
      cells.set(row.assignment_id, viewOf(row));
      byLearner.set(row.learner_id, cells);
    }
    return byLearner;
  }

  /** Versions after `after`, oldest first; null when the class has no such cell. */
  async history(tx: Tx, classId: Id, cellId: Id, after: number, limit: number) {
    const [cell] = await tx.query<{ created_at: Date }>(
      `SELECT created_at FROM cell WHERE id = $1 AND class_id = $2`,
      [cellId, classId],
    );
    if (cell === undefined) return null;
    const rows = await tx.query<HistoryRow>(
      `SELECT version, attempt_id, status, points, points_possible, overridden, deduction,
              policy_version, cause, actor_id, changed_at
       FROM cell_history WHERE cell_id = $1 AND changed_at >= $2 AND version > $3
       ORDER BY version LIMIT $4`,
      [cellId, cell.created_at, after, limit],
    );
    return rows.map(versionOf);
  }
}

function keyParams(keys: readonly CellKey[]): [Id[], Id[]] {
  return [keys.map(({ assignmentId }) => assignmentId), keys.map(({ learnerId }) => learnerId)];
}

/** What a cell and its history have in common. */
function rowOf({ id, grade, policyVersion, version }: Cell) {
  const { attemptId, status, points, pointsPossible, overridden, deduction } = grade;
  return {
    ...{ id, version, attempt_id: attemptId, status, points, overridden, deduction },
    ...{ points_possible: pointsPossible, policy_version: policyVersion },
  };
}

const LOCK = `
WITH columns AS MATERIALIZED (
  SELECT count(pg_advisory_xact_lock_shared(hash)) FROM (
    SELECT DISTINCT hashtextextended('rules ' || assignment, 0) AS hash
    FROM unnest($1::uuid[]) AS assignment ORDER BY hash) AS c)
SELECT count(pg_advisory_xact_lock(hash)) FROM columns CROSS JOIN (
  SELECT DISTINCT hashtextextended('cell ' || assignment || ' ' || learner, 0) AS hash
  FROM unnest($1::uuid[], $2::uuid[]) AS k(assignment, learner) ORDER BY hash) AS c`;

const FIND = `
SELECT c.* FROM (SELECT DISTINCT * FROM unnest($1::uuid[], $2::uuid[])) AS k(assignment, learner)
CROSS JOIN LATERAL (
  SELECT * FROM cell WHERE assignment_id = k.assignment AND learner_id = k.learner LIMIT 1) AS c`;

/** A rebuild may meet the scores in another order: the first is the one applied first. */
const WRITE = `
WITH given AS (
  SELECT * FROM jsonb_to_recordset($1::jsonb) AS g(id uuid, version integer, assignment_id uuid,
    class_id uuid, learner_id uuid, attempts jsonb, attempt_id uuid, status text, points numeric,
    points_possible numeric, overridden boolean, submitted_at timestamptz, deduction numeric,
    is_released boolean, policy_version integer)),
written AS (
  INSERT INTO cell AS c (institution_id, id, assignment_id, class_id, learner_id, attempts,
    attempt_id, status, points, points_possible, overridden, submitted_at, version, created_at,
    deduction, is_released, policy_version)
  SELECT app_institution(), id, assignment_id, class_id, learner_id, attempts, attempt_id, status,
         points, points_possible, overridden, submitted_at, version, $3, deduction, is_released,
         policy_version FROM given
  ON CONFLICT (institution_id, assignment_id, learner_id) DO UPDATE
    SET class_id = EXCLUDED.class_id, attempts = EXCLUDED.attempts,
        attempt_id = EXCLUDED.attempt_id, status = EXCLUDED.status, points = EXCLUDED.points,
        points_possible = EXCLUDED.points_possible, overridden = EXCLUDED.overridden,
        submitted_at = EXCLUDED.submitted_at, version = EXCLUDED.version,
        created_at = least(c.created_at, EXCLUDED.created_at), deduction = EXCLUDED.deduction,
        is_released = EXCLUDED.is_released, policy_version = EXCLUDED.policy_version)
INSERT INTO cell_history (institution_id, cell_id, version, attempt_id, status, points,
  points_possible, overridden, deduction, policy_version, cause, actor_id, trace_id, changed_at)
SELECT app_institution(), id, version, attempt_id, status, points, points_possible, overridden,
       deduction, policy_version, cause, actor_id, trace_id, $3
FROM jsonb_to_recordset($2::jsonb) AS g(id uuid, version integer, attempt_id uuid, status text,
  points numeric, points_possible numeric, overridden boolean, deduction numeric,
  policy_version integer, cause text, actor_id uuid, trace_id text)`;

interface CellRow {
  id: Id;
  assignment_id: Id;
  class_id: Id;
  learner_id: Id;
  attempts: Attempts;
  attempt_id: Id;
  status: CellStatus;
  points: string | null;
  points_possible: string;
  overridden: boolean;
  submitted_at: Date;
  deduction: string;
  is_released: boolean;
  policy_version: number;
  version: number;
}

interface HistoryRow {
  version: number;
  attempt_id: Id;
  status: CellStatus;
  points: string | null;
  points_possible: string;
  overridden: boolean;
  deduction: string;
  policy_version: number;
  cause: string;
  actor_id: Id | null;
  changed_at: Date;
}

function cellOf(row: CellRow): Cell {
  return {
    id: row.id,
    assignmentId: row.assignment_id,
    classId: row.class_id,
    learnerId: row.learner_id,
    attempts: row.attempts,
    grade: {
      attemptId: row.attempt_id,
      status: row.status,
      points: row.points === null ? null : Number(row.points),
      pointsPossible: Number(row.points_possible),
      overridden: row.overridden,
      submittedAt: row.submitted_at.toISOString(),
      deduction: Number(row.deduction),
      isReleased: row.is_released,
    },
    policyVersion: row.policy_version,
    version: row.version,
  };
}

function viewOf(row: CellRow & { created_at: Date }): CellView {
  return {
    id: row.id,
    assignmentId: row.assignment_id,
    status: row.status,
    points: row.points === null ? null : Number(row.points),
    pointsPossible: Number(row.points_possible),
    overridden: row.overridden,
    version: row.version,
    submittedAt: row.submitted_at.toISOString(),
    firstScoredAt: row.created_at.toISOString(),
    deduction: Number(row.deduction),
    isReleased: row.is_released,
    policyVersion: row.policy_version,
  };
}

function versionOf(row: HistoryRow): CellVersion {
  return {
    version: row.version,
    attemptId: row.attempt_id,
    status: row.status,
    points: row.points === null ? null : Number(row.points),
    pointsPossible: Number(row.points_possible),
    overridden: row.overridden,
    deduction: Number(row.deduction),
    policyVersion: row.policy_version,
    cause: row.cause,
    actorId: row.actor_id,
    changedAt: row.changed_at,
  };
}
