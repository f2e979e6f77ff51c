import { z } from 'zod';
import type { AssociableChoice } from '../items/delivery.js';
import { byId, choiceIds } from './choice-ids.js';
import type { NamedChoice } from './choice-ids.js';
import type { ChoiceFeedback } from '../items/scoring-spec.js';
import { MAX_CHOICES, choiceId, pairFeedback, phrase, prompt } from './fields.js';
import type { ItemDraft } from './item-draft.js';
import { itemType } from './item-type.js';
import { paragraphs, textNode } from './paragraphs.js';

const named = z.strictObject({ text: phrase, id: choiceId });
const penalty = z
  .number()
  .min(0)
  .max(1)
  .default(0)
  .describe('share of one pair that a wrong pair takes away');

interface Side {
  choices: (NamedChoice & { text: string })[];
  prefix: 'S' | 'T';
  /** How many others each can be paired with; 0 is no limit. */
  matchMax: number;
  drawn: boolean;
  at: string;
}

/** One side of the pairs: what is shown of it, and the ids in the author's order. */
function sideOf(side: Side, responseId: string, draft: ItemDraft) {
  const { choices, prefix, matchMax, drawn, at } = side;
  const ids = choiceIds(choices, draft, { responseId, prefix, drawn, at });
  const texts = choices.map((one) => one.text.trim());
  texts.forEach((text, index) => {
    if (texts.indexOf(text) < index) draft.fault(`${at}/${index}`, 'is there twice');
  });
  const shown = choices.map(({ text }, index): AssociableChoice => ({
    id: ids[index] as string,
    fixed: !drawn,
    content: [textNode(text)],
    matchMax,
  }));
  return { ids, shown: drawn ? byId(shown) : shown };
}

type PairFeedback = z.output<typeof pairFeedback>;

/** What the author says to each pair, by the ids of both sides; a pair that cannot be is a fault. */
function feedbackByPair(
  sources: readonly { feedback: PairFeedback; id: string | undefined }[],
  targets: { texts: readonly string[]; ids: readonly string[] },
  at: string,
  draft: ItemDraft,
): ChoiceFeedback[] {
  return sources.flatMap(({ feedback, id }, row) =>
    feedback.flatMap(({ answer, text }, index) => {
      const target = targets.ids[targets.texts.indexOf(answer)];
      if (target !== undefined) return [{ choice: `${id} ${target}`, text }];
      draft.fault(`${at}/${row}/feedback/${index}/answer`, `"${answer}" is no answer to choose`);
      return [];
    }),
  );
}

export const matrix = itemType({
  type: 'matrix',
  about: 'A table: for each row the columns that apply.',
  fields: {
    prompt,
    columns: z.array(named).min(2).max(20),
    rows: z
      .array(
        named.extend({
          answer: z.union([phrase, z.array(phrase).min(1).max(20)]),
          feedback: pairFeedback,
        }),
      )
      .min(1)
      .max(MAX_CHOICES),
    onePerRow: z.boolean().default(true),
    penalty: penalty.optional().describe('left out: 1 where a row may have several, else 0'),
  },
  compile({ prompt: asked, columns, rows, onePerRow, penalty: given }, draft) {
    const responseId = draft.nextResponseId();
    const limit = onePerRow ? 1 : columns.length;
    const sources = sideOf(
      { choices: rows, prefix: 'S', matchMax: limit, drawn: false, at: '/rows' },
      responseId,
      draft,
    );
    const targets = sideOf(
      { choices: columns, prefix: 'T', matchMax: 0, drawn: false, at: '/columns' },
      responseId,
      draft,
    );
    const correct = rows.flatMap(({ answer }, row) => {
      const answers = typeof answer === 'string' ? [answer] : answer;
      const pointer = `/rows/${row}/answer`;
      if (answers.length > limit) draft.fault(pointer, 'a row takes one column: set onePerRow');
      if (new Set(answers).size < answers.length) draft.fault(pointer, 'names a column twice');
      return answers.flatMap((one) => {
        const column = columns.findIndex(({ text }) => text === one);
        if (column === -1) draft.fault(pointer, `"${one}" is not a column`);
        return column === -1 ? [] : [`${sources.ids[row]} ${targets.ids[column]}`];
      });
    });
    const maxAssociations = rows.length * limit;
    return [
      draft.part({
        interaction: {
          kind: 'match',
          responseId,
          shuffle: false,
          minAssociations: rows.length,
          maxAssociations,
          layout: 'matrix',
          prompt: paragraphs(asked),
          sources: sources.shown,
          targets: targets.shown,
        },
        declared: { cardinality: 'multiple', baseType: 'directedPair', correct },
        scoring: { kind: 'pairs', penalty: given ?? (onePerRow ? 0 : 1) },
        weight: rows.length,
        maxValues: maxAssociations,
        choiceFeedback: feedbackByPair(
          rows.map(({ feedback }, index) => ({ feedback, id: sources.ids[index] })),
          { texts: columns.map(({ text }) => text), ids: targets.ids },
          '/rows',
          draft,
        ),
      }),
    ];
  },
});

export const matching = itemType({
  type: 'matching',
  about: 'Two columns to be paired one to one; the right one may have some that fit nothing.',
  fields: {
    prompt,
    pairs: z
      .array(
        z.strictObject({
          left: phrase,
          right: phrase,
          leftId: choiceId,
          rightId: choiceId,
          feedback: pairFeedback,
        }),
      )
      .min(2)
      .max(MAX_CHOICES),
    distractors: z.array(named).max(MAX_CHOICES).default([]),
    penalty,
  },
  compile({ prompt: asked, pairs, distractors, penalty: given }, draft) {
    const responseId = draft.nextResponseId();
    const lefts = pairs.map(({ left, leftId }) => ({ text: left, id: leftId }));
    const rights = pairs.map(({ right, rightId }) => ({ text: right, id: rightId }));
    const sources = sideOf(
      { choices: lefts, prefix: 'S', matchMax: 1, drawn: true, at: '/pairs' },
      responseId,
      draft,
    );
    const targets = sideOf(
      { choices: [...rights, ...distractors], prefix: 'T', matchMax: 1, drawn: true, at: '/pairs' },
      responseId,
      draft,
    );
    return [
      draft.part({
        interaction: {
          kind: 'match',
          responseId,
          shuffle: true,
          minAssociations: pairs.length,
          maxAssociations: pairs.length,
          layout: 'columns',
          prompt: paragraphs(asked),
          sources: sources.shown,
          targets: targets.shown,
        },
        declared: {
          cardinality: 'multiple',
          baseType: 'directedPair',
          correct: pairs.map((_, index) => `${sources.ids[index]} ${targets.ids[index]}`),
        },
        scoring: { kind: 'pairs', penalty: given },
        weight: pairs.length,
        maxValues: pairs.length,
        choiceFeedback: feedbackByPair(
          pairs.map(({ feedback }, index) => ({ feedback, id: sources.ids[index] })),
          { texts: [...rights, ...distractors].map(({ text }) => text), ids: targets.ids },
          '/pairs',
          draft,
        ),
      }),
    ];
  },
});

export const categorise = itemType({
  type: 'categorise',
  about: 'Words or sentences to be sorted into categories.',
  fields: {
    prompt,
    categories: z
      .array(
        z.strictObject({ label: phrase, id: choiceId, members: z.array(named).max(MAX_CHOICES) }),
      )
      .min(2)
      .max(10),
    penalty,
  },
  compile({ prompt: asked, categories, penalty: given }, draft) {
    const responseId = draft.nextResponseId();
    const members = categories.flatMap((category, place) =>
      category.members.map((member) => ({ ...member, place })),
    );
    if (members.length < 2) draft.fault('/categories', 'there is nothing to sort');
    const sources = sideOf(
      { choices: members, prefix: 'S', matchMax: 1, drawn: true, at: '/categories' },
      responseId,
      draft,
    );
    const labels = categories.map(({ label, id }) => ({ text: label, id }));
    const targets = sideOf(
      { choices: labels, prefix: 'T', matchMax: 0, drawn: false, at: '/categories' },
      responseId,
      draft,
    );
    return [
      draft.part({
        interaction: {
          kind: 'match',
          responseId,
          shuffle: true,
          minAssociations: members.length,
          maxAssociations: members.length,
          layout: 'categories',
          prompt: paragraphs(asked),
          sources: sources.shown,
          targets: targets.shown,
        },
        declared: {
          cardinality: 'multiple',
          baseType: 'directedPair',
          correct: members.map(({ place }, index) => `${sources.ids[index]} ${targets.ids[place]}`),
        },
        scoring: { kind: 'pairs', penalty: given },
        weight: members.length,
        maxValues: members.length,
      }),
    ];
  },
});
