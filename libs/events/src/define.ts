import type { Id } from '@parlance/kernel';

/** The services that publish or consume events; each owns one topic. */
export const SERVICES = [
  'identity',
  'content',
  'assignments',
  'grading',
  'gradebook',
  'lti',
] as const;

export type ServiceName = (typeof SERVICES)[number];

/**
 * One published event. `type` ends in its major version; a minor change may only add optional
 * fields, anything else is a new definition published beside the old one.
 */
export interface EventDefinition<T extends object = object> {
  readonly type: `${ServiceName}.${string}.v${number}`;
  readonly owner: ServiceName;
  /** Who has a handler. An event nobody consumes is not published. */
  readonly consumers: readonly ServiceName[];
  /** class-validator schema of `data`, checked when it is written and again when it is read. */
  readonly data: new () => T;
  /** What one sequence of versions belongs to, e.g. `attemptId`: the field that is the subject. */
  readonly subject: keyof T & string;
  /** Fields with personal data: never in logs, spans or pages of other people. */
  readonly pii?: readonly (keyof T & string)[];
  /**
   * The version before, and how its data becomes this one's. Whoever consumes this event then also
   * reads the older ones; see `upcastFrom`.
   */
  readonly upcasts?: Upcast<T>;
  readonly summary: string;
}

/** A step from the data of an older version of an event to that of the next. */
export interface Upcast<T extends object = object> {
  readonly from: EventDefinition;
  readonly up: (older: object) => T;
}

/**
 * The step from the events of `from`; `up` gets data that fits the older schema, and what it gives
 * must fit the newer one. It reads no clock and asks nobody: one event always becomes the same.
 */
export function upcastFrom<Older extends object, T extends object>(
  from: EventDefinition<Older>,
  up: (older: Older) => T,
): Upcast<T> {
  return { from: from as unknown as EventDefinition, up: up as (older: object) => T };
}

/** An event's type without its version: what all its versions have in common. */
export function familyOf(type: string): string {
  return type.replace(/\.v\d+$/, '');
}

/** The version a type ends in; 0 when it ends in none. */
export function majorOf(type: string): number {
  return Number(/\.v(\d+)$/.exec(type)?.[1] ?? 0);
}

export function defineEvent<T extends object>(definition: EventDefinition<T>): EventDefinition<T> {
  if (!definition.type.startsWith(`${definition.owner}.`)) {
    throw new Error(`${definition.type} must start with the name of its owner.`);
  }
  if (definition.consumers.length === 0) {
    throw new Error(`${definition.type} has no consumer; publish it when somebody needs it.`);
  }
  const older = definition.upcasts?.from;
  if (older && !isOlder(older.type, definition.type)) {
    throw new Error(
      `${definition.type} cannot read ${older.type}: that is no older version of it.`,
    );
  }
  return Object.freeze(definition);
}

function isOlder(type: string, than: string): boolean {
  return familyOf(type) === familyOf(than) && majorOf(type) < majorOf(than);
}

/** CloudEvents 1.0 JSON with our extension attributes: the body of every message. */
export interface EventEnvelope<T extends object = object> {
  specversion: '1.0';
  /** UUIDv7; the key of the consumers' inboxes. */
  id: Id;
  /** `/<owner>` */
  source: string;
  type: string;
  /** Id of the aggregate. */
  subject: Id;
  /** RFC 3339 instant at which the producer wrote the event. */
  time: string;
  datacontenttype: 'application/json';
  data: T;
  /** W3C trace context of the moment the event was written. */
  traceparent?: string;
  tracestate?: string;
  /** Id of the institution. */
  tenant: Id;
  /** Events with one key are applied in order, one at a time. */
  partitionkey: string;
  /** Version of the aggregate: consumers apply only newer ones. */
  sequence: number;
  /** Trace id of the request that began it: the request id the client was given. */
  correlationid?: string;
  /** Id of the event whose handling caused this one. */
  causationid?: Id;
}
