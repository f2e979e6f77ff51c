import type { SQSClient } from '@aws-sdk/client-sqs';
import { pause } from '../backoff.js';
import { inTens } from '../consume/in-tens.js';
import type { QueueCalls } from '../consume/queue-calls.js';
import type { DeadLetter, ReceivedLetter } from './dead-letter.js';
import { isMeant, isTooOld, type LetterFilter } from './letter-filter.js';
import { Pace, type PaceClock } from './pace.js';
import type { QueueWalk } from './queue-walk.js';
import { letterBatches, sendLetters } from './send-letters.js';

/**
 * `too-old`: the inbox may have forgotten it, so it stays; `failed`: it stays, for SQS did not take
 * it; `not-deleted`: it was sent, but lies here still, and sent again it would be a duplicate.
 */
export type LetterOutcome = 'redriven' | 'discarded' | 'too-old' | 'failed' | 'not-deleted';

export interface SettledLetter {
  letter: DeadLetter;
  outcome: LetterOutcome;
}

export interface Move {
  action: 'redrive' | 'discard';
  filter: LetterFilter;
  /** Letters per second. */
  perSecond: number;
  /** Stops between two batches. */
  signal: AbortSignal;
  /** Called before letters are touched; when it rejects, they are not. */
  before?(letters: DeadLetter[]): Promise<void>;
  /** Called with what became of them. */
  after?(settled: SettledLetter[]): Promise<void>;
}

export interface MoveParts {
  sqs: SQSClient;
  walk: QueueWalk;
  /** Of the dead-letter queue. */
  calls: QueueCalls;
  /** Of the queue the letters came from: they go nowhere else. */
  sourceUrl: string;
  nowMs: () => number;
  clock?: PaceClock | undefined;
}

export type MoveCounts = Record<LetterOutcome, number>;

export interface MoveResult {
  counts: MoveCounts;
  /** False when it stopped before the end of the queue. */
  isComplete: boolean;
}

export const NO_COUNTS: Readonly<MoveCounts> = {
  redriven: 0,
  discarded: 0,
  'too-old': 0,
  failed: 0,
  'not-deleted': 0,
};

/** How far SQS's clock may be behind ours. */
const SKEW_MS = 60_000;
/** Most times a deletion is tried: what stays behind is only a duplicate. */
const DELETE_TRIES = 3;

/**
 * Redrives or discards what the filter means, as long as the walk brings letters. Rejects when SQS
 * takes no call; what was done until then has been told to `after`.
 */
export class LetterMove {
  private readonly counts: MoveCounts = { ...NO_COUNTS };
  private readonly pace: Pace;
  private readonly startedMs: number;
  private readonly sent = new Set<string>();

  constructor(
    private readonly parts: MoveParts,
    private readonly move: Move,
  ) {
    this.pace = new Pace(move.perSecond, parts.clock);
    this.startedMs = parts.nowMs();
  }

  async run(): Promise<MoveResult> {
    const { walk, nowMs } = this.parts;
    const { action, filter, perSecond, signal } = this.move;
    for (;;) {
      const received = await walk.next(signal);
      if (received.length === 0) break;
      const meant = received.filter((one) => isMeant(filter, one.letter) && !this.cameBack(one));
      const refused = ({ letter }: ReceivedLetter) =>
        action === 'redrive' && isTooOld(letter, nowMs());
      await this.note(meant.filter(refused), 'too-old');
      const fit = meant.filter((letter) => !refused(letter));
      for (const batch of letterBatches(fit, Math.floor(perSecond))) {
        await this.pace.take(batch.length, signal);
        if (signal.aborted) break;
        await this.settle(batch);
      }
    }
    return { counts: this.counts, isComplete: walk.isComplete && !signal.aborted };
  }

  /**
   * What fails again is back while we are still at it, as a new letter. It is left: to send it once
   * more would go round for ever.
   */
  private cameBack({ letter, body }: ReceivedLetter): boolean {
    const isRecent = Date.parse(letter.arrivedAt) > this.startedMs - SKEW_MS;
    return isRecent && this.sent.has(letter.eventId ?? body);
  }

  private async settle(batch: ReceivedLetter[]): Promise<void> {
    await this.move.before?.(batch.map(({ letter }) => letter));
    if (this.move.action === 'discard') {
      const left = await this.delete(batch);
      await this.note(left, 'failed');
      await this.note(without(batch, left), 'discarded');
      return;
    }
    let arrived: ReceivedLetter[];
    try {
      arrived = await sendLetters(this.parts.sqs, this.parts.sourceUrl, batch);
    } catch (error) {
      await this.note(batch, 'failed');
      throw error;
    }
    for (const { letter, body } of arrived) this.sent.add(letter.eventId ?? body);
    // Only now: a letter may be in both queues, but never in none.
    const left = await this.delete(arrived);
    await this.note(without(batch, arrived), 'failed');
    await this.note(left, 'not-deleted');
    await this.note(without(arrived, left), 'redriven');
  }

  /** Those that could not be deleted. */
  private async delete(letters: ReceivedLetter[]): Promise<ReceivedLetter[]> {
    const { calls, walk } = this.parts;
    let left = letters;
    for (let attempt = 0; left.length > 0 && attempt < DELETE_TRIES; attempt += 1) {
      if (attempt > 0) await pause(100 * 2 ** attempt, this.move.signal);
      const faults = await Promise.all(
        inTens(left).map(async (ten) => {
          const handles = ten.map(({ receiptHandle }) => receiptHandle);
          return calls.delete(handles).catch(() => ten.map(() => true));
        }),
      );
      const isLeft = faults.flat();
      walk.settled(left.filter((_, index) => !isLeft[index]));
      left = left.filter((_, index) => isLeft[index]);
    }
    return left;
  }

  private async note(letters: ReceivedLetter[], outcome: LetterOutcome): Promise<void> {
    if (letters.length === 0) return;
    this.counts[outcome] += letters.length;
    await this.move.after?.(letters.map(({ letter }) => ({ letter, outcome })));
  }
}

function without(all: ReceivedLetter[], some: ReceivedLetter[]): ReceivedLetter[] {
  const left = new Set(some);
  return all.filter((letter) => !left.has(letter));
}
