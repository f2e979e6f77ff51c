import type { EventEnvelope } from '@parlance/events';
import type { Id } from '@parlance/kernel';
import type { Tx } from '../transaction.js';

/** What a handler gets beside the event, through `@Ctx()`. */
export interface EventContext {
  /** Everything the handler writes goes through it; the inbox row is already in it. */
  tx: Tx;
  institutionId: Id;
  /** Aborts when the message is lost to another consumer; what is written will be rolled back. */
  signal: AbortSignal;
  /** 1 on the first delivery. */
  receiveCount: number;
  messageId: string;
  /**
   * True while a projection is rebuilt: then nothing may leave the platform (mail, LMS). What a
   * repair tells is new to this service, and an event like any other.
   */
  isReplay: boolean;
  /** When the event was first applied here: the same again while a projection is rebuilt. */
  appliedAt: Date;
  /** Of the request that caused the event. */
  traceId: string;
}

/** What a handler with `batch: true` gets beside its events, which are of one institution. */
export interface EventBatchContext {
  /** Everything the handler writes goes through it; the inbox rows are already in it. */
  tx: Tx;
  institutionId: Id;
  /** Aborts when one of the messages is lost; what is written will be rolled back. */
  signal: AbortSignal;
  /** True while a projection is rebuilt: then nothing may leave the platform (mail, LMS). */
  isReplay: boolean;
  /** When the events were first applied here: the same again while a projection is rebuilt. */
  appliedAt: Date;
  /** Trace id of the request that caused the event. */
  traceIdOf(event: EventEnvelope): string;
  /** Runs `work` in the trace of the event and as caused by it: for events it adds to the outbox. */
  within<R>(event: EventEnvelope, work: () => R): R;
}
