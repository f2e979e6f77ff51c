import { Injectable } from '@nestjs/common';
import type { ItemDelivery, ScoringSpec } from '@parlance/assessment';
import { type Id, storableText } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { CefrLevel, Skill } from '../domain/tags.js';

export interface ItemRow {
  id: Id;
  identifier: string;
  title: string;
  cefrLevel: CefrLevel | null;
  skills: Skill[];
  version: number;
  latestVersionId: Id;
  latestVersionNumber: number;
}

export interface ItemVersionRow {
  id: Id;
  versionNumber: number;
  hash: string;
  title: string;
  pointsPossible: number;
  importId: Id;
  createdAt: Date;
}

export interface ItemFilter {
  cefrLevel?: string | undefined;
  skill?: string | undefined;
  search?: string | undefined;
}

const ITEM = `id, identifier, title, cefr_level AS "cefrLevel", skills, version,
  latest_version_id AS "latestVersionId", latest_version_number AS "latestVersionNumber"`;

const VERSION = `id, version_number AS "versionNumber", hash, title,
  points_possible::float8 AS "pointsPossible", import_id AS "importId", created_at AS "createdAt"`;

/** SQL of items as teachers read and tag them. Only `scoring` ever returns a key. */
@Injectable()
export class ItemStore {
  /** Oldest first, one more than `limit`. */
  async list(tx: Tx, filter: ItemFilter, after: Id | null, limit: number): Promise<ItemRow[]> {
    return tx.query<ItemRow>(
      `SELECT ${ITEM} FROM item
       WHERE ($1::uuid IS NULL OR id > $1)
         AND ($2::text IS NULL OR cefr_level = $2)
         AND ($3::text IS NULL OR skills @> ARRAY[$3])
         AND ($4::text IS NULL OR title ILIKE $4 OR identifier ILIKE $4)
       ORDER BY id LIMIT $5`,
      [after, filter.cefrLevel ?? null, filter.skill ?? null, pattern(filter.search), limit + 1],
    );
  }

  async find(tx: Tx, id: Id): Promise<ItemRow | undefined> {
    const [row] = await tx.query<ItemRow>(`SELECT ${ITEM} FROM item WHERE id = $1`, [id]);
    return row;
  }

  async lock(tx: Tx, id: Id): Promise<ItemRow | undefined> {
    const [row] = await tx.query<ItemRow>(
      `SELECT ${ITEM} FROM item WHERE id = $1 FOR NO KEY UPDATE`,
      [id],
    );
    return row;
  }

  async tag(tx: Tx, item: ItemRow): Promise<void> {
    await tx.query(`UPDATE item SET cefr_level = $2, skills = $3, version = $4 WHERE id = $1`, [
      item.id,
      item.cefrLevel,
      item.skills,
      item.version,
    ]);
  }

  async version(
    tx: Tx,
    versionId: Id,
  ): Promise<(ItemVersionRow & { delivery: ItemDelivery }) | undefined> {
    const [row] = await tx.query<ItemVersionRow & { delivery: ItemDelivery }>(
      `SELECT ${VERSION}, delivery FROM item_version WHERE id = $1`,
      [versionId],
    );
    return row;
  }

  /** Newest first, below `before`, one more than `limit`. */
  async versions(tx: Tx, itemId: Id, before: number, limit: number): Promise<ItemVersionRow[]> {
    return tx.query<ItemVersionRow>(
      `SELECT ${VERSION} FROM item_version
       WHERE item_id = $1 AND version_number < $2
       ORDER BY version_number DESC LIMIT $3`,
      [itemId, before, limit + 1],
    );
  }

  async scoring(
    tx: Tx,
    itemId: Id,
    versionNumber: number,
  ): Promise<{ id: Id; scoring: ScoringSpec } | undefined> {
    const [row] = await tx.query<{ id: Id; scoring: ScoringSpec }>(
      `SELECT id, scoring FROM item_version WHERE item_id = $1 AND version_number = $2`,
      [itemId, versionNumber],
    );
    return row;
  }
}

/** ILIKE pattern of a text anywhere; its own wildcards mean themselves. */
export function pattern(search: string | undefined): string | null {
  return search === undefined ? null : `%${storableText(search).replace(/[\\%_]/g, '\\$&')}%`;
}
