import { type Id, idTimeMs } from '@parlance/kernel';
import { INBOX_DAYS } from '../migration/partition-function.js';
import type { DeadLetter } from './dead-letter.js';

/** Which letters are meant; what is undefined does not matter. */
export interface LetterFilter {
  /** The dead-letter queue, or the queue its letters came from. */
  queue?: string | undefined;
  type?: string | undefined;
  institutionId?: Id | undefined;
  fingerprint?: string | undefined;
  /** Made or arrived at or after. */
  since?: Date | undefined;
  /** The message's id, or the event's. */
  id?: string | undefined;
}

/** Whether the filter may mean letters of a queue at all. */
export function mayLieIn(
  filter: LetterFilter,
  queue: { name: string; sourceName: string | undefined },
): boolean {
  return filter.queue === undefined || [queue.name, queue.sourceName].includes(filter.queue);
}

/** Of a letter in a queue that the filter means. */
export function isMeant(filter: LetterFilter, letter: DeadLetter): boolean {
  const { type, institutionId, fingerprint, since, id } = filter;
  if (type !== undefined && letter.type !== type) return false;
  if (institutionId !== undefined && letter.institutionId !== institutionId) return false;
  if (fingerprint !== undefined && letter.fingerprint !== fingerprint) return false;
  if (id !== undefined && letter.id !== id && letter.eventId !== id) return false;
  return since === undefined || latestMs(letter) >= since.getTime();
}

function latestMs({ arrivedAt, eventAt }: DeadLetter): number {
  return Math.max(Date.parse(arrivedAt), eventAt === null ? 0 : Date.parse(eventAt));
}

const INBOX_MS = INBOX_DAYS * 86_400_000;

/**
 * Whether the consumer's inbox may have forgotten the event: handled again, it could have its
 * effect twice. An unreadable letter has no age and no effect. An unpublished event has been with
 * nobody, so no inbox can have forgotten it.
 */
export function isTooOld({ kind, eventId }: DeadLetter, nowMs: number): boolean {
  if (kind === 'unpublished' || eventId === null) return false;
  return nowMs - idTimeMs(eventId) > INBOX_MS;
}
