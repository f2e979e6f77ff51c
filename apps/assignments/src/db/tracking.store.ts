import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { IS_AUDIENCE } from './assignment.store.js';

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
  handedInBy: 'learner' | 'time' | 'teacher' | null;
  dueAt: Date | null;
  /** Until when answers of the attempt are taken. */
  endsAt: Date | null;
  lastSavedAt: Date | null;
  answeredSlots: number;
  hasAccommodation: boolean;
  hasOverride: boolean;
}

export interface ProgressCounts {
  learners: number;
  notStarted: number;
  inProgress: number;
  submitted: number;
  late: number;
}

export interface Progress {
  learners: LearnerProgress[];
  counts: ProgressCounts;
}

/**
 * Learners it is for now, and whoever has worked on it: page and counts in one statement, answers
 * being looked up for the learners of the page alone. $1 institution, $2 assignment, $3 the learner
 * to begin after, $4 one more than the page. By name; the cursor is an id alone, because addresses
 * are logged and names must not be.
 */
const PROGRESS = `
  WITH roster AS (
    SELECT e.person_id FROM enrolment e JOIN assignment a
      ON a.institution_id = e.institution_id AND a.class_id = e.class_id
    WHERE a.institution_id = $1 AND a.id = $2 AND e.role = 'learner' AND e.status = 'active'
      AND ${IS_AUDIENCE}
    UNION
    SELECT t.learner_id FROM attempt t WHERE t.institution_id = $1 AND t.assignment_id = $2
  ), progress AS MATERIALIZED (
    SELECT roster.person_id AS "learnerId", coalesce(p.display_name, '') AS "displayName",
      coalesce(t.status, 'not-started') AS status, t.id AS "attemptId",
      t.attempt_number AS "attemptNumber", t.started_at AS "startedAt",
      t.submitted_at AS "submittedAt", t.late, t.handed_in_by AS "handedInBy",
      CASE WHEN t.windowed THEN t.due_at END AS "dueAt",
      least(t.ends_at, CASE WHEN t.windowed THEN t.closes_at END) AS "endsAt"
    FROM roster
    LEFT JOIN person p ON p.institution_id = $1 AND p.id = roster.person_id
    LEFT JOIN LATERAL (
      SELECT * FROM attempt t
      WHERE t.institution_id = $1 AND t.assignment_id = $2 AND t.learner_id = roster.person_id
      ORDER BY t.attempt_number DESC LIMIT 1) t ON true
  ), counts AS (
    SELECT count(*)::int AS learners,
      (count(*) FILTER (WHERE status = 'not-started'))::int AS "notStarted",
      (count(*) FILTER (WHERE status = 'in-progress'))::int AS "inProgress",
      (count(*) FILTER (WHERE status = 'submitted'))::int AS submitted,
      (count(*) FILTER (WHERE late))::int AS late
    FROM progress
  ), page AS (
    SELECT * FROM progress
    WHERE $3::uuid IS NULL OR ("displayName", "learnerId") > (
      coalesce((SELECT display_name FROM person WHERE institution_id = $1 AND id = $3), ''), $3)
    ORDER BY "displayName", "learnerId" LIMIT $4
  )
  SELECT to_jsonb(counts) AS counts, page.*, work."lastSavedAt",
    coalesce(work."answeredSlots", 0) AS "answeredSlots",
    EXISTS (SELECT FROM accommodation c WHERE c.institution_id = $1
      AND c.learner_id = page."learnerId") AS "hasAccommodation",
    EXISTS (SELECT FROM assignment_override o WHERE o.institution_id = $1 AND o.assignment_id = $2
      AND (o.target_id = page."learnerId" OR o.scope = 'group' AND EXISTS (
        SELECT FROM group_member m WHERE m.institution_id = $1 AND m.group_id = o.target_id
          AND m.learner_id = page."learnerId"))) AS "hasOverride"
  FROM counts LEFT JOIN page ON true
  LEFT JOIN LATERAL (
    SELECT max(r.received_at) AS "lastSavedAt", count(DISTINCT r.slot)::int AS "answeredSlots"
    FROM response r
    WHERE r.institution_id = $1 AND r.attempt_id = page."attemptId"
      AND r.attempt_on = (to_timestamp(('x' || lpad(left(replace(page."attemptId"::text, '-', ''), 12),
        16, '0'))::bit(64)::bigint / 1000.0) AT TIME ZONE 'UTC')::date) work ON true
  ORDER BY page."displayName", page."learnerId"`;

@Injectable()
export class TrackingStore {
  async progress(
    tx: Tx,
    institutionId: Id,
    assignmentId: Id,
    page: { afterId: Id | null; limit: number },
  ): Promise<Progress> {
    const rows = await tx.query<{ counts: ProgressCounts } & (LearnerProgress | NoLearner)>(
      PROGRESS,
      [institutionId, assignmentId, page.afterId, page.limit + 1],
    );
    const [first] = rows;
    if (first === undefined) throw new Error('An aggregate gave no row.');
    return { learners: rows.filter((row) => row.learnerId !== null), counts: first.counts };
  }
}

/** The row that carries the counts when the page is empty. */
interface NoLearner {
  learnerId: null;
}
