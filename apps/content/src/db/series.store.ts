import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

export interface SeriesRow {
  id: Id;
  title: string;
  version: number;
}

/** SQL of series. */
@Injectable()
export class SeriesStore {
  async insert(tx: Tx, series: SeriesRow): Promise<void> {
    await tx.query(`INSERT INTO series (id, title, version) VALUES ($1, $2, $3)`, [
      series.id,
      series.title,
      series.version,
    ]);
  }

  /** Oldest first, one more than `limit`. */
  async list(tx: Tx, after: Id | null, limit: number): Promise<SeriesRow[]> {
    return tx.query<SeriesRow>(
      `SELECT id, title, version FROM series WHERE $1::uuid IS NULL OR id > $1
       ORDER BY id LIMIT $2`,
      [after, limit + 1],
    );
  }

  async find(tx: Tx, id: Id): Promise<SeriesRow | undefined> {
    const [row] = await tx.query<SeriesRow>(`SELECT id, title, version FROM series WHERE id = $1`, [
      id,
    ]);
    return row;
  }

  async lock(tx: Tx, id: Id): Promise<SeriesRow | undefined> {
    const [row] = await tx.query<SeriesRow>(
      `SELECT id, title, version FROM series WHERE id = $1 FOR NO KEY UPDATE`,
      [id],
    );
    return row;
  }

  async update(tx: Tx, series: SeriesRow): Promise<void> {
    await tx.query(`UPDATE series SET title = $2, version = $3 WHERE id = $1`, [
      series.id,
      series.title,
      series.version,
    ]);
  }
}
