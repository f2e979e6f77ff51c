import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Attempt, sweptAt } from '../domain/attempt.js';
import { type PackedForm, slotsOf } from '../domain/form.js';
import { IS_AUDIENCE } from './assignment.store.js';

/** What decides whether a learner may start, read in one statement; the window comes beside it. */
export interface StartFacts {
  isEnrolled: boolean;
  isAudience: boolean;
  /** Attempts so far, the one in progress included. */
  used: number;
  /** Attempts that a teacher gave beside those the assignment allows. */
  granted: number;
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
  dueAt: Date | null;
  closesAt: Date | null;
  timeLimitSeconds: number | null;
  policyVersion: number;
}

const ATTEMPT = `SELECT t.id, t.assignment_id AS "assignmentId", t.class_id AS "classId",
  t.learner_id AS "learnerId", t.attempt_number AS "attemptNumber",
  t.test_version_id AS "testVersionId", t.seed, t.form, t.status, t.version,
  t.started_at AS "startedAt", t.ends_at AS "endsAt", t.submitted_at AS "submittedAt", t.late,
  t.submission_key AS "submissionKey", t.handed_in_by AS "handedInBy",
  t.policy_version AS "policyVersion", t.device_id AS "deviceId", t.lease,
  t.bundle_issued_at AS "bundleIssuedAt", a.status AS "assignmentStatus", a.mode,
  a.live_slot AS "liveSlot", CASE WHEN t.windowed THEN t.due_at ELSE a.due_at END AS "dueAt",
  CASE WHEN t.windowed THEN t.closes_at ELSE a.closes_at END AS "closesAt"
  FROM attempt t
  JOIN assignment a ON a.institution_id = t.institution_id AND a.id = t.assignment_id
  WHERE t.institution_id = $1`;

@Injectable()
export class AttemptStore {
  /**
   * Starts of one learner, and changes of what their windows are made of, come one after another;
   * starts of others go on.
   */
  async lockStarts(tx: Tx, assignmentId: Id, learnerId: Id): Promise<void> {
    await tx.query(
      // The learner first, as whoever changes what is granted to them does.
      `SELECT pg_advisory_xact_lock(hashtextextended('window ' || $1, 0)),
         pg_advisory_xact_lock_shared(hashtextextended('window ' || $2, 0))`,
      [learnerId, assignmentId],
    );
  }

  /** Of an assignment or a learner: nobody starts within it until the transaction ends. */
  async lockWindows(tx: Tx, id: Id): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('window ' || $1, 0))`, [id]);
  }

  async startFacts(
    tx: Tx,
    institutionId: Id,
    assignmentId: Id,
    learnerId: Id,
  ): Promise<StartFacts | undefined> {
    const [row] = await tx.query<StartFacts>(
      `SELECT coalesce(own."isEnrolled", false) AS "isEnrolled",
         coalesce(own."isAudience", false) AS "isAudience", tries.used, tries.granted,
         tries."inProgressId"
       FROM assignment a CROSS JOIN LATERAL (
         SELECT count(*)::int AS used,
           (count(*) FILTER (WHERE t.grants_another))::int AS granted,
           (array_agg(t.id) FILTER (WHERE t.status = 'in-progress'))[1] AS "inProgressId"
         FROM attempt t
         WHERE t.institution_id = a.institution_id AND t.assignment_id = a.id
           AND t.learner_id = $3) tries
       CROSS JOIN LATERAL (
         SELECT bool_or(true) AS "isEnrolled", bool_or(${IS_AUDIENCE}) AS "isAudience"
         FROM enrolment e
         WHERE e.institution_id = a.institution_id AND e.class_id = a.class_id
           AND e.person_id = $3 AND e.role = 'learner' AND e.status = 'active') own
       WHERE a.institution_id = $1 AND a.id = $2`,
      [institutionId, assignmentId, learnerId],
    );
    return row;
  }

  /** False when another request of the same learner was first; it waits for that one's commit. */
  async insert(tx: Tx, institutionId: Id, t: NewAttempt): Promise<boolean> {
    const rows = await tx.query(
      `WITH inserted AS (
         INSERT INTO attempt (institution_id, id, assignment_id, class_id, learner_id,
           attempt_number, test_version_id, seed, form, started_at, ends_at, due_at, closes_at,
           time_limit_seconds, policy_version, windowed, status, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, true,
           'in-progress', 1)
         ON CONFLICT DO NOTHING RETURNING institution_id, id
       ), due AS (
         INSERT INTO deadline (institution_id, kind, object_id, due_at)
         SELECT institution_id, 'attempt', id, $16 FROM inserted WHERE $16::timestamptz IS NOT NULL
       )
       SELECT 1 FROM inserted`,
      [
        ...[institutionId, t.id, t.assignmentId, t.classId, t.learnerId, t.attemptNumber],
        ...[t.testVersionId, t.seed, JSON.stringify(t.form), t.startedAt, t.endsAt, t.dueAt],
        ...[t.closesAt, t.timeLimitSeconds, t.policyVersion],
        sweptAt({ ...t, bundleIssuedAt: null }),
      ],
    );
    return rows.length === 1;
  }

  /** Item versions the learner met in attempts before, the newest 100 of them, with how often. */
  async seenItems(tx: Tx, institutionId: Id, learnerId: Id): Promise<Map<Id, number>> {
    const rows = await tx.query<{ form: PackedForm }>(
      `SELECT form FROM attempt WHERE institution_id = $1 AND learner_id = $2
       ORDER BY id DESC LIMIT 100`,
      [institutionId, learnerId],
    );
    const seen = new Map<Id, number>();
    for (const { itemVersionId } of rows.flatMap(({ form }) => slotsOf(form))) {
      seen.set(itemVersionId, (seen.get(itemVersionId) ?? 0) + 1);
    }
    return seen;
  }

  async find(tx: Tx, institutionId: Id, id: Id): Promise<Attempt | undefined> {
    const [row] = await tx.query<Attempt>(`${ATTEMPT} AND t.id = $2`, [institutionId, id]);
    return row;
  }

  async newestOf(
    tx: Tx,
    institutionId: Id,
    assignmentId: Id,
    learnerId: Id,
  ): Promise<Attempt | undefined> {
    const [row] = await tx.query<Attempt>(
      `${ATTEMPT} AND t.assignment_id = $2 AND t.learner_id = $3
       ORDER BY t.attempt_number DESC LIMIT 1`,
      [institutionId, assignmentId, learnerId],
    );
    return row;
  }

  /** The learner's own attempt; whoever saves or submits it meanwhile waits for this transaction. */
  async lockOwn(tx: Tx, institutionId: Id, id: Id, learnerId: Id): Promise<Attempt | undefined> {
    const [row] = await tx.query<Attempt>(
      `${ATTEMPT} AND t.id = $2 AND t.learner_id = $3 FOR NO KEY UPDATE OF t`,
      [institutionId, id, learnerId],
    );
    return row;
  }

  /** As `lockOwn`, whoever's it is; undefined also while somebody else is at work on it. */
  async lockIdle(tx: Tx, institutionId: Id, id: Id): Promise<Attempt | undefined> {
    const [row] = await tx.query<Attempt>(
      `${ATTEMPT} AND t.id = $2 FOR NO KEY UPDATE OF t SKIP LOCKED`,
      [institutionId, id],
    );
    return row;
  }

  async lock(tx: Tx, institutionId: Id, id: Id): Promise<Attempt | undefined> {
    const [row] = await tx.query<Attempt>(`${ATTEMPT} AND t.id = $2 FOR NO KEY UPDATE OF t`, [
      institutionId,
      id,
    ]);
    return row;
  }

  /** Who writes, and the bundle that is out, of a locked attempt; its deadline follows. */
  async setWriter(tx: Tx, institutionId: Id, attempt: Attempt, at: Date): Promise<void> {
    const { id, deviceId, lease, bundleIssuedAt } = attempt;
    await tx.query(
      `WITH written AS (
         UPDATE attempt SET device_id = $3, lease = $4, leased_at = $5, bundle_issued_at = $6
         WHERE institution_id = $1 AND id = $2
       )
       UPDATE deadline SET due_at = $7
       WHERE institution_id = $1 AND kind = 'attempt' AND object_id = $2`,
      [institutionId, id, deviceId, lease, at, bundleIssuedAt, sweptAt(attempt)],
    );
  }

  /** The next version of a locked attempt that stays handed in. */
  async setVersion(
    tx: Tx,
    institutionId: Id,
    { id, version }: Attempt,
    grantsAnother: boolean,
  ): Promise<void> {
    await tx.query(
      `UPDATE attempt SET version = $3, grants_another = grants_another OR $4
       WHERE institution_id = $1 AND id = $2`,
      [institutionId, id, version, grantsAnother],
    );
  }

  /**
   * Opens a locked attempt again, with a window that no later change of others' takes away. False
   * when the learner has another one in progress.
   */
  async continue(tx: Tx, institutionId: Id, attempt: Attempt): Promise<boolean> {
    const { id, version, endsAt, dueAt, closesAt, assignmentId, learnerId } = attempt;
    const rows = await tx.query(
      `WITH opened AS (
         UPDATE attempt SET status = 'in-progress', submitted_at = NULL, late = NULL,
           submission_key = NULL, handed_in_by = NULL, version = $3, ends_at = $4, due_at = $5,
           closes_at = $6, windowed = true, window_fixed = true
         WHERE institution_id = $1 AND id = $2 AND NOT EXISTS (
           SELECT FROM attempt o WHERE o.institution_id = $1 AND o.assignment_id = $7
             AND o.learner_id = $8 AND o.status = 'in-progress')
         RETURNING institution_id, id
       ), due AS (
         INSERT INTO deadline (institution_id, kind, object_id, due_at)
         SELECT institution_id, 'attempt', id, $9 FROM opened WHERE $9::timestamptz IS NOT NULL
         ON CONFLICT (institution_id, kind, object_id) DO UPDATE SET due_at = excluded.due_at
       )
       SELECT 1 FROM opened`,
      [
        ...[institutionId, id, version, endsAt, dueAt, closesAt, assignmentId, learnerId],
        sweptAt({ ...attempt, bundleIssuedAt: null }),
      ],
    );
    return rows.length === 1;
  }
}
