interface Bucket {
  tokens: number;
  /** Milliseconds of a clock that never goes back. */
  at: number;
}

/** Callers remembered at most; beyond it all are forgotten, which is kind and bounded. */
const MAX_BUCKETS = 200_000;
const SWEEP_MS = 30_000;

/** A token bucket for each caller, in the memory of this gateway. */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();
  private sweptAt = 0;

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
  ) {}

  /** 0 when the request may pass, otherwise the seconds after which one will. */
  take(caller: string, nowMs: number): number {
    this.sweep(nowMs);
    const bucket = this.buckets.get(caller) ?? { tokens: this.burst, at: nowMs };
    const tokens = this.filled(bucket, nowMs);
    if (tokens < 1) return Math.ceil((1 - tokens) / this.perSecond);
    this.buckets.set(caller, { tokens: tokens - 1, at: nowMs });
    return 0;
  }

  private filled(bucket: Bucket, nowMs: number): number {
    const gained = ((nowMs - bucket.at) / 1000) * this.perSecond;
    return Math.min(this.burst, bucket.tokens + gained);
  }

  /** A full bucket says nothing, so it need not be kept. */
  private sweep(nowMs: number): void {
    if (this.buckets.size >= MAX_BUCKETS) this.buckets.clear();
    if (nowMs - this.sweptAt < SWEEP_MS) return;
    this.sweptAt = nowMs;
    for (const [caller, bucket] of this.buckets) {
      if (this.filled(bucket, nowMs) >= this.burst) this.buckets.delete(caller);
    }
  }
}
