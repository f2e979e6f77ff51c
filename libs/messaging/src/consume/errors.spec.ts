import pg from 'pg';
import { startDatabase, type TestDatabase } from '../../test/database.js';
import { isOutage } from './errors.js';

let db: TestDatabase;

beforeAll(async () => {
  db = await startDatabase();
}, 60_000);

afterAll(() => db?.stop());

test('whatever a connection says that the server has ended is an outage, no fault of an event', async () => {
  const client = new pg.Client({ connectionString: db.url });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
  client.on('error', () => {});
  const under = client.query('SELECT pg_sleep(60)').catch((error: unknown) => error);
  await db.owner.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
  expect(isOutage(await under)).toBe(true);
  await ended;
  const later = await client.query('SELECT 1').catch((error: unknown) => error);
  expect((later as Error).message).toContain('not queryable');
  expect(isOutage(later)).toBe(true);
});

test('what a statement did wrong is no outage', async () => {
  const error = await db.owner.query('SELECT 1 / 0').catch((caught: unknown) => caught);
  expect(isOutage(error)).toBe(false);
});
