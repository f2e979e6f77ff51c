import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../src/servers/ports.js';
import { spawnServer } from '../src/servers/spawn-server.js';
import { testServers } from './test-servers.js';

/** One PostgreSQL and one emulator for all specs; each spec has databases and queues of its own. */
export default async function globalSetup(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parlance-test-'));
  // PostgreSQL runs as a user of its own when we are root, and must get through to its data.
  chmodSync(folder, 0o755);
  const [databasePort, emulatorPort] = [await freePort(), await freePort()];
  const password = 'test-only';
  const [postgres, emulator] = await Promise.all([
    spawnServer('postgres', [join(folder, 'pg'), String(databasePort)], {
      POSTGRES_PASSWORD: password,
    }),
    spawnServer('emulator', ['', String(emulatorPort)]),
  ]);
  process.env.TEST_DATABASE_URL = `postgres://postgres:${password}@127.0.0.1:${databasePort}/postgres`;
  process.env.TEST_AWS_ENDPOINT_URL = `http://127.0.0.1:${emulatorPort}`;
  testServers.set({ folder, postgres, emulator });
}
