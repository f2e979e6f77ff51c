import type { Message } from '@aws-sdk/client-sqs';
import { type Id, idTimeMs, isId } from '@parlance/kernel';
import { fingerprintOf } from '../consume/errors.js';
import { type MessageAttributes, messageBytes } from '../envelope/message-attributes.js';
import { spanContextOf } from '../trace/trace-context.js';
import type { LetterKind, LetterQueue } from './letter-queues.js';
import { reasonIn } from './reason-attributes.js';

/** What may be told of a dead letter without telling what it holds. Null: it does not say. */
export interface DeadLetter {
  /** The message's id in SQS, or the event's id for one that was never published. */
  id: string;
  queue: string;
  kind: LetterKind;
  /** The service that should have handled it; of an unpublished one, the one that wrote it. */
  service: string;
  eventId: Id | null;
  type: string | null;
  institutionId: Id | null;
  /** RFC 3339 instants: when the event was made, and when the message came to lie here. */
  eventAt: string | null;
  arrivedAt: string;
  traceId: string | null;
  errorCode: string;
  /** Equal for letters that failed in the same way. */
  fingerprint: string;
  /** How often the consumer had received it. */
  receiveCount: number | null;
  bytes: number;
}

/** A letter as it was received: everything needed to put it back as it came. */
export interface ReceivedLetter {
  letter: DeadLetter;
  receiptHandle: string;
  body: string;
  attributes: MessageAttributes;
  groupId: string | undefined;
}

/** SQS moved it when the consumer had received it too often, e.g. because it died each time. */
export const RECEIVED_TOO_OFTEN = 'received-too-often';
export const UNDELIVERED = 'undelivered';

export function receivedLetter(message: Message, queue: LetterQueue): ReceivedLetter {
  const body = message.Body ?? '';
  const attributes = (message.MessageAttributes ?? {}) as MessageAttributes;
  const system = message.Attributes ?? {};
  const fields = objectIn(body);
  const text = (name: string) => attributes[name]?.StringValue;
  // The attributes are the producer's too: they tell of a body nobody can read.
  const eventId = idOrNull(fields.id) ?? idOrNull(text('ce_id'));
  const type = typeOrNull(fields.type) ?? typeOrNull(text('ce_type'));
  return {
    letter: {
      id: message.MessageId ?? '',
      queue: queue.name,
      kind: queue.kind,
      service: queue.consumer,
      eventId,
      type,
      institutionId: idOrNull(fields.tenant) ?? idOrNull(text('tenant')),
      eventAt: eventInstant(eventId, fields.time),
      arrivedAt: new Date(Number(system.SentTimestamp ?? 0)).toISOString(),
      traceId: traceIdOf(fields) ?? traceIdOf({ traceparent: text('traceparent') }),
      ...reasonOf(attributes, queue.kind, type),
      bytes: messageBytes(body, attributes),
    },
    receiptHandle: message.ReceiptHandle ?? '',
    body,
    attributes,
    groupId: system.MessageGroupId,
  };
}

function reasonOf(attributes: MessageAttributes, kind: LetterQueue['kind'], type: string | null) {
  const reason = kind === 'unhandled' ? reasonIn(attributes) : undefined;
  const code = reason?.error_code;
  const ownCode = kind === 'undelivered' ? UNDELIVERED : RECEIVED_TOO_OFTEN;
  const errorCode = code !== undefined && /^[\w-]{1,64}$/.test(code) ? code : ownCode;
  const fingerprint = reason?.error_fingerprint;
  const receives = Number(reason?.receive_count);
  return {
    errorCode,
    fingerprint:
      fingerprint !== undefined && /^[0-9a-f]{16}$/.test(fingerprint)
        ? fingerprint
        : fingerprintOf(errorCode, '', type ?? ''),
    receiveCount: Number.isSafeInteger(receives) && receives > 0 ? receives : null,
  };
}

/** The JSON object in a body, or an empty one. */
export function objectIn(body: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

// Only what has the form of an id or a type is told: a broken body may hold anything anywhere.
const idOrNull = (value: unknown): Id | null => (isId(value) ? value.toLowerCase() : null);

export function typeOrNull(value: unknown): string | null {
  const isType = typeof value === 'string' && /^[a-z][\w-]*(\.[\w-]+)+$/.test(value);
  return isType && value.length <= 128 ? value : null;
}

function eventInstant(eventId: Id | null, time: unknown): string | null {
  const madeAtMs = eventId === null ? Number.NaN : idTimeMs(eventId);
  if (Number.isFinite(madeAtMs)) return new Date(madeAtMs).toISOString();
  const saidMs = typeof time === 'string' && time.length < 40 ? Date.parse(time) : Number.NaN;
  return Number.isFinite(saidMs) ? new Date(saidMs).toISOString() : null;
}

function traceIdOf(fields: Record<string, unknown>): string | null {
  const { traceparent } = fields;
  if (typeof traceparent !== 'string') return null;
  return spanContextOf({ traceparent })?.traceId ?? null;
}
