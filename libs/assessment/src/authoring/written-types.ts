import { z } from 'zod';
import type { Rubric } from '../items/part-scoring.js';
import { wordsOf } from '../text/normalise.js';
import { playedMedia, prompt, rubric, text, typedOptions } from './fields.js';
import type { ItemDraft } from './item-draft.js';
import { itemType } from './item-type.js';
import { mediaNodes } from './media-nodes.js';
import { paragraphs } from './paragraphs.js';
import { typedAnswer, typedFields } from './typed-answer.js';

export const shortAnswer = itemType({
  type: 'short-answer',
  about: 'A question answered in a few typed words, compared by the variant grammar.',
  fields: { prompt, ...typedFields },
  compile(source, draft) {
    const answer = typedAnswer(source, {}, draft, '');
    if (answer === null) return [];
    const { scoring, key, expectedLength } = answer;
    const responseId = draft.nextResponseId();
    const entry = draft.part({
      interaction: { kind: 'text-entry', responseId, baseType: 'string', expectedLength },
      declared: { cardinality: 'single', baseType: 'string', correct: [key] },
      scoring,
      maxValues: 1,
    });
    return [...paragraphs(source.prompt), entry];
  },
});

export const dictation = itemType({
  type: 'dictation',
  about: 'What is heard is written down; scored by the words that are right.',
  fields: {
    prompt: prompt.optional(),
    recording: playedMedia,
    text: text(4_000).describe('what is said'),
    ignoreCase: z.boolean().default(true),
    ignorePunctuation: z.boolean().default(true),
    spelling: typedOptions.shape.spelling.unwrap().default('any'),
  },
  compile(source, draft) {
    const { recording, text: said, ignoreCase, ignorePunctuation, spelling } = source;
    if (recording.mediaType.startsWith('image/')) draft.fault('/recording', 'cannot be heard');
    if (wordsOf(said).length === 0) draft.fault('/text', 'has no word');
    if (wordsOf(said).length > 500) draft.fault('/text', 'has more than 500 words');
    const shown = mediaNodes([{ maxPlays: 0, ...recording }], draft, '/recording');
    const responseId = draft.nextResponseId();
    const entry = draft.part({
      interaction: {
        kind: 'extended-text',
        responseId,
        ...(source.prompt === undefined ? {} : { prompt: paragraphs(source.prompt) }),
      },
      declared: { cardinality: 'single', baseType: 'string', correct: [said] },
      scoring: { kind: 'dictation', text: said, ignoreCase, ignorePunctuation, spelling },
      maxValues: 1,
    });
    return [...shown, entry];
  },
});

export const essay = itemType({
  type: 'essay',
  about: 'A longer text, marked by a person, by a rubric if there is one.',
  fields: {
    prompt,
    minWords: z.int().min(1).max(20_000).optional(),
    maxWords: z.int().min(1).max(20_000).optional(),
    rubric: rubric.optional(),
  },
  compile({ prompt: asked, minWords, maxWords, rubric: given }, draft) {
    if (minWords !== undefined && maxWords !== undefined && minWords > maxWords) {
      draft.fault('/minWords', 'must not be more than maxWords');
    }
    const responseId = draft.nextResponseId();
    return [
      draft.part({
        interaction: {
          kind: 'extended-text',
          responseId,
          prompt: paragraphs(asked),
          ...(minWords === undefined ? {} : { minWords }),
          ...(maxWords === undefined ? {} : { maxWords, expectedWords: maxWords }),
        },
        declared: { cardinality: 'single', baseType: 'string' },
        ...markedByPerson(given, draft),
        maxValues: 1,
      }),
    ];
  },
});

/** Speech at 256 kbit/s, more than any browser records. */
const BYTES_PER_SECOND = 32_000;

export const speaking = itemType({
  type: 'speaking',
  about: 'Speech recorded by the learner, marked by a person.',
  fields: {
    prompt,
    minSeconds: z.int().min(0).max(1_800).default(0),
    maxSeconds: z.int().min(1).max(1_800),
    maxTakes: z.int().min(0).max(20).default(0).describe('0 is no limit'),
    rubric: rubric.optional(),
  },
  compile({ prompt: asked, minSeconds, maxSeconds, maxTakes, rubric: given }, draft) {
    if (minSeconds > maxSeconds) draft.fault('/minSeconds', 'must not be more than maxSeconds');
    const responseId = draft.nextResponseId();
    return [
      draft.part({
        interaction: {
          kind: 'recording',
          responseId,
          minSeconds,
          maxSeconds,
          maxBytes: (maxSeconds + 10) * BYTES_PER_SECOND,
          maxTakes,
          prompt: paragraphs(asked),
        },
        declared: { cardinality: 'single', baseType: 'file' },
        ...markedByPerson(given, draft),
        maxValues: 1,
      }),
    ];
  },
});

export const paper = itemType({
  type: 'paper',
  about: 'Done on paper or in class; a teacher enters the points.',
  fields: { prompt, rubric: rubric.optional() },
  compile({ prompt: asked, rubric: given }, draft) {
    const responseId = draft.nextResponseId();
    const { scoring, weight } = markedByPerson(given, draft);
    return [
      draft.part({
        interaction: { kind: 'paper', responseId, prompt: paragraphs(asked) },
        declared: { cardinality: 'single', baseType: 'string' },
        scoring: { ...scoring, onPaper: true },
        weight,
      }),
    ];
  },
});

/** Worth what its rubric gives at most, where there is one. */
function markedByPerson(given: Rubric | undefined, draft: ItemDraft) {
  if (given === undefined) return { scoring: { kind: 'human' as const }, weight: 1 };
  checkRubric(given, draft);
  return { scoring: { kind: 'human' as const, rubric: given }, weight: given.maxPoints };
}

function checkRubric({ criteria, minPoints, maxPoints }: Rubric, draft: ItemDraft): void {
  if (minPoints > maxPoints) draft.fault('/rubric/minPoints', 'must not be more than maxPoints');
  checkIds(criteria, '/rubric/criteria', draft);
  criteria.forEach(({ levels }, index) =>
    checkIds(levels, `/rubric/criteria/${index}/levels`, draft),
  );
  const best = criteria
    .map(({ levels }) => Math.max(...levels.map((level) => level.points)))
    .reduce((sum, one) => sum + one, 0);
  if (best < maxPoints) {
    draft.fault('/rubric/maxPoints', `cannot be reached: the best levels give ${best}`);
  }
}

function checkIds(list: readonly { id: string }[], at: string, draft: ItemDraft): void {
  const ids = list.map(({ id }) => id);
  ids.forEach((id, index) => {
    if (ids.indexOf(id) < index) draft.fault(`${at}/${index}/id`, `"${id}" is used twice`);
  });
}
