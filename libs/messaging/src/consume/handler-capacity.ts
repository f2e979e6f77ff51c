import { AdaptiveLimit } from './adaptive-limit.js';
import { HandlerLanes } from './handler-lanes.js';
import { HandlerPlaces } from './handler-places.js';

/**
 * What the queues of one service share, because their handlers share one database: places that are
 * as many as do good, and among them the bulkheads of the types.
 */
export class HandlerCapacity {
  readonly places: HandlerPlaces;
  readonly lanes: HandlerLanes;
  private readonly limit: AdaptiveLimit;
  /** Connection waits since the last sample. */
  private waitedMs = 0;

  constructor(concurrency: number, mostTogether: number) {
    this.limit = new AdaptiveLimit(concurrency);
    this.places = new HandlerPlaces(() => this.limit.value);
    this.lanes = new HandlerLanes(() => this.limit.value, mostTogether);
  }

  /** Handlers that may run at once now. */
  get concurrency(): number {
    return this.limit.value;
  }

  waited(ms: number): void {
    this.waitedMs += ms;
  }

  started(type: string): void {
    this.lanes.started(type);
  }

  finished(type: string, count: number, tookMs: number): void {
    const slowness = this.lanes.finished(type, count, tookMs);
    this.limit.sample({ waitedMs: this.waitedMs, tookMs, slowness });
    this.waitedMs = 0;
  }
}
