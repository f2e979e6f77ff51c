import type { ServiceName, Topology } from '@parlance/events';

/** The topic a service publishes to, the queues it fills with that, and the queues it reads. */
export function ownPart(topology: Topology, service: ServiceName): Topology {
  const queues = topology.queues.filter(
    ({ consumer, owner }) => consumer === service || owner === service,
  );
  const topicNames = new Set(queues.map(({ topicName }) => topicName));
  return {
    queues,
    topics: topology.topics.filter(({ name, owner }) => owner === service || topicNames.has(name)),
  };
}
