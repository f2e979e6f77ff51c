import type { DeadLetter } from './dead-letter.js';
import { isTooOld } from './letter-filter.js';

/** Letters of one queue and type that failed in the same way. */
export interface LetterGroup {
  queue: string;
  kind: DeadLetter['kind'];
  service: string;
  type: string | null;
  errorCode: string;
  fingerprint: string;
  count: number;
  /** Of them, those too old to be redriven. */
  tooOld: number;
  /** Instants at which the first and the last came to lie there. */
  firstAt: string;
  lastAt: string;
  institutions: number;
  exampleIds: string[];
}

const EXAMPLES = 3;

/** The groups of some letters, the largest first. */
export function groupLetters(letters: readonly DeadLetter[], nowMs: number): LetterGroup[] {
  const groups = new Map<string, DeadLetter[]>();
  for (const letter of letters) {
    const key = [letter.queue, letter.type ?? '', letter.fingerprint].join(' ');
    const group = groups.get(key);
    if (group) group.push(letter);
    else groups.set(key, [letter]);
  }
  return [...groups.values()]
    .map((group) => groupOf(group, nowMs))
    .sort((one, other) => other.count - one.count || (one.queue < other.queue ? -1 : 1));
}

function groupOf(letters: DeadLetter[], nowMs: number): LetterGroup {
  const [{ queue, kind, service, type, errorCode, fingerprint }] = letters as [DeadLetter];
  const arrivals = letters.map(({ arrivedAt }) => arrivedAt).sort();
  const institutions = new Set(letters.flatMap(({ institutionId }) => institutionId ?? []));
  return {
    queue,
    kind,
    service,
    type,
    errorCode,
    fingerprint,
    count: letters.length,
    tooOld: letters.filter((letter) => isTooOld(letter, nowMs)).length,
    firstAt: arrivals[0] ?? '',
    lastAt: arrivals.at(-1) ?? '',
    institutions: institutions.size,
    exampleIds: letters.slice(0, EXAMPLES).map(({ id }) => id),
  };
}
