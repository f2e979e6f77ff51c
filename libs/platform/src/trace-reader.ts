import type { Database } from './database/database.js';
import type { TraceRecords } from './service-definition.js';

/** What one service knows of a request: its messages and the rows that came of it. */
export interface TraceView {
  outbox: Record<string, unknown>[];
  inbox: Record<string, unknown>[];
  records: { noun: string; rows: Record<string, unknown>[] }[];
}

const MAX_ROWS = 200;

/** Reads by trace id what on-call may see of this service's database. */
export class TraceReader {
  constructor(
    private readonly database: Database,
    private readonly records: readonly TraceRecords[],
  ) {}

  async byTraceId(traceId: string): Promise<TraceView> {
    const { outbox, inbox } = await this.database.asMessaging(async (tx) => ({
      outbox: await tx.query(
        `SELECT event_id, institution_id, type, agg_key AS subject, agg_version AS version,
                created_at, published_at, failed_at, attempts
         FROM outbox WHERE trace_id = $1 ORDER BY id LIMIT ${MAX_ROWS}`,
        [traceId],
      ),
      inbox: await tx.query(
        `SELECT event_id, institution_id, consumer, processed_at
         FROM inbox WHERE trace_id = $1 ORDER BY processed_at LIMIT ${MAX_ROWS}`,
        [traceId],
      ),
    }));
    const institutions = new Set([...outbox, ...inbox].map((row) => String(row.institution_id)));
    const views: TraceView['records'] = [];
    for (const institutionId of institutions) {
      await this.database.inInstitution(institutionId, async (tx) => {
        for (const { noun, sql } of this.records) {
          const rows = await tx.query(`${sql} LIMIT ${MAX_ROWS}`, [traceId]);
          if (rows.length > 0) views.push({ noun, rows });
        }
      });
    }
    return { outbox, inbox, records: views };
  }
}
