import { storableText } from '@parlance/kernel';

export interface NormaliseOptions {
  ignoreCase: boolean;
  ignoreFinalPunctuation: boolean;
}

/** Marks that are not seen: zero-width, direction of writing, soft hyphen, variation selectors. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;

/** Signs that keyboards and word processors put for the apostrophe, and for the quotation mark. */
const APOSTROPHES = /[\u2018\u2019\u201B\u02BC\u02B9\u00B4\u0060\u2032]/g;
const QUOTES = /[\u201C\u201D\u201E\u201F\u2033\u00AB\u00BB]/g;
const DASHES = /[\u2010-\u2015\u2212]/g;

/**
 * A typed answer as it is compared: what a reader cannot see or would not count as a difference is
 * gone. Compatibility characters are folded (NFKC), quotes and dashes are the plain ones, every
 * run of white space is one space, and what cannot be seen is removed. Lower case is that of
 * English whatever the machine is set to, so I never becomes a dotless i. Doing it twice changes
 * nothing.
 */
export function normaliseText(text: string, options: NormaliseOptions): string {
  let result = withPlainSigns(withPlainSigns(storableText(text)).normalize('NFKC'));
  // Composed again, as taking out an unseen mark may bring two halves of a letter together.
  result = result.normalize('NFC');
  if (options.ignoreCase) result = result.toLocaleLowerCase('en').normalize('NFC');
  result = result.replace(/\s+/g, ' ').trim();
  return options.ignoreFinalPunctuation ? withoutFinalPunctuation(result) : result;
}

function withPlainSigns(text: string): string {
  return text
    .replace(UNSEEN, '')
    .replace(APOSTROPHES, "'")
    .replace(QUOTES, '"')
    .replace(DASHES, '-');
}

/** Cut by hand: a pattern with an end anchor is tried anew at every dot of a long answer. */
function withoutFinalPunctuation(text: string): string {
  let end = text.length;
  while (end > 0 && ' .!?'.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

const TOKEN = /[\p{L}\p{M}\p{N}]+(?:['-][\p{L}\p{M}\p{N}]+)*|\S/gu;
const WORD = /^[\p{L}\p{M}\p{N}]/u;

/** Words, and marks of punctuation each alone; `don't` and `well-known` are one word. */
export function tokensOf(text: string): string[] {
  return text.match(TOKEN) ?? [];
}

export function wordsOf(text: string): string[] {
  return tokensOf(text).filter(isWord);
}

export function isWord(token: string): boolean {
  return WORD.test(token);
}
