import { Injectable } from '@nestjs/common';
import type { TestStructure } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { ItemStatus } from '../domain/item-workflow.js';
import { pattern } from './item.store.js';

export interface TestRow {
  id: Id;
  identifier: string;
  title: string;
  version: number;
  latestVersionId: Id;
  latestVersionNumber: number;
  pointsPossible: number;
  timeLimitSeconds: number | null;
  createdAt: Date;
}

const TEST = `test.id, test.identifier, test.title, test.version,
  latest.id AS "latestVersionId", latest.version_number AS "latestVersionNumber",
  latest.points_possible::float8 AS "pointsPossible",
  latest.time_limit_seconds AS "timeLimitSeconds", test.created_at AS "createdAt"`;

const FROM = `FROM test JOIN test_version latest
  ON latest.institution_id = test.institution_id AND latest.id = test.latest_version_id`;

/** An item version that a test is about to pin, and whether its item may be used. */
export interface PinnableItem {
  itemId: Id;
  itemVersionId: Id;
  isLatest: boolean;
  identifier: string;
  status: ItemStatus;
  pointsPossible: number;
}

/** SQL of tests as teachers choose them. */
@Injectable()
export class TestStore {
  /** Oldest first, one more than `limit`. */
  async list(
    tx: Tx,
    search: string | undefined,
    after: Id | null,
    limit: number,
  ): Promise<TestRow[]> {
    return tx.query<TestRow>(
      `SELECT ${TEST} ${FROM}
       WHERE ($1::uuid IS NULL OR test.id > $1)
         AND ($2::text IS NULL OR test.title ILIKE $2 OR test.identifier ILIKE $2)
       ORDER BY test.id LIMIT $3`,
      [after, pattern(search), limit + 1],
    );
  }

  async find(tx: Tx, id: Id): Promise<(TestRow & { structure: TestStructure }) | undefined> {
    const [row] = await tx.query<TestRow & { structure: TestStructure }>(
      `SELECT ${TEST}, latest.structure ${FROM} WHERE test.id = $1`,
      [id],
    );
    return row;
  }

  async exists(tx: Tx, id: Id): Promise<boolean> {
    return (await tx.query(`SELECT 1 FROM test WHERE id = $1`, [id])).length > 0;
  }

  /**
   * The versions named, and the latest of the items named. The items are held, so that none is
   * retired or quarantined before the test that pins it is there.
   */
  async pinnable(tx: Tx, named: { itemIds: Id[]; versionIds: Id[] }): Promise<PinnableItem[]> {
    return tx.query<PinnableItem>(
      `SELECT item.id AS "itemId", version.id AS "itemVersionId",
              version.id = item.latest_version_id AS "isLatest", item.identifier, item.status,
              version.points_possible::float8 AS "pointsPossible"
       FROM item JOIN item_version version
         ON version.institution_id = item.institution_id AND version.item_id = item.id
       WHERE (item.id = ANY($1) AND version.id = item.latest_version_id)
          OR version.id = ANY($2)
       ORDER BY item.id FOR SHARE OF item`,
      [named.itemIds, named.versionIds],
    );
  }

  /** The identifier of a test, the test held until the end of the transaction. */
  async lock(tx: Tx, id: Id): Promise<{ identifier: string; version: number } | undefined> {
    const [row] = await tx.query<{ identifier: string; version: number }>(
      `SELECT identifier, version FROM test WHERE id = $1 FOR NO KEY UPDATE`,
      [id],
    );
    return row;
  }
}
