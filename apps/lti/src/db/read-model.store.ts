import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

export interface Assignment {
  id: Id;
  classId: Id;
  title: string;
  status: string;
}

/** A user of an LMS, and the person identity joined it to. */
export interface LearnerLink {
  institutionId: Id;
  registrationId: Id;
  subject: string;
  identityId: Id;
  personId: Id;
}

export interface CellRow {
  institutionId: Id;
  assignmentId: Id;
  learnerId: Id;
  cellId: Id;
  cellVersion: number;
  status: string;
  points: number | null;
  pointsPossible: number;
  traceparent: string | undefined;
  traceId: string | undefined;
}

/** The few facts of other services that launches and deliveries need, fed by their events. */
@Injectable()
export class ReadModelStore {
  async assignment(tx: Tx, id: Id): Promise<Assignment | undefined> {
    const [row] = await tx.query<Assignment>(
      `SELECT id, class_id AS "classId", title, status FROM assignment WHERE id = $1`,
      [id],
    );
    return row;
  }

  async saveAssignment(
    tx: Tx,
    institutionId: Id,
    assignment: Assignment & { pointsPossible: number },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO assignment (institution_id, id, class_id, title, points_possible, status)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (institution_id, id) DO UPDATE SET class_id = excluded.class_id,
         title = excluded.title, points_possible = excluded.points_possible,
         status = excluded.status`,
      [
        institutionId,
        assignment.id,
        assignment.classId,
        assignment.title,
        assignment.pointsPossible,
        assignment.status,
      ],
    );
  }

  async saveLearnerLink(tx: Tx, link: LearnerLink): Promise<void> {
    await tx.query(
      `INSERT INTO learner_link (institution_id, registration_id, subject, identity_id, person_id)
       VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (institution_id, registration_id, subject)
       DO UPDATE SET identity_id = excluded.identity_id, person_id = excluded.person_id`,
      [link.institutionId, link.registrationId, link.subject, link.identityId, link.personId],
    );
  }

  async saveCell(tx: Tx, cell: CellRow): Promise<void> {
    await tx.query(
      `INSERT INTO cell (institution_id, assignment_id, learner_id, cell_id, cell_version, status,
                         points, points_possible, traceparent, trace_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (institution_id, assignment_id, learner_id) DO UPDATE SET
         cell_id = excluded.cell_id, cell_version = excluded.cell_version,
         status = excluded.status, points = excluded.points,
         points_possible = excluded.points_possible, traceparent = excluded.traceparent,
         trace_id = excluded.trace_id`,
      [
        cell.institutionId,
        cell.assignmentId,
        cell.learnerId,
        cell.cellId,
        cell.cellVersion,
        cell.status,
        cell.points,
        cell.pointsPossible,
        cell.traceparent ?? null,
        cell.traceId ?? null,
      ],
    );
  }
}
