import { messageAttributes, messageBytes } from '../envelope/message-attributes.js';
import type { OutboxRow, RowOutcome } from './outbox-rows.js';
import type { Semaphore } from './semaphore.js';

/** Entries and bytes of one PublishBatch; SNS takes 256 KiB, the rest is for what it adds. */
export const BATCH_ENTRIES = 10;
export const BATCH_BYTES = 240 * 1024;

export interface RoundParts {
  /** Sends one batch of one topic; undefined when nothing could be sent, as in an outage. */
  send(batch: OutboxRow[]): Promise<RowOutcome[] | undefined>;
  /** Called with what became of the events of each batch as soon as it is known. */
  settled(outcomes: RowOutcome[]): void;
  /** True as soon as no further batch may start. */
  isHalted(): boolean;
  places: Semaphore;
}

/**
 * Publishes claimed rows of one shard. An event starts only after the one before it with the same
 * key has arrived, so a key is never in two batches in flight, nor twice in one; when an event
 * fails, the later ones of its key are left for another round.
 */
export class PublishRound {
  /** Per key what is still to be sent, first come first; a key in flight is not in `ready`. */
  private readonly waiting = new Map<string, OutboxRow[]>();
  private readonly ready: string[] = [];
  private isBroken = false;

  constructor(
    rows: OutboxRow[],
    private readonly parts: RoundParts,
  ) {
    for (const row of rows) {
      const key = keyOf(row);
      const line = this.waiting.get(key);
      if (line) line.push(row);
      else {
        this.waiting.set(key, [row]);
        this.ready.push(key);
      }
    }
  }

  async run(): Promise<void> {
    const flying = new Set<Promise<void>>();
    for (;;) {
      while (this.ready.length > 0 && !this.isHalted()) {
        const release = await this.parts.places.acquire();
        const batch = this.isHalted() ? [] : this.pack();
        if (batch.length === 0) {
          release();
          continue;
        }
        const flight = this.fly(batch).finally(() => {
          release();
          flying.delete(flight);
        });
        flying.add(flight);
      }
      if (flying.size === 0) return;
      await Promise.race(flying);
    }
  }

  private isHalted(): boolean {
    return this.isBroken || this.parts.isHalted();
  }

  private async fly(batch: OutboxRow[]): Promise<void> {
    const outcomes = await this.parts.send(batch);
    if (outcomes === undefined) {
      this.isBroken = true;
      return;
    }
    this.parts.settled(outcomes);
    for (const { row, kind } of outcomes) {
      const key = keyOf(row);
      const line = this.waiting.get(key);
      line?.shift();
      if (kind === 'published' && line && line.length > 0) this.ready.push(key);
      else this.waiting.delete(key);
    }
  }

  /** Takes the first event of as many keys as fit one batch of one topic. */
  private pack(): OutboxRow[] {
    const batch: OutboxRow[] = [];
    let bytes = 0;
    for (let index = 0; index < this.ready.length && batch.length < BATCH_ENTRIES;) {
      const row = this.waiting.get(this.ready[index] as string)?.[0] as OutboxRow;
      const size = rowBytes(row);
      const fits = batch.length === 0 || bytes + size <= BATCH_BYTES;
      if (!fits || (batch[0] && batch[0].topic !== row.topic)) {
        index += 1;
        continue;
      }
      this.ready.splice(index, 1);
      batch.push(row);
      bytes += size;
    }
    return batch;
  }
}

export function rowBytes(row: OutboxRow): number {
  return messageBytes(JSON.stringify(row.envelope), messageAttributes(row.envelope, row.headers));
}

function keyOf(row: OutboxRow): string {
  return row.agg_key;
}
