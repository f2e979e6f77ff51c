import { editDistance } from './edit-distance.js';
import { endsIn, inflectionOf, otherForms } from './inflections.js';
import { isKnownWord } from './known-words.js';

/** No word is longer; what is, is noise that would take long to compare. */
const MAX_WORD = 40;

const LETTERS = /^\p{L}+(?:'\p{L}+)*$/u;

/**
 * Whether a typed word is but a slip of the expected one: one wrong, missing, extra or swapped
 * letter in a word of more than three, two in one of more than nine. What could be a mistake of
 * English and not of the fingers is never one: a word there is (`works`, `want`), a form made of a
 * word there is by an ending the expected word does not have (`informations`, `goed`), a form no
 * further from another form of the expected word (`workd` may be `work`), or what the author says.
 */
export function isSlip(given: string, expected: string, contrasts: readonly string[]): boolean {
  const [typed, meant] = [given.toLocaleLowerCase('en'), expected.toLocaleLowerCase('en')];
  // Where case counts, a word in other case is a mistake, and one that has none is not compared.
  if (typed === meant || !LETTERS.test(typed) || !LETTERS.test(meant)) return false;
  if (isCapital(given) !== isCapital(expected)) return false;
  if (typed.length > MAX_WORD || meant.length > MAX_WORD) return false;
  const length = [...meant].length;
  const limit = length > 9 ? 2 : length > 3 ? 1 : 0;
  const distance = editDistance(typed, meant, limit);
  if (distance > limit || isKnownWord(typed)) return false;
  if (contrasts.some((one) => one.toLocaleLowerCase('en') === typed)) return false;
  const inflection = inflectionOf(typed);
  if (inflection !== null && !endsIn(meant, inflection)) return false;
  return !otherForms(meant).some((form) => editDistance(typed, form, distance) <= distance);
}

function isCapital(word: string): boolean {
  const first = word.charAt(0);
  return first !== first.toLocaleLowerCase('en');
}
