import type { Message } from '@aws-sdk/client-sqs';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { fullJitter, pause } from '../backoff.js';
import type { ResolvedConfig } from '../config.js';
import { errorFields, type MessagingLog } from '../log.js';
import { receiveSpan, REQUEST_ID } from '../trace/spans.js';
import { Acknowledgements } from './acknowledgements.js';
import type { DeadLetters } from './dead-letters.js';
import type { DeadLetterReason } from './errors.js';
import type { EventHandling } from './event-handling.js';
import { FairSchedule } from './fair-schedule.js';
import type { HandlerPlaces } from './handler-places.js';
import { Heartbeat } from './heartbeat.js';
import { HeldMessage } from './held-message.js';
import { inTens } from './in-tens.js';
import type { MessageReader } from './read-message.js';
import type { QueueCalls } from './queue-calls.js';
import { type Receipt, Receivers, type ReceiverStats } from './receivers.js';

export interface QueueConsumerParts {
  queueName: string;
  url: () => Promise<string>;
  calls: QueueCalls;
  reader: MessageReader;
  handling: EventHandling;
  deadLetters: DeadLetters;
  /** Resolves when the database answers. */
  isDatabaseUp: () => Promise<boolean>;
  onReceiveFailed: (error: unknown) => void;
  places: HandlerPlaces;
  config: ResolvedConfig;
  log: MessagingLog;
}

export interface QueueStats extends ReceiverStats {
  queue: string;
  inFlight: number;
  running: number;
  applied: number;
  duplicates: number;
  retried: number;
  deadLettered: number;
  lost: number;
  /** Of replays that are not current; they changed nothing. */
  stale: number;
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
  private readonly counts = {
    applied: 0,
    duplicates: 0,
    retried: 0,
    deadLettered: 0,
    lost: 0,
    stale: 0,
  };
  private isClosing = false;
  private closed: Promise<void> | undefined;

  constructor(private readonly parts: QueueConsumerParts) {
    const { config, calls, log, queueName } = parts;
    this.schedule = new FairSchedule(config.concurrency);
    parts.places.join(() => this.runNext());
    this.acks = new Acknowledgements({
      queueName,
      calls,
      newestHandle: (message) => (this.newest.get(message.messageId) ?? message).receiptHandle,
      done: (message) => this.forget(message),
      log,
    });
    this.heartbeat = new Heartbeat({
      calls,
      visibilitySeconds: config.visibilityTimeoutSeconds,
      maxHandlerSeconds: config.maxHandlerSeconds,
      held: () => this.held,
      lost: (message) => this.onLost(message),
      log,
    });
    this.receivers = new Receivers({
      calls,
      config,
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
      (message) =>
        new HeldMessage(
          message,
          this.parts.reader.read(message.Body ?? ''),
          receipt.visibleUntilMs,
        ),
    );
    const place = { name: this.parts.queueName, url: await this.parts.url() };
    const origins = received.flatMap(({ origin }) => (origin ? [origin] : []));
    const span = receiveSpan(place, origins, receipt.startedAt, messages.length);
    if (receipt.requestId) span.setAttribute(REQUEST_ID, receipt.requestId);
    span.end();
    for (const message of received) {
      message.received = span.spanContext();
      this.held.add(message);
      this.newest.set(message.messageId, message);
      this.schedule.add(message);
    }
    // What arrives while the consumer closes has nobody left to run it.
    if (this.isClosing) await this.giveBackWaiting();
    else this.runNext();
  }

  private runNext(): void {
    while (!this.isClosing && this.schedule.isAnyReady && this.parts.places.take()) {
      const message = this.schedule.next() as HeldMessage;
      const run = this.process(message)
        .catch((error: unknown) => this.parts.log.error(errorFields(error), 'A message was let go'))
        .finally(() => {
          this.running.delete(run);
          this.schedule.finished(message);
          this.parts.places.give();
        });
      this.running.add(run);
    }
  }

  private async process(message: HeldMessage): Promise<void> {
    message.startedAtMs = performance.now();
    const outcome = await this.parts.handling.handle(message);
    message.startedAtMs = undefined;
    switch (outcome.kind) {
      case 'applied':
      case 'duplicate':
        this.counts[outcome.kind === 'applied' ? 'applied' : 'duplicates'] += 1;
        return this.acks.add(message);
      case 'stale':
        this.counts.stale += 1;
        return this.acks.add(message);
      case 'dead':
        return this.bury(message, outcome.reason);
      case 'lost':
        return this.forget(message);
      case 'outage':
        this.receivers.waitForDatabase();
        await this.giveBackWaiting();
        return this.tryAgain(message);
      case 'retry':
        return this.tryAgain(message, outcome.afterSeconds);
    }
  }

  /** The original is deleted only once the letter has arrived. */
  private async bury(message: HeldMessage, reason: DeadLetterReason): Promise<void> {
    try {
      await this.parts.deadLetters.send(message, reason);
      this.counts.deadLettered += 1;
      this.acks.add(message);
    } catch (error) {
      this.parts.log.error(errorFields(error), 'A dead letter could not be sent; it stays');
      await this.tryAgain(message);
    }
  }

  private async tryAgain(message: HeldMessage, afterSeconds?: number): Promise<void> {
    this.counts.retried += 1;
    const seconds = Math.round(Math.min(900, Math.max(0, afterSeconds ?? 0)));
    await this.giveBack([message], seconds || this.retrySeconds(message));
  }

  private retrySeconds(message: HeldMessage): number {
    const { retryBaseSeconds, retryCapSeconds } = this.parts.config;
    const seconds = fullJitter(message.receiveCount - 1, retryBaseSeconds, retryCapSeconds);
    return Math.min(retryCapSeconds, Math.max(1, Math.ceil(seconds)));
  }

  private giveBackWaiting(): Promise<void> {
    return this.giveBack(this.schedule.remove(), this.isClosing ? 0 : 2);
  }

  /** Lets messages come again after some seconds, here or elsewhere. */
  private async giveBack(messages: HeldMessage[], seconds: number): Promise<void> {
    for (const message of messages) this.forget(message);
    const batches = inTens(messages.filter((message) => !message.isLost));
    await Promise.all(
      batches.map(async (batch) => {
        try {
          const handles = batch.map(({ receiptHandle }) => receiptHandle);
          await this.parts.calls.setVisibility(handles, seconds);
        } catch (error) {
          this.parts.log.warn(errorFields(error), 'Messages come again only when hidden no more');
        }
      }),
    );
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
  }

  private async drain(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
    await this.acks.flush();
  }
}
