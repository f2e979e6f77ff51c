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

export interface CellOrigin {
  cause: string;
  actorId: Id | null;
  traceId: string | null;
  at: Date;
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
  /** The cell of a learner in a column, locked until the transaction ends. */
  async lock(tx: Tx, assignmentId: Id, learnerId: Id): Promise<Cell | null> {
    const [row] = await tx.query<CellRow>(
      `SELECT * FROM cell WHERE assignment_id = $1 AND learner_id = $2 FOR UPDATE`,
      [assignmentId, learnerId],
    );
    return row === undefined ? null : cellOf(row);
  }

  /** All cells of a column, locked one after another in the same order by whoever does. */
  async lockColumn(tx: Tx, assignmentId: Id): Promise<Cell[]> {
    const rows = await tx.query<CellRow>(
      `SELECT * FROM cell WHERE assignment_id = $1 ORDER BY learner_id FOR UPDATE`,
      [assignmentId],
    );
    return rows.map(cellOf);
  }

  /** Of everybody in one column, to be looked at only. */
  async attemptsOf(tx: Tx, assignmentId: Id): Promise<Map<Id, Attempts>> {
    const rows = await tx.query<{ learner_id: Id; attempts: Attempts }>(
      `SELECT learner_id, attempts FROM cell WHERE assignment_id = $1`,
      [assignmentId],
    );
    return new Map(rows.map((row) => [row.learner_id, row.attempts]));
  }

  /** Writes a new cell with its first history row. False when another transaction was first. */
  async add(tx: Tx, cell: Cell, origin: CellOrigin): Promise<boolean> {
    return (await tx.query(ADD, params(cell, origin))).length > 0;
  }

  /** Writes the next version of a locked cell with its history row. */
  async replace(tx: Tx, cell: Cell, origin: CellOrigin): Promise<void> {
    await tx.query(REPLACE, params(cell, origin));
  }

  /** What is known of the attempts changed, but not what the cell shows. */
  async replaceAttempts(tx: Tx, cell: Cell, at: Date): Promise<void> {
    await tx.query(
      `UPDATE cell SET attempts = $2, created_at = least(created_at, $3) WHERE id = $1`,
      [cell.id, JSON.stringify(cell.attempts), at],
    );
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

function params(cell: Cell, origin: CellOrigin): unknown[] {
  const { id, assignmentId, classId, learnerId, attempts, grade, policyVersion, version } = cell;
  return [
    id,
    assignmentId,
    classId,
    learnerId,
    JSON.stringify(attempts),
    grade.attemptId,
    grade.status,
    grade.points,
    grade.pointsPossible,
    grade.overridden,
    grade.submittedAt,
    version,
    origin.cause,
    origin.actorId,
    origin.traceId,
    origin.at,
    grade.deduction,
    grade.isReleased,
    policyVersion,
  ];
}

const KEEP = `
INSERT INTO cell_history (institution_id, cell_id, version, attempt_id, status, points,
  points_possible, overridden, deduction, policy_version, cause, actor_id, trace_id, changed_at)
SELECT institution_id, id, version, attempt_id, status, points, points_possible, overridden,
       deduction, policy_version, $13::text, $14::uuid, $15::text, $16::timestamptz
FROM written RETURNING cell_id`;

const ADD = `
WITH written AS (
  INSERT INTO cell (institution_id, id, assignment_id, class_id, learner_id, attempts, attempt_id,
    status, points, points_possible, overridden, submitted_at, version, created_at, deduction,
    is_released, policy_version)
  VALUES (app_institution(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $16, $17, $18, $19)
  ON CONFLICT DO NOTHING RETURNING *)
${KEEP}`;

/** A rebuild may meet the scores in another order: the first is the one applied first. */
const REPLACE = `
WITH written AS (
  UPDATE cell SET class_id = $3, attempts = $5, attempt_id = $6, status = $7, points = $8,
    points_possible = $9, overridden = $10, submitted_at = $11, version = $12,
    created_at = least(created_at, $16), deduction = $17, is_released = $18, policy_version = $19
  WHERE id = $1 AND assignment_id = $2 AND learner_id = $4 RETURNING *)
${KEEP}`;

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
