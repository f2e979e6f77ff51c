import { type EventDefinition, majorOf } from '../define.js';
import { breakingChanges } from './compatibility.js';
import { type JsonSchema, jsonSchemaOf } from './json-schema.js';

/** Of an event's definition what crosses the wire, and so what others may rely on. */
export interface Contract {
  type: string;
  owner: string;
  subject: string;
  pii: string[];
  schema: JsonSchema;
}

/** Data as the producer might write it. */
export interface Sample {
  /** What is special about it. */
  name: string;
  data: Record<string, unknown>;
}

/** One frozen version of an event: the content of `<type>/<version>.json` in the registry. */
export interface RegisteredVersion extends Contract {
  /** Semantic version: its major is that of the type, its minor counts additions from 0. */
  version: string;
  samples: Sample[];
}

export function contractOf(event: EventDefinition): Contract {
  return {
    type: event.type,
    owner: event.owner,
    subject: event.subject,
    pii: [...(event.pii ?? [])].sort(),
    schema: jsonSchemaOf(event.data),
  };
}

export function isSameContract(one: Contract, other: Contract): boolean {
  return canonical(contractIn(one)) === canonical(contractIn(other));
}

/** Sentences on what keeps `after` from being a minor version of `before`. */
export function contractBreaks(before: Contract, after: Contract): string[] {
  const subject =
    before.subject === after.subject
      ? []
      : [
          `The subject is ${after.subject} instead of ${before.subject}: the order of versions ends.`,
        ];
  return [
    ...subject,
    ...breakingChanges(before.schema, after.schema).map(({ message }) => message),
  ];
}

/** The version an event is registered as after `latest`. */
export function nextVersion(type: string, latest: RegisteredVersion | undefined): string {
  const minor = latest === undefined ? 0 : minorOf(latest.version) + 1;
  return `${majorOf(type)}.${minor}.0`;
}

export function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}

/** JSON with the keys of every object in one order, for comparing. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function contractIn({ type, owner, subject, pii, schema }: Contract): Contract {
  return { type, owner, subject, pii, schema };
}
