import type { EventDefinition } from './define.js';
import { EventDataInvalid, parseEventData } from './validate.js';

/** The versions before an event that it can be made of, the newest first. */
export function olderVersions(event: EventDefinition): EventDefinition[] {
  const older = event.upcasts?.from;
  return older === undefined ? [] : [older, ...olderVersions(older)];
}

/** The events and every older version one of them is made of: all whose messages may be about. */
export function withOlderVersions(events: readonly EventDefinition[]): EventDefinition[] {
  return [...new Set(events.flatMap((event) => [event, ...olderVersions(event)]))];
}

/**
 * Every type whose messages reach a consumer, with the event its handler gets them as. A type it
 * has a handler for is never made into another.
 */
export function readTypes(
  events: readonly EventDefinition[],
  consumer: string,
): Map<string, EventDefinition> {
  const own = events.filter(({ consumers }) => (consumers as string[]).includes(consumer));
  const read = new Map<string, EventDefinition>(own.map((event) => [event.type, event]));
  for (const event of own) {
    for (const { type } of olderVersions(event)) {
      const other = read.get(type);
      // Beyond a version with a handler of its own, the older ones are that handler's.
      if (other?.type === type) break;
      if (other !== undefined) {
        throw new Error(`${consumer} would read ${type} as ${other.type} and as ${event.type}.`);
      }
      read.set(type, event);
    }
  }
  return read;
}

/**
 * Data that was written as `type`, an older version perhaps, as an instance of the event's class.
 * Throws EventDataInvalid when it fits neither, or an older version does not lead here.
 */
export function readEventData<T extends object>(
  event: EventDefinition<T>,
  type: string,
  data: unknown,
): T {
  if (type === event.type) return parseEventData(event, data);
  const { upcasts } = event;
  if (upcasts === undefined) throw new EventDataInvalid(event.type, [`${type} does not lead here`]);
  const older = readEventData(upcasts.from, type, data);
  return parseEventData(event, raised(event.type, upcasts.up, older));
}

function raised(type: string, up: (older: object) => object, older: object): unknown {
  try {
    return up(older);
  } catch (error) {
    // The sentence of the error may hold what a person wrote; its name does not.
    const name = error instanceof Error ? error.name : typeof error;
    throw new EventDataInvalid(type, [`could not be made of the older version (${name})`]);
  }
}
