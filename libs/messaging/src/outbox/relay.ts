import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { SNSClient } from '@aws-sdk/client-sns';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Id } from '@parlance/kernel';
import { pause } from '../backoff.js';
import type { ResolvedConfig } from '../config.js';
import { failpoint } from '../failpoint.js';
import { errorFields, type MessagingLog } from '../log.js';
import type { Addresses } from '../topology/addresses.js';
import { observeOutbox, type OutboxLook } from '../trace/gauges.js';
import { unobserved } from '../trace/trace-context.js';
import type { TransactionSource } from '../transaction.js';
import { Breaker, type BreakerState } from './breaker.js';
import type { OutboxSignal } from './outbox-signal.js';
import type { FailedEvent } from './failed-events.js';
import { OutboxRows, type OutboxRow, type RowOutcome } from './outbox-rows.js';
import { Publisher } from './publisher.js';
import { PublishPipeline } from './publish-pipeline.js';
import { ShardLeases } from './shard-leases.js';

export interface RelayHealth {
  isRunning: boolean;
  shards: number[];
  breaker: BreakerState;
  /** Age of the oldest event waiting to be published, as of the last look; 0 when none waits. */
  oldestUnpublishedSeconds: number;
  /** Events refused for what they hold; each blocks its key until requeued or skipped. */
  failedEvents: number;
  publishesInFlight: number;
  lastError: string | undefined;
}

export interface RelayParts {
  config: ResolvedConfig;
  transactions: TransactionSource;
  sns: SNSClient;
  addresses: Addresses;
  signal: OutboxSignal;
  log: MessagingLog;
}

const MAINTENANCE_MS = 6 * 3_600_000;

/**
 * Publishes the outbox. Any number of relays may run; each owns some of the shards, so that events
 * of one key go out in the order of their commits. Every event goes out at least once.
 */
export class OutboxRelay {
  private readonly rows: OutboxRows;
  private readonly leases: ShardLeases;
  private readonly publisher: Publisher;
  private readonly breaker: Breaker;
  private readonly pipeline: PublishPipeline;
  /** Shards to look into: those that may hold something new. */
  private readonly due = new Set<number>();
  /** What does not work at the moment. */
  private readonly failing = new Set<string>();
  private readonly stopping = new AbortController();
  private loops: Promise<unknown> | undefined;
  private stopped: Promise<void> | undefined;
  private wake = new AbortController();
  private hasProgress = false;
  private backlog: OutboxLook = {
    oldestUnpublishedSeconds: 0,
    failed: 0,
    lookedAtMs: undefined,
  };
  private lastError: string | undefined;
  private maintainedAtMs = -Infinity;

  constructor(private readonly parts: RelayParts) {
    const { relay } = parts.config;
    this.rows = new OutboxRows(parts.transactions);
    this.leases = new ShardLeases(
      parts.transactions,
      `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`,
      relay.leaseMs,
    );
    this.publisher = new Publisher(parts.sns, parts.config);
    this.breaker = new Breaker({
      failures: relay.breakerFailures,
      baseMs: relay.breakerBaseMs,
      capMs: relay.breakerCapMs,
    });
    this.pipeline = new PublishPipeline({
      send: (batch) => this.send(batch),
      settle: (settled) => this.rows.settle(settled),
      remainingMs: (shard) => this.leases.remainingMs(shard),
      mayPublish: () => !this.stopping.signal.aborted && this.breaker.isPassable(),
      freed: (shard, claimed, published) => this.onFreed(shard, claimed, published),
      publishesInFlight: relay.publishesInFlight,
    });
  }

  /** Begins to publish, in the background; a second call does nothing. */
  start(): void {
    if (this.loops || this.stopping.signal.aborted) return;
    const endListening = this.parts.signal.listen((shard) => this.onCommitted(shard));
    const endObserving = observeOutbox(() => this.backlog);
    // The relay's own work belongs to no request, whoever started it.
    this.loops = context.with(ROOT_CONTEXT, () =>
      unobserved(() => Promise.all([this.keepLeases(), this.poll()])).finally(() => {
        endListening();
        endObserving();
      }),
    );
  }

  /** Finishes what is in flight, writes it down and gives up the shards. Safe to call again. */
  stop(): Promise<void> {
    this.stopped ??= this.finish();
    return this.stopped;
  }

  health(): RelayHealth {
    return {
      isRunning: this.loops !== undefined && !this.stopping.signal.aborted,
      shards: this.leases.shards,
      breaker: this.breaker.state,
      oldestUnpublishedSeconds: this.backlog.oldestUnpublishedSeconds,
      failedEvents: this.backlog.failed,
      publishesInFlight: this.pipeline.inFlight,
      lastError: this.lastError,
    };
  }

  /** Events that failed for good, oldest first. */
  failed(limit: number): Promise<FailedEvent[]> {
    return this.rows.failed(limit);
  }

  /** Lets events that failed for good be tried again. Returns how many. */
  requeue(eventIds: Id[]): Promise<number> {
    return this.rows.requeue(eventIds);
  }

  /** Gives up events that failed for good, so that their keys go on. Returns how many. */
  skip(eventIds: Id[], reason: string): Promise<number> {
    return this.rows.skip(eventIds, reason);
  }

  private async finish(): Promise<void> {
    this.stopping.abort();
    this.wake.abort();
    await this.loops;
    await this.pipeline.stop();
    if (this.loops) await this.attempt('release the shards', () => this.leases.release());
  }

  private async keepLeases(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.attempt('keep the shards', async () => {
        await this.leases.keep((shard) => this.pipeline.isBusy(shard));
        this.wake.abort();
        this.backlog = { ...(await this.rows.backlog()), lookedAtMs: performance.now() };
      });
      if (performance.now() - this.maintainedAtMs > MAINTENANCE_MS) {
        this.maintainedAtMs = performance.now();
        await this.attempt('maintain the partitions', () => this.rows.maintainPartitions());
      }
      await pause(this.parts.config.relay.renewEveryMs, this.stopping.signal);
    }
  }

  private async poll(): Promise<void> {
    const { pollMinMs, pollMaxMs } = this.parts.config.relay;
    let delayMs = pollMinMs;
    let lookedMs = performance.now();
    while (!this.stopping.signal.aborted) {
      this.wake = new AbortController();
      await this.attempt('look for events', () => this.claim());
      if (this.dueShards().length > 0 && this.breaker.isPassable()) continue;
      delayMs = this.hasProgress ? pollMinMs : Math.min(delayMs * 2, pollMaxMs);
      this.hasProgress = false;
      // A stop that came while `wake` was being replaced must not wait for the pause.
      if (!this.stopping.signal.aborted) await pause(delayMs, this.wake.signal);
      // Also when new events wake it all the time: others may wait for another try.
      if (this.wake.signal.aborted && performance.now() - lookedMs < pollMaxMs) continue;
      lookedMs = performance.now();
      for (const shard of this.leases.shards) this.due.add(shard);
    }
  }

  /** Takes up what the due shards hold: one short read for all of them. */
  private async claim(): Promise<void> {
    const shards = this.dueShards();
    if (shards.length === 0 || !this.breaker.isPassable()) return;
    for (const shard of shards) this.due.delete(shard);
    const leases = shards.flatMap((shard) => this.leases.lease(shard) ?? []);
    const rows = await this.rows.claim(shards, this.parts.config.relay.claimSize);
    const ofShard = Map.groupBy(rows, ({ shard }) => Number(shard));
    this.pipeline.take(leases.map((lease) => ({ lease, rows: ofShard.get(lease.shard) ?? [] })));
  }

  /** One that is still busy with its last claim is looked into when it is free. */
  private dueShards(): number[] {
    return [...this.due].filter(
      (shard) => !this.pipeline.isBusy(shard) && this.leases.remainingMs(shard) > 0,
    );
  }

  private onCommitted(shard: number): void {
    if (!this.leases.lease(shard)) return;
    this.due.add(shard);
    this.wake.abort();
  }

  private onFreed(shard: number, claimed: number, published: number): void {
    if (published > 0) this.hasProgress = true;
    // It may hold more than was claimed at once.
    if (published > 0 && claimed >= this.parts.config.relay.claimSize) this.due.add(shard);
    if (this.due.has(shard)) this.wake.abort();
  }

  private async send(batch: OutboxRow[]): Promise<RowOutcome[] | undefined> {
    if (!this.breaker.pass()) return undefined;
    const { publishTimeoutMs } = this.parts.config.relay;
    try {
      const topicArn = await this.parts.addresses.topicArn(batch[0]?.topic ?? '');
      // Nothing may still be on its way once a shard may belong to another relay.
      const leftMs = Math.min(...batch.map(({ shard }) => this.leases.remainingMs(shard)));
      const timeoutMs = Math.min(publishTimeoutMs, Math.max(1, leftMs));
      const outcomes = await this.publisher.send(topicArn, batch, timeoutMs);
      await failpoint('relay.published');
      if (this.breaker.succeeded()) this.parts.log.info({}, 'SNS takes events again');
      this.logFailures(outcomes);
      return outcomes;
    } catch (error) {
      const cause = error instanceof Error && error.cause ? error.cause : error;
      this.note(cause);
      this.parts.addresses.onCallFailed(cause);
      if (this.breaker.failed()) {
        this.parts.log.warn(errorFields(cause), 'SNS does not take events; publishing pauses');
      }
      return undefined;
    }
  }

  private logFailures(outcomes: RowOutcome[]): void {
    for (const outcome of outcomes) {
      if (outcome.kind !== 'failed') continue;
      const { event_id, topic, agg_key } = outcome.row;
      const fields = { eventId: event_id, topic, key: agg_key, error: outcome.error };
      this.parts.log.error(fields, 'SNS refused an event; its key waits for a requeue or a skip');
    }
  }

  /** Logs the first failure of its kind and the recovery from it, not each of the tries between. */
  private async attempt(what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      if (this.failing.delete(what)) this.parts.log.info({}, `The relay can ${what} again`);
    } catch (error) {
      this.note(error);
      if (this.failing.has(what)) return;
      this.failing.add(what);
      this.parts.log.warn(errorFields(error), `The relay could not ${what}; it keeps trying`);
    }
  }

  private note(error: unknown): void {
    this.lastError = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown';
  }
}
