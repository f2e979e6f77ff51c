import { Injectable } from '@nestjs/common';
import type { LevelMapping, Rubric } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

/** An immutable version of a rubric. */
export interface RubricVersion {
  id: Id;
  rubricId: Id;
  version: number;
  body: Rubric;
  /** The new level of each level of the version before, where it is not called the same. */
  mapping: LevelMapping;
  createdBy: Id;
  createdAt: Date;
}

@Injectable()
export class RubricStore {
  async create(tx: Tx, rubricId: Id, by: Id): Promise<void> {
    await tx.query(
      `INSERT INTO rubric (institution_id, id, created_by, latest_version)
       VALUES (app_institution(), $1, $2, 0)`,
      [rubricId, by],
    );
  }

  async addVersion(tx: Tx, version: RubricVersion): Promise<void> {
    const { id, rubricId, body, mapping, createdBy, createdAt } = version;
    await tx.query(
      `INSERT INTO rubric_version (institution_id, id, rubric_id, version, body, mapping,
         created_by, created_at)
       VALUES (app_institution(), $1, $2, $3, $4, $5, $6, $7)`,
      [
        ...[id, rubricId, version.version, JSON.stringify(body), JSON.stringify(mapping)],
        ...[createdBy, createdAt],
      ],
    );
    await tx.query(`UPDATE rubric SET latest_version = $2 WHERE id = $1`, [
      rubricId,
      version.version,
    ]);
  }

  /** The number of the newest version, locked; null when there is no such rubric. */
  async lockLatest(tx: Tx, rubricId: Id): Promise<number | null> {
    const [row] = await tx.query<{ latest_version: number }>(
      `SELECT latest_version FROM rubric WHERE id = $1 FOR UPDATE`,
      [rubricId],
    );
    return row?.latest_version ?? null;
  }

  async version(tx: Tx, versionId: Id): Promise<RubricVersion | null> {
    const [row] = await tx.query<RubricVersion>(
      `SELECT ${COLUMNS} FROM rubric_version v WHERE v.id = $1`,
      [versionId],
    );
    return row ?? null;
  }

  /** All versions of one rubric, oldest first. */
  versions(tx: Tx, rubricId: Id): Promise<RubricVersion[]> {
    return tx.query<RubricVersion>(
      `SELECT ${COLUMNS} FROM rubric_version v WHERE v.rubric_id = $1 ORDER BY v.version`,
      [rubricId],
    );
  }

  /** The newest version of each rubric. */
  list(tx: Tx, page: { after: Id | null; limit: number }): Promise<RubricVersion[]> {
    return tx.query<RubricVersion>(
      `SELECT ${COLUMNS} FROM rubric r
       JOIN rubric_version v ON v.rubric_id = r.id AND v.version = r.latest_version
       WHERE ($1::uuid IS NULL OR r.id > $1) ORDER BY r.id LIMIT $2`,
      [page.after, page.limit],
    );
  }
}

const COLUMNS = `v.id, v.rubric_id AS "rubricId", v.version, v.body, v.mapping,
  v.created_by AS "createdBy", v.created_at AS "createdAt"`;
