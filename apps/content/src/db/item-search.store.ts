import { Injectable } from '@nestjs/common';
import { type Id, storableText } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { REFRESH_ITEM_SEARCH } from './migrations/item-search.js';

/** What items are searched for; every part that is given must fit. */
export interface ItemSearch {
  status?: string | undefined;
  /** Words as people type them into a search box: quotes, `or` and `-` are understood. */
  text?: string | undefined;
  cefrLevel?: string | undefined;
  skill?: string | undefined;
  topic?: string | undefined;
  canDo?: string | undefined;
  type?: string | undefined;
  authorId?: Id | undefined;
  used?: boolean | undefined;
}

/**
 * The tags of a search as one tsquery; null when there is no condition at all. Tags are lexemes by
 * themselves, so they are quoted and never read as words.
 */
export function tagQuery(search: Omit<ItemSearch, 'text'>): string | null {
  const { status, cefrLevel, skill, topic, canDo, type, authorId, used } = search;
  const tags = { status, level: cefrLevel, skill, topic, 'can-do': canDo, type, author: authorId };
  const wanted = Object.entries(tags).flatMap(([kind, value]) =>
    value === undefined ? [] : [lexeme(`${kind}:${value}`)],
  );
  if (used !== undefined) wanted.push(lexeme(used ? 'used:yes' : 'used:no'));
  return wanted.length === 0 ? null : wanted.join(' & ');
}

function lexeme(text: string): string {
  return `'${storableText(text).replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** SQL of what items are found by, of the tags in use, and of the tests each item is in. */
@Injectable()
export class ItemSearchStore {
  /** Must follow every change of an item that a search could ask for, in its transaction. */
  async refresh(tx: Tx, itemIds: readonly Id[]): Promise<void> {
    if (itemIds.length > 0) await tx.query(REFRESH_ITEM_SEARCH, [itemIds]);
  }

  /** Writes down which items this version of a test pins, once. */
  async addUses(tx: Tx, test: { testId: Id; testVersionId: Id }): Promise<void> {
    const rows = await tx.query<{ itemId: Id }>(
      `INSERT INTO item_use (item_id, item_version_id, test_id, test_version_id)
       SELECT DISTINCT used.item_id, used.id, test_version.test_id, test_version.id
       FROM test_version, jsonb_path_query(structure, '$.**.itemVersionId') AS pinned
       JOIN item_version used ON used.id = (pinned #>> '{}')::uuid
       WHERE test_version.id = $1
       ON CONFLICT DO NOTHING RETURNING item_id AS "itemId"`,
      [test.testVersionId],
    );
    await this.refresh(
      tx,
      rows.map(({ itemId }) => itemId),
    );
  }

  /** Makes words known as topics or can-do statements of the institution. */
  async addTags(tx: Tx, kind: 'topic' | 'can-do', words: readonly string[]): Promise<void> {
    if (words.length === 0) return;
    await tx.query(
      `INSERT INTO tag (kind, word) SELECT $1, word FROM unnest($2::text[]) AS word
       ON CONFLICT DO NOTHING`,
      [kind, words],
    );
  }

  /** In alphabetical order from `after`, one more than `limit`. */
  async tags(
    tx: Tx,
    query: { kind: string; prefix: string; after: string; limit: number },
  ): Promise<{ word: string }[]> {
    return tx.query<{ word: string }>(
      `SELECT word FROM tag
       WHERE kind = $1 AND word > $3 AND word >= $2 AND left(word, length($2)) = $2
       ORDER BY word LIMIT $4`,
      [query.kind, query.prefix, query.after, query.limit + 1],
    );
  }
}
