import {
  type EventDefinition,
  QUEUE_SETTINGS,
  type QueuePlan,
  readTypes,
  type Topology,
  withOlderVersions,
} from '@parlance/events';
import {
  contractOf,
  ENVELOPE_SCHEMA,
  HEADERS_SCHEMA,
  type RegisteredVersion,
} from '@parlance/events/contracts';

type Json = Record<string, unknown>;

/**
 * The events of the platform as an AsyncAPI 3.0 document: what each service sends and receives, in
 * which messages, over which topics and queues. It says what the topology says and no more.
 *
 * The bindings have the shape of SNS 1.0.0 and SQS 0.3.0. Their `bindingVersion` is left out, which
 * stands for the latest: the meta-schema of AsyncAPI 3.0 admits older numbers only.
 */
export function asyncApiDocument(
  events: readonly EventDefinition[],
  topology: Topology,
  latest: ReadonlyMap<string, RegisteredVersion>,
): Json {
  const all = withOlderVersions(events);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Parlance events',
      version: '1.0.0',
      description:
        'CloudEvents between the services, over one SNS topic per producing service and one SQS ' +
        'queue per consumer and topic. Generated: npm run contracts -- asyncapi.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: { ...topicChannels(events, topology), ...queueChannels(topology) },
    operations: { ...sendOperations(events, topology), ...receiveOperations(events, topology) },
    components: {
      messages: Object.fromEntries(all.map((event) => [event.type, message(event, latest)])),
      schemas: {
        Envelope: ENVELOPE_SCHEMA,
        Headers: HEADERS_SCHEMA,
        ...Object.fromEntries(all.map((event) => [event.type, dataSchema(event, latest)])),
      },
    },
  };
}

/** The document as it is committed. */
export function asyncApiText(document: Json): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Names without the installation's prefix, by which the document's parts refer to one another. */
const topicKey = (owner: string) => `${owner}-events`;
const queueKey = ({ consumer, owner }: QueuePlan) => `${consumer}-from-${owner}`;

const messageRefs = (types: readonly string[]) =>
  Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }]));

const channelRefs = (channel: string, types: readonly string[]) => ({
  channel: { $ref: `#/channels/${channel}` },
  messages: types.map((type) => ({ $ref: `#/channels/${channel}/messages/${type}` })),
});

/** Types a topic carries: what is published now. Older versions only lie in queues. */
function sentTypes(events: readonly EventDefinition[], owner: string): string[] {
  return events
    .filter((event) => event.owner === owner)
    .map(({ type }) => type)
    .sort();
}

function topicChannels(events: readonly EventDefinition[], { topics }: Topology): Json {
  const channels = topics.map(({ name, owner }) => {
    const channel = {
      address: name,
      title: `Events of ${owner}`,
      messages: messageRefs(sentTypes(events, owner)),
      bindings: { sns: { name, ordering: { type: 'standard' } } },
    };
    return [topicKey(owner), channel];
  });
  return Object.fromEntries(channels) as Json;
}

function queueChannels({ queues }: Topology): Json {
  const channels = queues.map((plan) => {
    const channel = {
      address: plan.name,
      title: `What ${plan.consumer} reads of ${plan.owner}`,
      messages: messageRefs(plan.types),
      bindings: { sqs: { queue: queue(plan), deadLetterQueue: graveyard(plan.deadLetterName) } },
    };
    return [queueKey(plan), channel];
  });
  return Object.fromEntries(channels) as Json;
}

function sendOperations(events: readonly EventDefinition[], { topics, queues }: Topology): Json {
  const operations = topics.map(({ name, owner }) => {
    const operation = {
      action: 'send',
      title: `${owner} publishes`,
      ...channelRefs(topicKey(owner), sentTypes(events, owner)),
      bindings: {
        sns: { consumers: queues.filter((one) => one.topicName === name).map(subscription) },
      },
    };
    return [`${owner}.send`, operation];
  });
  return Object.fromEntries(operations) as Json;
}

function receiveOperations(events: readonly EventDefinition[], { queues }: Topology): Json {
  const operations = queues.map((plan) => {
    const read = readTypes(events, plan.consumer);
    const raised = plan.types.filter((type) => read.get(type)?.type !== type);
    const operation = {
      action: 'receive',
      title: `${plan.consumer} reads ${plan.owner}`,
      ...(raised.length > 0 && {
        description: `Read as their newer version: ${raised.join(', ')}.`,
      }),
      ...channelRefs(queueKey(plan), plan.types),
      bindings: {
        sns: { topic: { name: plan.topicName }, consumers: [subscription(plan)] },
        sqs: {
          queues: [
            queue(plan),
            graveyard(plan.deadLetterName),
            graveyard(plan.subscriptionDeadLetterName),
          ],
        },
      },
    };
    return [`${plan.consumer}.receive-from-${plan.owner}`, operation];
  });
  return Object.fromEntries(operations) as Json;
}

function subscription(plan: QueuePlan): Json {
  return {
    protocol: 'sqs',
    endpoint: { name: plan.name },
    filterPolicy: { ce_type: plan.types },
    filterPolicyScope: 'MessageAttributes',
    rawMessageDelivery: true,
    redrivePolicy: { deadLetterQueue: { name: plan.subscriptionDeadLetterName } },
  };
}

function queue(plan: QueuePlan): Json {
  return {
    name: plan.name,
    fifoQueue: false,
    visibilityTimeout: QUEUE_SETTINGS.visibilityTimeoutSeconds,
    receiveMessageWaitTime: QUEUE_SETTINGS.receiveWaitSeconds,
    messageRetentionPeriod: QUEUE_SETTINGS.retentionSeconds,
    redrivePolicy: {
      deadLetterQueue: { name: plan.deadLetterName },
      maxReceiveCount: QUEUE_SETTINGS.maxReceiveCount,
    },
  };
}

function graveyard(name: string): Json {
  return {
    name,
    fifoQueue: false,
    messageRetentionPeriod: QUEUE_SETTINGS.deadLetterRetentionSeconds,
  };
}

function message(event: EventDefinition, latest: ReadonlyMap<string, RegisteredVersion>): Json {
  const data = { $ref: `#/components/schemas/${event.type}` };
  return {
    name: event.type,
    title: event.type,
    summary: event.summary,
    contentType: 'application/json',
    headers: {
      allOf: [
        { $ref: '#/components/schemas/Headers' },
        { type: 'object', properties: { ce_type: { const: event.type } } },
      ],
    },
    payload: {
      allOf: [
        { $ref: '#/components/schemas/Envelope' },
        {
          type: 'object',
          properties: {
            type: { const: event.type },
            source: { const: `/${event.owner}` },
            data,
          },
        },
      ],
    },
    correlationId: { location: '$message.payload#/correlationid' },
    tags: [{ name: event.owner }],
    'x-version': latest.get(event.type)?.version,
    'x-subject': event.subject,
    'x-pii': contractOf(event).pii,
  };
}

/** AsyncAPI's own dialect is a superset of what contracts use, so the schema stands as it is. */
function dataSchema(event: EventDefinition, latest: ReadonlyMap<string, RegisteredVersion>): Json {
  const { $schema: _, ...schema } = contractOf(event).schema;
  const samples = latest.get(event.type)?.samples ?? [];
  return { ...schema, examples: samples.map(({ data }) => data) };
}
