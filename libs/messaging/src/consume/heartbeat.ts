import { errorFields, type MessagingLog } from '../log.js';
import type { QueueMetrics } from '../trace/metrics.js';
import type { HeldMessage } from './held-message.js';
import { inTens } from './in-tens.js';
import type { QueueCalls } from './queue-calls.js';

export interface HeartbeatParts {
  calls: QueueCalls;
  metrics: QueueMetrics;
  visibilitySeconds: number;
  maxHandlerSeconds: number;
  /** Everything held: running, waiting to run, waiting to be deleted. */
  held(): Iterable<HeldMessage>;
  /** Called once per message that is lost. */
  lost(message: HeldMessage): void;
  log: MessagingLog;
}

/**
 * Keeps messages hidden from other consumers while they are held: one timer for the queue, at half
 * the visibility timeout of each. A message whose extension is refused, or came too late, is lost.
 */
export class Heartbeat {
  private readonly timer: NodeJS.Timeout;
  private readonly reported = new WeakSet<HeldMessage>();
  private isBeating = false;

  constructor(private readonly parts: HeartbeatParts) {
    const everyMs = Math.max(50, (parts.visibilitySeconds * 1000) / 8);
    this.timer = setInterval(() => void this.beat(), everyMs);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async beat(): Promise<void> {
    if (this.isBeating) return;
    this.isBeating = true;
    try {
      const due = this.judge();
      await Promise.all(inTens(due).map((batch) => this.extend(batch)));
      this.judge();
    } finally {
      this.isBeating = false;
    }
  }

  /** Loses what is too late or too long; returns what is due for an extension. */
  private judge(): HeldMessage[] {
    const now = performance.now();
    const { visibilitySeconds, maxHandlerSeconds } = this.parts;
    const due: HeldMessage[] = [];
    for (const message of this.parts.held()) {
      const runsMs = message.startedAtMs === undefined ? 0 : now - message.startedAtMs;
      if (message.isLost) this.lose(message, 'its visibility ended');
      else if (runsMs > maxHandlerSeconds * 1000) this.lose(message, 'its handler took too long');
      else if (message.visibleUntilMs - now <= visibilitySeconds * 500) due.push(message);
    }
    return due;
  }

  private async extend(batch: HeldMessage[]): Promise<void> {
    const { calls, visibilitySeconds, log } = this.parts;
    const visibleUntilMs = performance.now() + visibilitySeconds * 1000;
    try {
      const handles = batch.map((message) => message.receiptHandle);
      const faults = await calls.setVisibility(handles, visibilitySeconds);
      batch.forEach((message, index) => {
        const fault = faults[index];
        if (fault === undefined) message.visibleUntilMs = visibleUntilMs;
        else if (fault.isOurs) this.lose(message, fault.code);
      });
    } catch (error) {
      // Tried again at the next beat, of which several fit before the visibility ends.
      log.warn(errorFields(error), 'Held messages could not be extended');
    }
  }

  private lose(message: HeldMessage, why: string): void {
    if (this.reported.has(message)) return;
    this.reported.add(message);
    message.lose(why);
    this.parts.metrics.lost();
    this.parts.log.warn({ messageId: message.messageId, why }, 'A held message was lost');
    this.parts.lost(message);
  }
}
