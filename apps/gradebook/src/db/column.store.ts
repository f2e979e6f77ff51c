import { Injectable } from '@nestjs/common';
import { type GradePolicy, USUAL_POLICY } from '@parlance/assessment';
import type { AssignmentPublishedData } from '@parlance/events';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { Column, DueException } from '../domain/column.js';
import type { CategoryPolicy } from '../domain/totals.js';

export interface VersionedCategories {
  version: number;
  categories: CategoryPolicy[];
}

/** What a gradebook is made of beside its learners: columns and how their categories count. */
@Injectable()
export class ColumnStore {
  /** False when a newer version of it is known. */
  async put(tx: Tx, assignment: AssignmentPublishedData, version: number): Promise<boolean> {
    const { assignmentId, classId, title, category, pointsPossible, status, opensAt } = assignment;
    const rows = await tx.query(
      `INSERT INTO grade_column (institution_id, assignment_id, class_id, title, category,
         points_possible, status, opens_at, version, due_at, policy, policy_version, learner_ids,
         exceptions)
       VALUES (app_institution(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
       ON CONFLICT (institution_id, assignment_id) DO UPDATE
         SET class_id = EXCLUDED.class_id, title = EXCLUDED.title,
             category = EXCLUDED.category, points_possible = EXCLUDED.points_possible,
             status = EXCLUDED.status, opens_at = EXCLUDED.opens_at, version = EXCLUDED.version,
             due_at = EXCLUDED.due_at, policy = EXCLUDED.policy,
             policy_version = EXCLUDED.policy_version, learner_ids = EXCLUDED.learner_ids,
             exceptions = EXCLUDED.exceptions
         WHERE grade_column.version < EXCLUDED.version
       RETURNING 1`,
      [
        ...[assignmentId, classId, title, category, pointsPossible, status, opensAt, version],
        ...[assignment.dueAt ?? null, JSON.stringify(policyIn(assignment))],
        ...[assignment.policyVersion ?? 0, assignment.learnerIds ?? null],
        JSON.stringify(assignment.exceptions ?? []),
      ],
    );
    return rows.length > 0;
  }

  /** Until the transaction ends no cell of the column changes; see `CellStore.lock`. */
  async lock(tx: Tx, assignmentId: Id): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('rules ' || $1, 0))`, [
      assignmentId,
    ]);
  }

  async find(tx: Tx, assignmentId: Id): Promise<Column | null> {
    const rows = await tx.query<ColumnRow>(`${COLUMN} WHERE assignment_id = $1`, [assignmentId]);
    return rows.map(columnOf)[0] ?? null;
  }

  async findAll(tx: Tx, assignmentIds: readonly Id[]): Promise<Map<Id, Column>> {
    const rows = await tx.query<ColumnRow>(`${COLUMN} WHERE assignment_id = ANY($1::uuid[])`, [
      [...new Set(assignmentIds)],
    ]);
    return new Map(rows.map(columnOf).map((column) => [column.assignmentId, column]));
  }

  /** Published ones alone: what is withdrawn leaves the gradebook, its cells stay. */
  async ofClass(tx: Tx, classId: Id): Promise<Column[]> {
    const rows = await tx.query<ColumnRow>(
      `${COLUMN} WHERE class_id = $1 AND status = 'published' ORDER BY opens_at, assignment_id`,
      [classId],
    );
    return rows.map(columnOf);
  }

  async categories(tx: Tx, classId: Id): Promise<VersionedCategories> {
    const [row] = await tx.query<VersionedCategories>(
      `SELECT version, categories FROM category_policy WHERE class_id = $1
       ORDER BY version DESC LIMIT 1`,
      [classId],
    );
    return row ?? { version: 0, categories: [] };
  }

  /** False when another writer was first with this version. */
  async addCategories(
    tx: Tx,
    classId: Id,
    next: VersionedCategories,
    origin: { actorId: Id; traceId: string | null; at: Date },
  ): Promise<boolean> {
    const rows = await tx.query(
      `INSERT INTO category_policy
         (institution_id, class_id, version, categories, actor_id, trace_id, created_at)
       VALUES (app_institution(), $1, $2, $3, $4, $5, $6)
       ON CONFLICT DO NOTHING RETURNING version`,
      [
        classId,
        next.version,
        JSON.stringify(next.categories),
        origin.actorId,
        origin.traceId,
        origin.at,
      ],
    );
    return rows.length > 0;
  }
}

const COLUMN = `SELECT assignment_id, title, category, points_possible, due_at, policy,
  policy_version, learner_ids, exceptions FROM grade_column`;

interface ColumnRow {
  assignment_id: Id;
  title: string;
  category: string;
  points_possible: string;
  due_at: Date | null;
  policy: GradePolicy | null;
  policy_version: number;
  learner_ids: Id[] | null;
  exceptions: DueException[] | null;
}

function columnOf(row: ColumnRow): Column {
  return {
    assignmentId: row.assignment_id,
    title: row.title,
    category: row.category,
    pointsPossible: Number(row.points_possible),
    dueAt: row.due_at?.toISOString() ?? null,
    policy: row.policy ?? USUAL_POLICY,
    policyVersion: row.policy_version,
    learnerIds: row.learner_ids,
    exceptions: row.exceptions ?? [],
  };
}

/** The policy an event carries. Its parts come together or not at all. */
function policyIn(data: AssignmentPublishedData): GradePolicy {
  const { latePercentPerInterval, lateIntervalSeconds, missingDeductionPercent } = data;
  const isLate = latePercentPerInterval !== undefined && lateIntervalSeconds !== undefined;
  return {
    attempts: data.attemptRule ?? 'best',
    late: isLate
      ? {
          percentPerInterval: latePercentPerInterval,
          intervalSeconds: lateIntervalSeconds,
          floorPercent: data.lateFloorPercent ?? 0,
          graceSeconds: data.lateGraceSeconds ?? 0,
        }
      : null,
    missing:
      missingDeductionPercent === undefined ? null : { deductionPercent: missingDeductionPercent },
  };
}
