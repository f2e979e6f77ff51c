import type { QueueCalls } from '../consume/queue-calls.js';
import { inTens } from '../consume/in-tens.js';
import { type ReceivedLetter, receivedLetter } from './dead-letter.js';
import type { LetterQueue } from './letter-queues.js';

export interface WalkBounds {
  /** Letters looked at, rounded up to what the last receives bring. */
  limit: number;
  /** How long what was received stays hidden should this process die. */
  visibilitySeconds: number;
  /** Receives under way at once. */
  receives: number;
  /** How many letters SQS believes to be there; it need not be right. */
  expected: number;
}

interface Held {
  receiptHandle: string;
  heldAtMs: number;
}

/**
 * Once through a dead-letter queue. SQS has no way to look without taking: what is received is
 * hidden until the walk ends, so that nothing comes twice, and then given back. A process that
 * dies in between loses nothing, its letters are only seen later.
 */
export class QueueWalk {
  private readonly seen = new Set<string>();
  private readonly held = new Map<string, Held>();
  private emptyTurns = 0;

  constructor(
    private readonly calls: QueueCalls,
    private readonly queue: LetterQueue,
    private readonly bounds: WalkBounds,
  ) {}

  /** Whether the end of the queue was reached rather than the limit. */
  get isComplete(): boolean {
    return this.emptyTurns > 0;
  }

  /** The next letters, each once; empty at the end of the queue, at the limit, or when aborted. */
  async next(signal: AbortSignal): Promise<ReceivedLetter[]> {
    while (!signal.aborted && !this.isOver()) {
      await this.stayHidden();
      const fresh = (await this.receive(signal)).filter((letter) => this.hold(letter));
      if (fresh.length > 0) {
        this.emptyTurns = 0;
        return fresh;
      }
      if (!signal.aborted) this.emptyTurns += 1;
    }
    return [];
  }

  /** Of letters that have been deleted: they are not given back. */
  settled(letters: readonly ReceivedLetter[]): void {
    for (const { letter } of letters) this.held.delete(letter.id);
  }

  /** Gives everything back at once. What cannot be given back comes back by itself. */
  async end(): Promise<void> {
    await this.setVisibility([...this.held.values()], 0);
    this.held.clear();
  }

  private isOver(): boolean {
    if (this.seen.size >= this.bounds.limit) return true;
    // A receive may come back empty though something is there: believed the second time.
    return this.emptyTurns >= (this.seen.size >= this.bounds.expected ? 1 : 2);
  }

  private async receive(signal: AbortSignal): Promise<ReceivedLetter[]> {
    const { limit, expected, receives, visibilitySeconds } = this.bounds;
    const left = Math.min(limit, Math.max(expected, 1)) - this.seen.size;
    const count = Math.min(receives, Math.max(1, Math.ceil(left / 10)));
    const waitSeconds = this.seen.size >= expected ? 0 : 1;
    const answers = await Promise.allSettled(
      Array.from({ length: count }, () =>
        this.calls.receive(waitSeconds, visibilitySeconds, signal),
      ),
    );
    const messages = answers.flatMap((answer) =>
      answer.status === 'fulfilled' ? answer.value.messages : [],
    );
    const failure = answers.find((answer) => answer.status === 'rejected');
    // What the other receives brought is used first; the next turn fails again if it must.
    if (failure && messages.length === 0 && !signal.aborted) throw failure.reason;
    return messages.map((message) => receivedLetter(message, this.queue));
  }

  /** False for a letter that came before; its newest receipt handle is the one that counts. */
  private hold({ letter, receiptHandle }: ReceivedLetter): boolean {
    const isFresh = !this.seen.has(letter.id);
    this.seen.add(letter.id);
    this.held.set(letter.id, { receiptHandle, heldAtMs: performance.now() });
    return isFresh;
  }

  /** A long walk must not meet what it has laid aside. */
  private async stayHidden(): Promise<void> {
    const { visibilitySeconds } = this.bounds;
    const dueMs = performance.now() - visibilitySeconds * 500;
    const due = [...this.held.values()].filter(({ heldAtMs }) => heldAtMs < dueMs);
    await this.setVisibility(due, visibilitySeconds);
    for (const held of due) held.heldAtMs = performance.now();
  }

  private async setVisibility(held: Held[], seconds: number): Promise<void> {
    const batches = inTens(held.map(({ receiptHandle }) => receiptHandle));
    while (batches.length > 0) {
      const some = batches.splice(0, 8);
      await Promise.allSettled(some.map((ten) => this.calls.setVisibility(ten, seconds)));
    }
  }
}
