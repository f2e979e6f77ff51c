import { Injectable } from '@nestjs/common';
import type { AssignmentPublishedData } from '@parlance/events';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { CategoryPolicy, Column } from '../domain/totals.js';

export interface VersionedCategories {
  version: number;
  categories: CategoryPolicy[];
}

/** What a gradebook is made of beside its learners: columns and how their categories count. */
@Injectable()
export class ColumnStore {
  async put(tx: Tx, assignment: AssignmentPublishedData, version: number): Promise<void> {
    const { assignmentId, classId, title, category, pointsPossible, status, opensAt } = assignment;
    await tx.query(
      `INSERT INTO grade_column (institution_id, assignment_id, class_id, title, category,
         points_possible, status, opens_at, version)
       VALUES (app_institution(), $1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (institution_id, assignment_id) DO UPDATE
         SET class_id = EXCLUDED.class_id, title = EXCLUDED.title,
             category = EXCLUDED.category, points_possible = EXCLUDED.points_possible,
             status = EXCLUDED.status, opens_at = EXCLUDED.opens_at, version = EXCLUDED.version
         WHERE grade_column.version < EXCLUDED.version`,
      [assignmentId, classId, title, category, pointsPossible, status, opensAt, version],
    );
  }

  /** Published ones alone: what is withdrawn leaves the gradebook, its cells stay. */
  async ofClass(tx: Tx, classId: Id): Promise<Column[]> {
    const rows = await tx.query<ColumnRow>(
      `SELECT assignment_id, title, category, points_possible FROM grade_column
       WHERE class_id = $1 AND status = 'published' ORDER BY opens_at, assignment_id`,
      [classId],
    );
    return rows.map((row) => ({
      assignmentId: row.assignment_id,
      title: row.title,
      category: row.category,
      pointsPossible: Number(row.points_possible),
    }));
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

interface ColumnRow {
  assignment_id: Id;
  title: string;
  category: string;
  points_possible: string;
}
