import { pause } from '../backoff.js';
import { errorFields, type MessagingLog } from '../log.js';
import { type QueueMetrics, secondsSince } from '../trace/metrics.js';
import { deleteSpan, failSpan } from '../trace/spans.js';
import type { HeldMessage } from './held-message.js';
import type { QueueCalls } from './queue-calls.js';

export interface AcknowledgementParts {
  queueName: string;
  calls: QueueCalls;
  metrics: QueueMetrics;
  /** The newest receipt handle of the message; an older one may delete nothing. */
  newestHandle(message: HeldMessage): string;
  /** Called when a message is deleted, or lost before it could be. */
  done(message: HeldMessage): void;
  log: MessagingLog;
}

/** How long deletions wait for company. */
const GATHER_MS = 5;

/** Deletes handled messages, up to ten per call, and tries again those that were not. */
export class Acknowledgements {
  private gathered: HeldMessage[] = [];
  private timer: NodeJS.Timeout | undefined;
  private readonly flights = new Set<Promise<void>>();

  constructor(private readonly parts: AcknowledgementParts) {}

  add(message: HeldMessage): void {
    this.gathered.push(message);
    if (this.gathered.length >= 10) this.send();
    else this.timer ??= setTimeout(() => this.send(), GATHER_MS);
  }

  /** Resolves when nothing is left to delete. */
  async flush(): Promise<void> {
    while (this.gathered.length > 0 || this.flights.size > 0) {
      this.send();
      await Promise.all(this.flights);
    }
  }

  private send(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = this.gathered.splice(0, 10);
    if (batch.length === 0) return;
    const flight = this.delete(batch).finally(() => this.flights.delete(flight));
    this.flights.add(flight);
  }

  private async delete(batch: HeldMessage[]): Promise<void> {
    let left = batch;
    for (let attempt = 0; left.length > 0; attempt += 1) {
      if (attempt > 0) await pause(Math.min(2_000, 50 * 2 ** attempt));
      left = left.filter((message) => !this.isGone(message));
      if (left.length > 0) left = await this.deleteOnce(left);
    }
  }

  /** Lost before it was deleted: it comes again, and the inbox knows it. */
  private isGone(message: HeldMessage): boolean {
    if (!message.isLost) return false;
    this.parts.log.warn({ messageId: message.messageId }, 'A handled message was not deleted');
    this.parts.done(message);
    return true;
  }

  private async deleteOnce(batch: HeldMessage[]): Promise<HeldMessage[]> {
    const { queueName, calls, metrics, newestHandle, done, log } = this.parts;
    const handled = batch.flatMap(({ processed }) => (processed ? [processed] : []));
    const span = deleteSpan(queueName, handled, batch.length);
    const startedMs = performance.now();
    try {
      const faults = await calls.delete(batch.map((message) => newestHandle(message)));
      metrics.deleted(secondsSince(startedMs));
      // A handle SQS does not accept never will be; the message is deleted or comes again.
      const isSettled = (index: number) => !faults[index] || faults[index].isOurs;
      batch.filter((_, index) => isSettled(index)).forEach((message) => done(message));
      return batch.filter((_, index) => !isSettled(index));
    } catch (error) {
      failSpan(span, error);
      metrics.deleted(secondsSince(startedMs), error);
      log.warn(errorFields(error), 'Handled messages could not be deleted; trying again');
      return batch;
    } finally {
      span.end();
    }
  }
}
