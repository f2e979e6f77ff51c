import { z } from 'zod';
import type { BodyNode } from '../items/body.js';
import { escapePattern } from '../text/variants.js';
import { accepted, passage, phrase, typedOptions } from './fields.js';
import { typedPart } from './gap-fill.js';
import { itemType } from './item-type.js';
import { parseMarkedText } from './marked-text.js';
import type { Segment } from './marked-text.js';
import { paragraphsOf, textNode } from './paragraphs.js';
import { piecesOf, sentencesOf } from './sentences.js';

const MAX_GAPS = 100;

const alsoAccept = z
  .record(
    z.string().regex(/^[1-9]\d{0,2}$/, 'must be the number of a gap'),
    z.array(accepted).max(50),
  )
  .default({})
  .describe('by number of the gap, from 1: what else is right there');

export const openCloze = itemType({
  type: 'open-cloze',
  about:
    'A text with words taken out, typed from nothing. Mark words as {{went}} (variant grammar), ' +
    'or mark none and take out every nth word.',
  fields: {
    text: passage,
    every: z
      .int()
      .min(4)
      .max(20)
      .optional()
      .describe('takes out every nth word after the first sentence; for a text without marks'),
    maxGaps: z.int().min(1).max(MAX_GAPS).default(MAX_GAPS),
    alsoAccept,
    options: typedOptions.default({}),
  },
  compile({ text, every, maxGaps, alsoAccept: more, options }, draft) {
    const marked = parseMarkedText(text);
    if (!marked.ok) {
      draft.fault('/text', marked.detail);
      return [];
    }
    const marks = marked.segments.filter((one) => one.kind === 'mark').length;
    if (every !== undefined && marks > 0) {
      draft.fault('/every', 'the text has marks already');
      return [];
    }
    const segments = every === undefined ? marked.segments : everyNthWord(text, every, maxGaps);
    const isGenerated = every !== undefined;
    const gaps = segments.filter((one) => one.kind === 'mark').length;
    if (gaps === 0) draft.fault('/text', 'has no gap');
    if (gaps > maxGaps) draft.fault('/text', `has more than ${maxGaps} gaps`);
    checkNumbers(more, gaps, (number) =>
      draft.fault(`/alsoAccept/${number}`, 'there is no such gap'),
    );
    let number = 0;
    const nodes = segments.flatMap((segment): BodyNode[] => {
      if (segment.kind === 'text') return [textNode(segment.text)];
      number += 1;
      const pattern = isGenerated ? escapePattern(segment.content) : segment.content;
      const accept = [pattern, ...(more[number] ?? [])];
      return typedPart({ accept }, options, draft, { at: '/text', inline: true });
    });
    return paragraphsOf(nodes);
  },
});

/** The first sentence stays whole, so that the learner knows what the text is about. */
function everyNthWord(text: string, every: number, maxGaps: number): Segment[] {
  const [first = '', ...rest] = sentencesOf(text);
  let words = 0;
  let gaps = 0;
  return [
    { kind: 'text', text: first },
    ...piecesOf(rest.join('')).map((piece): Segment => {
      if (piece.isWord) words += 1;
      // A number or a name cannot be known from the text, but its place still counts.
      const isDue = piece.isWord && words % every === 0 && /^\p{Ll}/u.test(piece.text);
      if (!isDue || gaps >= maxGaps) return { kind: 'text', text: piece.text };
      gaps += 1;
      return { kind: 'mark', content: piece.text };
    }),
  ];
}

function checkNumbers(
  numbers: Record<string, unknown>,
  gaps: number,
  fault: (number: string) => void,
): void {
  for (const number of Object.keys(numbers)) if (Number(number) > gaps) fault(number);
}

export const cTest = itemType({
  type: 'c-test',
  about:
    'A text in which the second half of every second word is missing, made from the text by a ' +
    'fixed rule; each gap is a part.',
  fields: {
    text: passage.describe('at least three sentences; the first and the last stay whole'),
    maxGaps: z.int().min(1).max(MAX_GAPS).default(25),
    skip: z.array(phrase).max(200).default([]).describe('words to be left whole'),
    alsoAccept,
    options: typedOptions.default({}),
  },
  compile({ text, maxGaps, skip, alsoAccept: more, options }, draft) {
    const sentences = sentencesOf(text);
    if (sentences.length < 3) {
      draft.fault('/text', 'needs three sentences: the first and the last stay whole');
      return [];
    }
    const preset = { ...options, typos: { accept: false, ...options.typos } };
    const left = new Set(skip.map((word) => word.toLocaleLowerCase('en')));
    let gaps = 0;
    const nodes = damaged(sentences, left, maxGaps).flatMap((piece): BodyNode[] => {
      if (piece.missing === '') return [textNode(piece.shown)];
      gaps += 1;
      const whole = escapePattern(piece.shown + piece.missing);
      const accept = [escapePattern(piece.missing), whole, ...(more[gaps] ?? [])];
      const part = typedPart({ accept }, preset, draft, { at: '/text', inline: true });
      return [textNode(piece.shown), ...part];
    });
    if (gaps === 0) draft.fault('/text', 'no word of it can be damaged');
    checkNumbers(more, gaps, (number) =>
      draft.fault(`/alsoAccept/${number}`, 'there is no such gap'),
    );
    return paragraphsOf(nodes);
  },
});

interface Damaged {
  shown: string;
  missing: string;
}

/**
 * The rule: from the second sentence to the last but one, every second word loses its second half,
 * the greater half of an odd number of letters. Words of one letter, words that are not letters
 * alone, names (a capital inside a sentence) and words to be skipped are left whole and are not
 * counted.
 */
function damaged(sentences: readonly string[], skip: Set<string>, maxGaps: number): Damaged[] {
  const inner = sentences.slice(1, -1);
  let [counted, gaps] = [0, 0];
  const pieces = inner.flatMap((sentence) => {
    let isFirst = true;
    return piecesOf(sentence).map(({ text, isWord }): Damaged => {
      const whole = { shown: text, missing: '' };
      if (!isWord) return whole;
      const isName = !isFirst && /^\p{Lu}/u.test(text);
      isFirst = false;
      const letters = [...text];
      const isLeft = !/^\p{L}{2,}$/u.test(text) || isName || skip.has(text.toLocaleLowerCase('en'));
      if (isLeft || gaps >= maxGaps) return whole;
      counted += 1;
      if (counted % 2 === 1) return whole;
      gaps += 1;
      const kept = Math.floor(letters.length / 2);
      return { shown: letters.slice(0, kept).join(''), missing: letters.slice(kept).join('') };
    });
  });
  return [
    { shown: sentences[0] ?? '', missing: '' },
    ...pieces,
    { shown: sentences.at(-1) ?? '', missing: '' },
  ];
}
