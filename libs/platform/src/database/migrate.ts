import { messagingMigration, replayMigration } from '@parlance/messaging';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { APP_ROLE, PLATFORM_DOWN, PLATFORM_UP } from './schema.js';

/** A migration as the statements it is; the name ends in its 13-digit timestamp. */
export interface SqlMigration {
  name: string;
  up: string[];
  down: string[];
}

/** Tables every service has: tenancy, idempotency keys, outbox and inbox. */
function platformMigrations(): SqlMigration[] {
  const messaging = messagingMigration();
  const replay = replayMigration();
  return [
    { name: 'Platform1700000000000', up: PLATFORM_UP, down: PLATFORM_DOWN },
    { name: 'Messaging1700000000001', up: messaging.up, down: messaging.down },
    { name: 'Messaging1700000000002', up: replay.up, down: replay.down },
  ];
}

/**
 * Runs what is missing, each migration in a transaction of its own, as the owning role. Returns
 * the names of those that ran. `appRole` is granted what the migrations say.
 */
export async function migrate(
  ownerUrl: string,
  appRole: string,
  migrations: readonly SqlMigration[],
): Promise<string[]> {
  if (!/^[a-z_][a-z0-9_]*$/.test(appRole))
    throw new Error(`"${appRole}" is not a plain role name.`);
  const all = [...platformMigrations(), ...migrations];
  const source = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    poolSize: 1,
    installExtensions: false,
    migrations: all.map((migration) => migrationClass(migration, appRole)),
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    extra: { options: '-c lock_timeout=5s' },
  });
  await source.initialize();
  try {
    return (await source.runMigrations()).map((migration) => migration.name);
  } finally {
    await source.destroy();
  }
}

function migrationClass(migration: SqlMigration, appRole: string) {
  const run = async (runner: QueryRunner, statements: string[]) => {
    for (const statement of statements) await runner.query(statement.replaceAll(APP_ROLE, appRole));
  };
  return class implements MigrationInterface {
    readonly name = migration.name;
    up = (runner: QueryRunner) => run(runner, migration.up);
    down = (runner: QueryRunner) => run(runner, migration.down);
  };
}
