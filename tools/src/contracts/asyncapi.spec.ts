import {
  ClassChanged,
  type EventDefinition,
  EVENTS,
  topologyOf,
  upcastFrom,
} from '@parlance/events';
import { asyncApiDocument } from './asyncapi.js';

const CELL = 'gradebook.cell-changed.v1';

const classV2 = {
  ...ClassChanged,
  type: 'identity.class-changed.v2',
  upcasts: upcastFrom(ClassChanged, (older) => older),
} as unknown as EventDefinition;

/** The platform after the second version of an event took the place of the first. */
const movedEvents = EVENTS.map((event) => (event.type === ClassChanged.type ? classV2 : event));

describe('the document', () => {
  const document = asyncApiDocument(movedEvents, topologyOf(movedEvents, 'x'), new Map()) as {
    channels: Record<string, { address: string; messages: object; bindings: object }>;
    operations: Record<string, { action: string; description?: string; bindings: object }>;
    components: { messages: Record<string, object> };
  };
  const { channels, operations } = document;

  it('has the topics and queues of the topology, and no other', () => {
    const { topics, queues } = topologyOf(movedEvents, 'x');
    const names = [...topics, ...queues].map(({ name }) => name);
    expect(Object.values(channels).map(({ address }) => address)).toEqual(names);
  });

  it('has a message for every version there is', () => {
    const messages = Object.keys(document.components.messages).sort();
    const older = 'grading.attempt-scored.v1';
    expect(messages).toEqual([...EVENTS.map(({ type }) => type), classV2.type, older].sort());
  });

  it('sends a new version, and lets queues hold the older one too', () => {
    const both = ['identity.class-changed.v1', 'identity.class-changed.v2'];
    const topic = Object.keys(channels['identity-events']!.messages);
    expect(topic).toContain(both[1]);
    expect(topic).not.toContain(both[0]);
    const queue = Object.keys(channels['gradebook-from-identity']!.messages);
    expect(queue).toEqual(expect.arrayContaining(both));
    expect(operations['gradebook.receive-from-identity']?.description).toBe(
      'Read as their newer version: identity.class-changed.v1.',
    );
  });

  it('binds a queue to its topic as the topology does', () => {
    const name = 'x-lti-from-gradebook';
    const redrivePolicy = { deadLetterQueue: { name: `${name}-dlq` }, maxReceiveCount: 8 };
    expect(channels['lti-from-gradebook']!.bindings).toMatchObject({
      sqs: {
        queue: { name, fifoQueue: false, visibilityTimeout: 30, redrivePolicy },
        deadLetterQueue: { name: `${name}-dlq`, messageRetentionPeriod: 1_209_600 },
      },
    });
    const subscription = {
      protocol: 'sqs',
      endpoint: { name },
      filterPolicy: { ce_type: [CELL] },
      filterPolicyScope: 'MessageAttributes',
      rawMessageDelivery: true,
      redrivePolicy: { deadLetterQueue: { name: `${name}-undelivered` } },
    };
    const topic = { name: 'x-gradebook-events' };
    expect(operations['lti.receive-from-gradebook']).toMatchObject({
      action: 'receive',
      bindings: { sns: { topic, consumers: [subscription] } },
    });
    expect(operations['gradebook.send']).toMatchObject({
      action: 'send',
      bindings: { sns: { consumers: [subscription] } },
    });
  });

  it('has no reference that leads nowhere', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
    expect(refs.length).toBeGreaterThan(50);
    for (const [, path = ''] of refs) {
      const target = path.split('/').reduce<unknown>((at, key) => (at as never)?.[key], document);
      expect([path, typeof target]).toEqual([path, 'object']);
    }
  });
});
