export interface HandlingSample {
  /** Milliseconds it waited for a database connection. */
  waitedMs: number;
  /** Milliseconds it took, that wait included. */
  tookMs: number;
  /** How much longer than usual for its type that was; 1 is as usual. */
  slowness: number;
}

/** Samples that make one decision. */
const WINDOW = 20;
/** Above this part of the time spent waiting for a connection there are more handlers than use. */
const WAITING_PART = 0.3;
/** Above this the database answers so slowly that more handlers only make it slower. */
const SLOWNESS = 2;

/**
 * How many handlers may run at once, from how they fare: one more after a window in which nobody
 * had to wait, and a tenth fewer after one in which they waited for connections or took twice as
 * long as usual (additive increase, multiplicative decrease).
 */
export class AdaptiveLimit {
  private limit: number;
  private samples = 0;
  private waitedMs = 0;
  private tookMs = 0;
  private slowness = 0;

  constructor(
    private readonly most: number,
    private readonly least = 1,
  ) {
    this.limit = most;
  }

  get value(): number {
    return Math.max(this.least, Math.floor(this.limit));
  }

  sample({ waitedMs, tookMs, slowness }: HandlingSample): void {
    this.samples += 1;
    this.waitedMs += waitedMs;
    this.tookMs += tookMs;
    // One very long handler says nothing about how many there should be.
    this.slowness += Math.min(slowness, 2 * SLOWNESS);
    if (this.samples < WINDOW) return;
    const isWaiting = this.waitedMs > WAITING_PART * this.tookMs;
    const isSlow = this.slowness / this.samples > SLOWNESS;
    this.limit = isWaiting || isSlow ? this.limit * 0.9 : this.limit + 1;
    this.limit = Math.min(this.most, Math.max(this.least, this.limit));
    this.samples = 0;
    this.waitedMs = 0;
    this.tookMs = 0;
    this.slowness = 0;
  }
}
