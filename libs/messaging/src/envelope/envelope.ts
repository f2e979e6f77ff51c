import type { EventDefinition, EventEnvelope } from '@parlance/events';
import { type Id, idTimeMs, isId } from '@parlance/kernel';
import type { ClaimCheck } from './claim-check.js';

/** The envelope of an event whose data is too large for a message lies in S3 in part. */
export type StoredEnvelope = EventEnvelope & { dataref?: ClaimCheck };

export interface EnvelopeParts {
  id: Id;
  data: object;
  subject: Id;
  version: number;
  institutionId: Id;
  partitionKey: string;
  headers: { traceparent?: string; tracestate?: string };
  correlationId: string | undefined;
  causationId: Id | undefined;
}

export function envelopeOf(
  event: EventDefinition,
  parts: EnvelopeParts,
  now: Date,
): StoredEnvelope {
  return {
    specversion: '1.0',
    id: parts.id,
    source: `/${event.owner}`,
    type: event.type,
    subject: parts.subject,
    time: now.toISOString(),
    datacontenttype: 'application/json',
    data: parts.data,
    ...parts.headers,
    tenant: parts.institutionId,
    partitionkey: parts.partitionKey,
    sequence: parts.version,
    ...(parts.correlationId !== undefined && { correlationid: parts.correlationId }),
    ...(parts.causationId !== undefined && { causationid: parts.causationId }),
  };
}

/** MessageGroupId and our key columns hold no more. */
const MAX_KEY = 128;

/** What of an envelope is wrong, as names of fields, never values; empty when it is one. */
export function envelopeFaults(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['body'];
  const is: Record<string, (field: unknown) => boolean> = {
    specversion: (field) => field === '1.0',
    // The day in the id decides the partition of the inbox, so it must be there.
    id: (field) => isId(field) && Number.isFinite(idTimeMs(field)),
    source: isText,
    type: isText,
    subject: isId,
    time: (field) => typeof field === 'string' && !Number.isNaN(Date.parse(field)),
    data: (field) => typeof field === 'object' && field !== null && !Array.isArray(field),
    tenant: isId,
    partitionkey: (field) => isText(field) && (field as string).length <= MAX_KEY,
    sequence: (field) => Number.isSafeInteger(field) && (field as number) >= 0,
  };
  const fields = value as Record<string, unknown>;
  return Object.keys(is).filter((name) => !is[name]?.(fields[name]));
}

function isText(field: unknown): boolean {
  return typeof field === 'string' && field !== '' && field.length <= 256;
}

/** UTC day of the event's id, `YYYY-MM-DD`: the same on every delivery. */
export function eventDay(id: Id): string {
  return new Date(idTimeMs(id)).toISOString().slice(0, 10);
}
