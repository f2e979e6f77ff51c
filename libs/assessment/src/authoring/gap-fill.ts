import { z } from 'zod';
import type { BodyNode } from '../items/body.js';
import { byId, choiceIds, feedbackByChoice } from './choice-ids.js';
import {
  MAX_CHOICES,
  choiceFeedback,
  choiceId,
  passage,
  phrase,
  points,
  typedOptions,
} from './fields.js';
import type { ItemDraft } from './item-draft.js';
import { itemType } from './item-type.js';
import { parseMarkedText } from './marked-text.js';
import { paragraphsOf, textNode } from './paragraphs.js';
import { typedAnswer, typedFields } from './typed-answer.js';
import type { TypedOptions, TypedSource } from './typed-answer.js';

const dropdownChoice = z.strictObject({
  text: phrase,
  correct: z.boolean().default(false),
  id: choiceId,
  feedback: choiceFeedback,
});

const typedGap = z.strictObject({
  kind: z.literal('typed'),
  points: points.optional(),
  ...typedFields,
});
const dropdownGap = z.strictObject({
  kind: z.literal('dropdown'),
  points: points.optional(),
  choices: z.array(dropdownChoice).min(2).max(MAX_CHOICES),
});
type DropdownGap = z.output<typeof dropdownGap>;

const gapName = z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be letters, digits, _ or -');

export const gapFill = itemType({
  type: 'gap-fill',
  about:
    'A text with gaps, each typed or chosen from a list, each a part. Marks in the text are ' +
    '{{=went|has gone}} (typed; variant grammar), {{choose: *goes | go | going}} (a list, the ' +
    'right one starred) or {{name}} for a gap described in "gaps".',
  fields: {
    text: passage,
    gaps: z.record(gapName, z.discriminatedUnion('kind', [typedGap, dropdownGap])).default({}),
    options: typedOptions.default({}).describe('for typed gaps that say nothing'),
  },
  compile({ text, gaps, options }, draft) {
    const marked = parseMarkedText(text);
    if (!marked.ok) {
      draft.fault('/text', marked.detail);
      return [];
    }
    const used = new Set<string>();
    const nodes = marked.segments.flatMap((segment): BodyNode[] => {
      if (segment.kind === 'text') return [textNode(segment.text)];
      const { content } = segment;
      if (content.startsWith('=')) {
        const accept = [content.slice(1).trim()];
        return typedPart({ accept }, options, draft, { at: '/text', inline: true });
      }
      if (content.startsWith('choose:'))
        return dropdownPart(inlineChoices(content), draft, '/text');
      const gap = Object.hasOwn(gaps, content) ? gaps[content] : undefined;
      if (gap === undefined) {
        draft.fault('/text', `there is no gap "${content.slice(0, 50)}"`);
        return [];
      }
      if (used.has(content)) draft.fault('/text', `the gap "${content}" is there twice`);
      used.add(content);
      const at = `/gaps/${content}`;
      if (gap.kind === 'dropdown') return dropdownPart(gap, draft, at);
      return typedPart(gap, options, draft, { at, points: gap.points });
    });
    for (const name of Object.keys(gaps)) {
      if (!used.has(name)) draft.fault(`/gaps/${name}`, 'is not in the text');
    }
    if (draft.faults.length === 0 && nodes.every((node) => node.kind === 'text')) {
      draft.fault('/text', 'has no gap');
    }
    return paragraphsOf(nodes);
  },
});

/** One typed gap as a part; nothing to show when its patterns are at fault. */
export function typedPart(
  source: TypedSource,
  preset: TypedOptions,
  draft: ItemDraft,
  { at, points: worth, inline = false }: { at: string; points?: number; inline?: boolean },
): BodyNode[] {
  const faults = draft.faults.length;
  const answer = typedAnswer(source, preset, draft, at);
  // A pattern that stands in the text has no place of its own in the source.
  if (inline) {
    for (const fault of draft.faults.slice(faults)) {
      fault.pointer = fault.pointer.replace(/\/accept(\/\d+)?$/, '');
      fault.detail = `the gap "${String(source.accept[0]).slice(0, 50)}" ${fault.detail}`;
    }
  }
  if (answer === null) return [];
  const { scoring, key, expectedLength } = answer;
  const responseId = draft.nextResponseId();
  return [
    draft.part({
      interaction: { kind: 'text-entry', responseId, baseType: 'string', expectedLength },
      declared: { cardinality: 'single', baseType: 'string', correct: [key] },
      scoring,
      points: worth,
      maxValues: 1,
    }),
  ];
}

function dropdownPart(
  { choices, points: worth }: Pick<DropdownGap, 'choices' | 'points'>,
  draft: ItemDraft,
  at: string,
): BodyNode[] {
  const responseId = draft.nextResponseId();
  const ids = choiceIds(choices, draft, { responseId, at: `${at}/choices` });
  const correct = ids.filter((_, index) => choices[index]?.correct);
  const texts = choices.map((one) => one.text.trim());
  if (correct.length !== 1) {
    draft.fault(at, `exactly one choice of a gap must be correct, not ${correct.length}`);
  }
  if (new Set(texts).size < texts.length) draft.fault(at, 'a gap offers a choice twice');
  if (choices.length < 2 || texts.includes('')) draft.fault(at, 'a gap offers too few choices');
  const shown = choices.map(({ text }, index) => ({
    id: ids[index] as string,
    fixed: false,
    content: [textNode(text)],
  }));
  return [
    draft.part({
      interaction: { kind: 'inline-choice', responseId, shuffle: true, choices: byId(shown) },
      declared: { cardinality: 'single', baseType: 'identifier', correct },
      scoring: { kind: 'correct' },
      points: worth,
      maxValues: 1,
      choiceFeedback: feedbackByChoice(choices, ids),
    }),
  ];
}

/** `choose: *goes | go | going` */
function inlineChoices(content: string): Pick<DropdownGap, 'choices'> {
  const choices = content
    .slice('choose:'.length)
    .split('|')
    .map((one) => one.trim());
  return {
    choices: choices.map((one) => ({
      text: one.replace(/^\*\s*/, ''),
      correct: one.startsWith('*'),
    })),
  };
}
