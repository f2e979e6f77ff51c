import {
  type EventDefinition,
  type EventEnvelope,
  EventDataInvalid,
  parseEventData,
} from '@parlance/events';
import { envelopeFaults, type StoredEnvelope } from '../envelope/envelope.js';
import { hasUnstorableText } from '../envelope/storable.js';
import { type DeadLetterCode, type DeadLetterReason, deadLetterReason } from './errors.js';

/** What a body turned out to be. */
export type Reading =
  | { kind: 'event'; event: StoredEnvelope; definition: EventDefinition }
  | { kind: 'poison'; reason: DeadLetterReason }
  /** No event of ours, for a pump that takes anything; without a key it has no order. */
  | { kind: 'other'; tenant: string; key: string | undefined };

/** Reads bodies for one consumer, and says of each that cannot be handled why. */
export class MessageReader {
  private readonly known: ReadonlyMap<string, EventDefinition>;
  private readonly families: ReadonlySet<string>;

  constructor(
    events: readonly EventDefinition[],
    private readonly consumer: string,
  ) {
    this.known = new Map(events.map((event) => [event.type as string, event]));
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
    const definition = this.known.get(event.type);
    if (definition === undefined) {
      return this.families.has(familyOf(event.type))
        ? poison('unknown-version', 'This version of the event is not known here.', event.type)
        : poison('unknown-type', 'This type of event is not known here.', event.type);
    }
    if (!(definition.consumers as readonly string[]).includes(this.consumer)) {
      return poison('not-consumed', `${this.consumer} does not consume it.`, event.type);
    }
    // Data that lies elsewhere is checked when it has been fetched.
    return event.dataref === undefined
      ? withData(definition, event, event.data)
      : { kind: 'event', event, definition };
  }
}

/** The event with its data as an instance of the schema's class. */
export function withData(
  definition: EventDefinition,
  event: EventEnvelope,
  data: unknown,
): Reading {
  try {
    return {
      kind: 'event',
      definition,
      event: { ...event, data: parseEventData(definition, data) },
    };
  } catch (error) {
    if (!(error instanceof EventDataInvalid)) throw error;
    return poison('schema', error.faults.join('; '), event.type);
  }
}

/** The type without its version. */
function familyOf(type: string): string {
  return type.replace(/\.v\d+$/, '');
}

function poison(code: DeadLetterCode, detail: string, type = ''): Reading {
  return { kind: 'poison', reason: deadLetterReason(code, detail, type) };
}
