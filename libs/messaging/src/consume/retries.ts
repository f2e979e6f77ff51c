import { fullJitter } from '../backoff.js';
import type { DeadLetterReason } from './errors.js';
import type { HeldMessage } from './held-message.js';
import type { Retry } from './outcome.js';
import { RetryBudget } from './retry-budget.js';
import type { TypePauses } from './type-pauses.js';

/** Longest a message is hidden between two tries. */
const LONGEST_SECONDS = 900;
const FIRST_PAUSE_SECONDS = 30;

export interface RetrySettings {
  retryBaseSeconds: number;
  retryCapSeconds: number;
}

/** When a message that failed comes again, and whether its type may be handled at all meanwhile. */
export class Retries {
  private readonly budget = new RetryBudget();

  constructor(
    private readonly settings: RetrySettings,
    private readonly pauses: TypePauses,
    private readonly onChange: (type: string, isPaused: boolean) => void,
  ) {}

  /** False for a message of a paused type, but for the one that is to see whether it works again. */
  admits(message: HeldMessage): boolean {
    return message.reading.kind !== 'event' || this.pauses.admits(message.type);
  }

  succeeded(message: HeldMessage): void {
    if (message.reading.kind !== 'event') return;
    this.budget.succeeded(`handler of ${message.type}`);
    this.budget.succeeded('database');
    if (this.pauses.succeeded(message.type)) this.onChange(message.type, false);
  }

  /** Whether the type is paused from now on, because many fail in this way. */
  failed(message: HeldMessage, { code, fingerprint }: DeadLetterReason): boolean {
    if (message.reading.kind !== 'event' || code === 'claim-check') return false;
    if (!this.pauses.failed(message.type, fingerprint, message.messageId)) return false;
    this.onChange(message.type, true);
    return true;
  }

  /** Full jitter by the number of tries; the longest wait while the dependency mostly fails. */
  secondsUntilNext(message: HeldMessage, retry: Retry | undefined): number {
    const { retryBaseSeconds, retryCapSeconds } = this.settings;
    const asked = Math.round(Math.min(LONGEST_SECONDS, Math.max(0, retry?.afterSeconds ?? 0)));
    if (asked > 0) return asked;
    const dependency = retry?.dependency;
    if (dependency !== undefined && !this.budget.spend(dependency)) return retryCapSeconds;
    const seconds = fullJitter(message.receiveCount - 1, retryBaseSeconds, retryCapSeconds);
    return Math.min(retryCapSeconds, Math.max(1, Math.ceil(seconds)));
  }

  /** Doubling: the few receives SQS allows a message then last for hours. */
  pauseSeconds(message: HeldMessage): number {
    return Math.min(LONGEST_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (message.receiveCount - 1));
  }
}
