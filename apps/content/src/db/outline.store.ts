import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import {
  type Level,
  type OutlinePart,
  PARENT_OF,
  type Part,
  type Shift,
} from '../domain/outline.js';
import type { SeriesStatus } from '../domain/tags.js';

/** Columns of one level; the names come from our own constants, never from a request. */
function columns(level: Level): string {
  const shared = `id, ${PARENT_OF[level]}_id AS "parentId", title, position,
    cefr_level AS "cefrLevel", skills, version`;
  return level === 'activity' ? `${shared}, mode, test_id AS "testId"` : shared;
}

/** Columns of one level in the outline query, where all levels have the same. */
function outlineColumns(level: Level): string {
  const activity = level === 'activity' ? 'part.mode, part.test_id' : 'NULL, NULL::uuid';
  return `'${level}' AS level, part.id, part.${PARENT_OF[level]}_id AS "parentId", part.title,
    part.position, part.cefr_level AS "cefrLevel", part.skills, part.version, ${activity}`;
}

/** What parts are in, from the inside out. */
const LEVELS_UP = ['lesson', 'unit', 'course', 'series'] as const;

const joined = (table: string, below: string, column: string) =>
  `JOIN ${table} ON ${table}.institution_id = ${below}.institution_id
    AND ${table}.id = ${below}.${column}`;

const OUTLINE = `
SELECT level, id, "parentId", title, position, "cefrLevel", skills, version, mode,
       test_id AS "testId"
FROM (
  SELECT ${outlineColumns('course')} FROM course part WHERE part.id = $1
  UNION ALL
  SELECT ${outlineColumns('unit')} FROM unit part WHERE part.course_id = $1
  UNION ALL
  SELECT ${outlineColumns('lesson')} FROM lesson part
    ${joined('unit', 'part', 'unit_id')} WHERE unit.course_id = $1
  UNION ALL
  SELECT ${outlineColumns('activity')} FROM activity part
    ${joined('lesson', 'part', 'lesson_id')} ${joined('unit', 'lesson', 'unit_id')}
    WHERE unit.course_id = $1
) AS part (level, id, "parentId", title, position, "cefrLevel", skills, version, mode, test_id)`;

/** SQL of courses, units, lessons and activities, which differ in their tables alone. */
@Injectable()
export class OutlineStore {
  /** Holds the parent, so that one writer at a time orders its parts; false: no such parent. */
  async lockParent(tx: Tx, level: Level, parentId: Id): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM ${PARENT_OF[level]} WHERE id = $1 FOR NO KEY UPDATE`,
      [parentId],
    );
    return rows.length > 0;
  }

  async parentExists(tx: Tx, level: Level, parentId: Id): Promise<boolean> {
    const rows = await tx.query(`SELECT 1 FROM ${PARENT_OF[level]} WHERE id = $1`, [parentId]);
    return rows.length > 0;
  }

  /** Of the series that a part with this parent is in; undefined: no such parent. */
  async seriesStatus(tx: Tx, level: Level, parentId: Id): Promise<SeriesStatus | undefined> {
    const above = LEVELS_UP.slice(LEVELS_UP.indexOf(PARENT_OF[level]));
    const joins = above.slice(1).map((table, index) => joined(table, above[index]!, `${table}_id`));
    const [row] = await tx.query<{ status: SeriesStatus }>(
      `SELECT series.status FROM ${PARENT_OF[level]} ${joins.join(' ')}
       WHERE ${PARENT_OF[level]}.id = $1`,
      [parentId],
    );
    return row?.status;
  }

  async count(tx: Tx, level: Level, parentId: Id): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${level} WHERE ${PARENT_OF[level]}_id = $1`,
      [parentId],
    );
    return row?.count ?? 0;
  }

  async shift(tx: Tx, level: Level, parentId: Id, shift: Shift): Promise<void> {
    await tx.query(
      `UPDATE ${level} SET position = position + $4
       WHERE ${PARENT_OF[level]}_id = $1 AND position BETWEEN $2 AND $3`,
      [parentId, shift.first, shift.last, shift.by],
    );
  }

  async insert(tx: Tx, level: Level, part: Part): Promise<void> {
    const values = [
      part.id,
      part.parentId,
      part.title,
      part.position,
      part.cefrLevel,
      part.skills,
      part.version,
    ];
    const shared = `id, ${PARENT_OF[level]}_id, title, position, cefr_level, skills, version`;
    const [fields, places] =
      level === 'activity' ? [`${shared}, mode, test_id`, ', $8, $9'] : [shared, ''];
    if (level === 'activity') values.push(part.mode ?? 'self', part.testId ?? null);
    await tx.query(
      `INSERT INTO ${level} (${fields}) VALUES ($1, $2, $3, $4, $5, $6, $7${places})`,
      values,
    );
  }

  /** In their order, one more than `limit`. */
  async list(tx: Tx, level: Level, parentId: Id, after: number, limit: number): Promise<Part[]> {
    return tx.query<Part>(
      `SELECT ${columns(level)} FROM ${level}
       WHERE ${PARENT_OF[level]}_id = $1 AND position > $2 ORDER BY position LIMIT $3`,
      [parentId, after, limit + 1],
    );
  }

  async find(tx: Tx, level: Level, id: Id): Promise<Part | undefined> {
    const [row] = await tx.query<Part>(`SELECT ${columns(level)} FROM ${level} WHERE id = $1`, [
      id,
    ]);
    return row;
  }

  async lock(tx: Tx, level: Level, id: Id): Promise<Part | undefined> {
    const [row] = await tx.query<Part>(
      `SELECT ${columns(level)} FROM ${level} WHERE id = $1 FOR NO KEY UPDATE`,
      [id],
    );
    return row;
  }

  async update(tx: Tx, level: Level, part: Part): Promise<void> {
    const { id, parentId, title, position, cefrLevel, skills, version } = part;
    const values: unknown[] = [id, title, position, cefrLevel, skills, version, parentId];
    const activity = level === 'activity' ? ', mode = $8, test_id = $9' : '';
    if (level === 'activity') values.push(part.mode ?? 'self', part.testId ?? null);
    await tx.query(
      `UPDATE ${level} SET title = $2, position = $3, cefr_level = $4, skills = $5, version = $6,
              ${PARENT_OF[level]}_id = $7 ${activity}
       WHERE id = $1`,
      values,
    );
  }

  /** A course with all that is below it, in one query and in no order. */
  async outline(tx: Tx, courseId: Id): Promise<OutlinePart[]> {
    return tx.query<OutlinePart>(OUTLINE, [courseId]);
  }
}
