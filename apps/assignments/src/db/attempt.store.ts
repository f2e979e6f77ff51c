import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { Assignment } from '../domain/assignment.js';
import type { Attempt } from '../domain/attempt.js';
import type { PackedForm } from '../domain/form.js';

/** What decides whether a learner may start, read in one statement. */
export interface StartFacts extends Pick<
  Assignment,
  'id' | 'classId' | 'testVersionId' | 'status' | 'opensAt' | 'dueAt' | 'closesAt' | 'maxAttempts'
> {
  enrolled: boolean;
  /** Attempts so far, the one in progress included. */
  used: number;
  inProgressId: Id | null;
}

export interface NewAttempt {
  id: Id;
  assignmentId: Id;
  classId: Id;
  learnerId: Id;
  attemptNumber: number;
  testVersionId: Id;
  seed: string;
  form: PackedForm;
  startedAt: Date;
  endsAt: Date | null;
}

const ATTEMPT = `SELECT t.id, t.assignment_id AS "assignmentId", t.class_id AS "classId",
  t.learner_id AS "learnerId", t.attempt_number AS "attemptNumber",
  t.test_version_id AS "testVersionId", t.seed, t.form, t.status, t.version,
  t.started_at AS "startedAt", t.ends_at AS "endsAt", t.submitted_at AS "submittedAt", t.late,
  t.submission_key AS "submissionKey", a.status AS "assignmentStatus", a.due_at AS "dueAt",
  a.closes_at AS "closesAt"
  FROM attempt t
  JOIN assignment a ON a.institution_id = t.institution_id AND a.id = t.assignment_id
  WHERE t.institution_id = $1 AND t.id = $2`;

@Injectable()
export class AttemptStore {
  async startFacts(
    tx: Tx,
    institutionId: Id,
    assignmentId: Id,
    learnerId: Id,
  ): Promise<StartFacts | undefined> {
    const [row] = await tx.query<StartFacts>(
      `SELECT a.id, a.class_id AS "classId", a.test_version_id AS "testVersionId", a.status,
         a.opens_at AS "opensAt", a.due_at AS "dueAt", a.closes_at AS "closesAt",
         a.max_attempts AS "maxAttempts", own.used, own."inProgressId",
         EXISTS (SELECT FROM enrolment e
           WHERE e.institution_id = a.institution_id AND e.class_id = a.class_id
             AND e.person_id = $3 AND e.role = 'learner' AND e.status = 'active') AS enrolled
       FROM assignment a CROSS JOIN LATERAL (
         SELECT count(*)::int AS used,
           (array_agg(t.id) FILTER (WHERE t.status = 'in-progress'))[1] AS "inProgressId"
         FROM attempt t
         WHERE t.institution_id = a.institution_id AND t.assignment_id = a.id
           AND t.learner_id = $3) own
       WHERE a.institution_id = $1 AND a.id = $2`,
      [institutionId, assignmentId, learnerId],
    );
    return row;
  }

  /** False when another request of the same learner was first; it waits for that one's commit. */
  async insert(tx: Tx, institutionId: Id, t: NewAttempt): Promise<boolean> {
    const rows = await tx.query(
      `INSERT INTO attempt (institution_id, id, assignment_id, class_id, learner_id,
         attempt_number, test_version_id, seed, form, started_at, ends_at, status, version)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'in-progress', 1)
       ON CONFLICT DO NOTHING RETURNING 1`,
      [
        ...[institutionId, t.id, t.assignmentId, t.classId, t.learnerId, t.attemptNumber],
        ...[t.testVersionId, t.seed, JSON.stringify(t.form), t.startedAt, t.endsAt],
      ],
    );
    return rows.length === 1;
  }

  async find(tx: Tx, institutionId: Id, id: Id): Promise<Attempt | undefined> {
    const [row] = await tx.query<Attempt>(ATTEMPT, [institutionId, id]);
    return row;
  }

  /** The learner's own attempt; whoever saves or submits it meanwhile waits for this transaction. */
  async lockOwn(tx: Tx, institutionId: Id, id: Id, learnerId: Id): Promise<Attempt | undefined> {
    const [row] = await tx.query<Attempt>(
      `${ATTEMPT} AND t.learner_id = $3 FOR NO KEY UPDATE OF t`,
      [institutionId, id, learnerId],
    );
    return row;
  }
}
