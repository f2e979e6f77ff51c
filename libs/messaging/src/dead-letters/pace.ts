import { pause } from '../backoff.js';

export interface PaceClock {
  nowMs(): number;
  pause(ms: number, signal?: AbortSignal): Promise<void>;
}

const REAL_CLOCK: PaceClock = { nowMs: () => performance.now(), pause };

/**
 * So many per second and no more: whoever takes some waits until those taken before are paid for.
 * Nothing is saved up while nobody takes.
 */
export class Pace {
  private freeAtMs = -Infinity;

  constructor(
    private readonly perSecond: number,
    private readonly clock: PaceClock = REAL_CLOCK,
  ) {
    if (!(perSecond > 0)) throw new Error('A pace is more than none per second.');
  }

  /** Resolves when `count` may go, or at once when the signal aborts. */
  async take(count: number, signal?: AbortSignal): Promise<void> {
    const startMs = Math.max(this.clock.nowMs(), this.freeAtMs);
    this.freeAtMs = startMs + (count / this.perSecond) * 1_000;
    const waitMs = startMs - this.clock.nowMs();
    if (waitMs > 0) await this.clock.pause(waitMs, signal);
  }
}
