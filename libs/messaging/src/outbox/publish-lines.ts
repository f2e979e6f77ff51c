import type { OutboxRow, RowOutcome } from './outbox-rows.js';

/** Entries and bytes of one PublishBatch; SNS takes 256 KiB, the rest is for what it adds. */
export const BATCH_ENTRIES = 10;
export const BATCH_BYTES = 240 * 1024;

/**
 * Claimed events, one line per key. An event may go only after the one before it with the same key
 * has arrived, so a key is never in two batches in flight, nor twice in one.
 */
export class PublishLines {
  /** Per key what is still to be sent, first come first; the first may be in flight. */
  private readonly lines = new Map<string, OutboxRow[]>();
  /** Keys whose first event may go, in turn. */
  private ready: string[] = [];

  add(rows: readonly OutboxRow[]): void {
    for (const row of rows) {
      const line = this.lines.get(row.agg_key);
      if (line) line.push(row);
      else {
        this.lines.set(row.agg_key, [row]);
        this.ready.push(row.agg_key);
      }
    }
  }

  /** Takes the first event of as many keys as fit one batch of one topic. */
  take(): OutboxRow[] {
    const batch: OutboxRow[] = [];
    const passedOver: string[] = [];
    let bytes = 0;
    let at = 0;
    for (; at < this.ready.length && batch.length < BATCH_ENTRIES; at += 1) {
      const key = this.ready[at] as string;
      const row = this.lines.get(key)?.[0] as OutboxRow;
      const isOfTopic = batch[0] === undefined || batch[0].topic === row.topic;
      if (!isOfTopic || (batch.length > 0 && bytes + row.bytes > BATCH_BYTES)) {
        passedOver.push(key);
        continue;
      }
      batch.push(row);
      bytes += row.bytes;
    }
    this.ready.splice(0, at, ...passedOver);
    return batch;
  }

  /**
   * What became of a batch. Returns the later events of keys whose event did not arrive: they are
   * left for another time.
   */
  done(outcomes: readonly RowOutcome[]): OutboxRow[] {
    return outcomes.flatMap(({ row, kind }) => {
      const line = this.lines.get(row.agg_key) ?? [];
      line.shift();
      if (kind === 'published' && line.length > 0) {
        this.ready.push(row.agg_key);
        return [];
      }
      this.lines.delete(row.agg_key);
      return line;
    });
  }

  /** Gives up a batch that was not sent, and returns it with what waited behind it. */
  giveUp(batch: readonly OutboxRow[]): OutboxRow[] {
    return batch.flatMap(({ agg_key: key }) => {
      const line = this.lines.get(key) ?? [];
      this.lines.delete(key);
      return line;
    });
  }

  /** Takes out the events that are not in flight, or of them those of some shards. */
  clear(isUnwanted: (row: OutboxRow) => boolean = () => true): OutboxRow[] {
    const ready = this.ready.filter((key) => {
      const first = this.lines.get(key)?.[0];
      return first !== undefined && !isUnwanted(first);
    });
    const kept = new Set(ready);
    const dropped = this.ready.filter((key) => !kept.has(key));
    this.ready = ready;
    return dropped.flatMap((key) => {
      const line = this.lines.get(key) ?? [];
      this.lines.delete(key);
      return line;
    });
  }
}
