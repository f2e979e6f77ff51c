import { NestFactory } from '@nestjs/core';
import { newId } from '@parlance/kernel';
import { Outbox } from '@parlance/messaging';
import type { BenchDatabase } from './bench-database.js';
import { BenchScored } from './bench-event.js';
import { benchService } from './bench-service.js';
import { PgTransactions } from '../pg-transactions.js';

/** Events of one key, one after the other. */
export const EVENTS_PER_KEY = 10;
const INSTITUTIONS = 20;
/** The outbox wants no more in one transaction. */
const KEYS_PER_TRANSACTION = 100;

/**
 * Fills the outbox once, by the outbox itself, and keeps what it wrote for all runs. Ids follow the
 * order of the events: all first ones, all second ones, and so on.
 */
export async function makeOutboxTemplate(database: BenchDatabase, events: number): Promise<void> {
  const transactions = new PgTransactions(database.urls.appUrl, 4);
  const service = benchService({
    config: { service: 'grading', prefix: 'main' },
    endpoint: 'http://127.0.0.1:9',
    transactions,
    controllers: [],
  });
  const app = await NestFactory.createApplicationContext(service, { logger: ['error', 'warn'] });
  const outbox = app.get(Outbox);
  const institutions = Array.from({ length: INSTITUTIONS }, () => newId());
  const keys = Array.from({ length: Math.ceil(events / EVENTS_PER_KEY) }, () => newId());
  const remark = 'A clear answer; the past perfect is used where it belongs. '.repeat(3).trim();
  for (let version = 1; version <= EVENTS_PER_KEY; version += 1) {
    for (let at = 0; at < keys.length; at += KEYS_PER_TRANSACTION) {
      const institutionId = institutions[(at / KEYS_PER_TRANSACTION) % INSTITUTIONS] as string;
      const batch = keys.slice(at, at + KEYS_PER_TRANSACTION).map((scoreId) => ({
        version,
        institutionId,
        data: { scoreId, points: version, waitMs: 0, dueAtMs: 0, remark },
      }));
      await transactions.inInstitution(institutionId, (tx) =>
        outbox.addAll(tx, BenchScored, batch),
      );
    }
  }
  await app.close();
  await transactions.end();
  await database.owner.query('DROP TABLE IF EXISTS outbox_template');
  // Looking after it would hold back the server's clearing of dead rows in the measured tables.
  await database.owner.query(
    `CREATE TABLE outbox_template WITH (autovacuum_enabled = off) AS
       SELECT * FROM outbox ORDER BY id`,
  );
}

/** Columns the outbox fills by itself are left out. */
const COLUMNS = `event_id, institution_id, trace_id, topic, type, agg_key, agg_version, shard,
                 envelope, headers`;

/** Puts the first so many events of the template into an outbox, in one transaction. */
export async function fillOutbox(
  { owner }: BenchDatabase,
  table: 'outbox' | 'plain_outbox',
  limit: number,
): Promise<void> {
  const [into, from] =
    table === 'outbox'
      ? [COLUMNS, COLUMNS]
      : ['institution_id, key, payload', 'institution_id, agg_key, envelope'];
  await owner.query(
    `INSERT INTO ${table} (${into}) SELECT ${from} FROM outbox_template ORDER BY id LIMIT $1`,
    [limit],
  );
}
