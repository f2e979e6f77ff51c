import { z } from 'zod';
import type { AssociableChoice } from '../items/delivery.js';
import { byId, choiceIds } from './choice-ids.js';
import { MAX_CHOICES, passage, phrase, prompt } from './fields.js';
import { itemType } from './item-type.js';
import { parseMarkedText } from './marked-text.js';
import { paragraphsOf, textNode } from './paragraphs.js';

export const wordBank = itemType({
  type: 'word-bank',
  about:
    'A text with gaps and a bank of words to put in them. A mark in the text is the word that ' +
    'goes there: {{school}}. A word that goes in several gaps is in the bank once.',
  fields: {
    prompt: prompt.optional(),
    text: passage,
    distractors: z.array(phrase).max(MAX_CHOICES).default([]).describe('words that fit no gap'),
    penalty: z.number().min(0).max(1).default(0),
  },
  compile({ prompt: asked, text, distractors, penalty }, draft) {
    const marked = parseMarkedText(text);
    if (!marked.ok) {
      draft.fault('/text', marked.detail);
      return [];
    }
    const responseId = draft.nextResponseId();
    const answers = marked.segments.flatMap((one) => (one.kind === 'mark' ? [one.content] : []));
    const words = [...new Set([...answers, ...distractors])];
    if (answers.length === 0) draft.fault('/text', 'has no gap');
    if (answers.length > MAX_CHOICES) draft.fault('/text', `has more than ${MAX_CHOICES} gaps`);
    distractors.forEach((word, index) => {
      const first = answers.includes(word) || distractors.indexOf(word) < index;
      if (first) draft.fault(`/distractors/${index}`, 'is in the bank already');
    });
    if (words.length < 2) draft.fault('/text', 'the bank offers no choice');
    const ids = choiceIds(
      words.map(() => ({})),
      draft,
      { responseId, at: '' },
    );
    const idOf = (word: string) => ids[words.indexOf(word)] as string;
    const uses = (word: string) => answers.filter((one) => one === word).length;
    const choices = words.map((word): AssociableChoice => ({
      id: idOf(word),
      fixed: false,
      content: [textNode(word)],
      // A limit of one use each would tell which word is needed twice.
      matchMax: answers.some((one) => uses(one) > 1) ? 0 : 1,
    }));
    const gaps = answers.map((_, index) => ({ id: `G${index + 1}`, required: true }));
    let gap = 0;
    const content = marked.segments.map((segment) => {
      if (segment.kind === 'text') return textNode(segment.text);
      gap += 1;
      return { kind: 'gap' as const, responseId, gapId: `G${gap}` };
    });
    return [
      draft.part({
        interaction: {
          kind: 'gap-match',
          responseId,
          shuffle: true,
          minAssociations: gaps.length,
          maxAssociations: gaps.length,
          ...(asked === undefined ? {} : { prompt: paragraphsOf([textNode(asked)]) }),
          choices: byId(choices),
          gaps,
          content: paragraphsOf(content),
        },
        declared: {
          cardinality: 'multiple',
          baseType: 'directedPair',
          correct: answers.map((word, index) => `${idOf(word)} G${index + 1}`),
        },
        scoring: { kind: 'pairs', penalty },
        weight: gaps.length,
        maxValues: gaps.length,
      }),
    ];
  },
});
