import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { ImportReport } from '../domain/package-reports.js';

/** SQL of imports: what each did, as it was told to whoever uploaded it. */
@Injectable()
export class ImportStore {
  async insert(
    tx: Tx,
    report: ImportReport,
    by: { actorId: Id; traceId: string | null },
  ): Promise<void> {
    await tx.query(`INSERT INTO import (id, actor_id, report, trace_id) VALUES ($1, $2, $3, $4)`, [
      report.id,
      by.actorId,
      JSON.stringify(report),
      by.traceId,
    ]);
  }

  async find(tx: Tx, id: Id): Promise<ImportReport | undefined> {
    const [row] = await tx.query<{ report: ImportReport }>(
      `SELECT report FROM import WHERE id = $1`,
      [id],
    );
    return row?.report;
  }
}
