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

async function asAdmin(url: string, statements: string[]): Promise<void> {
  const source = new DataSource({ type: 'postgres', url, poolSize: 1, installExtensions: false });
  await source.initialize();
  try {
    for (const statement of statements) await source.query(statement);
  } finally {
    await source.destroy();
  }
}
