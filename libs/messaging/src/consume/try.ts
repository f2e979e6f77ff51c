import { context, type Context, type Span } from '@opentelemetry/api';
import type { EventEnvelope } from '@parlance/events';
import type { Id } from '@parlance/kernel';
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

/** Runs `work` as caused by the event, in the given context. */
export function within<R>(one: Try, active: Context, isReplay: boolean, work: () => R): R {
  const { id: eventId, correlationid: correlationId } = eventOf(one);
  return context.with(active, () => inbound.run({ eventId, correlationId, isReplay }, work));
}

/** Somebody else may be at it by now: only one of us may commit. */
export function assertHeld(one: Try): void {
  if (!one.message.isLost) return;
  const error = new LeaseLost('The message was lost while it was handled.');
  one.threw = error;
  throw error;
}

export function eventOf(one: Try): EventEnvelope {
  if (!one.event) throw new Error('The message was not read.');
  return one.event;
}

export function traceIdOf({ message, span }: Try): Id {
  return message.origin?.traceId ?? span.spanContext().traceId;
}
