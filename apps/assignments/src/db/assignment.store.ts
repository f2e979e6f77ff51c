import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { Assignment } from '../domain/assignment.js';
import { recomputed, ZONE_RULES } from '../domain/schedule.js';

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
  a.due_at AS "dueAt", a.closes_at AS "closesAt", a.opens_local AS "opensLocal",
  a.due_local AS "dueLocal", a.closes_local AS "closesLocal", a.time_zone AS "timeZone",
  coalesce(a.zone_rules, 'unknown') AS "zoneRules", a.max_attempts AS "maxAttempts", a.mode,
  a.live_slot AS "liveSlot", a.audience_groups AS "groupIds", a.audience_learners AS "learnerIds",
  a.late_joiners AS "lateJoiners", a.late_joiner_days AS "lateJoinerDays",
  a.policy_version AS "policyVersion", a.policy, a.publish_local AS "publishLocal",
  a.publish_at AS "publishAt", a.points_possible AS "pointsPossible", a.status, a.version,
  a.created_at AS "createdAt"`;

/**
 * Whether assignment `a` is for a person with the enrolment `e`, which must be in scope. Whoever
 * joined before joining was kept has been there all along.
 */
export const IS_AUDIENCE = `((a.audience_groups IS NULL AND a.audience_learners IS NULL
    OR e.person_id = ANY (a.audience_learners)
    OR EXISTS (SELECT FROM group_member m WHERE m.institution_id = a.institution_id
      AND m.group_id = ANY (a.audience_groups) AND m.learner_id = e.person_id))
  AND (a.late_joiners OR e.joined_at IS NULL OR e.joined_at <= a.opens_at))`;

/** $2 person, $3 sees all, $4 teaches, $5 learns. */
const VISIBLE = `($3 OR EXISTS (
  SELECT FROM enrolment e
  WHERE e.institution_id = a.institution_id AND e.class_id = a.class_id AND e.person_id = $2
    AND e.status = 'active'
    AND (e.role = 'teacher' AND $4 OR e.role = 'learner' AND $5 AND a.status = 'published'
      AND ${IS_AUDIENCE})))`;

/** What may change after creation, by column. */
const CHANGING: readonly [column: string, of: (a: Assignment) => unknown][] = [
  ['class_id', (a) => a.classId],
  ['test_version_id', (a) => a.testVersionId],
  ['title', (a) => a.title],
  ['category', (a) => a.category],
  ['opens_at', (a) => a.opensAt],
  ['due_at', (a) => a.dueAt],
  ['closes_at', (a) => a.closesAt],
  ['opens_local', (a) => a.opensLocal],
  ['due_local', (a) => a.dueLocal],
  ['closes_local', (a) => a.closesLocal],
  ['time_zone', (a) => a.timeZone],
  ['zone_rules', (a) => a.zoneRules],
  ['max_attempts', (a) => a.maxAttempts],
  ['mode', (a) => a.mode],
  ['live_slot', (a) => a.liveSlot],
  ['audience_groups', (a) => a.groupIds],
  ['audience_learners', (a) => a.learnerIds],
  ['late_joiners', (a) => a.lateJoiners],
  ['late_joiner_days', (a) => a.lateJoinerDays],
  ['policy_version', (a) => a.policyVersion],
  ['policy', (a) => a.policy && JSON.stringify(a.policy)],
  ['publish_local', (a) => a.publishLocal],
  ['publish_at', (a) => a.publishAt],
  ['points_possible', (a) => a.pointsPossible],
  ['status', (a) => a.status],
  ['version', (a) => a.version],
];

const INSERT = `INSERT INTO assignment (institution_id, id, test_id, created_at, created_by, trace_id,
    ${CHANGING.map(([column]) => column).join(', ')})
  VALUES ($1, $2, $3, $4, $5, $6, ${CHANGING.map((_, index) => `$${index + 7}`).join(', ')})`;

const UPDATE = `UPDATE assignment SET trace_id = $3,
    ${CHANGING.map(([column], index) => `${column} = $${index + 4}`).join(', ')}
  WHERE institution_id = $1 AND id = $2`;

@Injectable()
export class AssignmentStore {
  async insert(
    tx: Tx,
    institutionId: Id,
    assignment: Assignment,
    by: { personId: Id; traceId: string | undefined },
  ): Promise<void> {
    const { id, testId, createdAt } = assignment;
    const made = [institutionId, id, testId, createdAt, by.personId, by.traceId ?? null];
    await tx.query(INSERT, [...made, ...CHANGING.map(([, of]) => of(assignment))]);
  }

  async update(
    tx: Tx,
    institutionId: Id,
    assignment: Assignment,
    traceId: string | undefined,
  ): Promise<void> {
    const which = [institutionId, assignment.id, traceId ?? null];
    await tx.query(UPDATE, [...which, ...CHANGING.map(([, of]) => of(assignment))]);
  }

  async find(tx: Tx, institutionId: Id, id: Id): Promise<Assignment | undefined> {
    return this.one(tx, institutionId, id, '');
  }

  async lock(tx: Tx, institutionId: Id, id: Id): Promise<Assignment | undefined> {
    return this.one(tx, institutionId, id, 'FOR NO KEY UPDATE');
  }

  /** As `lock`; undefined also while somebody else is at work on it. */
  async lockIdle(tx: Tx, institutionId: Id, id: Id): Promise<Assignment | undefined> {
    return this.one(tx, institutionId, id, 'FOR NO KEY UPDATE SKIP LOCKED');
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
  const assignment = {
    ...row,
    pointsPossible: pointsPossible === null ? null : Number(pointsPossible),
  };
  // Governments change their clocks: what was thought of as 18:00 stays 18:00.
  return assignment.zoneRules === ZONE_RULES ? assignment : recomputed(assignment);
}
