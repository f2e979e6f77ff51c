import { type EventDefinition, type ServiceName } from './define.js';
import { readTypes } from './upcast.js';

export interface TopicPlan {
  name: string;
  owner: ServiceName;
}

/** The queue of one consumer on one topic, its dead-letter queue and its subscription. */
export interface QueuePlan {
  name: string;
  deadLetterName: string;
  /** Dead letters of SNS itself: what it could not hand to the queue. */
  subscriptionDeadLetterName: string;
  topicName: string;
  consumer: ServiceName;
  owner: ServiceName;
  /** Filter on the `ce_type` message attribute: older versions the consumer still reads included. */
  types: string[];
}

export interface Topology {
  topics: TopicPlan[];
  queues: QueuePlan[];
}

export const QUEUE_SETTINGS = {
  /** Seconds a received message is hidden; the consumer's heartbeat extends it. */
  visibilityTimeoutSeconds: 30,
  receiveWaitSeconds: 20,
  /** 4 days: shorter than the dead-letter queue's, whose clock starts at the first enqueue. */
  retentionSeconds: 345_600,
  deadLetterRetentionSeconds: 1_209_600,
  maxReceiveCount: 8,
} as const;

/**
 * One topic per producing service, and one queue with a dead-letter queue per pair of consumer and
 * topic. `prefix` keeps several installations apart in one account or emulator.
 */
export function topologyOf(events: readonly EventDefinition[], prefix = 'parlance'): Topology {
  const owners = [...new Set(events.map((event) => event.owner))].sort();
  const topics = owners.map((owner) => ({ name: `${prefix}-${owner}-events`, owner }));
  const queues = owners.flatMap((owner) => {
    const ownEvents = events.filter((event) => event.owner === owner);
    const consumers = [...new Set(ownEvents.flatMap((event) => event.consumers))].sort();
    return consumers.map((consumer): QueuePlan => {
      const name = `${prefix}-${consumer}-from-${owner}`;
      return {
        name,
        deadLetterName: `${name}-dlq`,
        subscriptionDeadLetterName: `${name}-undelivered`,
        topicName: `${prefix}-${owner}-events`,
        consumer,
        owner,
        types: [...readTypes(ownEvents, consumer).keys()].sort(),
      };
    });
  });
  return { topics, queues };
}
