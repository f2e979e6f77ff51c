import { context, type Context, trace } from '@opentelemetry/api';
import type { EventEnvelope } from '@parlance/events';
import type { ClaimCheck, LargeData } from '../envelope/claim-check.js';
import type { MessagingLog } from '../log.js';
import type { ReplayGate } from '../replay/replay-gate.js';
import { CONVERSATION_ID, failSpan, MESSAGE_ID, processSpan } from '../trace/spans.js';
import { contextOf } from '../trace/trace-context.js';
import type { TransactionSource } from '../transaction.js';
import { EventTransaction, NotTogether } from './event-transaction.js';
import { isContention, isOutage } from './errors.js';
import type { HeldMessage } from './held-message.js';
import { type Outcome, Outcomes } from './outcome.js';
import { withData } from './read-message.js';
import type { Handler, Try } from './try.js';

export interface HandlingParts {
  consumer: string;
  queueName: string;
  transactions: TransactionSource;
  large: LargeData;
  replays: ReplayGate;
  handlerOf(type: string): Handler | undefined;
  log: MessagingLog;
  /** Milliseconds a transaction had to wait before it began. */
  onWaited(ms: number): void;
}

/** What a queue's messages are handed to. */
export interface Handling {
  /** One outcome per message, in their order; all are of one tenant and type. Never rejects. */
  handle(batch: readonly HeldMessage[]): Promise<Outcome[]>;
}

/** Events that fail by themselves before the rest of their batch is handled one by one. */
const MOST_CULPRITS = 2;

/**
 * Handles messages: their inbox rows, their handlers and what those write are one transaction. When
 * it fails, the event that made it fail is left out and the others are done again without it.
 */
export class EventHandling implements Handling {
  private readonly outcomes: Outcomes;
  private readonly transaction: EventTransaction;

  constructor(private readonly parts: HandlingParts) {
    this.outcomes = new Outcomes(parts.queueName, parts.log);
    this.transaction = new EventTransaction(parts);
  }

  async handle(batch: readonly HeldMessage[]): Promise<Outcome[]> {
    const tries = batch.map((message) => this.begin(message));
    if (tries.length > 1) await this.parts.replays.refresh();
    await Promise.all(tries.map((one) => this.read(one)));
    await this.apply(tries.filter(({ outcome }) => outcome === undefined));
    return tries.map((one) => this.end(one));
  }

  private begin(message: HeldMessage): Try {
    const { consumer, queueName } = this.parts;
    const { origin, reading, replayId } = message;
    // A replay is a trace of its own; any other delivery belongs to the request that caused it.
    const parent: Context = contextOf(replayId === undefined ? origin : undefined);
    const links = [origin, message.received].filter((link) => link !== undefined);
    const span = processSpan(queueName, parent, links, {
      'app.consumer': consumer,
      'app.receive_count': message.receiveCount,
      ...(reading.kind === 'event' && identityOf(reading.event)),
      ...(replayId !== undefined && { 'app.replay_id': replayId }),
    });
    return { message, span, context: trace.setSpan(parent, span) };
  }

  /** The event with its data, also when that was too large for the message. */
  private async read(one: Try): Promise<void> {
    const { message, span } = one;
    const { reading } = message;
    if (reading.kind === 'poison') {
      one.outcome = this.outcomes.dead(message, reading.reason, span);
      return;
    }
    if (reading.kind !== 'event') throw new Error('An event handler got something else.');
    one.event = reading.event;
    if (reading.event.dataref === undefined) return;
    const check: ClaimCheck = reading.event.dataref;
    try {
      const data = await context.with(one.context, () =>
        this.parts.large.get(check, reading.event.id),
      );
      const complete = withData(reading.definition, reading.event, data);
      if (complete.kind === 'event') one.event = complete.event;
      if (complete.kind === 'poison') {
        one.outcome = this.outcomes.dead(message, complete.reason, span);
      }
    } catch (error) {
      this.fail(one, error);
    }
  }

  private async apply(all: Try[], culprits = 0): Promise<void> {
    // What was lost while it waited here needs no handling; it is not committed, nor deleted.
    const tries = all.filter(({ message }) => !message.isLost);
    if (tries.length === 0) return;
    try {
      await this.transaction.run(tries);
    } catch (error) {
      await this.applyParts(tries, error, culprits);
    }
  }

  private async applyParts(tries: Try[], error: unknown, culprits: number): Promise<void> {
    for (const one of tries) one.outcome = undefined;
    if (error instanceof NotTogether) {
      for (const one of tries) await this.apply([one]);
      return;
    }
    if (tries.length === 1 || isOutage(error)) {
      for (const one of tries) this.fail(one, error);
      return;
    }
    const culprit = tries.find((one) => one.threw === error);
    if (culprit && !isContention(error)) {
      this.fail(culprit, error);
      const rest = tries.filter((one) => one !== culprit);
      if (culprits + 1 < MOST_CULPRITS) return this.apply(rest, culprits + 1);
      for (const one of rest) await this.apply([one]);
      return;
    }
    // Nobody in particular: the commit, a lock, or a handler that takes them all.
    const middle = Math.ceil(tries.length / 2);
    await this.apply(tries.slice(0, middle), culprits);
    await this.apply(tries.slice(middle), culprits);
  }

  private fail(one: Try, error: unknown): void {
    failSpan(one.span, error);
    one.outcome = context.with(one.context, () =>
      this.outcomes.of(one.message, one.event, error, one.span),
    );
  }

  private end({ message, span, outcome = { kind: 'lost' } }: Try): Outcome {
    span.setAttribute('app.outcome', outcome.kind);
    message.processed = span.spanContext();
    span.end();
    return outcome;
  }
}

function identityOf(event: EventEnvelope) {
  return {
    [MESSAGE_ID]: event.id,
    'app.event_type': event.type,
    'app.tenant': event.tenant,
    ...(event.correlationid !== undefined && { [CONVERSATION_ID]: event.correlationid }),
  };
}
