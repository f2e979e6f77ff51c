import { Refusal, storableText } from '@parlance/kernel';

/** Longest title that is stored and published, in UTF-16 code units. */
export const MAX_TITLE = 500;

/** The title a person typed, ready to be stored; a refusal when nothing is left to read. */
export function titleOf(text: string): string {
  const title = storableText(text).trim();
  if (title !== '') return title;
  throw new Refusal('invalid', 'invalid-input', 'The input does not fit.', [
    { pointer: '/title', detail: 'title must have at least one visible character' },
  ]);
}

/** The title of a package's file, cut where it is too long; the fallback where there is none. */
export function clippedTitle(text: string, fallback: string): string {
  const title = storableText(text).trim();
  // A cut may halve a surrogate pair: the half is dropped.
  const clipped = title.slice(0, MAX_TITLE).replace(/[\uD800-\uDBFF]$/, '');
  return clipped === '' ? fallback : clipped;
}
