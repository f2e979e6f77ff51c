import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { newId } from '@parlance/kernel';
import { Database, LOGGER } from '@parlance/platform';
import type { Logger } from '@parlance/telemetry';
import { type CampaignLease, RescoreCampaignStore } from './db/rescore-campaign.store.js';
import { RescoreBatches } from './rescore-batches.js';

/** Attempts of one transaction: enough to share its cost, few enough to hold nobody up. */
export const BATCH = 150;
/** How often a process with nothing to do looks for a campaign. */
const POLL_MS = 1000;
/** A worker that dies gives its campaign to the others after this. */
const LEASE_MS = 15_000;
/** Rest after a batch, as a share of what the batch took: what learners hand in comes first. */
const REST = 0.25;
/** Until others' transactions have ended. */
const WAIT_MS = 200;
/** A long campaign lets others have a turn after this. */
const TURN_MS = 5000;

/**
 * Works through campaigns under a lease. Any number of processes may do so; one that dies leaves a
 * campaign as its last batch left it, and another goes on from there.
 */
@Injectable()
export class RescoreWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly campaigns: RescoreCampaignStore,
    private readonly batches: RescoreBatches,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.loop();
  }

  /** The batch under way ends; the lease of its campaign runs out. */
  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Works until no campaign has anything left to do, or the service stops. */
  async drain(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const lease = await this.database.outsideInstitutions((tx) =>
        this.campaigns.claim(tx, newId(), LEASE_MS),
      );
      if (lease === undefined) return;
      await this.work(lease);
    }
  }

  private async loop(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.drain().catch((error: unknown) =>
        this.logger.warn({ error }, 'a rescoring campaign was left to its lease'),
      );
      await this.rest(POLL_MS);
    }
  }

  private async work(lease: CampaignLease): Promise<void> {
    const turnEndsAt = performance.now() + TURN_MS;
    let restMs = 0;
    while (!this.stopping.signal.aborted && performance.now() < turnEndsAt) {
      const began = performance.now();
      const result = await this.batches.run(lease, { batch: BATCH, leaseMs: LEASE_MS });
      if (result === 'ended' || result === 'lost') return;
      restMs = result === 'waiting' ? WAIT_MS : 0;
      if (restMs > 0) break;
      await this.rest((performance.now() - began) * REST);
    }
    await this.database.inInstitution(lease.institutionId, (tx) =>
      this.campaigns.giveBack(tx, lease, restMs),
    );
  }

  private rest(ms: number): Promise<void> {
    const { signal } = this.stopping;
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
    });
  }
}
