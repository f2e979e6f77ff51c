import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';

export interface TestDatabase {
  /** As the application role. */
  appUrl: string;
  /** As the owner of the tables. */
  ownerUrl: string;
  drop(): Promise<void>;
}

/** A fresh, empty database with the two roles every service has. */
export async function createTestDatabase(name: string): Promise<TestDatabase> {
  const adminUrl = process.env.TEST_DATABASE_URL;
  if (adminUrl === undefined)
    throw new Error('TEST_DATABASE_URL is not set: run through npm test.');
  const database = `t_${name}_${randomBytes(5).toString('hex')}`;
  const [app, owner] = [`${database}_app`, `${database}_owner`];
  await asAdmin(adminUrl, [
    `CREATE ROLE ${app} LOGIN NOBYPASSRLS PASSWORD 'test'`,
    `CREATE ROLE ${owner} LOGIN NOBYPASSRLS PASSWORD 'test'`,
    `CREATE DATABASE ${database} OWNER ${owner}`,
  ]);
  const urlOf = (role: string) => {
    const url = new URL(adminUrl);
    url.username = role;
    url.password = 'test';
    url.pathname = `/${database}`;
    return url.toString();
  };
  return {
    appUrl: urlOf(app),
    ownerUrl: urlOf(owner),
    drop: () =>
      asAdmin(adminUrl, [
        `DROP DATABASE ${database} WITH (FORCE)`,
        `DROP ROLE ${app}`,
        `DROP ROLE ${owner}`,
      ]),
  };
}

function asAdmin(url: string, statements: string[]): Promise<void> {
  return onConnection(url, async (query) => {
    for (const statement of statements) await query(statement);
  });
}

export type Query = (sql: string, values?: unknown[]) => Promise<unknown>;

/** Everything is asked on one connection, so that its settings last. */
export async function onConnection(
  url: string,
  work: (query: Query) => Promise<void>,
): Promise<void> {
  const source = new DataSource({ type: 'postgres', url, poolSize: 1, installExtensions: false });
  await source.initialize();
  try {
    await work((sql, values) => source.query(sql, values));
  } finally {
    await source.destroy();
  }
}

/** Adds a row by the names of its columns; objects that are JSON are given as text. */
export async function insertRow(
  query: Query,
  table: string,
  row: Readonly<Record<string, unknown>>,
): Promise<void> {
  const names = Object.keys(row);
  const places = names.map((_, index) => `$${index + 1}`);
  await query(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${places.join(', ')})`,
    Object.values(row),
  );
}
