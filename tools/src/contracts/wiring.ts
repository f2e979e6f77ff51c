import { type EventDefinition, readTypes, type Topology } from '@parlance/events';

/** A place in a service's code that names an event. */
export interface EventUse {
  service: string;
  type: string;
  /** Path of the file, from the root. */
  file: string;
}

/** What the services do with events, read from their code without running it. */
export interface Wiring {
  /** `@EventPattern` of a handler. */
  handlers: EventUse[];
  /** What is added to an outbox. */
  additions: EventUse[];
}

/**
 * Sentences on where events, handlers, producers and queues differ; empty when all say the same.
 * Each names the file or definition to look at.
 */
export function wiringFaults(
  events: readonly EventDefinition[],
  { handlers, additions }: Wiring,
  topology: Topology,
): string[] {
  return [
    ...consumerFaults(events, handlers),
    ...handlerFaults(events, handlers),
    ...producerFaults(events, additions),
    ...filterFaults(events, topology),
  ];
}

function consumerFaults(events: readonly EventDefinition[], handlers: EventUse[]): string[] {
  return events.flatMap(({ type, consumers }) => {
    if (consumers.length === 0) return [`${type} has no consumer: nobody needs it published.`];
    return consumers
      .filter((service) => !handlers.some((one) => one.service === service && one.type === type))
      .map((service) => `${type} is consumed by ${service}, which has no handler for it.`);
  });
}

function handlerFaults(events: readonly EventDefinition[], handlers: EventUse[]): string[] {
  return handlers.flatMap(({ service, type, file }) => {
    const event = events.find((one) => one.type === type);
    if (event === undefined) return [`${file} handles ${type}, which nobody publishes.`];
    if ((event.consumers as readonly string[]).includes(service)) return [];
    return [`${file} handles ${type}, but its consumers do not name ${service}: no queue has it.`];
  });
}

function producerFaults(events: readonly EventDefinition[], additions: EventUse[]): string[] {
  const idle = events.filter(
    ({ type, owner }) => !additions.some((one) => one.type === type && one.service === owner),
  );
  const wrong = additions.flatMap(({ service, type, file }) => {
    const event = events.find((one) => one.type === type);
    if (event === undefined) return [`${file} publishes ${type}, which is not in EVENTS.`];
    return event.owner === service ? [] : [`${file} publishes ${type} of ${event.owner}.`];
  });
  return [
    ...idle.map(({ type, owner }) => `${type} has consumers, but ${owner} never publishes it.`),
    ...wrong,
  ];
}

function filterFaults(events: readonly EventDefinition[], { queues }: Topology): string[] {
  const known = new Set(events.flatMap(({ consumers }) => consumers));
  const unfiltered = [...known].flatMap((service) =>
    [...readTypes(events, service).keys()]
      .filter((type) => !queues.some((one) => one.consumer === service && one.types.includes(type)))
      .map((type) => `${service} reads ${type}, but no queue of it lets that in.`),
  );
  const useless = queues.flatMap(({ name, consumer, types }) => {
    const read = readTypes(events, consumer);
    return types
      .filter((type) => !read.has(type))
      .map((type) =>
        events.some((event) => event.type === type)
          ? `The filter of ${name} lets in ${type}, which ${consumer} does not read.`
          : `The filter of ${name} names ${type}, which nobody publishes: it matches nothing.`,
      );
  });
  const empty = queues.filter(({ types }) => types.length === 0);
  return [
    ...unfiltered,
    ...useless,
    ...empty.map(({ name }) => `The filter of ${name} is empty: it matches nothing.`),
  ];
}
