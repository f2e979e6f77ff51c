import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { Database, LOGGER } from '@parlance/platform';
import type { Logger } from '@parlance/telemetry';
import { maintainPartitions, storeMiB } from './db/telemetry.store.js';
import { ONCALL_CONFIG, type OncallConfig } from './oncall-config.js';

const EVERY_MS = 60_000;

/**
 * Makes the partitions of the coming days and drops what is too old, every minute. Telemetry may
 * share its disk with what must not be lost, so it never grows beyond its bound.
 */
@Injectable()
export class Retention implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private full = false;

  constructor(
    private readonly database: Database,
    @Inject(ONCALL_CONFIG) private readonly config: OncallConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.turn();
    this.timer = setInterval(() => void this.turn(), EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Today alone takes more room than there may be. */
  get isFull(): boolean {
    return this.full;
  }

  /** How many partitions were made or dropped. */
  async maintain(): Promise<number> {
    let keptDays = this.config.retentionDays;
    let changed = await this.keep(keptDays);
    let size = await this.size();
    while (size > this.config.maxStoreMiB && keptDays > 0) {
      keptDays -= 1;
      changed += await this.keep(keptDays);
      size = await this.size();
    }
    const isFull = size > this.config.maxStoreMiB;
    if (isFull && !this.full) this.logger.error({ mib: Math.round(size) }, 'no room for telemetry');
    this.full = isFull;
    return changed;
  }

  private keep(days: number): Promise<number> {
    return this.database.outsideInstitutions((tx) => maintainPartitions(tx, days));
  }

  private size(): Promise<number> {
    return this.database.outsideInstitutions(storeMiB);
  }

  /** A missed turn does no harm: partitions are made two days ahead. */
  private async turn(): Promise<void> {
    try {
      await this.maintain();
    } catch (error) {
      this.logger.error({ error }, 'telemetry partitions were not looked after');
    }
  }
}
