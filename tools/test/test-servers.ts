import type { ServerProcess } from '../src/servers/spawn-server.js';

export interface TestServers {
  folder: string;
  postgres: ServerProcess;
  emulator: ServerProcess;
}

/** Jest loads set-up and tear-down as separate modules; the global object is what they share. */
const holder = globalThis as { parlanceTestServers?: TestServers };

export const testServers = {
  set(servers: TestServers): void {
    holder.parlanceTestServers = servers;
  },
  get(): TestServers | undefined {
    return holder.parlanceTestServers;
  },
};
