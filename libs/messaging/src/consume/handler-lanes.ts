import type { Lanes } from './fair-schedule.js';

/** What the handler of a type says of itself: the second argument of `@EventPattern`. */
export interface HandlerOptions {
  /** The handler takes an array of events of one institution, all in one transaction. */
  batch?: boolean;
  /** Each event has a transaction to itself. */
  alone?: boolean;
  /** Most transactions of this type at once in the process. */
  atMost?: number;
}

interface Lane {
  options: HandlerOptions;
  running: number;
  /** Moving average of the milliseconds one message takes. */
  costMs: number;
}

/** Messages that share a transaction should not keep each other waiting for longer. */
const TOGETHER_MS = 200;
const FIRST_GUESS_MS = 5;
/** Weight of the newest in the moving average. */
const WEIGHT = 0.1;
/** The newest counts as no more than so many times the average. */
const MOST_AT_ONCE = 4;

/**
 * A bulkhead per type: a type that is slow or stuck leaves places to the others, and one whose
 * messages take long is given fewer of them for one transaction.
 */
export class HandlerLanes implements Lanes {
  private readonly lanes = new Map<string, Lane>();
  /** Types with a handler; with several, none may take the last place. */
  private types = 0;

  constructor(
    private readonly places: () => number,
    private readonly mostTogether: number,
  ) {}

  define(type: string, options: HandlerOptions): void {
    this.lanes.set(type, { options, running: 0, costMs: FIRST_GUESS_MS });
    this.types = this.lanes.size;
  }

  isOpen(type: string): boolean {
    const lane = this.lanes.get(type);
    if (!lane) return true;
    const others = this.types > 1 ? 1 : 0;
    const most = Math.max(1, Math.min(lane.options.atMost ?? Infinity, this.places() - others));
    return lane.running < most;
  }

  batchSize(type: string): number {
    const lane = this.lanes.get(type);
    if (!lane || lane.options.alone === true) return 1;
    return Math.max(1, Math.min(this.mostTogether, Math.floor(TOGETHER_MS / lane.costMs)));
  }

  costMs(type: string): number {
    return this.lanes.get(type)?.costMs ?? FIRST_GUESS_MS;
  }

  started(type: string): void {
    const lane = this.lanes.get(type);
    if (lane) lane.running += 1;
  }

  /** Returns how much longer than usual it took, as a ratio. */
  finished(type: string, count: number, ms: number): number {
    const lane = this.lanes.get(type);
    if (!lane) return 1;
    lane.running -= 1;
    const each = Math.max(0.1, ms / Math.max(1, count));
    const ratio = each / lane.costMs;
    // One that waited for a lock or a person says little about the others of its type.
    lane.costMs += (Math.min(each, MOST_AT_ONCE * lane.costMs) - lane.costMs) * WEIGHT;
    return ratio;
  }
}
