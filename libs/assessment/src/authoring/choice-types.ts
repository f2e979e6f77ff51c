import { z } from 'zod';
import type { Choice } from '../items/delivery.js';
import { byId, choiceIds, feedbackByChoice } from './choice-ids.js';
import { MAX_CHOICES, choiceFeedback, choiceId, phrase, points, prompt } from './fields.js';
import type { ItemDraft } from './item-draft.js';
import { itemType } from './item-type.js';
import { paragraphs, textNode } from './paragraphs.js';

const choice = z.strictObject({
  text: prompt,
  correct: z.boolean().default(false),
  fixed: z.boolean().default(false).describe('keeps its place when the others are shuffled'),
  id: choiceId,
  feedback: choiceFeedback,
});

const choiceFields = {
  prompt,
  choices: z.array(choice).min(2).max(MAX_CHOICES),
  shuffle: z.boolean().default(true),
};

interface ChoiceSource {
  choices: z.output<typeof choice>[];
  shuffle: boolean;
}

/** The choices as they are shown, and the ids of the right ones. */
function choicesOf({ choices, shuffle }: ChoiceSource, responseId: string, draft: ItemDraft) {
  const ids = choiceIds(choices, draft, { responseId, drawn: shuffle, at: '/choices' });
  const texts = choices.map((one) => one.text.trim());
  texts.forEach((text, index) => {
    if (texts.indexOf(text) < index) draft.fault(`/choices/${index}/text`, 'is there twice');
  });
  const shown = choices.map((one, index): Choice => ({
    id: ids[index] as string,
    fixed: one.fixed,
    content: [textNode(one.text)],
  }));
  return {
    choices: shuffle ? byId(shown) : shown,
    correct: ids.filter((_, index) => choices[index]?.correct),
    choiceFeedback: feedbackByChoice(choices, ids),
  };
}

export const singleChoice = itemType({
  type: 'single-choice',
  about: 'One right answer of several.',
  fields: choiceFields,
  compile(source, draft) {
    const responseId = draft.nextResponseId();
    const { choices, correct, choiceFeedback: said } = choicesOf(source, responseId, draft);
    if (correct.length !== 1) {
      draft.fault('/choices', `exactly one choice must be correct, not ${correct.length}`);
    }
    return [
      draft.part({
        interaction: {
          kind: 'choice',
          responseId,
          cardinality: 'single',
          shuffle: source.shuffle,
          minChoices: 1,
          maxChoices: 1,
          prompt: paragraphs(source.prompt),
          choices,
        },
        declared: { cardinality: 'single', baseType: 'identifier', correct },
        scoring: { kind: 'correct' },
        maxValues: 1,
        choiceFeedback: said,
      }),
    ];
  },
});

export const multipleChoice = itemType({
  type: 'multiple-choice',
  about: 'Any number of right answers of several, with partial credit.',
  fields: {
    ...choiceFields,
    model: z
      .enum(['per-correct', 'per-option', 'all-or-nothing'])
      .default('per-correct')
      .describe('how wrong choices are weighed against right ones'),
    minChoices: z.int().min(0).max(MAX_CHOICES).default(1),
    maxChoices: z.int().min(0).max(MAX_CHOICES).default(0).describe('0 is no limit'),
  },
  compile(source, draft) {
    const responseId = draft.nextResponseId();
    const { choices, correct, choiceFeedback: said } = choicesOf(source, responseId, draft);
    const { minChoices, maxChoices, model } = source;
    if (correct.length === 0) draft.fault('/choices', 'no choice is correct');
    if (maxChoices > 0 && correct.length > maxChoices) {
      const fault = `${correct.length} choices are correct, more than an answer may hold`;
      draft.fault('/maxChoices', fault);
    }
    if (minChoices > correct.length && correct.length > 0) {
      draft.fault('/minChoices', `only ${correct.length} choices are correct`);
    }
    if (model === 'per-correct' && correct.length === choices.length) {
      draft.warn('every choice is correct, so picking all earns all points');
    }
    return [
      draft.part({
        interaction: {
          kind: 'choice',
          responseId,
          cardinality: 'multiple',
          shuffle: source.shuffle,
          minChoices,
          maxChoices,
          prompt: paragraphs(source.prompt),
          choices,
        },
        declared: { cardinality: 'multiple', baseType: 'identifier', correct },
        scoring:
          model === 'all-or-nothing'
            ? { kind: 'correct' }
            : { kind: 'choices', model, optionCount: choices.length },
        maxValues: maxChoices > 0 ? maxChoices : choices.length,
        choiceFeedback: said,
      }),
    ];
  },
});

const VERDICTS = ['true', 'false', 'not-given'] as const;
const LABELS = { true: 'True', false: 'False', 'not-given': 'Not given' };

export const trueFalse = itemType({
  type: 'true-false',
  about: 'Statements that are true or false, or not given in the text; each is a part.',
  fields: {
    statements: z
      .array(
        z.strictObject({
          text: prompt,
          answer: z.enum(VERDICTS),
          points: points.optional(),
        }),
      )
      .min(1)
      .max(50),
    notGiven: z.boolean().default(false).describe('offers "not given" as a third answer'),
    labels: z
      .strictObject({ true: phrase, false: phrase, 'not-given': phrase })
      .partial()
      .default({}),
  },
  compile({ statements, notGiven, labels }, draft) {
    const offered = notGiven ? VERDICTS : VERDICTS.slice(0, 2);
    return statements.map(({ text, answer, points: worth }, index) => {
      const place = offered.indexOf(answer);
      if (place === -1) draft.fault(`/statements/${index}/answer`, 'is not offered: set notGiven');
      const responseId = draft.nextResponseId();
      const ids = choiceIds(
        offered.map(() => ({})),
        draft,
        { responseId, drawn: false, at: '' },
      );
      return draft.part({
        interaction: {
          kind: 'choice',
          responseId,
          cardinality: 'single',
          shuffle: false,
          minChoices: 1,
          maxChoices: 1,
          prompt: paragraphs(text),
          choices: offered.map((verdict, at) => ({
            id: ids[at] as string,
            fixed: true,
            content: [textNode(labels[verdict] ?? LABELS[verdict])],
          })),
        },
        declared: {
          cardinality: 'single',
          baseType: 'identifier',
          correct: ids.slice(place, place + 1),
        },
        scoring: { kind: 'correct' },
        points: worth,
        maxValues: 1,
      });
    });
  },
});
