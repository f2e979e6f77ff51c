import { context, type Context, type Span } from '@opentelemetry/api';
import type { EventEnvelope } from '@parlance/events';
import { type Id, isId } from '@parlance/kernel';
import { failpoint } from '../failpoint.js';
import { enterInbox } from '../inbox/inbox.js';
import type { TransactionSource, Tx } from '../transaction.js';
import { LeaseLost } from './errors.js';
import type { EventBatchContext, EventContext } from './event-context.js';
import type { HeldMessage } from './held-message.js';
import { inbound } from './inbound.js';
import type { Outcome } from './outcome.js';

/** A handler of single events, or of a whole batch. */
export type Handler =
  | { isBatch: false; handle(event: EventEnvelope, context: EventContext): Promise<void> }
  | { isBatch: true; handle(events: EventEnvelope[], context: EventBatchContext): Promise<void> };

/** A try at handling one message. */
export interface Try {
  message: HeldMessage;
  span: Span;
  /** The context whose active span is the message's. */
  context: Context;
  event?: EventEnvelope;
  outcome?: Outcome | undefined;
  /** What its handler threw, by which it is known as the culprit of a failed transaction. */
  threw?: unknown;
}

export interface TransactionParts {
  consumer: string;
  transactions: TransactionSource;
  handlerOf(type: string): Handler | undefined;
  onWaited(ms: number): void;
}

/** Runs the handlers of messages of one institution and type in one transaction. */
export class EventTransaction {
  constructor(private readonly parts: TransactionParts) {}

  /** Sets the outcomes when it has committed; rejects, with nothing written, when it cannot. */
  async run(tries: Try[]): Promise<void> {
    const { transactions, onWaited } = this.parts;
    const [first, ...others] = tries as [Try, ...Try[]];
    for (const one of others) one.span.addLink({ context: first.span.spanContext() });
    const { tenant, type } = eventOf(first);
    const handler = this.parts.handlerOf(type);
    if (!handler) throw new Error(`There is no handler for ${type}.`);
    const askedAtMs = performance.now();
    // The transaction itself is seen in the trace of the first, to which the others are linked.
    const fresh = await context.with(first.context, () =>
      transactions.inInstitution(tenant, async (tx) => {
        onWaited(performance.now() - askedAtMs);
        const fresh = await this.enter(tx, tenant, tries);
        if (fresh.length > 0) await failpoint('consumer.handling');
        if (handler.isBatch) await handleAll(tx, tenant, fresh, handler);
        else for (const one of fresh) await handleOne(tx, one, handler, others.length > 0);
        for (const one of fresh) assertHeld(one);
        return new Set(fresh);
      }),
    );
    await failpoint('consumer.committed');
    for (const one of tries) one.outcome = { kind: fresh.has(one) ? 'applied' : 'duplicate' };
  }

  /** Those the consumer has not had before. */
  private async enter(tx: Tx, institutionId: Id, tries: Try[]): Promise<Try[]> {
    const entries = tries.map((one) => ({
      eventId: eventOf(one).id,
      replayId: replayIdOf(one),
      traceId: traceIdOf(one),
      type: eventOf(one).type,
      receiveCount: one.message.receiveCount,
    }));
    const entered = await enterInbox(tx, { consumer: this.parts.consumer, institutionId }, entries);
    return tries.filter((one) => entered.has(eventOf(one).id.toLowerCase()));
  }
}

async function handleOne(
  tx: Tx,
  one: Try,
  handler: Handler & { isBatch: false },
  isShared: boolean,
): Promise<void> {
  const { message } = one;
  const event = eventOf(one);
  message.startedAtMs = performance.now();
  try {
    // Alone, what it does is done inside the transaction's own span.
    await within(one, isShared ? one.context : context.active(), () =>
      handler.handle(event, {
        tx,
        institutionId: event.tenant,
        // Asked for when it is used: an AbortController per message is dear.
        get signal() {
          return message.signal;
        },
        receiveCount: message.receiveCount,
        messageId: message.messageId,
        isReplay: replayIdOf(one) !== undefined,
        traceId: traceIdOf(one),
      }),
    );
    assertHeld(one);
  } catch (error) {
    one.threw = error;
    throw error;
  } finally {
    message.startedAtMs = undefined;
  }
}

async function handleAll(
  tx: Tx,
  institutionId: Id,
  tries: Try[],
  handler: Handler & { isBatch: true },
): Promise<void> {
  if (tries.length === 0) return;
  const byEvent = new Map(tries.map((one) => [eventOf(one), one]));
  const tryOf = (event: EventEnvelope) => {
    const found = byEvent.get(event);
    if (!found) throw new Error('The event is not one of this batch.');
    return found;
  };
  const startedAtMs = performance.now();
  for (const { message } of tries) message.startedAtMs = startedAtMs;
  try {
    const events = tries.map((one) => eventOf(one));
    const batch: EventBatchContext = {
      tx,
      institutionId,
      get signal() {
        return AbortSignal.any(tries.map(({ message }) => message.signal));
      },
      isReplay: tries.some((one) => replayIdOf(one) !== undefined),
      traceIdOf: (event) => traceIdOf(tryOf(event)),
      within: (event, work) => within(tryOf(event), tryOf(event).context, work),
    };
    await handler.handle(events, batch);
  } finally {
    for (const { message } of tries) message.startedAtMs = undefined;
  }
}

function within<R>(one: Try, active: Context, work: () => R): R {
  const { id, correlationid } = eventOf(one);
  const cause = { eventId: id, correlationId: correlationid };
  return context.with(active, () => inbound.run(cause, work));
}

/** Somebody else may be at it by now: only one of us may commit. */
function assertHeld(one: Try): void {
  if (!one.message.isLost) return;
  const error = new LeaseLost('The message was lost while it was handled.');
  one.threw = error;
  throw error;
}

function eventOf(one: Try): EventEnvelope {
  if (!one.event) throw new Error('The message was not read.');
  return one.event;
}

function replayIdOf({ message }: Try): Id | undefined {
  return isId(message.replayId) ? message.replayId : undefined;
}

function traceIdOf({ message, span }: Try): string {
  return message.origin?.traceId ?? span.spanContext().traceId;
}
