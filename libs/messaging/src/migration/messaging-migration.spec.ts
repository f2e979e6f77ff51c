import { newId } from '@parlance/kernel';
import { startDatabase, type TestDatabase } from '../../test/database.js';
import { messagingMigration } from './messaging-migration.js';
import { rebuildableTables, replayMigration } from './replay-migration.js';

let db: TestDatabase;

beforeAll(async () => {
  db = await startDatabase();
}, 60_000);

afterAll(() => db?.stop());

beforeEach(() => db.owner.query('TRUNCATE outbox, inbox'));

const INSERT = `INSERT INTO outbox (event_id, institution_id, topic, type, agg_key, agg_version,
                                    shard, envelope, headers, created_at, published_at)
  VALUES (gen_random_uuid(), $1, 't', 't', 'k', 1, 0, '{}', '{}', $2, $3)`;

const insert = (institutionId: string, createdAt = new Date(), publishedAt: Date | null = null) =>
  db.owner.query(INSERT, [institutionId, createdAt, publishedAt]);

const day = (offset: number) => new Date(Date.now() + offset * 86_400_000);

const nameOf = (date: Date) => `outbox_p${date.toISOString().slice(0, 10).replaceAll('-', '')}`;

async function partitions(): Promise<string[]> {
  const { rows } = await db.owner.query(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits
      WHERE inhparent = 'outbox'::regclass ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

test('the service sees the rows of one institution, or as messaging all', async () => {
  const [one, two] = [newId(), newId()];
  await insert(one);
  await insert(two);
  const seen = (tx: { query(sql: string): Promise<Record<string, unknown>[]> }) =>
    tx.query('SELECT institution_id FROM outbox');
  expect(await db.transactions.inInstitution(one, seen)).toEqual([{ institution_id: one }]);
  expect(await db.transactions.inInstitution(newId(), seen)).toEqual([]);
  expect(await db.transactions.asMessaging(seen)).toHaveLength(2);
});

test('nobody writes a row of another institution', async () => {
  const entering = db.transactions.inInstitution(newId(), (tx) =>
    tx.query(
      `INSERT INTO inbox (consumer, event_id, event_day, institution_id, type)
       VALUES ('c', gen_random_uuid(), current_date, gen_random_uuid(), 't')`,
    ),
  );
  await expect(entering).rejects.toThrow('row-level security');
});

test('the service maintains partitions it does not own', async () => {
  const before = await partitions();
  expect(before).toEqual(expect.arrayContaining([nameOf(day(0)), nameOf(day(7))]));
  await db.owner.query(`DROP TABLE ${nameOf(day(7))}`);
  await db.transactions.asMessaging((tx) => tx.query('SELECT maintain_messaging_partitions()'));
  expect(await partitions()).toEqual(before);
});

test('rows in the default partition move to the day made for them', async () => {
  await db.owner.query(`DROP TABLE ${nameOf(day(6))}`);
  await insert(newId(), day(6));
  const ids = (await db.owner.query('SELECT id FROM outbox_default')).rows;
  await db.transactions.asMessaging((tx) => tx.query('SELECT maintain_messaging_partitions()'));
  expect((await db.owner.query(`SELECT id FROM ${nameOf(day(6))}`)).rows).toEqual(ids);
  expect((await db.owner.query('SELECT 1 FROM outbox_default')).rows).toEqual([]);
});

test('old days are dropped, but never with an event that was not sent', async () => {
  const [sent, unsent] = [day(-40), day(-41)];
  for (const date of [sent, unsent]) {
    await db.owner.query(`SELECT messaging_add_partition('outbox', 'created_at', $1)`, [
      date.toISOString().slice(0, 10),
    ]);
  }
  await insert(newId(), sent, sent);
  await insert(newId(), unsent);
  await db.transactions.asMessaging((tx) => tx.query('SELECT maintain_messaging_partitions()'));
  const left = await partitions();
  expect(left).not.toContain(nameOf(sent));
  expect(left).toContain(nameOf(unsent));
});

test('the same event enters the inbox once', async () => {
  const eventId = newId();
  const enter = () =>
    db.owner.query(
      `INSERT INTO inbox (consumer, event_id, event_day, institution_id, type)
       VALUES ('c', $1, current_date, gen_random_uuid(), 't') ON CONFLICT DO NOTHING`,
      [eventId],
    );
  expect([(await enter()).rowCount, (await enter()).rowCount]).toEqual([1, 0]);
});

test('going down leaves nothing, and up goes again', async () => {
  const [messaging, replay] = [messagingMigration(), replayMigration()];
  const role = new URL(db.url).username;
  const client = await db.owner.connect();
  try {
    await client.query('BEGIN');
    for (const sql of [...replay.down, ...messaging.down]) await client.query(sql);
    const { rows } = await client.query(
      `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
       UNION SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
    );
    expect(rows).toEqual([]);
    for (const sql of [...messaging.up, ...replay.up]) {
      await client.query(sql.replaceAll(':app_role', role));
    }
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
});

test('a role that is no plain name is refused', () => {
  expect(() => messagingMigration('x; DROP TABLE outbox')).toThrow('plain role name');
  expect(() => replayMigration('x; DROP TABLE outbox')).toThrow('plain role name');
  expect(() => rebuildableTables('p', [{ name: 'x; DROP' }])).toThrow('plain name');
});
