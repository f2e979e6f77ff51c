import { newId } from '@parlance/kernel';
import { startDatabase, type TestDatabase } from '../../test/database.js';
import type { TransactionSource } from '../transaction.js';
import { type Lease, OutboxRows, type RowOutcome } from './outbox-rows.js';
import { ShardLeases } from './shard-leases.js';

let db: TestDatabase;
let rows: OutboxRows;

beforeAll(async () => {
  db = await startDatabase();
}, 60_000);

afterAll(() => db?.stop());

beforeEach(async () => {
  await db.owner.query('TRUNCATE outbox');
  await db.owner.query('UPDATE outbox_shard SET owner = NULL, lease_until = NULL');
  await db.owner.query('DELETE FROM outbox_relay');
  rows = new OutboxRows(db.transactions);
});

async function insert(createdAt = new Date(), shard = 3): Promise<void> {
  await db.owner.query(
    `INSERT INTO outbox (event_id, institution_id, topic, type, agg_key, agg_version, shard,
                         envelope, headers, created_at)
     VALUES ($1, $2, 't', 't', 'k', 1, $4, '{}', '{}', $3)`,
    [newId(), newId(), createdAt, shard],
  );
}

const neverBusy = () => false;

async function ownerOfAll(name: string, leaseMs = 60_000): Promise<ShardLeases> {
  const leases = new ShardLeases(db.transactions, name, leaseMs);
  await leases.keep(neverBusy);
  return leases;
}

test('what an owner with an old token writes is refused', async () => {
  await insert();
  const old = (await ownerOfAll('one', 1)).lease(3) ?? { shard: 3, token: '1', owner: 'one' };
  await db.owner.query(`UPDATE outbox_shard SET lease_until = now() - interval '1 second'`);
  await db.owner.query('DELETE FROM outbox_relay');
  const current = (await ownerOfAll('two')).lease(3) as Lease;
  const [row] = await rows.claim([3], 10);
  if (!row) throw new Error('nothing claimed');
  const outcome: RowOutcome = { row, kind: 'published' };
  expect(await rows.settle([{ outcome, lease: old }])).toBe(0);
  expect(await rows.claim([3], 10)).toHaveLength(1);
  expect(await rows.settle([{ outcome, lease: current }])).toBe(1);
  expect(await rows.claim([3], 10)).toEqual([]);
});

test('a relay that lost its shards to another hears of it at the next renewal', async () => {
  const leases = await ownerOfAll('one');
  expect(leases.shards).toHaveLength(16);
  await db.owner.query(
    `UPDATE outbox_shard SET owner = 'two', token = token + 1,
                             lease_until = now() + interval '1 hour' WHERE shard < 4`,
  );
  await leases.keep(neverBusy);
  expect(leases.shards.sort((a, b) => a - b)).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
});

test('an unsent event from weeks ago is found, however few days are looked at', async () => {
  await insert(new Date(Date.now() - 20 * 86_400_000));
  const { oldestUnpublishedSeconds } = await rows.backlog();
  expect(oldestUnpublishedSeconds).toBeGreaterThan(19 * 86_400);
  expect(await rows.claim([3], 10)).toHaveLength(1);
});

test('an event that waits for its next try holds back the later ones of its key', async () => {
  await insert();
  await insert();
  const lease = (await ownerOfAll('one')).lease(3) as Lease;
  const [row] = await rows.claim([3], 1);
  if (!row) throw new Error('nothing claimed');
  const outcome: RowOutcome = { row, kind: 'retry', afterMs: 60_000, error: 'x' };
  await rows.settle([{ outcome, lease }]);
  expect(await rows.claim([3], 10)).toEqual([]);
  await db.owner.query('UPDATE outbox SET available_at = now() WHERE attempts > 0');
  expect(await rows.claim([3], 10)).toHaveLength(2);
});

test('one claim takes the first events of each shard asked for, and of no other', async () => {
  for (const shard of [1, 1, 1, 2, 5]) await insert(new Date(), shard);
  const claimed = await rows.claim([1, 2, 3], 2);
  expect(claimed.map(({ shard }) => shard).sort()).toEqual([1, 1, 2]);
  const { rows: stored } = await db.owner.query(
    'SELECT id FROM outbox WHERE shard = 1 ORDER BY id',
  );
  const ofOne = claimed.filter(({ shard }) => shard === 1).map(({ id }) => id);
  expect(ofOne).toEqual(stored.slice(0, 2).map(({ id }) => String(id)));
});

/** What the server does for each of the statements about pending events. */
async function plansOf(work: (rows: OutboxRows) => Promise<unknown>): Promise<string[]> {
  const plans: string[] = [];
  const explaining: TransactionSource = {
    ...db.transactions,
    asMessaging: (inTransaction) =>
      db.transactions.asMessaging((tx) =>
        inTransaction({
          ...tx,
          query: async (sql, params) => {
            if (sql.includes('outbox')) {
              const lines = await tx.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, params);
              plans.push(lines.map((line) => line['QUERY PLAN']).join('\n'));
            }
            return tx.query(sql, params);
          },
        }),
      ),
  };
  await work(new OutboxRows(explaining));
  return plans;
}

test.each([
  ['nothing is known of the table', ''],
  ['the server thinks it empty', 'before'],
  ['the server knows it', 'after'],
])('a look costs what it takes, not what waits or was sent: %s', async (_, analyzed) => {
  if (analyzed === 'before') await db.owner.query('VACUUM ANALYZE outbox');
  await db.owner.query(
    `INSERT INTO outbox (event_id, institution_id, topic, type, agg_key, agg_version, shard,
                         envelope, headers, published_at)
     SELECT gen_random_uuid(), gen_random_uuid(), 't', 't', n::text, 1, n % 16, '{}', '{}',
            CASE WHEN n <= 3000 THEN now() END
       FROM generate_series(1, 6000) AS n`,
  );
  if (analyzed === 'after') await db.owner.query('ANALYZE outbox');
  const plans = await plansOf(async (looking) => {
    await looking.claim([0, 3], 10);
    await looking.backlog();
  });
  expect(plans).toHaveLength(2);
  for (const plan of plans) {
    // The index of the pending rows, in its order. Nothing is sorted, nothing else read.
    expect(plan).toMatch(/ Index Scan using outbox_p\w+_shard_id_idx/);
    expect(plan).not.toMatch(/-> +(Incremental )?Sort|Bitmap Index Scan on \w+_shard_id_idx/);
    expect(plan).not.toMatch(/Seq Scan on outbox_(p|default)|outbox_(p\w+|default)_pkey/);
  }
});

test('a failed event is told of by its fields, sizes and what waits behind it, without data', async () => {
  const eventId = newId();
  const put = (id: string, key: string, failedAt: Date | null) =>
    db.owner.query(
      `INSERT INTO outbox (event_id, institution_id, trace_id, topic, type, agg_key, agg_version,
                           shard, envelope, headers, attempts, failed_at, last_error)
       VALUES ($1, $2, 'trace', 't', 'grading.scored.v1', $3, 1, 3, $4, '{}', $5, $6, 'refused')`,
      [id, newId(), key, { data: { remark: 'a text' } }, failedAt ? 1 : 0, failedAt],
    );
  const failedAt = new Date('2026-06-01T10:00:00.123Z');
  await put(eventId, 'k', failedAt);
  for (const key of ['k', 'k', 'another']) await put(newId(), key, null);
  const [event, ...more] = await rows.failed(10);
  expect(more).toEqual([]);
  expect(event).toMatchObject({
    eventId,
    type: 'grading.scored.v1',
    key: 'k',
    traceId: 'trace',
    attempts: 1,
    lastError: 'refused',
    waiting: 2,
    dataFields: { remark: 8 },
  });
  expect(new Date(event?.failedAt ?? '')).toEqual(failedAt);
  expect(JSON.stringify(event)).not.toContain('a text');
  expect(await rows.skip([eventId], 'a test')).toBe(1);
  expect(await rows.failed(10)).toEqual([]);
});
