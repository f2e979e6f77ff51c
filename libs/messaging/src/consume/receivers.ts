import type { Message } from '@aws-sdk/client-sqs';
import { fullJitter, pause } from '../backoff.js';
import type { ConsumerConfig } from '../config.js';
import { type QueueMetrics, secondsSince } from '../trace/metrics.js';
import type { QueueCalls } from './queue-calls.js';

export interface ReceiverStats {
  receivers: number;
  /** False while the last receive failed. */
  isReceiving: boolean;
  lastReceiveError: string | undefined;
  lastReceivedAt: string | undefined;
  /** True while nothing is received because the database is away. */
  isWaitingForDatabase: boolean;
}

export interface Receipt {
  startedAt: Date;
  visibleUntilMs: number;
  requestId: string | undefined;
}

export interface ReceiverParts {
  calls: QueueCalls;
  config: ConsumerConfig;
  metrics: QueueMetrics;
  /** How many more messages may be held. */
  room(): number;
  isDatabaseUp(): Promise<boolean>;
  received(messages: Message[], receipt: Receipt): Promise<void>;
  failed(error: unknown): void;
}

/** Most messages of one receive. */
const FULL_RECEIVE = 10;
/** Longest a long poll may go on once the service stops. */
const LAST_POLL_MS = 1_000;

/** The long polls of one queue: only while there is room, and never in a hot loop. */
export class Receivers {
  private readonly stopping = new AbortController();
  private readonly aborting = new AbortController();
  private loops: Promise<unknown> = Promise.resolve();
  private polls = 0;
  private readonly waitingForRoom = new Set<() => void>();
  private databaseWait: Promise<void> | undefined;
  private lastReceiveError: string | undefined;
  private lastReceivedAt: string | undefined;

  constructor(readonly parts: ReceiverParts) {}

  start(): void {
    const { receivers } = this.parts.config;
    this.loops = Promise.all(Array.from({ length: receivers }, () => this.loop()));
  }

  stats(): ReceiverStats {
    return {
      receivers: this.parts.config.receivers,
      isReceiving: this.lastReceiveError === undefined && !this.stopping.signal.aborted,
      lastReceiveError: this.lastReceiveError,
      lastReceivedAt: this.lastReceivedAt,
      isWaitingForDatabase: this.databaseWait !== undefined,
    };
  }

  roomMade(): void {
    for (const go of this.waitingForRoom) go();
  }

  /** No more receives until the database answers. */
  waitForDatabase(): void {
    this.databaseWait ??= this.untilDatabaseIsUp().finally(() => (this.databaseWait = undefined));
  }

  /**
   * Starts no further poll, lets those under way end by themselves if that is soon, and else
   * aborts them: what an aborted poll had received stays hidden for a while.
   */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.roomMade();
    const { receiveWaitSeconds } = this.parts.config;
    const isShort = receiveWaitSeconds <= 2;
    const graceMs = isShort ? receiveWaitSeconds * 1_000 + 500 : LAST_POLL_MS;
    await Promise.race([this.loops, pause(graceMs, this.aborting.signal)]);
    this.aborting.abort();
    await this.loops;
  }

  private async loop(): Promise<void> {
    let failures = 0;
    while (!this.stopping.signal.aborted) {
      await this.databaseWait;
      if (!(await this.enterRoom())) continue;
      const startedMs = performance.now();
      try {
        await this.receiveOnce();
        failures = 0;
      } catch (error) {
        if (this.aborting.signal.aborted) return;
        this.lastReceiveError = error instanceof Error ? `${error.name}: ${error.message}` : '?';
        this.parts.metrics.receiveFailed(error, secondsSince(startedMs));
        this.parts.failed(error);
        const waitMs = 200 + fullJitter(failures, 300, 15_000);
        failures += 1;
        await pause(waitMs, this.stopping.signal);
      } finally {
        this.polls -= 1;
        this.roomMade();
      }
    }
  }

  private async receiveOnce(): Promise<void> {
    const { calls, config, metrics, received } = this.parts;
    const { receiveWaitSeconds, visibilityTimeoutSeconds } = config;
    const startedAt = new Date();
    const startedMs = performance.now();
    const { messages, requestId } = await calls.receive(
      receiveWaitSeconds,
      visibilityTimeoutSeconds,
      this.aborting.signal,
    );
    this.lastReceiveError = undefined;
    this.lastReceivedAt = new Date().toISOString();
    if (messages.length === 0) return;
    metrics.received(messages.length, secondsSince(startedMs));
    // They were hidden some time before the answer arrived: not before the poll began, and hardly
    // longer ago than a tenth of the time that they stay hidden.
    const visibilityMs = visibilityTimeoutSeconds * 1_000;
    const arrivedMs = performance.now();
    const hiddenMs = Math.max(startedMs, arrivedMs - visibilityMs / 10);
    const visibleUntilMs = hiddenMs + visibilityMs;
    await received(messages, { startedAt, visibleUntilMs, requestId });
  }

  /** Waits until a full receive would fit beside those of the other polls; false when stopped. */
  private async enterRoom(): Promise<boolean> {
    while (!this.stopping.signal.aborted && !this.databaseWait) {
      if (this.parts.room() >= (this.polls + 1) * FULL_RECEIVE) {
        this.polls += 1;
        return true;
      }
      await new Promise<void>((resolve) => {
        const go = () => {
          this.waitingForRoom.delete(go);
          resolve();
        };
        this.waitingForRoom.add(go);
      });
    }
    return false;
  }

  private async untilDatabaseIsUp(): Promise<void> {
    for (let attempt = 0; !this.stopping.signal.aborted; attempt += 1) {
      await pause(100 + fullJitter(attempt, 200, 5_000), this.stopping.signal);
      if (await this.parts.isDatabaseUp()) return;
    }
  }
}
