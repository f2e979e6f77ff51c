import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Topology } from '@parlance/events';
import { QueueCalls } from '../consume/queue-calls.js';
import { unobserved } from '../trace/trace-context.js';
import type { DeadLetter, ReceivedLetter } from './dead-letter.js';
import { isMeant, type LetterFilter } from './letter-filter.js';
import { type LetterQueue, letterQueuesOf } from './letter-queues.js';
import { LetterMove, type Move, type MoveResult } from './move-letters.js';
import type { PaceClock } from './pace.js';
import { QueueWalk } from './queue-walk.js';

export interface DeadLetterQueueParts {
  sqs: SQSClient;
  topology: Topology;
  nowMs?: () => number;
  clock?: PaceClock;
}

export interface Scan {
  letters: DeadLetter[];
  /** False when the scan stopped at its limit: there may be more. */
  isComplete: boolean;
}

/** The queue does not exist; the message names it. */
export class QueueMissing extends Error {
  override readonly name = 'QueueMissing';

  constructor(readonly queue: string) {
    super(`There is no queue ${queue}.`);
  }
}

/** Hidden for so long while they are looked at, should the process die meanwhile. */
const SCAN_VISIBILITY_SECONDS = 30;
const MOVE_VISIBILITY_SECONDS = 120;
const RECEIVES_AT_ONCE = 4;
/** Above so many letters per second one receive at a time would not keep up. */
const RATE_PER_RECEIVE = 100;

/**
 * All dead-letter queues of an installation: looks into them, and moves letters back to the queue
 * they came from, never to the topic, whose other consumers have long had the event.
 */
export class DeadLetterQueues {
  readonly queues: readonly LetterQueue[];
  private readonly urls = new Map<string, string>();

  constructor(private readonly parts: DeadLetterQueueParts) {
    this.queues = letterQueuesOf(parts.topology);
  }

  /** Visible letters, as SQS estimates; rejects with QueueMissing. */
  async depth(queue: LetterQueue, signal?: AbortSignal): Promise<number> {
    const QueueUrl = await this.url(queue.name, signal);
    const name = 'ApproximateNumberOfMessages';
    const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] });
    const { Attributes } = await this.ask(queue.name, () =>
      this.parts.sqs.send(command, given(signal)),
    );
    return Number(Attributes?.[name] ?? 0);
  }

  /** The letters the filter means, among the first `limit` of the queue. Touches nothing. */
  async scan(
    queue: LetterQueue,
    filter: LetterFilter,
    options: { limit: number; signal: AbortSignal },
  ): Promise<Scan> {
    const letters: DeadLetter[] = [];
    const isComplete = await this.walk(queue, options, (received) => {
      const fit = received.map(({ letter }) => letter).filter((one) => isMeant(filter, one));
      letters.push(...fit);
      return false;
    });
    return { letters, isComplete };
  }

  /** One letter by its message's or event's id, with all it holds; it stays where it is. */
  async find(
    queue: LetterQueue,
    id: string,
    options: { limit: number; signal: AbortSignal },
  ): Promise<ReceivedLetter | undefined> {
    let found: ReceivedLetter | undefined;
    await this.walk(queue, options, (received) => {
      found = received.find(({ letter }) => isMeant({ id }, letter));
      return found !== undefined;
    });
    return found;
  }

  /**
   * Redrives or discards letters of one queue. Rejects with QueueMissing when there is no queue to
   * take them from or to send them to, and when SQS takes no more calls.
   */
  async move(queue: LetterQueue, move: Move, options: { limit: number }): Promise<MoveResult> {
    const { sqs, nowMs = Date.now, clock } = this.parts;
    const sourceUrl = move.action === 'redrive' ? await this.url(queue.sourceName) : '';
    const walk = new QueueWalk(this.callsTo(queue), queue, {
      limit: options.limit,
      visibilitySeconds: MOVE_VISIBILITY_SECONDS,
      // What waits for its turn should not be hidden for longer than it must.
      receives: Math.min(RECEIVES_AT_ONCE, Math.ceil(move.perSecond / RATE_PER_RECEIVE)),
      expected: await this.depth(queue),
    });
    const parts = { sqs, walk, calls: this.callsTo(queue), sourceUrl, nowMs, clock };
    try {
      return await new LetterMove(parts, move).run();
    } finally {
      await walk.end();
    }
  }

  /** Hands out letters until `take` has enough; whether the end of the queue was reached. */
  private async walk(
    queue: LetterQueue,
    { limit, signal }: { limit: number; signal: AbortSignal },
    take: (letters: ReceivedLetter[]) => boolean,
  ): Promise<boolean> {
    const walk = new QueueWalk(this.callsTo(queue), queue, {
      limit,
      visibilitySeconds: SCAN_VISIBILITY_SECONDS,
      receives: RECEIVES_AT_ONCE,
      expected: await this.depth(queue, signal),
    });
    try {
      for (;;) {
        const letters = await walk.next(signal);
        if (letters.length === 0 || take(letters)) return walk.isComplete;
      }
    } finally {
      await walk.end();
    }
  }

  private callsTo(queue: LetterQueue): QueueCalls {
    return new QueueCalls(this.parts.sqs, () => this.url(queue.name));
  }

  private async url(name: string, signal?: AbortSignal): Promise<string> {
    const known = this.urls.get(name);
    if (known !== undefined) return known;
    const command = new GetQueueUrlCommand({ QueueName: name });
    const { QueueUrl = '' } = await this.ask(name, () =>
      this.parts.sqs.send(command, given(signal)),
    );
    this.urls.set(name, QueueUrl);
    return QueueUrl;
  }

  private async ask<T>(name: string, call: () => Promise<T>): Promise<T> {
    try {
      return await unobserved(call);
    } catch (error) {
      const isMissing =
        error instanceof Error && /QueueDoesNotExist|NonExistentQueue/.test(error.name);
      if (!isMissing) throw error;
      this.urls.delete(name);
      throw new QueueMissing(name);
    }
  }
}

function given(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
