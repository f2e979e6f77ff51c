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
  /** Span of the receive that brought it. */
  received: SpanContext | undefined;
  /** Set while the handler runs. */
  startedAtMs: number | undefined;
  /** Set when the message's span ends, for the span of its deletion. */
  processed: SpanContext | undefined;
  private readonly loss = new AbortController();

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
  }

  /** Aborts when the message is lost. */
  get signal(): AbortSignal {
    return this.loss.signal;
  }

  get isLost(): boolean {
    return this.loss.signal.aborted || performance.now() >= this.visibleUntilMs;
  }

  lose(why: string): void {
    this.loss.abort(new DOMException(why, 'AbortError'));
  }

  /** Events with one line are handled one after the other. */
  get line(): string {
    if (this.reading.kind === 'poison') return this.messageId;
    const { tenant, partitionkey } = this.reading.event;
    return `${tenant} ${partitionkey}`;
  }

  /** Institutions take turns. What cannot be read belongs to none. */
  get tenant(): string {
    return this.reading.kind === 'event' ? this.reading.event.tenant : '';
  }

  get replayId(): string | undefined {
    return this.attributes.replay_id?.StringValue;
  }

  /** When the event was committed; undefined for replays and for what is no event. */
  get committedAt(): string | undefined {
    if (this.reading.kind === 'poison' || this.replayId !== undefined) return undefined;
    return this.reading.event.time;
  }

  /** Something stands where the trace context should be, and is none. */
  get hasBadTrace(): boolean {
    const inBody = this.reading.kind === 'event' ? this.reading.event.traceparent : undefined;
    const isAnyThere = Boolean(inBody ?? this.attributes.traceparent?.StringValue);
    return isAnyThere && this.origin === undefined;
  }

  /** Where the event was made. The body's copy is what survives redrives and other tools. */
  get origin(): SpanContext | undefined {
    const inBody = this.reading.kind === 'event' ? spanContextOf(this.reading.event) : undefined;
    return inBody ?? spanContextOf(attributeHeaders(this.attributes));
  }
}

function attributeHeaders(attributes: MessageAttributes): TraceHeaders {
  const { traceparent, tracestate } = attributes;
  return {
    ...(traceparent?.StringValue && { traceparent: traceparent.StringValue }),
    ...(tracestate?.StringValue && { tracestate: tracestate.StringValue }),
  };
}
