/** A piece of an answer, counted in Unicode code points from 0; the end is not part of it. */
export interface TextRange {
  start: number;
  end: number;
}

/** Code points of a text: an emoji of one code point is one, however many units it takes. */
export function codePointLength(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** Whether a range is a piece of the text with at least one code point in it. */
export function isRangeOf(text: string, { start, end }: TextRange): boolean {
  const areWhole = Number.isInteger(start) && Number.isInteger(end);
  return areWhole && start >= 0 && start < end && end <= codePointLength(text);
}
