import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { LOGGER } from '@parlance/platform';
import type { Logger } from '@parlance/telemetry';
import { Sweeper } from './sweeper.js';

const EVERY_MS = 5000;

/** Lets the sweeper have a turn every few seconds, never two at once. */
@Injectable()
export class SweepTimer implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private turn: Promise<void> = Promise.resolve();
  private isTurning = false;

  constructor(
    private readonly sweeper: Sweeper,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.tick(), EVERY_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.turn;
  }

  private tick(): void {
    if (this.isTurning) return;
    this.isTurning = true;
    this.turn = this.sweeper
      .sweep()
      .then(() => undefined)
      // A database that is away for a while is no reason to end the process.
      .catch((error: unknown) => this.logger.error({ error }, 'the sweeper had no turn'))
      .finally(() => {
        this.isTurning = false;
      });
  }
}
