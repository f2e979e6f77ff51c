import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { fullJitter, pause } from '../backoff.js';
import type { ResolvedConfig } from '../config.js';
import { errorFields, type MessagingLog } from '../log.js';
import type { Addresses } from '../topology/addresses.js';
import { unobserved } from '../trace/trace-context.js';
import type { TransactionSource } from '../transaction.js';
import { replayBatches, sendBatch } from './replay-batch.js';
import { type ReplayedRow, ReplayStore, type Sending, type Step } from './replay.store.js';

export interface SenderParts {
  config: Pick<ResolvedConfig, 'service' | 'prefix' | 'sendMessageGroup' | 'replay'>;
  transactions: TransactionSource;
  sqs: SQSClient;
  addresses: Addresses;
  log: MessagingLog;
}

/** Most events read and sent between two notes of how far it went. */
const MAX_CHUNK = 200;
const SEND_TIMEOUT_MS = 8_000;

/**
 * Sends replays, one at a time, from the outbox to the queue of their consumer. Any number of
 * senders may run: a replay belongs to the one whose token it carries, by the database's clock.
 * How far it went is written after sending, so a crash repeats a chunk and leaves none out.
 */
export class ReplaySender {
  private readonly store: ReplayStore;
  private readonly owner = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(private readonly parts: SenderParts) {
    this.store = new ReplayStore(parts.transactions);
  }

  /** Begins to look for replays, in the background; a second call does nothing. */
  start(): void {
    if (this.stopping.signal.aborted) return;
    this.running ??= context.with(ROOT_CONTEXT, () => unobserved(() => this.run()));
  }

  /** Ends after the batch in flight; whoever takes over goes on from there. Safe to call again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted;) {
      try {
        const one = await this.store.take(this.owner, this.leaseMs);
        failures = 0;
        if (one === undefined) await pause(this.parts.config.replay.pollMs, signal);
        else await this.send(one);
      } catch (error) {
        if (failures === 0) this.parts.log.warn(errorFields(error), 'Replays wait: no database');
        await pause(fullJitter(failures, 500, 15_000), signal);
        failures += 1;
      }
    }
  }

  private get leaseMs(): number {
    return this.parts.config.replay.leaseMs;
  }

  /** Sends until it is done, stopped, paused, or somebody else's. */
  private async send(one: Sending): Promise<void> {
    const { log } = this.parts;
    const fields = { replayId: one.id, consumer: one.consumer };
    log.info({ ...fields, cursor: one.cursor, last: one.last }, 'A replay is being sent');
    const chunk = Math.min(MAX_CHUNK, Math.max(1, Math.ceil(one.ratePerSecond / 2)));
    let validUntilMs = performance.now() + this.leaseMs;
    for (let failures = 0; !this.stopping.signal.aborted;) {
      const begun = performance.now();
      const { rows, cursor } = await this.store.read(one, chunk);
      const step = await this.trySend(one, rows, cursor, validUntilMs);
      const renewed = performance.now() + this.leaseMs;
      if (!(await this.store.advance(one, step, this.leaseMs))) {
        log.info(fields, 'A replay is not ours to send any more');
        return;
      }
      validUntilMs = renewed;
      one.cursor = step.cursor;
      failures = step.error === null ? 0 : failures + 1;
      if (step.error === null && BigInt(one.cursor) >= BigInt(one.last)) {
        log.info(fields, 'A replay has been sent');
        return;
      }
      await this.rest(one, rows.length, begun, failures);
    }
    await this.store.release(one);
  }

  /** As long as the rate asks for, or a while after a failure; well within the lease. */
  private rest(one: Sending, sent: number, begun: number, failures: number): Promise<void> {
    const dueMs = (sent / one.ratePerSecond) * 1000 - (performance.now() - begun);
    const waitMs = failures === 0 ? dueMs : fullJitter(failures, 200, this.leaseMs / 4);
    return pause(Math.max(0, Math.min(waitMs, this.leaseMs / 4)), this.stopping.signal);
  }

  private async trySend(
    one: Sending,
    rows: ReplayedRow[],
    cursor: string,
    validUntilMs: number,
  ): Promise<Step> {
    const step: Step = { cursor: one.cursor, sent: 0, refused: 0, error: null };
    try {
      const queue = await this.queueOf(one.consumer);
      for (const batch of replayBatches(one.id, rows)) {
        // Nothing may be on its way once the replay may be in other hands.
        const timeoutMs = Math.min(SEND_TIMEOUT_MS, validUntilMs - performance.now());
        if (timeoutMs <= 0 || this.stopping.signal.aborted) return step;
        const { sqs, config } = this.parts;
        const hasGroup = config.sendMessageGroup;
        const parts = { sqs, queue, replayId: one.id, hasGroup, timeoutMs };
        const refused = await sendBatch(batch, parts);
        if (refused > 0) this.warnRefused(one, refused);
        step.refused += refused;
        step.sent += batch.length - refused;
        step.cursor = batch.at(-1)?.row.id ?? step.cursor;
      }
      return { ...step, cursor };
    } catch (error) {
      this.parts.addresses.onCallFailed(error);
      this.parts.log.warn({ replayId: one.id, ...errorFields(error) }, 'A replay waits for SQS');
      return { ...step, error: error instanceof Error ? error.name : 'unknown' };
    }
  }

  private warnRefused(one: Sending, refused: number): void {
    const fields = { replayId: one.id, consumer: one.consumer, refused };
    this.parts.log.error(fields, 'SQS refused events of a replay');
  }

  private async queueOf(consumer: string): Promise<{ name: string; url: string }> {
    const { prefix, service } = this.parts.config;
    const name = `${prefix}-${consumer}-from-${service}`;
    const found = (await this.parts.addresses.all()).queues.get(name);
    if (found === undefined) throw new Error(`There is no queue ${name} in the topology.`);
    return { name, url: found.url };
  }
}
