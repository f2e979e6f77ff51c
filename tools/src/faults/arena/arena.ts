import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type FaultProxy,
  type FaultSettings,
  startFaultProxy,
  startTcpProxy,
  type TcpProxy,
} from '@parlance/messaging/testing';
import { Api } from '../../api.js';
import { type OwnPlatform, startOwnPlatform } from '../../bench/own-platform.js';
import { addressOf, type Layout, layoutOf } from '../../start/layout.js';
import { type DATABASES as OWNERS } from '../../start/databases.js';
import type { Detours } from '../../start/environment.js';
import { Databases, MESSAGING_SERVICES, type MessagingService } from './databases.js';
import { Failpoints } from './failpoints.js';
import { Processes } from './processes.js';
import { Queues } from './queues.js';

/** Short, so that what a fault leaves hidden or running comes back within a run. */
export const VISIBILITY_SECONDS = 6;
export const MAX_HANDLER_SECONDS = 9;

const PROXIED: readonly (typeof OWNERS)[number][] = MESSAGING_SERVICES;

export interface ArenaOptions {
  folder: string;
  port: number;
  seed: number;
  inboxOff: boolean;
}

/** A platform of real processes, each led through proxies of its own to queues and database. */
export class Arena {
  readonly api: Api;
  readonly failpoints: Failpoints;
  readonly queues: Queues;
  readonly databases: Databases;
  readonly processes: Processes;

  private constructor(
    readonly platform: OwnPlatform,
    readonly layout: Layout,
    readonly sqs: Record<MessagingService, FaultProxy>,
    readonly postgres: Record<MessagingService, TcpProxy>,
    readonly env: Record<string, string>,
  ) {
    this.api = new Api(platform.run.gateway);
    this.failpoints = new Failpoints(join(layout.folder, 'failpoints'));
    this.queues = new Queues(addressOf(layout.emulatorPort));
    this.databases = new Databases(layout.postgresPort, platform.secrets.postgresPassword);
    this.processes = new Processes(layout, platform.secrets, env);
  }

  static async start({ folder, port, seed, inboxOff }: ArenaOptions): Promise<Arena> {
    const layout = layoutOf(folder, port);
    const sqs = await each((service) =>
      // A seed of its own for each, else all would do the same to what they share.
      startFaultProxy({
        upstream: addressOf(layout.emulatorPort),
        seed: seed * 100 + PROXIED.indexOf(service),
      }),
    );
    const postgres = await each(() => startTcpProxy({ upstreamPort: layout.postgresPort }));
    const detours = Object.fromEntries(
      MESSAGING_SERVICES.map((service) => [
        service,
        { aws: sqs[service].endpoint, postgresPort: postgres[service].port },
      ]),
    ) as Detours;
    mkdirSync(join(folder, 'clocks'), { recursive: true });
    const env: Record<string, string> = {
      PARLANCE_DETOURS: JSON.stringify(detours),
      PARLANCE_FAILPOINTS: join(folder, 'failpoints'),
      PARLANCE_CLOCKS: join(folder, 'clocks'),
      NODE_OPTIONS: `--import=${fileURLToPath(new URL('clock-preload.js', import.meta.url))}`,
      VISIBILITY_SECONDS: String(VISIBILITY_SECONDS),
      MAX_HANDLER_SECONDS: String(MAX_HANDLER_SECONDS),
      RATE_LIMIT_PER_SECOND: '100000',
      RATE_LIMIT_BURST: '100000',
      ...(inboxOff ? { PARLANCE_TEST_ONLY: '1', PARLANCE_INBOX: 'off' } : {}),
    };
    const platform = await startOwnPlatform(folder, port, env);
    return new Arena(platform, layout, sqs, postgres, env);
  }

  /** The same to the calls of every service; a lone fault can still be set on one. */
  setFaults(changes: Partial<FaultSettings>): void {
    for (const proxy of Object.values(this.sqs)) proxy.set(changes);
  }

  /** What all proxies injected so far, by fault. */
  injected(): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const proxy of Object.values(this.sqs)) {
      for (const [name, count] of Object.entries(proxy.journal().faults)) {
        sums[name] = (sums[name] ?? 0) + count;
      }
    }
    return sums;
  }

  /** Nothing is injected any more, nothing cut, and everybody is ready; false when that fails. */
  async recover(timeoutMs = 60_000): Promise<boolean> {
    for (const service of MESSAGING_SERVICES) {
      this.sqs[service].calm();
      this.postgres[service].delay(0);
      this.postgres[service].cut(false);
    }
    return this.processes.allReady(timeoutMs);
  }

  async stop(): Promise<void> {
    await this.processes.endExtra();
    await this.databases.close();
    this.queues.close();
    try {
      await this.platform.stop();
    } finally {
      for (const service of MESSAGING_SERVICES) {
        await this.sqs[service].stop();
        await this.postgres[service].stop();
      }
    }
  }
}

async function each<T>(
  make: (service: MessagingService) => Promise<T>,
): Promise<Record<MessagingService, T>> {
  const made = MESSAGING_SERVICES.map(async (service) => [service, await make(service)] as const);
  return Object.fromEntries(await Promise.all(made)) as Record<MessagingService, T>;
}
