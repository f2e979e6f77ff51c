import { Injectable } from '@nestjs/common';
import type { ItemDelivery, ScoringSpec, TestStructure } from '@parlance/assessment';
import { type Id, newId } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { ExportReport } from '../domain/package-reports.js';

export interface WholeItemVersion {
  itemVersionId: Id;
  delivery: ItemDelivery;
  scoring: ScoringSpec;
}

export interface WholeTestVersion {
  testVersionId: Id;
  identifier: string;
  structure: TestStructure;
  pointsPossible: number;
  timeLimitSeconds: number | null;
}

const WHOLE_ITEM = `id AS "itemVersionId", delivery, scoring`;

/** SQL of exports: the only place beside scoring that reads keys of many items. */
@Injectable()
export class ExportStore {
  async insert(
    tx: Tx,
    report: ExportReport,
    by: { actorId: Id; traceId: string | null },
  ): Promise<void> {
    await tx.query(`INSERT INTO export (id, actor_id, report, trace_id) VALUES ($1, $2, $3, $4)`, [
      report.id,
      by.actorId,
      JSON.stringify(report),
      by.traceId,
    ]);
  }

  async find(tx: Tx, id: Id): Promise<ExportReport | undefined> {
    const [row] = await tx.query<{ report: ExportReport }>(
      `SELECT report FROM export WHERE id = $1`,
      [id],
    );
    return row?.report;
  }

  /** Says that somebody fetched the package. */
  async addDownload(tx: Tx, exportId: Id, actorId: Id): Promise<void> {
    await tx.query(`INSERT INTO export_download (id, export_id, actor_id) VALUES ($1, $2, $3)`, [
      newId(),
      exportId,
      actorId,
    ]);
  }

  /** In no order. */
  async itemVersions(tx: Tx, ids: readonly Id[]): Promise<WholeItemVersion[]> {
    return tx.query<WholeItemVersion>(`SELECT ${WHOLE_ITEM} FROM item_version WHERE id = ANY($1)`, [
      ids,
    ]);
  }

  /** The version of that number, or the latest; undefined when there is none. */
  async itemVersionId(
    tx: Tx,
    itemId: Id,
    versionNumber: number | undefined,
  ): Promise<Id | undefined> {
    const [row] = await tx.query<{ id: Id }>(
      `SELECT id FROM item_version WHERE item_id = $1 AND ($2::int IS NULL OR version_number = $2)
       ORDER BY version_number DESC LIMIT 1`,
      [itemId, versionNumber ?? null],
    );
    return row?.id;
  }

  async latestTest(tx: Tx, testId: Id): Promise<WholeTestVersion | undefined> {
    return this.test(tx, 'latest.id = test.latest_version_id AND test.id', testId);
  }

  async testVersion(tx: Tx, versionId: Id): Promise<WholeTestVersion | undefined> {
    return this.test(tx, 'latest.id', versionId);
  }

  private async test(tx: Tx, column: string, id: Id): Promise<WholeTestVersion | undefined> {
    const [row] = await tx.query<WholeTestVersion>(
      `SELECT latest.id AS "testVersionId", test.identifier, latest.structure,
         latest.points_possible::float8 AS "pointsPossible",
         latest.time_limit_seconds AS "timeLimitSeconds"
       FROM test JOIN test_version latest
         ON latest.institution_id = test.institution_id AND latest.test_id = test.id
       WHERE ${column} = $1`,
      [id],
    );
    return row;
  }
}
