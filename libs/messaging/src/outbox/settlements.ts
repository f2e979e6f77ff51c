import { pause } from '../backoff.js';
import type { Lease, RowOutcome } from './outbox-rows.js';

export interface Settled {
  outcome: RowOutcome;
  /** Under which the event was claimed: a later owner's word is not overwritten. */
  lease: Lease;
}

/** Tries at writing down what was published; each later one waits longer. */
const TRIES = 4;

/**
 * Writes outcomes to the database. While one write is under way the outcomes of further batches
 * gather, so that many batches share a commit when there is much to do.
 */
export class Settlements {
  private gathered: Settled[] = [];
  private writing: Promise<void> | undefined;

  constructor(
    private readonly settle: (settled: Settled[]) => Promise<unknown>,
    /** Not written: the events stay unpublished in the table, and are sent again. */
    private readonly done: (settled: Settled[], isWritten: boolean) => void,
  ) {}

  add(settled: Settled[]): void {
    this.gathered.push(...settled);
    this.writing ??= this.write().finally(() => (this.writing = undefined));
  }

  /** Resolves when everything added is written, or given up. */
  async finish(): Promise<void> {
    while (this.writing) await this.writing;
  }

  private async write(): Promise<void> {
    while (this.gathered.length > 0) {
      const batch = this.gathered.splice(0);
      this.done(batch, await this.isWritten(batch));
    }
  }

  private async isWritten(batch: Settled[]): Promise<boolean> {
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      try {
        await this.settle(batch);
        return true;
      } catch {
        if (attempt < TRIES) await pause(50 * 2 ** attempt);
      }
    }
    return false;
  }
}
