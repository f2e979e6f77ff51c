import { pause } from '../backoff.js';
import type { Lease, OutboxRows, RowOutcome } from './outbox-rows.js';

/** Tries at writing down what was published; each later one waits longer. */
const TRIES = 4;

/**
 * Writes outcomes of one round to the database. While one write is under way the outcomes of
 * further batches gather, so that many batches share a commit when there is much to do.
 */
export class Settlements {
  private gathered: RowOutcome[] = [];
  private writing: Promise<void> | undefined;
  private failure: unknown;

  constructor(
    private readonly rows: OutboxRows,
    private readonly lease: Lease,
  ) {}

  add(outcomes: RowOutcome[]): void {
    this.gathered.push(...outcomes);
    this.writing ??= this.write().finally(() => (this.writing = undefined));
  }

  /** Resolves when everything added is written; rejects when it could not be. */
  async finish(): Promise<void> {
    while (this.writing) await this.writing;
    if (this.failure !== undefined) throw this.failure;
  }

  private async write(): Promise<void> {
    while (this.gathered.length > 0) {
      const batch = this.gathered.splice(0);
      try {
        await this.writeBatch(batch);
      } catch (error) {
        // The events stay unpublished in the table and are sent again: twice, but never not at all.
        this.failure = error;
        return;
      }
    }
  }

  private async writeBatch(batch: RowOutcome[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.rows.settle(this.lease, batch);
        return;
      } catch (error) {
        if (attempt === TRIES) throw error;
        await pause(50 * 2 ** attempt);
      }
    }
  }
}
