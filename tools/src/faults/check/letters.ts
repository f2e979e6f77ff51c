import type { Facts, LetterFact, PlantedFact } from './facts.js';
import { type Violation, violation } from './violation.js';

/** What a consumer adds to a dead letter. */
const REASON = ['error_code', 'error_fingerprint', 'consumer', 'receive_count'];

/**
 * I6: what was planted to be refused lies in its dead-letter queue, byte for byte and with all its
 * attributes, for the right reason; and nothing else lies there.
 */
export function checkLetters({ letters, planted, applications }: Facts): Violation[] {
  let left = [...letters];
  const found: Violation[] = [];
  const applied = new Set(applications.map(({ eventId }) => eventId));
  for (const one of planted) {
    if (one.deadLetterQueue === undefined) {
      if (one.eventId !== undefined && applied.has(one.eventId)) continue;
      found.push(wrong(one, 'was not handled'));
      continue;
    }
    const index = left.findIndex(
      ({ queue, body }) => queue === one.deadLetterQueue && body === one.body,
    );
    const letter = left[index];
    // A letter may have been sent twice: sending is no more exact than any other delivery.
    left = left.filter(({ queue, body }) => queue !== one.deadLetterQueue || body !== one.body);
    if (letter === undefined)
      found.push(wrong(one, `is not in ${one.deadLetterQueue}, or changed`));
    else found.push(...letterFaults(one, letter));
  }
  return [...found, ...left.map(unplanted)];
}

function letterFaults(planted: PlantedFact, letter: LetterFact): Violation[] {
  const found: Violation[] = [];
  for (const [name, value] of Object.entries(planted.attributes)) {
    if (letter.attributes[name] !== value) found.push(wrong(planted, `lost its ${name}`));
  }
  for (const name of Object.keys(letter.attributes)) {
    if (!(name in planted.attributes) && !REASON.includes(name)) {
      found.push(wrong(planted, `has got an attribute ${name}`));
    }
  }
  const { codes } = planted;
  if (codes.length > 0 && !codes.includes(letter.code ?? '')) {
    found.push(
      wrong(planted, `is there for "${letter.code}" instead of "${codes.join('" or "')}"`),
    );
  }
  return found;
}

function wrong({ name, eventId }: PlantedFact, what: string): Violation {
  return violation('letter', 'I6', eventId ?? '', `the planted message "${name}" ${what}`);
}

function unplanted({ queue, eventId, code }: LetterFact): Violation {
  const about = `${queue} holds ${eventId ?? 'a message without ce_id'}, for "${code ?? 'too many receives'}"`;
  return violation('letter', 'I6', eventId ?? '', about);
}
