import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { Assignment } from '../domain/assignment.js';

/** What a person may see: which roles of theirs count, and whether enrolment matters at all. */
export interface Viewer {
  personId: Id;
  seesAll: boolean;
  teaches: boolean;
  learns: boolean;
}

type Row = Omit<Assignment, 'pointsPossible'> & { pointsPossible: string | null };

export const ASSIGNMENT_COLUMNS = `a.id, a.class_id AS "classId", a.test_id AS "testId",
  a.test_version_id AS "testVersionId", a.title, a.category, a.opens_at AS "opensAt",
  a.due_at AS "dueAt", a.closes_at AS "closesAt", a.time_zone AS "timeZone",
  a.max_attempts AS "maxAttempts", a.points_possible AS "pointsPossible", a.status, a.version,
  a.created_at AS "createdAt"`;

/** $2 person, $3 sees all, $4 teaches, $5 learns. */
const VISIBLE = `($3 OR EXISTS (
  SELECT FROM enrolment e
  WHERE e.institution_id = a.institution_id AND e.class_id = a.class_id AND e.person_id = $2
    AND e.status = 'active'
    AND (e.role = 'teacher' AND $4 OR e.role = 'learner' AND $5 AND a.status = 'published')))`;

@Injectable()
export class AssignmentStore {
  async insert(
    tx: Tx,
    institutionId: Id,
    assignment: Assignment,
    by: { personId: Id; traceId: string | undefined },
  ): Promise<void> {
    const a = assignment;
    await tx.query(
      `INSERT INTO assignment (institution_id, id, class_id, test_id, title, category, opens_at,
         due_at, closes_at, time_zone, max_attempts, status, version, created_at, created_by,
         trace_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
      [
        ...[institutionId, a.id, a.classId, a.testId, a.title, a.category, a.opensAt],
        ...[a.dueAt, a.closesAt, a.timeZone, a.maxAttempts, a.status, a.version, a.createdAt],
        ...[by.personId, by.traceId ?? null],
      ],
    );
  }

  async update(
    tx: Tx,
    institutionId: Id,
    a: Assignment,
    traceId: string | undefined,
  ): Promise<void> {
    await tx.query(
      `UPDATE assignment SET test_version_id = $3, title = $4, category = $5, opens_at = $6,
         due_at = $7, closes_at = $8, time_zone = $9, max_attempts = $10, points_possible = $11,
         status = $12, version = $13, trace_id = $14
       WHERE institution_id = $1 AND id = $2`,
      [
        ...[institutionId, a.id, a.testVersionId, a.title, a.category, a.opensAt, a.dueAt],
        ...[a.closesAt, a.timeZone, a.maxAttempts, a.pointsPossible, a.status, a.version],
        traceId ?? null,
      ],
    );
  }

  async find(tx: Tx, institutionId: Id, id: Id): Promise<Assignment | undefined> {
    return this.one(tx, institutionId, id, '');
  }

  async lock(tx: Tx, institutionId: Id, id: Id): Promise<Assignment | undefined> {
    return this.one(tx, institutionId, id, 'FOR NO KEY UPDATE');
  }

  async visible(
    tx: Tx,
    institutionId: Id,
    id: Id,
    viewer: Viewer,
  ): Promise<Assignment | undefined> {
    const rows = await tx.query<Row>(
      `SELECT ${ASSIGNMENT_COLUMNS} FROM assignment a
       WHERE a.institution_id = $1 AND ${VISIBLE} AND a.id = $6`,
      [...keys(institutionId, viewer), id],
    );
    return rows.map(fromRow)[0];
  }

  /** Newest first, those made before `beforeId`; one more than `limit` when there are more. */
  async list(
    tx: Tx,
    institutionId: Id,
    viewer: Viewer,
    page: { classId: Id | null; beforeId: Id | null; limit: number },
  ): Promise<Assignment[]> {
    const rows = await tx.query<Row>(
      `SELECT ${ASSIGNMENT_COLUMNS} FROM assignment a
       WHERE a.institution_id = $1 AND ${VISIBLE}
         AND ($6::uuid IS NULL OR a.class_id = $6) AND ($7::uuid IS NULL OR a.id < $7)
       ORDER BY a.id DESC LIMIT $8`,
      [...keys(institutionId, viewer), page.classId, page.beforeId, page.limit + 1],
    );
    return rows.map(fromRow);
  }

  private async one(tx: Tx, institutionId: Id, id: Id, lock: string) {
    const rows = await tx.query<Row>(
      `SELECT ${ASSIGNMENT_COLUMNS} FROM assignment a
       WHERE a.institution_id = $1 AND a.id = $2 ${lock}`,
      [institutionId, id],
    );
    return rows.map(fromRow)[0];
  }
}

function keys(institutionId: Id, { personId, seesAll, teaches, learns }: Viewer): unknown[] {
  return [institutionId, personId, seesAll, teaches, learns];
}

function fromRow(row: Row): Assignment {
  const { pointsPossible } = row;
  return { ...row, pointsPossible: pointsPossible === null ? null : Number(pointsPossible) };
}
