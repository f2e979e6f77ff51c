import { Injectable } from '@nestjs/common';
import type { ItemDelivery, ScoringSpec } from '@parlance/assessment';
import { type Id, storableText } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { ItemStatus } from '../domain/item-workflow.js';
import type { CefrLevel, Skill } from '../domain/tags.js';
import { type ItemSearch, tagQuery } from './item-search.store.js';

export interface ItemRow {
  id: Id;
  identifier: string;
  title: string;
  cefrLevel: CefrLevel | null;
  skills: Skill[];
  topics: string[];
  canDo: string[];
  status: ItemStatus;
  /** As its author or its first interaction says; empty while nobody has. */
  type: string;
  authorId: Id | null;
  version: number;
  /** Null, and the number 0, until its first publication. */
  latestVersionId: Id | null;
  latestVersionNumber: number;
}

export interface ItemVersionRow {
  id: Id;
  versionNumber: number;
  hash: string;
  title: string;
  pointsPossible: number;
  importId: Id | null;
  publishedBy: Id | null;
  createdAt: Date;
}

/** All that a version holds, the key included. */
export interface WholeVersion {
  id: Id;
  versionNumber: number;
  source: object | null;
  delivery: ItemDelivery;
  scoring: ScoringSpec;
}

export interface ItemFilter extends ItemSearch {
  /** Part of the title or identifier. */
  search?: string | undefined;
}

const ITEM = `id, identifier, title, cefr_level AS "cefrLevel", skills, topics, can_do AS "canDo",
  status, type, author_id AS "authorId", version,
  latest_version_id AS "latestVersionId", latest_version_number AS "latestVersionNumber"`;

const VERSION = `id, version_number AS "versionNumber", hash, title,
  points_possible::float8 AS "pointsPossible", import_id AS "importId",
  published_by AS "publishedBy", created_at AS "createdAt"`;

/** SQL of items as teachers read and tag them. Only `whole` ever returns a key. */
@Injectable()
export class ItemStore {
  /** Oldest first, one more than `limit`. */
  async list(tx: Tx, filter: ItemFilter, after: Id | null, limit: number): Promise<ItemRow[]> {
    const { status, text, search, ...tags } = filter;
    const found = tagQuery(tags) === null && text === undefined ? null : tagQuery(filter);
    if (found === null && text === undefined) {
      return tx.query<ItemRow>(
        `SELECT ${ITEM} FROM item
         WHERE ($1::uuid IS NULL OR id > $1) AND ($2::text IS NULL OR status = $2)
           AND ($3::text IS NULL OR title ILIKE $3 OR identifier ILIKE $3)
         ORDER BY id LIMIT $4`,
        [after, status ?? null, pattern(search), limit + 1],
      );
    }
    // What the index finds is cut to the page at once, unless the title has a say too.
    return tx.query<ItemRow>(
      `SELECT ${ITEM} FROM item
       WHERE id IN (SELECT item_ids_matching(
                      $1::tsquery && websearch_to_tsquery('simple', $2), $3, $4))
         AND ($5::text IS NULL OR title ILIKE $5 OR identifier ILIKE $5)
       ORDER BY id LIMIT $6`,
      [
        ...[found ?? '', storableText(text ?? ''), after],
        ...[search === undefined ? limit + 1 : null, pattern(search), limit + 1],
      ],
    );
  }

  async insert(tx: Tx, item: Omit<ItemRow, 'latestVersionId' | 'latestVersionNumber'>) {
    await tx.query(
      `INSERT INTO item (id, identifier, title, cefr_level, skills, topics, can_do, status, type,
                         author_id, version)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...[item.id, item.identifier, item.title, item.cefrLevel, item.skills, item.topics],
        ...[item.canDo, item.status, item.type, item.authorId, item.version],
      ],
    );
  }

  async identifierExists(tx: Tx, identifier: string): Promise<boolean> {
    const rows = await tx.query(`SELECT 1 FROM item WHERE identifier = $1`, [identifier]);
    return rows.length > 0;
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

  /** All that may change of an item beside its versions. */
  async update(tx: Tx, item: ItemRow): Promise<void> {
    await tx.query(
      `UPDATE item SET title = $2, cefr_level = $3, skills = $4, topics = $5, can_do = $6,
              status = $7, type = $8, version = $9
       WHERE id = $1`,
      [
        ...[item.id, item.title, item.cefrLevel, item.skills, item.topics, item.canDo],
        ...[item.status, item.type, item.version],
      ],
    );
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

  /** With the key: only for whoever may write tests. */
  async whole(tx: Tx, itemId: Id, versionNumber: number): Promise<WholeVersion | undefined> {
    const [row] = await tx.query<WholeVersion>(
      `SELECT id, version_number AS "versionNumber", source, delivery, scoring FROM item_version
       WHERE item_id = $1 AND version_number = $2`,
      [itemId, versionNumber],
    );
    return row;
  }

  /** Those of these ids that are versions of the item, with their numbers. */
  async numbersOf(
    tx: Tx,
    itemId: Id,
    versionIds: readonly Id[],
  ): Promise<{ id: Id; versionNumber: number }[]> {
    return tx.query(
      `SELECT id, version_number AS "versionNumber" FROM item_version
       WHERE item_id = $1 AND id = ANY($2)`,
      [itemId, versionIds],
    );
  }
}

/** ILIKE pattern of a text anywhere; its own wildcards mean themselves. */
export function pattern(search: string | undefined): string | null {
  return search === undefined ? null : `%${storableText(search).replace(/[\\%_]/g, '\\$&')}%`;
}
