import type { Lease, OutboxRow, RowOutcome } from './outbox-rows.js';
import { PublishLines } from './publish-lines.js';
import { type Settled, Settlements } from './settlements.js';

/** Events of one shard that are on their way out together. */
export interface Claim {
  lease: Lease;
  rows: OutboxRow[];
}

export interface PipelineParts {
  /** Sends one batch of one topic; undefined when nothing could be sent, as in an outage. */
  send(batch: OutboxRow[]): Promise<RowOutcome[] | undefined>;
  /** Writes down what became of events, each under the lease it was claimed with. */
  settle(settled: Settled[]): Promise<unknown>;
  /** Milliseconds for which a shard is still surely ours. */
  remainingMs(shard: number): number;
  /** False as soon as no further batch may start. */
  mayPublish(): boolean;
  /** Called when nothing of a shard is on its way any more; `published` of it have arrived. */
  freed(shard: number, claimed: number, published: number): void;
  publishesInFlight: number;
}

/** With less left of a lease nothing is sent any more. */
const LAST_MS = 100;

interface Hand {
  lease: Lease;
  claimed: number;
  left: number;
  published: number;
}

/**
 * Publishes what was claimed of any number of shards, packed together, and has it written down. A
 * shard is freed, to be claimed again, when all that was claimed of it is published and written
 * down, or given up.
 */
export class PublishPipeline {
  private readonly lines = new PublishLines();
  private readonly hands = new Map<number, Hand>();
  private readonly flying = new Set<Promise<void>>();
  private readonly settlements: Settlements;

  constructor(private readonly parts: PipelineParts) {
    this.settlements = new Settlements(parts.settle, (settled, isWritten) => {
      const rows = settled.map(({ outcome }) => outcome.row);
      this.release(rows, isWritten ? settled : []);
    });
  }

  get inFlight(): number {
    return this.flying.size;
  }

  isBusy(shard: number): boolean {
    return this.hands.has(shard);
  }

  take(claims: readonly Claim[]): void {
    for (const { lease, rows } of claims) {
      if (rows.length === 0) continue;
      const { length } = rows;
      this.hands.set(lease.shard, { lease, claimed: length, left: length, published: 0 });
      this.lines.add(rows);
    }
    this.pump();
  }

  /** Starts nothing more; resolves when what is in flight has arrived and is written down. */
  async stop(): Promise<void> {
    this.release(this.lines.clear());
    while (this.flying.size > 0) await Promise.all(this.flying);
    await this.settlements.finish();
  }

  private pump(): void {
    for (;;) {
      if (!this.parts.mayPublish()) {
        this.release(this.lines.clear());
        return;
      }
      if (this.flying.size >= this.parts.publishesInFlight) return;
      this.giveUpLostShards();
      const batch = this.lines.take();
      if (batch.length === 0) return;
      const flight = this.fly(batch).finally(() => {
        this.flying.delete(flight);
        this.pump();
      });
      this.flying.add(flight);
    }
  }

  private async fly(batch: OutboxRow[]): Promise<void> {
    const outcomes = await this.parts.send(batch);
    if (outcomes === undefined) {
      this.release(this.lines.giveUp(batch));
      this.release(this.lines.clear());
      return;
    }
    this.release(this.lines.done(outcomes));
    this.settlements.add(
      outcomes.map((outcome) => {
        const hand = this.hands.get(outcome.row.shard);
        if (!hand) throw new Error(`Shard ${outcome.row.shard} was freed too soon.`);
        return { outcome, lease: hand.lease };
      }),
    );
  }

  /** What may belong to another relay by now must not be sent. */
  private giveUpLostShards(): void {
    const lost = [...this.hands.keys()].filter((shard) => this.parts.remainingMs(shard) < LAST_MS);
    if (lost.length > 0) this.release(this.lines.clear((row) => lost.includes(row.shard)));
  }

  private release(rows: readonly OutboxRow[], settled: readonly Settled[] = []): void {
    for (const { outcome } of settled) {
      const hand = this.hands.get(outcome.row.shard);
      if (hand && outcome.kind === 'published') hand.published += 1;
    }
    for (const { shard } of rows) {
      const hand = this.hands.get(shard);
      if (!hand) continue;
      hand.left -= 1;
      if (hand.left > 0) continue;
      this.hands.delete(shard);
      this.parts.freed(shard, hand.claimed, hand.published);
    }
  }
}
