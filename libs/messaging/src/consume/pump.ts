import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { context, trace } from '@opentelemetry/api';
import {
  assertConsumerConfig,
  CONSUMER_DEFAULTS,
  type ConsumerConfig,
  PAUSE_DEFAULTS,
  withoutUndefined,
} from '../config.js';
import { envelopeFaults, type StoredEnvelope } from '../envelope/envelope.js';
import type { MessageAttributes } from '../envelope/message-attributes.js';
import { type MessagingLog, silentLog } from '../log.js';
import { failSpan, processSpan } from '../trace/spans.js';
import { contextOf } from '../trace/trace-context.js';
import type { Handling } from './event-handling.js';
import { HandlerCapacity } from './handler-capacity.js';
import type { HeldMessage } from './held-message.js';
import { Outcomes } from './outcome.js';
import { QueueCalls } from './queue-calls.js';
import { QueueConsumer } from './queue-consumer.js';
import type { QueueStats } from './queue-stats.js';
import type { Reading } from './read-message.js';
import { Retries } from './retries.js';
import { TypePauses } from './type-pauses.js';

/** A message as a pump hands it on. */
export interface PumpedMessage {
  messageId: string;
  body: string;
  attributes: MessageAttributes;
  /** 1 on the first delivery. */
  receiveCount: number;
}

/** Of which key and institution a message is; without a key it has no order. */
export interface MessagePlace {
  tenant: string;
  key: string | undefined;
}

/** Settings left out: 200 messages in flight, as many handled at once, three receivers. */
export interface PumpOptions extends Partial<ConsumerConfig> {
  sqs: SQSClient;
  queueUrl: string;
  /** For spans and logs; by default the end of the URL. */
  queueName?: string;
  /**
   * Resolves when the message is dealt with, and it is deleted; rejects when it is to come again.
   * The signal aborts when the message is lost to another consumer.
   */
  handle(message: PumpedMessage, signal: AbortSignal): Promise<void>;
  /** By default what an event's envelope says; any other message has no key. */
  placeOf?(message: Message): MessagePlace;
  log?: MessagingLog;
}

export interface Pump {
  start(): void;
  /** Gives back what has not started and waits for what has. Safe to call again. */
  close(): Promise<void>;
  stats(): QueueStats;
}

/**
 * The consumer alone, for any queue and without a database: prefetch, order per key, fair turns,
 * heartbeats, batched deletes and an orderly end. There is no inbox, so `handle` may meet a message
 * twice, and no dead-letter queue but the queue's own redrive policy.
 */
export function pumpQueue(options: PumpOptions): Pump {
  const { sqs, queueUrl, handle, placeOf = placeInEnvelope, log = silentLog } = options;
  const queueName = options.queueName ?? queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
  const config = configOf(options);
  const url = () => Promise.resolve(queueUrl);
  return new QueueConsumer({
    consumer: queueName,
    queueName,
    url,
    calls: new QueueCalls(sqs, url),
    read: (message) => readingOf(message, placeOf),
    handling: handlingOf(queueName, handle, log),
    isDatabaseUp: () => Promise.resolve(true),
    onReceiveFailed: () => undefined,
    capacity: new HandlerCapacity(config.concurrency, 1),
    retries: new Retries(config, new TypePauses(PAUSE_DEFAULTS), () => undefined),
    config,
    log,
  });
}

function configOf(options: PumpOptions): ConsumerConfig {
  const { maxInFlight = 200, concurrency = maxInFlight, receivers = 3 } = options;
  const names = Object.keys(CONSUMER_DEFAULTS) as (keyof ConsumerConfig)[];
  const given = Object.fromEntries(names.map((name) => [name, options[name]]));
  const config = { ...CONSUMER_DEFAULTS, ...withoutUndefined(given), maxInFlight, concurrency };
  assertConsumerConfig({ ...config, receivers });
  return { ...config, receivers };
}

/** What `placeOf` cannot place has no key; it is for `handle` to say what is wrong with it. */
function readingOf(message: Message, placeOf: (message: Message) => MessagePlace): Reading {
  try {
    return { kind: 'other', ...placeOf(message) };
  } catch {
    return { kind: 'other', tenant: '', key: undefined };
  }
}

function handlingOf(queueName: string, handle: PumpOptions['handle'], log: MessagingLog): Handling {
  const outcomes = new Outcomes(queueName, log);
  const handleOne = async (message: HeldMessage) => {
    const parent = contextOf(message.origin);
    const links = [message.origin, message.received].filter((link) => link !== undefined);
    const span = processSpan(queueName, parent, links, {
      'app.receive_count': message.receiveCount,
    });
    message.startedAtMs = performance.now();
    try {
      await context.with(trace.setSpan(parent, span), () => handle(message, message.signal));
      return { kind: message.isLost ? 'lost' : 'applied' } as const;
    } catch (error) {
      failSpan(span, error);
      return outcomes.of(message, undefined, error, span);
    } finally {
      message.startedAtMs = undefined;
      message.processed = span.spanContext();
      span.end();
    }
  };
  return { handle: (batch) => Promise.all(batch.map(handleOne)) };
}

function placeInEnvelope(message: Message): MessagePlace {
  const parsed: unknown = JSON.parse(message.Body ?? '');
  if (envelopeFaults(parsed).length > 0) return { tenant: '', key: undefined };
  const { tenant, partitionkey } = parsed as StoredEnvelope;
  return { tenant, key: partitionkey };
}
