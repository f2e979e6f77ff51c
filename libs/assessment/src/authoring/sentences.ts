/** Short forms whose dot ends no sentence. */
const ABBREVIATION = /(?:^|\s)(?:Mr|Mrs|Ms|Dr|Prof|St|vs|etc|e\.g|i\.e|cf|No|[A-Z])\.$/;

/**
 * A text cut into sentences, which joined are the text again. A sentence ends at a full stop,
 * question or exclamation mark with what closes it, before white space and a capital letter, a
 * digit or an opening quote; an initial or a common abbreviation does not end one. An empty line
 * always does.
 */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  const end = /(?:(?<![.!?…])[.!?…]+["'”’)]*(?=\s+["'“‘(]?[\p{Lu}\d])|\n[ \t]*\n)\s*/gu;
  let from = 0;
  for (const match of text.matchAll(end)) {
    const until = match.index + match[0].length;
    const sentence = text.slice(from, until);
    if (sentence.trim() === '') continue;
    if (!/\n[ \t]*\n/.test(match[0]) && ABBREVIATION.test(sentence.trimEnd())) continue;
    sentences.push(sentence);
    from = until;
  }
  if (text.slice(from).trim() === '') {
    if (sentences.length > 0) sentences[sentences.length - 1] += text.slice(from);
  } else sentences.push(text.slice(from));
  return sentences;
}

/** A word as it stands in a text, or what stands between words. */
export interface TextPiece {
  text: string;
  isWord: boolean;
}

const PIECE = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;

export function piecesOf(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const match of text.matchAll(PIECE)) {
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), isWord: false });
    pieces.push({ text: match[0], isWord: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), isWord: false });
  return pieces;
}
