import {
  type EventDefinition,
  type EventEnvelope,
  EventDataInvalid,
  familyOf,
  readEventData,
  readTypes,
  withOlderVersions,
} from '@parlance/events';
import { envelopeFaults, type StoredEnvelope } from '../envelope/envelope.js';
import { hasUnstorableText } from '../envelope/storable.js';
import { type DeadLetterCode, type DeadLetterReason, deadLetterReason } from './errors.js';

/**
 * What a body turned out to be. The event has the version its handler is written for, whichever
 * version it was published in, and its own id: the inbox knows it again either way. While its data
 * lies elsewhere it still has the type it was published with.
 */
export type Reading =
  | { kind: 'event'; event: StoredEnvelope; definition: EventDefinition }
  | { kind: 'poison'; reason: DeadLetterReason }
  /** No event of ours, for a pump that takes anything; without a key it has no order. */
  | { kind: 'other'; tenant: string; key: string | undefined };

/** Reads bodies for one consumer, and says of each that cannot be handled why. */
export class MessageReader {
  /** Type of a message to the event it is handled as. */
  private readonly handledAs: ReadonlyMap<string, EventDefinition>;
  private readonly known: ReadonlySet<string>;
  private readonly families: ReadonlySet<string>;

  constructor(
    events: readonly EventDefinition[],
    private readonly consumer: string,
  ) {
    this.handledAs = readTypes(events, consumer);
    this.known = new Set(withOlderVersions(events).map(({ type }) => type));
    this.families = new Set(events.map((event) => familyOf(event.type)));
  }

  read(body: string): Reading {
    let parsed: unknown;
    try {
      parsed = JSON.parse(body);
    } catch {
      return poison('not-json', 'The body is not JSON.');
    }
    const faults = envelopeFaults(parsed);
    if (faults.length > 0) return poison('no-envelope', `Wrong or missing: ${faults.join(', ')}.`);
    const event = parsed as StoredEnvelope;
    if (hasUnstorableText(body, parsed)) {
      return poison('unstorable-text', 'Text holds NUL or half a surrogate pair.', event.type);
    }
    const definition = this.handledAs.get(event.type);
    if (definition === undefined) return this.unhandled(event.type);
    // Data that lies elsewhere is checked when it has been fetched.
    return event.dataref === undefined
      ? withData(definition, event, event.data)
      : { kind: 'event', event, definition };
  }

  private unhandled(type: string): Reading {
    if (this.known.has(type)) {
      return poison('not-consumed', `${this.consumer} does not consume it.`, type);
    }
    return this.families.has(familyOf(type))
      ? poison('unknown-version', 'This version of the event is not known here.', type)
      : poison('unknown-type', 'This type of event is not known here.', type);
  }
}

/**
 * The event in the version of the definition, its data an instance of that class. Data of an older
 * version is checked by the schema it was written with, raised step by step, and checked again.
 */
export function withData(
  definition: EventDefinition,
  event: EventEnvelope,
  data: unknown,
): Reading {
  try {
    return {
      kind: 'event',
      definition,
      event: {
        ...event,
        type: definition.type,
        data: readEventData(definition, event.type, data),
      },
    };
  } catch (error) {
    if (!(error instanceof EventDataInvalid)) throw error;
    return poison('schema', error.faults.join('; '), event.type);
  }
}

function poison(code: DeadLetterCode, detail: string, type = ''): Reading {
  return { kind: 'poison', reason: deadLetterReason(code, detail, type) };
}
