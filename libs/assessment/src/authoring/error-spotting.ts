import type { z } from 'zod';
import type { BodyNode } from '../items/body.js';
import { MAX_ANSWER_VALUES } from '../scoring/responses.js';
import { acceptedList, passage, phrase, points, prompt, typedOptions } from './fields.js';
import { typedPart } from './gap-fill.js';
import type { ItemDraft } from './item-draft.js';
import { itemType } from './item-type.js';
import { parseMarkedText } from './marked-text.js';
import { element, paragraphs, paragraphsOf, textNode } from './paragraphs.js';
import { piecesOf } from './sentences.js';

/** What can be picked in the text, and how an error among it is put right. */
interface Spot {
  text: string;
  /** Right forms of an error; null for what is no error. */
  correction: string | null;
}

export const errorSpotting = itemType({
  type: 'error-spotting',
  about:
    'A text with mistakes to be found and put right: finding is one part, each correction ' +
    "another. Mark a mistake as {{don't -> doesn't}} (variant grammar after the arrow); every " +
    'other word can be picked too, unless words that are right are marked, {{always}}: then ' +
    'marks alone can be picked.',
  fields: {
    prompt: prompt.optional(),
    text: passage,
    correctionLabel: phrase.default('Correction'),
    findPoints: points.optional().describe('for finding; left out, 1 for each mistake'),
    alsoAccept: acceptedList.array().max(50).default([]).describe('per mistake, in their order'),
    options: typedOptions.default({}),
  },
  compile(source, draft) {
    const marked = parseMarkedText(source.text);
    if (!marked.ok) {
      draft.fault('/text', marked.detail);
      return [];
    }
    const marks = marked.segments.flatMap((one) => (one.kind === 'mark' ? [one.content] : []));
    const isMarkedOnly = marks.some((mark) => !mark.includes('->'));
    const pieces = marked.segments.flatMap((segment): (string | Spot)[] => {
      if (segment.kind === 'mark') return [spotOf(segment.content, draft)];
      if (isMarkedOnly) return [segment.text];
      return piecesOf(segment.text).map(({ text, isWord }) =>
        isWord ? { text, correction: null } : text,
      );
    });
    return compileSpots(pieces, source, draft);
  },
});

interface SpottingSource {
  prompt?: string;
  correctionLabel: string;
  findPoints?: number;
  alsoAccept: z.output<typeof acceptedList>[];
  options: z.output<typeof typedOptions>;
}

function compileSpots(
  pieces: readonly (string | Spot)[],
  source: SpottingSource,
  draft: ItemDraft,
): BodyNode[] {
  const spots = pieces.filter((one) => typeof one !== 'string');
  const errors = spots.filter((one) => one.correction !== null);
  if (errors.length === 0) draft.fault('/text', 'has no mistake');
  if (errors.length === spots.length) draft.fault('/text', 'has nothing right that can be picked');
  if (spots.length > MAX_ANSWER_VALUES) {
    draft.fault('/text', `has more than ${MAX_ANSWER_VALUES} words that can be picked`);
  }
  if (source.alsoAccept.length > errors.length) {
    draft.fault('/alsoAccept', `there are only ${errors.length} mistakes`);
  }
  if (draft.faults.length > 0) return [];
  const responseId = draft.nextResponseId();
  const idOf = new Map(spots.map((spot, index) => [spot, `H${index + 1}`]));
  const content = pieces.map((piece): BodyNode =>
    typeof piece === 'string'
      ? textNode(piece)
      : {
          kind: 'hottext',
          responseId,
          id: idOf.get(piece) as string,
          children: [textNode(piece.text)],
        },
  );
  const find = draft.part({
    interaction: {
      kind: 'hottext',
      responseId,
      minChoices: errors.length,
      maxChoices: errors.length,
      ...(source.prompt === undefined ? {} : { prompt: paragraphs(source.prompt) }),
      choices: [...idOf.values()].map((id) => ({ id })),
      content: paragraphsOf(content),
    },
    declared: {
      cardinality: 'multiple',
      baseType: 'identifier',
      correct: errors.map((spot) => idOf.get(spot) as string),
    },
    scoring: { kind: 'choices', model: 'per-correct', optionCount: spots.length },
    points: source.findPoints,
    weight: errors.length,
    maxValues: errors.length,
  });
  const corrections = errors.map((spot, index) => {
    const accept = [spot.correction ?? '', ...(source.alsoAccept[index] ?? [])];
    const label =
      errors.length > 1
        ? `${source.correctionLabel} ${index + 1}: `
        : `${source.correctionLabel}: `;
    const entry = typedPart({ accept }, source.options, draft, { at: '/text', inline: true });
    return element('p', [textNode(label), ...entry]);
  });
  return [find, ...corrections];
}

function spotOf(content: string, draft: ItemDraft): Spot {
  const at = content.indexOf('->');
  if (at === -1) return { text: content, correction: null };
  const [text, correction] = [content.slice(0, at).trim(), content.slice(at + 2).trim()];
  if (text === '' || correction === '') {
    draft.fault('/text', `the mark "${content.slice(0, 50)}" has one side only`);
  }
  return { text, correction };
}
