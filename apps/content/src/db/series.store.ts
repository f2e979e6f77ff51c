import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { CefrLevel, SeriesStatus, Skill } from '../domain/tags.js';

export interface SeriesRow {
  id: Id;
  title: string;
  /** Empty for the only one. */
  edition: string;
  status: SeriesStatus;
  /** Of the first edition: what all editions have in common. */
  familyId: Id;
  /** From the lowest to the highest it teaches. */
  cefrLevels: CefrLevel[];
  skills: Skill[];
  version: number;
}

const SERIES = `id, title, edition, status, coalesce(family_id, id) AS "familyId",
  cefr_levels AS "cefrLevels", skills, version`;

/** SQL of series. */
@Injectable()
export class SeriesStore {
  async insert(tx: Tx, series: SeriesRow): Promise<void> {
    await tx.query(
      `INSERT INTO series (id, title, edition, status, family_id, cefr_levels, skills, version)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        ...[series.id, series.title, series.edition, series.status, series.familyId],
        ...[series.cefrLevels, series.skills, series.version],
      ],
    );
  }

  /** Oldest first, one more than `limit`. */
  async list(
    tx: Tx,
    filter: { status?: SeriesStatus | undefined; familyId?: Id | undefined },
    after: Id | null,
    limit: number,
  ): Promise<SeriesRow[]> {
    return tx.query<SeriesRow>(
      `SELECT ${SERIES} FROM series
       WHERE ($1::uuid IS NULL OR id > $1) AND ($2::text IS NULL OR status = $2)
         AND ($3::uuid IS NULL OR coalesce(family_id, id) = $3)
       ORDER BY id LIMIT $4`,
      [after, filter.status ?? null, filter.familyId ?? null, limit + 1],
    );
  }

  async find(tx: Tx, id: Id): Promise<SeriesRow | undefined> {
    const [row] = await tx.query<SeriesRow>(`SELECT ${SERIES} FROM series WHERE id = $1`, [id]);
    return row;
  }

  async lock(tx: Tx, id: Id): Promise<SeriesRow | undefined> {
    const [row] = await tx.query<SeriesRow>(
      `SELECT ${SERIES} FROM series WHERE id = $1 FOR NO KEY UPDATE`,
      [id],
    );
    return row;
  }

  /** Whether another series of the family has this edition. */
  async editionExists(tx: Tx, series: Pick<SeriesRow, 'id' | 'familyId' | 'edition'>) {
    const rows = await tx.query(
      `SELECT 1 FROM series
       WHERE coalesce(family_id, id) = $1 AND edition = $2 AND id <> $3`,
      [series.familyId, series.edition, series.id],
    );
    return rows.length > 0;
  }

  async update(tx: Tx, series: SeriesRow): Promise<void> {
    await tx.query(
      `UPDATE series SET title = $2, edition = $3, status = $4, cefr_levels = $5, skills = $6,
              version = $7
       WHERE id = $1`,
      [
        ...[series.id, series.title, series.edition, series.status, series.cefrLevels],
        ...[series.skills, series.version],
      ],
    );
  }
}
