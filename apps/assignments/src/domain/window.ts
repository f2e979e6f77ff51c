import { type FieldFault, Refusal } from '@parlance/kernel';

/** When an assignment may be worked on; null is "no such limit" (opens: as soon as published). */
export interface Window {
  opensAt: Date | null;
  dueAt: Date | null;
  closesAt: Date | null;
}

const WITH_OFFSET = /^\d{4}-.*(?:Z|[+-]\d{2}:\d{2})$/i;
const EARLIEST_MS = Date.UTC(2000, 0, 1);
const LATEST_MS = Date.UTC(2200, 0, 1);

/**
 * The instant a client wrote. Without an offset the text means another instant on every machine,
 * and far years do not fit every calendar in use: both are refused.
 */
export function instantOf(text: string, pointer: string): Date {
  const instant = new Date(text);
  const timeMs = instant.getTime();
  if (WITH_OFFSET.test(text) && timeMs >= EARLIEST_MS && timeMs < LATEST_MS) return instant;
  const detail = 'must be an RFC 3339 instant with an offset, from the year 2000 to 2199';
  throw new Refusal('unprocessable', 'invalid-instant', 'An instant cannot be read.', [
    { pointer, detail },
  ]);
}

/** Opening comes before closing, and work is due between the two. */
export function requireOrder({ opensAt, dueAt, closesAt }: Window): void {
  const faults: FieldFault[] = [];
  if (opensAt && closesAt && closesAt <= opensAt) {
    faults.push({ pointer: '/closesAt', detail: 'must be after opensAt' });
  }
  if (opensAt && dueAt && dueAt < opensAt) {
    faults.push({ pointer: '/dueAt', detail: 'must not be before opensAt' });
  }
  if (dueAt && closesAt && dueAt > closesAt) {
    faults.push({ pointer: '/dueAt', detail: 'must not be after closesAt' });
  }
  if (faults.length === 0) return;
  const detail = 'Open, due and close must come in this order.';
  throw new Refusal('unprocessable', 'invalid-window', detail, faults);
}

/** A zone of the IANA database; a bare offset such as +02:00 knows no summer time and is none. */
export function requireTimeZone(timeZone: string): void {
  try {
    if (!/^[a-z]/i.test(timeZone)) throw new RangeError();
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    const detail = 'must be an IANA time zone such as Europe/Helsinki';
    throw new Refusal('unprocessable', 'unknown-time-zone', 'There is no such time zone.', [
      { pointer: '/timeZone', detail },
    ]);
  }
}
