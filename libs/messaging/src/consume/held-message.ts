import type { Message } from '@aws-sdk/client-sqs';
import type { SpanContext } from '@opentelemetry/api';
import type { MessageAttributes } from '../envelope/message-attributes.js';
import { spanContextOf, type TraceHeaders } from '../trace/trace-context.js';
import type { Reading } from './read-message.js';

/** A message this process has received and not yet given back. */
export class HeldMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly groupId: string | undefined;
  readonly receiveCount: number;
  /** Events with one line are handled one after the other. */
  readonly line: string;
  /** Institutions take turns. What cannot be read belongs to none. */
  readonly tenant: string;
  /** Messages of one type share places, and transactions. */
  readonly type: string;
  /** Where the event was made. The body's copy is what survives redrives and other tools. */
  readonly origin: SpanContext | undefined;
  /** Span of the receive that brought it. */
  received: SpanContext | undefined;
  /** Set while the handler runs. */
  startedAtMs: number | undefined;
  /** Set when the message's span ends, for the span of its deletion. */
  processed: SpanContext | undefined;
  // Made when somebody asks: most messages are never lost, and a controller each is dear.
  private loss: AbortController | undefined;
  private lostBecause: string | undefined;

  constructor(
    message: Message,
    readonly reading: Reading,
    /** By this process's clock, and never too late: taken before SQS was asked. */
    public visibleUntilMs: number,
  ) {
    this.messageId = message.MessageId ?? '';
    this.receiptHandle = message.ReceiptHandle ?? '';
    this.body = message.Body ?? '';
    this.attributes = (message.MessageAttributes ?? {}) as MessageAttributes;
    this.groupId = message.Attributes?.MessageGroupId;
    this.receiveCount = Number(message.Attributes?.ApproximateReceiveCount ?? 1);
    const event = reading.kind === 'event' ? reading.event : undefined;
    this.tenant = event?.tenant ?? (reading.kind === 'other' ? reading.tenant : '');
    this.type = reading.kind === 'event' ? typeOf(reading.definition.type, this.replayId) : '';
    this.line = event ? `${event.tenant} ${event.partitionkey}` : this.messageId;
    if (reading.kind === 'other' && reading.key !== undefined) {
      this.line = `${reading.tenant} ${reading.key}`;
    }
    const inBody = event && spanContextOf(event);
    this.origin = inBody ?? spanContextOf(attributeHeaders(this.attributes));
  }

  /** Aborts when the message is lost. */
  get signal(): AbortSignal {
    this.loss ??= new AbortController();
    if (this.lostBecause !== undefined) this.loss.abort(reasonOf(this.lostBecause));
    return this.loss.signal;
  }

  get isLost(): boolean {
    return this.lostBecause !== undefined || performance.now() >= this.visibleUntilMs;
  }

  lose(why: string): void {
    this.lostBecause ??= why;
    this.loss?.abort(reasonOf(why));
  }

  get replayId(): string | undefined {
    return this.attributes.replay_id?.StringValue;
  }

  /** When the event was committed; undefined for replays and for what is no event. */
  get committedAt(): string | undefined {
    if (this.reading.kind !== 'event' || this.replayId !== undefined) return undefined;
    return this.reading.event.time;
  }

  /** Something stands where the trace context should be, and is none. */
  get hasBadTrace(): boolean {
    const inBody = this.reading.kind === 'event' ? this.reading.event.traceparent : undefined;
    const isAnyThere = Boolean(inBody ?? this.attributes.traceparent?.StringValue);
    return isAnyThere && this.origin === undefined;
  }
}

/** What is told again never shares a transaction with what is told for the first time. */
function typeOf(type: string, replayId: string | undefined): string {
  return replayId === undefined ? type : `${type} again`;
}

function reasonOf(why: string): DOMException {
  return new DOMException(why, 'AbortError');
}

function attributeHeaders(attributes: MessageAttributes): TraceHeaders {
  const { traceparent, tracestate } = attributes;
  return {
    ...(traceparent?.StringValue && { traceparent: traceparent.StringValue }),
    ...(tracestate?.StringValue && { tracestate: tracestate.StringValue }),
  };
}
