import type { EventEnvelope } from '@parlance/events';
import type { TraceHeaders } from '../trace/trace-context.js';

/** Shape shared by the attributes of SNS and SQS. */
export interface AttributeValue {
  DataType: string;
  StringValue?: string;
  BinaryValue?: Uint8Array;
}

export type MessageAttributes = Record<string, AttributeValue>;

/** What of an event its attributes say. */
export type EventIdentity = Pick<EventEnvelope, 'id' | 'type' | 'subject' | 'tenant'>;

export function textAttribute(value: string): AttributeValue {
  return { DataType: 'String', StringValue: value };
}

/**
 * At most six attributes. Ten is the limit, above which SNS discards a message with raw delivery;
 * the spare four are for the reason a dead letter carries.
 */
export function messageAttributes(event: EventIdentity, headers: TraceHeaders): MessageAttributes {
  const texts = {
    ce_id: event.id,
    ce_type: event.type,
    ce_subject: event.subject,
    tenant: event.tenant,
    traceparent: headers.traceparent,
    tracestate: headers.tracestate,
  };
  return Object.fromEntries(
    Object.entries(texts)
      .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '')
      .map(([name, value]) => [name, textAttribute(value)]),
  );
}

/** Bytes of a message as SNS and SQS count them: body, and names, types and values. */
export function messageBytes(body: string, attributes: MessageAttributes): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    bytes += Buffer.byteLength(StringValue ?? '') + (BinaryValue?.byteLength ?? 0);
  }
  return bytes;
}
