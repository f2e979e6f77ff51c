import type { Message } from '@aws-sdk/client-sqs';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { pause } from '../backoff.js';
import type { ConsumerConfig } from '../config.js';
import { errorFields, type MessagingLog } from '../log.js';
import { QueueMetrics, secondsSince } from '../trace/metrics.js';
import { receiveSpan, REQUEST_ID } from '../trace/spans.js';
import { Acknowledgements } from './acknowledgements.js';
import type { DeadLetterReason } from './errors.js';
import type { Handling } from './event-handling.js';
import { FairSchedule } from './fair-schedule.js';
import type { HandlerCapacity } from './handler-capacity.js';
import { giveBack } from './give-back.js';
import { Heartbeat } from './heartbeat.js';
import { HeldMessage } from './held-message.js';
import { inTens } from './in-tens.js';
import type { Outcome } from './outcome.js';
import type { Reading } from './read-message.js';
import type { QueueCalls } from './queue-calls.js';
import type { QueueCounts, QueueStats } from './queue-stats.js';
import { type Receipt, Receivers } from './receivers.js';
import type { Retries } from './retries.js';

export interface QueueConsumerParts {
  /** Who reads; for what is measured. */
  consumer: string;
  queueName: string;
  url: () => Promise<string>;
  calls: QueueCalls;
  read(message: Message): Reading;
  handling: Handling;
  /** Resolves when the letter has arrived; absent: SQS itself moves what is received too often. */
  bury?: (message: HeldMessage, reason: DeadLetterReason) => Promise<void>;
  /** Resolves when the database answers. */
  isDatabaseUp: () => Promise<boolean>;
  onReceiveFailed: (error: unknown) => void;
  /** Shared by the queues of a service. */
  capacity: HandlerCapacity;
  retries: Retries;
  config: ConsumerConfig;
  log: MessagingLog;
}

/**
 * Reads one queue: receives ahead, runs handlers side by side but one at a time per key, keeps
 * what is held hidden from others, and gives every message back in one of three ways: deleted,
 * to be tried again, or as a dead letter.
 */
export class QueueConsumer {
  private readonly held = new Set<HeldMessage>();
  private readonly newest = new Map<string, HeldMessage>();
  private readonly schedule: FairSchedule<HeldMessage>;
  private readonly running = new Set<Promise<void>>();
  private readonly acks: Acknowledgements;
  private readonly heartbeat: Heartbeat;
  private readonly receivers: Receivers;
  private readonly counts: QueueCounts = {
    ...{ applied: 0, duplicates: 0, stale: 0, retried: 0, deadLettered: 0, lost: 0 },
  };
  private readonly metrics: QueueMetrics;
  private readonly endObserving: () => void;
  private isClosing = false;
  private closed: Promise<void> | undefined;

  constructor(private readonly parts: QueueConsumerParts) {
    const { config, calls, log, queueName, capacity } = parts;
    const metrics = new QueueMetrics(queueName, parts.consumer);
    this.metrics = metrics;
    this.endObserving = metrics.observeHeld(() => this.held.size);
    this.schedule = new FairSchedule(() => capacity.concurrency, capacity.lanes);
    capacity.places.join(() => this.runNext());
    this.acks = new Acknowledgements({
      queueName,
      calls,
      metrics,
      newestHandle: (message) => (this.newest.get(message.messageId) ?? message).receiptHandle,
      done: (message) => this.forget(message),
      log,
    });
    this.heartbeat = new Heartbeat({
      calls,
      metrics,
      visibilitySeconds: config.visibilityTimeoutSeconds,
      maxHandlerSeconds: config.maxHandlerSeconds,
      held: () => this.held,
      lost: (message) => this.onLost(message),
      log,
    });
    this.receivers = new Receivers({
      calls,
      config,
      metrics,
      room: () => config.maxInFlight - this.held.size,
      isDatabaseUp: parts.isDatabaseUp,
      received: (messages, receipt) => this.admit(messages, receipt),
      failed: (error) => {
        parts.onReceiveFailed(error);
        log.warn({ queue: queueName, ...errorFields(error) }, 'A queue could not be read');
      },
    });
  }

  start(): void {
    context.with(ROOT_CONTEXT, () => this.receivers.start());
  }

  stats(): QueueStats {
    return {
      queue: this.parts.queueName,
      inFlight: this.held.size,
      running: this.running.size,
      ...this.counts,
      ...this.receivers.stats(),
    };
  }

  /**
   * Stops receiving, gives back what has not started, waits for what has, and deletes what is
   * done. Takes at most the configured time; what is left then is rolled back and given back.
   */
  close(): Promise<void> {
    this.closed ??= this.finish();
    return this.closed;
  }

  private async admit(messages: Message[], receipt: Receipt): Promise<void> {
    const received = messages.map(
      (message) => new HeldMessage(message, this.parts.read(message), receipt.visibleUntilMs),
    );
    const place = { name: this.parts.queueName, url: await this.parts.url() };
    const origins = received.flatMap(({ origin }) => (origin ? [origin] : []));
    const span = receiveSpan(place, origins, receipt.startedAt, messages.length);
    if (receipt.requestId) span.setAttribute(REQUEST_ID, receipt.requestId);
    span.end();
    const unwanted: HeldMessage[] = [];
    for (const message of received) {
      if (message.hasBadTrace) this.metrics.badTrace();
      message.received = span.spanContext();
      this.held.add(message);
      this.newest.set(message.messageId, message);
      if (this.parts.retries.admits(message)) this.schedule.add(message);
      else unwanted.push(message);
    }
    if (unwanted.length > 0) await this.postpone(unwanted);
    // What arrives while the consumer closes has nobody left to run it.
    if (this.isClosing) await this.giveBackWaiting();
    else this.runNext();
  }

  private runNext(): void {
    const { places } = this.parts.capacity;
    while (!this.isClosing && places.isFree) {
      const batch = this.schedule.next();
      if (batch.length === 0) return;
      places.take();
      const run = this.process(batch)
        .catch((error: unknown) => this.parts.log.error(errorFields(error), 'Messages were let go'))
        .finally(() => {
          this.running.delete(run);
          this.schedule.finished(batch);
          places.give();
        });
      this.running.add(run);
    }
  }

  private async process(batch: HeldMessage[]): Promise<void> {
    const { capacity, handling } = this.parts;
    const type = batch[0]?.type ?? '';
    const startedMs = performance.now();
    capacity.started(type);
    let outcomes: Outcome[] = [];
    try {
      outcomes = await handling.handle(batch);
    } finally {
      capacity.finished(type, batch.length, performance.now() - startedMs);
    }
    const seconds = secondsSince(startedMs);
    const settled = batch.flatMap((message, index) => {
      const outcome = outcomes[index];
      if (!outcome) return [];
      this.metrics.processed(outcome.kind, seconds, message.committedAt);
      return this.settle(message, outcome) ?? [];
    });
    await Promise.all(settled);
  }

  /** Resolves when the message is as good as gone; nothing is to be waited for in most cases. */
  private settle(message: HeldMessage, outcome: Outcome): Promise<void> | undefined {
    switch (outcome.kind) {
      case 'applied':
      case 'duplicate':
      case 'stale':
        this.counts[outcome.kind === 'duplicate' ? 'duplicates' : outcome.kind] += 1;
        if (outcome.kind === 'applied') this.parts.retries.succeeded(message);
        this.acks.add(message);
        return undefined;
      case 'dead':
        return this.bury(message, outcome.reason);
      case 'lost':
        this.forget(message);
        return undefined;
      case 'outage':
        this.receivers.waitForDatabase();
        return this.giveBackWaiting().then(() => this.tryAgain(message, undefined));
      case 'retry':
        return this.tryAgain(message, outcome);
    }
  }

  /** The original is deleted only once the letter has arrived. */
  private async bury(message: HeldMessage, reason: DeadLetterReason): Promise<void> {
    if (!this.parts.bury) return this.tryAgain(message, undefined);
    try {
      await this.parts.bury(message, reason);
      this.counts.deadLettered += 1;
      this.acks.add(message);
    } catch (error) {
      this.parts.log.error(errorFields(error), 'A dead letter could not be sent; it stays');
      await this.tryAgain(message, undefined);
    }
    if (this.parts.retries.failed(message, reason)) await this.giveBackPaused(message.type);
  }

  private async tryAgain(
    message: HeldMessage,
    retry: Extract<Outcome, { kind: 'retry' }> | undefined,
  ): Promise<void> {
    const { retries } = this.parts;
    this.counts.retried += 1;
    await this.giveBack([message], retries.secondsUntilNext(message, retry));
    if (retry?.failure && retries.failed(message, retry.failure)) {
      await this.giveBackPaused(message.type);
    }
  }

  private giveBackPaused(type: string): Promise<void> {
    return this.postpone(this.schedule.remove((message) => message.type === type));
  }

  /** Messages of a paused type stay away for long, for each receive is one of a few. */
  private async postpone(messages: HeldMessage[]): Promise<void> {
    const { retries } = this.parts;
    await Promise.all(
      messages.map((message) => this.giveBack([message], retries.pauseSeconds(message))),
    );
  }

  private giveBackWaiting(): Promise<void> {
    return this.giveBack(this.schedule.remove(), this.isClosing ? 0 : 2);
  }

  private giveBack(messages: HeldMessage[], seconds: number): Promise<void> {
    for (const message of messages) this.forget(message);
    return giveBack(this.parts.calls, messages, seconds, this.parts.log);
  }

  private onLost(message: HeldMessage): void {
    this.counts.lost += 1;
    // One that has not started is nobody's concern any more; a running one still has to stop.
    for (const waiting of this.schedule.remove((item) => item === message)) this.forget(waiting);
  }

  private forget(message: HeldMessage): void {
    this.held.delete(message);
    if (this.newest.get(message.messageId) === message) this.newest.delete(message.messageId);
    this.receivers.roomMade();
  }

  private async finish(): Promise<void> {
    this.isClosing = true;
    await this.receivers.stop();
    await this.giveBackWaiting();
    const drained = new AbortController();
    await Promise.race([
      this.drain().finally(() => drained.abort()),
      pause(this.parts.config.closeTimeoutMs, drained.signal),
    ]);
    const left = [...this.held];
    for (const message of left) message.lose('the service stops');
    const handles = left.map(({ receiptHandle }) => receiptHandle);
    await Promise.allSettled(inTens(handles).map((ten) => this.parts.calls.setVisibility(ten, 0)));
    this.heartbeat.stop();
    this.endObserving();
  }

  private async drain(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
    await this.acks.flush();
  }
}
