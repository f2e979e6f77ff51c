import { Injectable } from '@nestjs/common';
import type { Accommodation, WindowOverride } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Attempt, sweptAt } from '../domain/attempt.js';
import { IS_AUDIENCE } from './assignment.store.js';

/** What makes one learner's window differ from the assignment's. */
export interface LearnerFacts {
  learnerId: Id;
  isAudience: boolean;
  joinedAt: Date | null;
  overrides: WindowOverride[];
  accommodation: Accommodation | null;
}

/** An attempt in progress, as far as its window goes. */
export type OpenAttempt = Pick<
  Attempt,
  'id' | 'learnerId' | 'startedAt' | 'endsAt' | 'dueAt' | 'closesAt' | 'bundleIssuedAt'
> & { testVersionId: Id; timeLimitSeconds: number | null };

@Injectable()
export class WindowStore {
  /** Of the learners named, or of all in the class; whoever is in it twice has joined first. */
  async facts(
    tx: Tx,
    institutionId: Id,
    assignmentId: Id,
    learnerIds: readonly Id[] | null,
  ): Promise<LearnerFacts[]> {
    return tx.query<LearnerFacts>(
      `WITH learner AS (
         SELECT e.person_id, min(e.joined_at) AS joined_at, bool_or(${IS_AUDIENCE}) AS is_audience
         FROM assignment a JOIN enrolment e
           ON e.institution_id = a.institution_id AND e.class_id = a.class_id
         WHERE a.institution_id = $1 AND a.id = $2 AND e.role = 'learner' AND e.status = 'active'
           AND ($3::uuid[] IS NULL OR e.person_id = ANY ($3))
         GROUP BY e.person_id)
       SELECT l.person_id AS "learnerId", l.is_audience AS "isAudience", l.joined_at AS "joinedAt",
         c.granted AS accommodation, coalesce(o.rules, '[]') AS overrides
       FROM learner l
       LEFT JOIN accommodation c ON c.institution_id = $1 AND c.learner_id = l.person_id
       LEFT JOIN LATERAL (
         SELECT jsonb_agg(o.rule || jsonb_build_object('scope', o.scope, 'targetId', o.target_id))
           AS rules
         FROM assignment_override o
         WHERE o.institution_id = $1 AND o.assignment_id = $2
           AND (o.scope = 'class' OR o.target_id = l.person_id
             OR o.scope = 'group' AND EXISTS (SELECT FROM group_member m
               WHERE m.institution_id = $1 AND m.group_id = o.target_id
                 AND m.learner_id = l.person_id))) o ON true
       ORDER BY l.person_id`,
      [institutionId, assignmentId, learnerIds],
    );
  }

  /** What the learner may still be working on, or was until lately, in their classes of now. */
  async assignmentsOf(tx: Tx, institutionId: Id, learnerId: Id): Promise<Id[]> {
    const rows = await tx.query<{ id: Id }>(
      `SELECT DISTINCT a.id FROM assignment a JOIN enrolment e
         ON e.institution_id = a.institution_id AND e.class_id = a.class_id
       WHERE a.institution_id = $1 AND e.person_id = $2 AND e.role = 'learner'
         AND e.status = 'active' AND a.status = 'published'
         AND coalesce(a.closes_at, a.due_at, 'infinity') > now() - interval '60 days'
       ORDER BY a.id`,
      [institutionId, learnerId],
    );
    return rows.map(({ id }) => id);
  }

  /** Open assignments that give whoever has just joined more time than the others. */
  async withLateJoinerDays(tx: Tx, institutionId: Id, enrolmentId: Id): Promise<Id[]> {
    const rows = await tx.query<{ id: Id }>(
      `SELECT a.id FROM assignment a JOIN enrolment e
         ON e.institution_id = a.institution_id AND e.class_id = a.class_id
       WHERE a.institution_id = $1 AND e.id = $2 AND a.status = 'published'
         AND a.late_joiner_days IS NOT NULL AND e.joined_at > a.opens_at
         AND e.joined_at + make_interval(days => a.late_joiner_days + 2) > a.due_at
       ORDER BY a.id`,
      [institutionId, enrolmentId],
    );
    return rows.map(({ id }) => id);
  }

  /** In progress, locked; of the learners named or of all. */
  async lockOpenAttempts(
    tx: Tx,
    institutionId: Id,
    assignmentId: Id,
    learnerIds: readonly Id[] | null,
  ): Promise<OpenAttempt[]> {
    return tx.query<OpenAttempt>(
      `SELECT id, learner_id AS "learnerId", started_at AS "startedAt", ends_at AS "endsAt",
         due_at AS "dueAt", closes_at AS "closesAt", bundle_issued_at AS "bundleIssuedAt",
         test_version_id AS "testVersionId", time_limit_seconds AS "timeLimitSeconds"
       FROM attempt
       WHERE institution_id = $1 AND assignment_id = $2 AND status = 'in-progress'
         AND NOT window_fixed
         AND ($3::uuid[] IS NULL OR learner_id = ANY ($3))
       ORDER BY id FOR NO KEY UPDATE`,
      [institutionId, assignmentId, learnerIds],
    );
  }

  /** The window of a locked attempt, and when the sweeper comes for it. */
  async setWindow(tx: Tx, institutionId: Id, attempt: OpenAttempt): Promise<void> {
    const { id, endsAt, dueAt, closesAt, timeLimitSeconds } = attempt;
    await tx.query(
      `WITH windowed AS (
         UPDATE attempt SET windowed = true, ends_at = $3, due_at = $4, closes_at = $5,
           time_limit_seconds = $6
         WHERE institution_id = $1 AND id = $2
       ), gone AS (
         DELETE FROM deadline WHERE $7::timestamptz IS NULL AND institution_id = $1
           AND kind = 'attempt' AND object_id = $2
       )
       INSERT INTO deadline (institution_id, kind, object_id, due_at)
       SELECT $1, 'attempt', $2, $7 WHERE $7::timestamptz IS NOT NULL
       ON CONFLICT (institution_id, kind, object_id) DO UPDATE SET due_at = excluded.due_at`,
      [institutionId, id, endsAt, dueAt, closesAt, timeLimitSeconds, sweptAt(attempt)],
    );
  }
}
