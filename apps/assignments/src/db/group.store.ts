import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

/** Learners of a class who are taught or assessed differently. */
export interface Group {
  id: Id;
  classId: Id;
  name: string;
  learnerIds: Id[];
  version: number;
}

const GROUP = `SELECT g.id, g.class_id AS "classId", g.name, g.version,
  coalesce((SELECT array_agg(m.learner_id ORDER BY m.learner_id) FROM group_member m
    WHERE m.institution_id = g.institution_id AND m.group_id = g.id), '{}') AS "learnerIds"
  FROM class_group g WHERE g.institution_id = $1`;

@Injectable()
export class GroupStore {
  async find(tx: Tx, institutionId: Id, id: Id): Promise<Group | undefined> {
    const [row] = await tx.query<Group>(`${GROUP} AND g.id = $2`, [institutionId, id]);
    return row;
  }

  async lock(tx: Tx, institutionId: Id, id: Id): Promise<Group | undefined> {
    const [row] = await tx.query<Group>(`${GROUP} AND g.id = $2 FOR UPDATE OF g`, [
      institutionId,
      id,
    ]);
    return row;
  }

  async ofClass(tx: Tx, institutionId: Id, classId: Id): Promise<Group[]> {
    return tx.query<Group>(`${GROUP} AND g.class_id = $2 ORDER BY g.name, g.id LIMIT 200`, [
      institutionId,
      classId,
    ]);
  }

  async count(tx: Tx, institutionId: Id, classId: Id, ids: readonly Id[]): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM class_group
       WHERE institution_id = $1 AND class_id = $2 AND id = ANY ($3::uuid[])`,
      [institutionId, classId, ids],
    );
    return row?.count ?? 0;
  }

  /** Adds or replaces a group with its members. */
  async put(tx: Tx, institutionId: Id, group: Group, by: { actorId: Id; at: Date }): Promise<void> {
    const { id, classId, name, learnerIds, version } = group;
    await tx.query(
      `INSERT INTO class_group (institution_id, id, class_id, name, version, created_by, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (institution_id, id) DO UPDATE SET name = excluded.name,
         version = excluded.version`,
      [institutionId, id, classId, name, version, by.actorId, by.at],
    );
    await tx.query(
      `WITH gone AS (
         DELETE FROM group_member
         WHERE institution_id = $1 AND group_id = $2 AND learner_id <> ALL ($3::uuid[])
       )
       INSERT INTO group_member (institution_id, group_id, learner_id)
       SELECT $1, $2, unnest($3::uuid[]) ON CONFLICT DO NOTHING`,
      [institutionId, id, learnerIds],
    );
  }

  async remove(tx: Tx, institutionId: Id, id: Id): Promise<void> {
    await tx.query(`DELETE FROM class_group WHERE institution_id = $1 AND id = $2`, [
      institutionId,
      id,
    ]);
  }

  /** Assignments whose audience or overrides name the group. */
  async usedBy(tx: Tx, institutionId: Id, id: Id): Promise<Id[]> {
    const rows = await tx.query<{ id: Id }>(
      `SELECT a.id FROM assignment a WHERE a.institution_id = $1 AND $2 = ANY (a.audience_groups)
         AND a.class_id = (SELECT class_id FROM class_group WHERE institution_id = $1 AND id = $2)
       UNION
       SELECT o.assignment_id FROM assignment_override o
       WHERE o.institution_id = $1 AND o.target_id = $2 AND o.scope = 'group'
       ORDER BY 1`,
      [institutionId, id],
    );
    return rows.map((row) => row.id);
  }
}
