import { type Id, idTimeMs } from '@parlance/kernel';
import type { Database } from './database/database.js';
import type { TraceRecords } from './service-definition.js';

/** What one service knows of a request: its messages and the rows that came of it. */
export interface TraceView {
  outbox: Record<string, unknown>[];
  inbox: Record<string, unknown>[];
  records: { noun: string; rows: Record<string, unknown>[] }[];
}

/** A trace in which something happened to a record. */
export interface RecordTrace {
  traceId: string;
  /** RFC 3339 instant of the first event of the record in that trace. */
  at: string;
}

const MAX_ROWS = 200;
const MAX_TRACES = 50;
const DAY_MS = 86_400_000;

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
                created_at, published_at, failed_at, attempts, last_error
         FROM outbox WHERE trace_id = $1 ORDER BY id LIMIT ${MAX_ROWS}`,
        [traceId],
      ),
      inbox: await tx.query(
        `SELECT event_id, institution_id, consumer, type, receive_count, processed_at
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

  /**
   * The traces whose events are about a record (or are the event of that id), oldest first. No
   * index serves this: it reads the outbox from the day on which the id was made, for a few
   * seconds at most.
   */
  async tracesOf(recordId: Id): Promise<RecordTrace[]> {
    const madeAtMs = idTimeMs(recordId);
    const since = new Date(Number.isNaN(madeAtMs) ? 0 : madeAtMs - DAY_MS);
    const rows = await this.database.asMessaging(async (tx) => {
      await tx.query(`SET LOCAL statement_timeout = '2500ms'`);
      return tx.query<{ trace_id: string; at: Date }>(
        `SELECT trace_id, min(created_at) AS at FROM outbox
         WHERE created_at >= $2 AND trace_id IS NOT NULL
           AND (agg_key = $1::text OR event_id = $1::text::uuid OR envelope ->> 'subject' = $1::text)
         GROUP BY trace_id ORDER BY at LIMIT ${MAX_TRACES}`,
        [recordId, since],
      );
    });
    return rows.map((row) => ({ traceId: row.trace_id, at: row.at.toISOString() }));
  }
}
