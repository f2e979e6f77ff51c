import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import { type Id, newId } from '@parlance/kernel';
import { Database, LOGGER } from '@parlance/platform';
import { contextOfTraceparent, inSpan, type Logger } from '@parlance/telemetry';
import { DeliveryQueueStore, type Job, type Lease } from './db/delivery-queue.store.js';
import { LoginStore } from './db/login.store.js';
import { Deliverer } from './deliverer.js';
import { LTI_CONFIG, type LtiConfig } from './lti-config.js';

/** Scores sent at once to one platform: a slow one leaves the other slots to the rest. */
const MAX_PER_REGISTRATION = 4;
/** Longest the end of the process waits for calls under way; leases cover the rest. */
const MAX_STOP_MS = 12_000;
const FORGET_EVERY_MS = 10 * 60_000;

/**
 * Takes due streams under a lease and delivers one score of each at a time. Any number of
 * processes may do so; one that dies leaves a lease that runs out.
 */
@Injectable()
export class DeliveryWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly running = new Map<Promise<void>, Id>();
  private readonly timers: NodeJS.Timeout[] = [];
  private filling: Promise<void> | undefined;
  private refill = false;
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly queue: DeliveryQueueStore,
    private readonly logins: LoginStore,
    private readonly deliverer: Deliverer,
    @Inject(LTI_CONFIG) private readonly config: LtiConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timers.push(setInterval(() => this.wake(), this.config.pollMs));
    this.timers.push(setInterval(() => void this.forgetOldLogins(), FORGET_EVERY_MS));
  }

  /** Looks for work now: something has just become due. */
  wake(): void {
    this.refill = true;
    if (this.stopped || this.filling !== undefined) return;
    this.filling = this.fill()
      .catch((error: unknown) => this.logger.warn({ error }, 'could not look for deliveries'))
      .finally(() => {
        this.filling = undefined;
        if (this.refill) setImmediate(() => this.wake());
      });
  }

  /** New scores are no longer taken; those under way may end. */
  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.filling;
    const patience = new Promise((resolve) => setTimeout(resolve, MAX_STOP_MS).unref());
    await Promise.race([Promise.allSettled([...this.running.keys()]), patience]);
  }

  private async fill(): Promise<void> {
    this.refill = false;
    while (!this.stopped && this.running.size < this.config.slots) {
      const lease = await this.database.outsideInstitutions((tx) =>
        this.queue.claim(tx, newId(), this.config.leaseMs, this.busyRegistrations()),
      );
      if (lease === undefined) return;
      const work: Promise<void> = this.work(lease)
        .catch((error: unknown) => this.logger.error({ error }, 'a delivery was left to its lease'))
        .finally(() => {
          this.running.delete(work);
          this.wake();
        });
      this.running.set(work, lease.registrationId);
    }
  }

  private busyRegistrations(): Id[] {
    const counts = new Map<Id, number>();
    for (const id of this.running.values()) counts.set(id, (counts.get(id) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= MAX_PER_REGISTRATION).map(([id]) => id);
  }

  private async work(lease: Lease): Promise<void> {
    const { institutionId } = lease;
    const job = await this.database.inInstitution(institutionId, (tx) =>
      this.queue.take(tx, lease),
    );
    if (job !== undefined) await this.deliverTraced(lease, job);
  }

  /** In the trace of the grade's change, whenever and wherever it is sent. */
  private deliverTraced(lease: Lease, job: Job): Promise<void> {
    const attributes = { 'parlance.delivery.id': job.deliveryId, 'parlance.attempt': job.attempts };
    const parent = contextOfTraceparent(job.traceparent);
    return inSpan('deliver score', { attributes, parent }, async (span) => {
      const { settlement, holdUntil } = await this.deliverer.deliver(lease, job);
      span.setAttribute('parlance.delivery.status', settlement.status);
      await this.database.inInstitution(lease.institutionId, async (tx) => {
        await this.queue.settle(tx, lease, job, settlement);
        if (holdUntil !== undefined) {
          await this.queue.holdPlatform(tx, lease.registrationId, holdUntil);
        }
      });
      const { status, reason, httpStatus } = settlement;
      const { deliveryId, attempts } = job;
      const entry = {
        institutionId: lease.institutionId,
        deliveryId,
        attempts,
        status,
        reason,
        httpStatus,
      };
      if (status === 'delivered') this.logger.info(entry, 'score delivered');
      else this.logger.warn(entry, 'score not delivered');
    });
  }

  private async forgetOldLogins(): Promise<void> {
    await this.database
      .outsideInstitutions((tx) => this.logins.forgetOld(tx))
      .catch((error: unknown) => this.logger.warn({ error }, 'could not forget old logins'));
  }
}
