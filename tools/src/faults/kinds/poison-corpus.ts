import { randomBytes } from 'node:crypto';
import { newId } from '@parlance/kernel';
import type { PlantedFact } from '../check/facts.js';

/** A message for a queue, and where it must end. */
export interface Poison extends PlantedFact {
  queue: string;
}

const SUBMISSIONS = 'parlance-grading-from-assignments';
const ENROLMENTS = 'parlance-grading-from-identity';
const SUBMITTED = 'assignments.attempt-submitted.v1';
const YEAR_MS = 365 * 86_400_000;
/** Of a message with its attributes. */
const MAX_BYTES = 1_048_576;

/** Messages that nobody of ours would send, and two that only look that way. */
export function poisonCorpus(institutionId: string): Poison[] {
  const event = (overrides: Record<string, unknown> = {}) => envelope(institutionId, overrides);
  const { subject: _subject, ...nameless } = event();
  const nul = event({ data: { note: 'a NUL: \u0000' } });
  return [
    refused('bad JSON', '{"specversion":"1.0",', ['not-json']),
    refused('no envelope', JSON.stringify(nameless), ['no-envelope']),
    refused('unknown type', JSON.stringify(event({ type: 'assignments.never-heard-of.v1' })), [
      'unknown-type',
    ]),
    refused('unknown version', JSON.stringify(event({ type: `${SUBMITTED.slice(0, -1)}99` })), [
      'unknown-version',
    ]),
    refused('not for grading', JSON.stringify(event({ type: 'gradebook.cell-changed.v1' })), [
      'not-consumed',
    ]),
    refused('missing field', JSON.stringify(event()), ['schema']),
    refused('NUL', JSON.stringify(nul), ['unstorable-text']),
    large(),
    handled('from the future', institutionId, idAt(Date.now() + YEAR_MS)),
    handled('older than the inbox', institutionId, idAt(Date.now() - 2 * YEAR_MS)),
  ];
}

/** An attempt-submitted event whose data lacks everything. */
function envelope(institutionId: string, overrides: Record<string, unknown>) {
  const subject = newId();
  return {
    specversion: '1.0',
    id: newId(),
    source: '/assignments',
    type: SUBMITTED,
    subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: {},
    tenant: institutionId,
    partitionkey: subject,
    sequence: 1,
    ...overrides,
  };
}

function refused(name: string, body: string, codes: string[]): Poison {
  const eventId = newId();
  const attributes = { ce_id: eventId, ce_type: SUBMITTED, planted: name };
  const deadLetterQueue = `${SUBMISSIONS}-dlq`;
  return { name, queue: SUBMISSIONS, deadLetterQueue, codes, eventId, body, attributes };
}

/** As large as a message may be: there is no room left for the reason. */
function large(): Poison {
  const poison = refused('1 MiB of garbage', '', []);
  const used = Object.entries(poison.attributes)
    .map(([name, value]) => name.length + 'String'.length + value.length)
    .reduce((sum, bytes) => sum + bytes, 0);
  return { ...poison, body: 'x'.repeat(MAX_BYTES - used) };
}

/** An event that is as it should be but for its time; of an enrolment that concerns nobody. */
function handled(name: string, institutionId: string, id: string): Poison {
  const enrolmentId = newId();
  const type = 'identity.enrolment-changed.v1';
  const data = {
    enrolmentId,
    classId: newId(),
    personId: newId(),
    role: 'learner',
    status: 'active',
  };
  const subject = enrolmentId;
  const partitionkey = enrolmentId;
  const event = envelope(institutionId, { id, type, data, subject, partitionkey });
  return {
    name,
    queue: ENROLMENTS,
    deadLetterQueue: undefined,
    codes: [],
    eventId: id,
    body: JSON.stringify({ ...event, source: '/identity' }),
    attributes: { ce_id: id, ce_type: type },
  };
}

/** A UUIDv7 of another time. */
function idAt(ms: number): string {
  const time = ms.toString(16).padStart(12, '0');
  const random = randomBytes(10).toString('hex');
  const hex = `${time}7${random.slice(0, 3)}8${random.slice(3, 18)}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
