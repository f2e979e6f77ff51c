import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

/** How far one learner of the class is: the latest attempt, if there is any. */
export interface LearnerProgress {
  learnerId: Id;
  displayName: string;
  status: 'not-started' | 'in-progress' | 'submitted';
  attemptId: Id | null;
  attemptNumber: number | null;
  startedAt: Date | null;
  submittedAt: Date | null;
  late: boolean | null;
}

export interface ProgressCounts {
  learners: number;
  notStarted: number;
  inProgress: number;
  submitted: number;
  late: number;
}

/** Learners of the class now, and whoever has worked on it. $1 institution, $2 assignment. */
const PROGRESS = `
  WITH roster AS (
    SELECT e.person_id FROM enrolment e JOIN assignment a
      ON a.institution_id = e.institution_id AND a.class_id = e.class_id
    WHERE a.institution_id = $1 AND a.id = $2 AND e.role = 'learner' AND e.status = 'active'
    UNION
    SELECT t.learner_id FROM attempt t WHERE t.institution_id = $1 AND t.assignment_id = $2
  ), progress AS (
    SELECT roster.person_id AS "learnerId", coalesce(p.display_name, '') AS "displayName",
      coalesce(t.status, 'not-started') AS status, t.id AS "attemptId",
      t.attempt_number AS "attemptNumber", t.started_at AS "startedAt",
      t.submitted_at AS "submittedAt", t.late
    FROM roster
    LEFT JOIN person p ON p.institution_id = $1 AND p.id = roster.person_id
    LEFT JOIN LATERAL (
      SELECT * FROM attempt t
      WHERE t.institution_id = $1 AND t.assignment_id = $2 AND t.learner_id = roster.person_id
      ORDER BY t.attempt_number DESC LIMIT 1) t ON true
  )`;

@Injectable()
export class TrackingStore {
  /** By name. The cursor is an id alone, because addresses are logged and names must not be. */
  async page(
    tx: Tx,
    institutionId: Id,
    assignmentId: Id,
    page: { afterId: Id | null; limit: number },
  ): Promise<LearnerProgress[]> {
    return tx.query<LearnerProgress>(
      `${PROGRESS} SELECT * FROM progress
       WHERE $3::uuid IS NULL OR ("displayName", "learnerId") > (
         coalesce((SELECT display_name FROM person WHERE institution_id = $1 AND id = $3), ''), $3)
       ORDER BY "displayName", "learnerId" LIMIT $4`,
      [institutionId, assignmentId, page.afterId, page.limit + 1],
    );
  }

  async counts(tx: Tx, institutionId: Id, assignmentId: Id): Promise<ProgressCounts> {
    const [row] = await tx.query<ProgressCounts>(
      `${PROGRESS} SELECT count(*)::int AS learners,
         (count(*) FILTER (WHERE status = 'not-started'))::int AS "notStarted",
         (count(*) FILTER (WHERE status = 'in-progress'))::int AS "inProgress",
         (count(*) FILTER (WHERE status = 'submitted'))::int AS submitted,
         (count(*) FILTER (WHERE late))::int AS late
       FROM progress`,
      [institutionId, assignmentId],
    );
    if (row === undefined) throw new Error('An aggregate gave no row.');
    return row;
  }
}
