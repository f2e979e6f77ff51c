import { Injectable } from '@nestjs/common';
import type { ItemDelivery, TestStructure } from '@parlance/assessment';
import type { ItemVersionPublishedData, TestVersionPublishedData } from '@parlance/events';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

export interface TestVersion {
  id: Id;
  pointsPossible: number;
  timeLimitSeconds: number | null;
  structure: TestStructure;
  /** Of the structure as stored; what the caches count. */
  bytes: number;
}

export interface DeliverableItem {
  itemVersionId: Id;
  pointsPossible: number;
  delivery: ItemDelivery;
  bytes: number;
}

interface TestRow extends Omit<TestVersion, 'pointsPossible'> {
  pointsPossible: string;
}

interface ItemRow extends Omit<DeliverableItem, 'pointsPossible'> {
  pointsPossible: string;
}

const TEST_COLUMNS = `id, points_possible AS "pointsPossible", structure,
  time_limit_seconds AS "timeLimitSeconds", pg_column_size(structure) AS bytes`;

/** Item and test versions as content publishes them. They never change: a second one is the same. */
@Injectable()
export class TestStore {
  async addItemVersion(tx: Tx, institutionId: Id, data: ItemVersionPublishedData): Promise<void> {
    await tx.query(
      `INSERT INTO item_version (institution_id, id, item_id, points_possible, delivery)
       VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
      [
        institutionId,
        data.itemVersionId,
        data.itemId,
        data.pointsPossible,
        JSON.stringify(data.delivery),
      ],
    );
  }

  async addTestVersion(tx: Tx, institutionId: Id, data: TestVersionPublishedData): Promise<void> {
    await tx.query(
      `INSERT INTO test_version (institution_id, id, test_id, version_number, title,
         points_possible, time_limit_seconds, structure)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
      [
        institutionId,
        data.testVersionId,
        data.testId,
        data.versionNumber,
        data.title,
        data.pointsPossible,
        data.timeLimitSeconds ?? null,
        JSON.stringify(data.structure),
      ],
    );
  }

  async newestVersionOf(tx: Tx, institutionId: Id, testId: Id): Promise<TestVersion | undefined> {
    const [row] = await tx.query<TestRow>(
      `SELECT ${TEST_COLUMNS} FROM test_version WHERE institution_id = $1 AND test_id = $2
       ORDER BY version_number DESC LIMIT 1`,
      [institutionId, testId],
    );
    return row && { ...row, pointsPossible: Number(row.pointsPossible) };
  }

  async version(tx: Tx, institutionId: Id, id: Id): Promise<TestVersion | undefined> {
    const [row] = await tx.query<TestRow>(
      `SELECT ${TEST_COLUMNS} FROM test_version WHERE institution_id = $1 AND id = $2`,
      [institutionId, id],
    );
    return row && { ...row, pointsPossible: Number(row.pointsPossible) };
  }

  async items(tx: Tx, institutionId: Id, itemVersionIds: Id[]): Promise<DeliverableItem[]> {
    const rows = await tx.query<ItemRow>(
      `SELECT id AS "itemVersionId", points_possible AS "pointsPossible", delivery,
         pg_column_size(delivery) AS bytes
       FROM item_version WHERE institution_id = $1 AND id = ANY($2::uuid[])`,
      [institutionId, itemVersionIds],
    );
    return rows.map((row) => ({ ...row, pointsPossible: Number(row.pointsPossible) }));
  }

  async countItems(tx: Tx, institutionId: Id, itemVersionIds: Id[]): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM item_version
       WHERE institution_id = $1 AND id = ANY($2::uuid[])`,
      [institutionId, itemVersionIds],
    );
    return row?.count ?? 0;
  }
}
