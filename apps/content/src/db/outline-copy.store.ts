import { Injectable } from '@nestjs/common';
import { type Id, newId } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Level, PARENT_OF } from '../domain/outline.js';

/** SQL that copies all that is below a series, one statement a level. */
@Injectable()
export class OutlineCopyStore {
  /** Ids of the parts of these parents. */
  async children(tx: Tx, level: Level, parentIds: readonly Id[]): Promise<Id[]> {
    const rows = await tx.query<{ id: Id }>(
      `SELECT id FROM ${level} WHERE ${PARENT_OF[level]}_id = ANY($1) ORDER BY id`,
      [parentIds],
    );
    return rows.map(({ id }) => id);
  }

  /** Copies these parts below the copies of their parents; returns each copy by its original. */
  async copy(
    tx: Tx,
    level: Level,
    ids: readonly Id[],
    parents: ReadonlyMap<Id, Id>,
  ): Promise<Map<Id, Id>> {
    const copies = new Map(ids.map((id) => [id, newId()]));
    const parent = `${PARENT_OF[level]}_id`;
    const own = level === 'activity' ? ', mode, test_id' : '';
    await tx.query(
      `INSERT INTO ${level} (id, ${parent}, title, position, cefr_level, skills ${own})
       SELECT part.copy_id, parent.copy_id, title, position, cefr_level, skills ${own}
       FROM ${level}
       JOIN unnest($1::uuid[], $2::uuid[]) AS part (old_id, copy_id) ON part.old_id = ${level}.id
       JOIN unnest($3::uuid[], $4::uuid[]) AS parent (old_id, copy_id)
         ON parent.old_id = ${level}.${parent}`,
      [[...copies.keys()], [...copies.values()], [...parents.keys()], [...parents.values()]],
    );
    return copies;
  }
}
