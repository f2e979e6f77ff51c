import { fullJitter, type Random } from '../backoff.js';

export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerSettings {
  /** Failures in a row that open it. */
  failures: number;
  baseMs: number;
  capMs: number;
}

/**
 * Stops the relay from reading what it cannot send. Open, it lets one probe through after a while;
 * the probe's success closes it, its failure opens it for longer.
 */
export class Breaker {
  private failuresInRow = 0;
  private openings = 0;
  private retryAtMs = 0;
  private current: BreakerState = 'closed';

  constructor(
    private readonly settings: BreakerSettings,
    private readonly nowMs: () => number = () => performance.now(),
    private readonly random: Random = Math.random,
  ) {}

  get state(): BreakerState {
    return this.current;
  }

  /** Whether `pass` would say yes now. */
  isPassable(): boolean {
    return this.current === 'closed' || (this.current === 'open' && this.nowMs() >= this.retryAtMs);
  }

  /** Asks to send; a yes while open makes the caller the probe, who must report how it went. */
  pass(): boolean {
    if (!this.isPassable()) return false;
    if (this.current === 'open') this.current = 'half-open';
    return true;
  }

  /** Returns whether this closed it. */
  succeeded(): boolean {
    const wasClosed = this.current === 'closed';
    this.current = 'closed';
    this.failuresInRow = 0;
    this.openings = 0;
    return !wasClosed;
  }

  /** Returns whether this opened it after it was closed. */
  failed(): boolean {
    this.failuresInRow += 1;
    if (this.current === 'closed' && this.failuresInRow < this.settings.failures) return false;
    // Half the wait is certain, so that an outage is not probed in a tight loop by luck.
    const { baseMs, capMs } = this.settings;
    const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(this.openings, 30));
    const waitMs = ceiling / 2 + fullJitter(this.openings, baseMs / 2, capMs / 2, this.random);
    const before = this.current;
    this.current = 'open';
    // Batches that were under way when it opened fail late; they do not lengthen the wait.
    if (before !== 'open') {
      this.openings += 1;
      this.retryAtMs = this.nowMs() + waitMs;
    }
    return before === 'closed';
  }
}
