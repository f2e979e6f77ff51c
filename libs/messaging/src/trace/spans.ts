import {
  type Attributes,
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/** Attribute names of the messaging conventions, v1.44. */
export const SYSTEM = 'messaging.system';
export const OPERATION_NAME = 'messaging.operation.name';
export const OPERATION_TYPE = 'messaging.operation.type';
export const DESTINATION = 'messaging.destination.name';
export const MESSAGE_ID = 'messaging.message.id';
export const CONVERSATION_ID = 'messaging.message.conversation_id';
export const BATCH_COUNT = 'messaging.batch.message_count';
export const ERROR_TYPE = 'error.type';
export const REQUEST_ID = 'aws.request_id';

const SNS = 'aws.sns';
const SQS = 'aws_sqs';

// Asked for on every span, not kept: a provider registered after this module loads must count.
const tracer = () => trace.getTracer('@parlance/messaging');

function operation(system: string, name: string, type: string, destination: string): Attributes {
  return {
    [SYSTEM]: system,
    [OPERATION_NAME]: name,
    [OPERATION_TYPE]: type,
    [DESTINATION]: destination,
  };
}

/** Beginning of an event's way: the span whose context the event carries. */
export function createSpan(topic: string, attributes: Attributes): Span {
  return tracer().startSpan(`create ${topic}`, {
    kind: SpanKind.PRODUCER,
    attributes: { ...operation(SNS, 'create', 'create', topic), ...attributes },
  });
}

/** One PublishBatch of the relay: a trace of its own, linked to the events in it. */
export function publishSpan(topic: string, arn: string, origins: SpanContext[], count: number) {
  return tracer().startSpan(
    `publish ${topic}`,
    {
      kind: SpanKind.CLIENT,
      root: true,
      links: linksTo(origins),
      attributes: {
        ...operation(SNS, 'publish', 'send', topic),
        [BATCH_COUNT]: count,
        'aws.sns.topic.arn': arn,
      },
    },
    ROOT_CONTEXT,
  );
}

/** One SendMessageBatch of a replay: a trace of its own, linked to the events in it. */
export function sendSpan(
  queue: { name: string; url: string },
  origins: SpanContext[],
  count: number,
  replayId: string,
): Span {
  return tracer().startSpan(
    `send ${queue.name}`,
    {
      kind: SpanKind.CLIENT,
      root: true,
      links: linksTo(origins),
      attributes: {
        ...operation(SQS, 'send', 'send', queue.name),
        [BATCH_COUNT]: count,
        'aws.sqs.queue.url': queue.url,
        'app.replay_id': replayId,
      },
    },
    ROOT_CONTEXT,
  );
}

/** One receive that brought messages; a poll that brought none leaves no span. */
export function receiveSpan(
  queue: { name: string; url: string },
  origins: SpanContext[],
  startedAt: Date,
  count: number,
): Span {
  return tracer().startSpan(
    `receive ${queue.name}`,
    {
      kind: SpanKind.CLIENT,
      root: true,
      startTime: startedAt,
      links: linksTo(origins),
      attributes: {
        ...operation(SQS, 'receive', 'receive', queue.name),
        [BATCH_COUNT]: count,
        'aws.sqs.queue.url': queue.url,
      },
    },
    ROOT_CONTEXT,
  );
}

/** One try at handling one event. `parent` is its creation context, or the root. */
export function processSpan(
  queue: string,
  parent: Context,
  links: SpanContext[],
  attributes: Attributes,
): Span {
  return tracer().startSpan(
    `process ${queue}`,
    {
      kind: SpanKind.CONSUMER,
      links: linksTo(links),
      attributes: { ...operation(SQS, 'process', 'process', queue), ...attributes },
    },
    parent,
  );
}

/** One DeleteMessageBatch. */
export function deleteSpan(queue: string, handled: SpanContext[], count: number): Span {
  return tracer().startSpan(
    `delete ${queue}`,
    {
      kind: SpanKind.CLIENT,
      root: true,
      links: linksTo(handled),
      attributes: { ...operation(SQS, 'delete', 'settle', queue), [BATCH_COUNT]: count },
    },
    ROOT_CONTEXT,
  );
}

/** Marks the span failed by class of error; messages may quote data and stay out of spans. */
export function failSpan(span: Span, error: unknown): void {
  const name = error instanceof Error ? error.name : typeof error;
  span.setAttribute(ERROR_TYPE, name);
  span.setStatus({ code: SpanStatusCode.ERROR, message: name });
}

function linksTo(spanContexts: SpanContext[]): Link[] {
  return spanContexts.map((context) => ({ context }));
}
