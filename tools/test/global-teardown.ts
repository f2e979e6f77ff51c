import { rmSync } from 'node:fs';
import { testServers } from './test-servers.js';

export default async function globalTeardown(): Promise<void> {
  const servers = testServers.get();
  if (servers === undefined) return;
  await Promise.all([servers.postgres.stop(), servers.emulator.stop()]);
  rmSync(servers.folder, { recursive: true, force: true });
}
