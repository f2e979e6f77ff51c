import type { AssociableChoice, BodyNode, Choice, Interaction } from '@parlance/assessment';
import { CHARACTERS_PER_WORD } from '../interactions.js';
import { bodyContent, mediaElement } from './body-writing.js';
import type { ItemWriting } from './writing.js';
import { el } from './xml-writing.js';
import type { AttributeValue, XmlContent, XmlNode } from './xml-writing.js';

/** An interaction as an element, with every limit written out. */
export function interactionElement(interaction: Interaction, writing: ItemWriting): XmlNode {
  switch (interaction.kind) {
    case 'choice': {
      const { shuffle, minChoices, maxChoices } = interaction;
      const attributes = { shuffle, 'min-choices': minChoices, 'max-choices': maxChoices };
      return withChoices(interaction, attributes, 'qti-simple-choice', writing);
    }
    case 'order': {
      const { shuffle, minChoices, maxChoices, layout } = interaction;
      const orientation = layout === 'words' ? 'horizontal' : 'vertical';
      // Left out, all have to be placed; QTI has no other word for it.
      const most = maxChoices > 0 ? maxChoices : undefined;
      const least = minChoices > 0 ? minChoices : undefined;
      const attributes = { shuffle, orientation, 'min-choices': least, 'max-choices': most };
      return withChoices(interaction, attributes, 'qti-simple-choice', writing);
    }
    case 'inline-choice':
      return element(
        interaction,
        { shuffle: interaction.shuffle },
        interaction.choices.map((one) => choiceElement('qti-inline-choice', one, writing)),
      );
    case 'text-entry':
      return element(interaction, { 'expected-length': interaction.expectedLength });
    case 'extended-text':
      return extendedText(interaction, writing);
    case 'match':
    case 'associate':
    case 'gap-match':
      return pairElement(interaction, writing);
    case 'hottext': {
      const { minChoices, maxChoices, content } = interaction;
      const attributes = { 'min-choices': minChoices, 'max-choices': maxChoices };
      return element(interaction, attributes, [
        ...promptOf(interaction.prompt, writing),
        ...bodyContent(content, 'blocks', writing),
      ]);
    }
    case 'slider': {
      const { lowerBound, upperBound, step, prompt } = interaction;
      const attributes = { 'lower-bound': lowerBound, 'upper-bound': upperBound, step };
      return element(interaction, attributes, promptOf(prompt, writing));
    }
    default:
      return mediaInteraction(interaction, writing);
  }
}

function element(
  { kind, responseId }: { kind: string; responseId: string },
  attributes: Readonly<Record<string, AttributeValue>>,
  children: readonly XmlContent[] = [],
): XmlNode {
  const all = { 'response-identifier': responseId, ...attributes };
  return el(`qti-${kind}-interaction`, all, children);
}

function promptOf(prompt: BodyNode[] | undefined, writing: ItemWriting): XmlContent[] {
  return prompt === undefined ? [] : [el('qti-prompt', {}, bodyContent(prompt, 'flow', writing))];
}

/** Choices that stand in a line of text hold text alone. */
const IN_LINE: ReadonlySet<string> = new Set(['qti-inline-choice', 'qti-gap-text']);

function choiceElement(name: string, { id, fixed, content }: Choice, writing: ItemWriting) {
  const place = IN_LINE.has(name) ? 'inline' : 'flow';
  return el(name, { identifier: id, fixed }, bodyContent(content, place, writing));
}

function withChoices(
  interaction: Extract<Interaction, { kind: 'choice' | 'order' }>,
  attributes: Readonly<Record<string, AttributeValue>>,
  name: string,
  writing: ItemWriting,
): XmlNode {
  return element(interaction, attributes, [
    ...promptOf(interaction.prompt, writing),
    ...interaction.choices.map((one) => choiceElement(name, one, writing)),
  ]);
}

function extendedText(
  interaction: Extract<Interaction, { kind: 'extended-text' }>,
  writing: ItemWriting,
): XmlNode {
  const { expectedWords, minWords, maxWords, prompt } = interaction;
  if (minWords !== undefined || maxWords !== undefined) {
    const detail = 'QTI has no word for the fewest and most words of a text.';
    writing.losses.add('word-limits-left-out', detail);
  }
  const words = expectedWords ?? maxWords ?? minWords;
  const length = words === undefined ? undefined : words * CHARACTERS_PER_WORD;
  return element(interaction, { 'expected-length': length }, promptOf(prompt, writing));
}

/** A text that is scored by rule, as a field of one line below what is asked. */
export function dictatedElements(
  { responseId, prompt = [] }: Extract<Interaction, { kind: 'extended-text' }>,
  writing: ItemWriting,
): XmlContent[] {
  const expectedLength = writing.responses.get(responseId)?.correct?.[0]?.length;
  const entry = element({ kind: 'text-entry', responseId }, { 'expected-length': expectedLength });
  return [...bodyContent(prompt, 'flow', writing), entry];
}

function associable(name: string, choice: AssociableChoice, writing: ItemWriting): XmlNode {
  const { attributes, children } = choiceElement(name, choice, writing);
  const { fixed, ...about } = attributes;
  const hasFixed = name !== 'qti-gap-text' || writing.version === '2.2';
  if (choice.fixed && !hasFixed) {
    writing.losses.add('attribute-left-out', 'QTI 3.0 has no fixed place for words of a bank.');
  }
  const { matchMax, matchMin } = choice;
  const limits = { 'match-max': matchMax, 'match-min': matchMin };
  return el(name, { ...about, ...(hasFixed ? { fixed } : {}), ...limits }, children);
}

function pairElement(
  interaction: Extract<Interaction, { kind: 'match' | 'associate' | 'gap-match' }>,
  writing: ItemWriting,
): XmlNode {
  const { shuffle, minAssociations, maxAssociations, prompt } = interaction;
  const attributes = {
    shuffle,
    'min-associations': minAssociations,
    'max-associations': maxAssociations,
    ...classOf(interaction, writing),
  };
  const name = 'qti-simple-associable-choice';
  const choices = (all: readonly AssociableChoice[]) =>
    all.map((one) => associable(name, one, writing));
  const inner: Record<typeof interaction.kind, () => XmlContent[]> = {
    match: () => {
      const { sources, targets } = interaction as Extract<Interaction, { kind: 'match' }>;
      return [sources, targets].map((set) => el('qti-simple-match-set', {}, choices(set)));
    },
    associate: () => choices((interaction as Extract<Interaction, { kind: 'associate' }>).choices),
    'gap-match': () => gapContent(interaction as GapMatch, writing),
  };
  return element(interaction, attributes, [
    ...promptOf(prompt, writing),
    ...inner[interaction.kind](),
  ]);
}

type GapMatch = Extract<Interaction, { kind: 'gap-match' }>;

function classOf(interaction: Interaction, { losses }: ItemWriting): { class?: string } {
  if (interaction.kind !== 'match') return {};
  if (interaction.layout === 'categories') {
    losses.add('layout-left-out', 'QTI shows a sorting into categories as a match.');
  }
  return interaction.layout === 'matrix' ? { class: 'qti-match-tabular' } : {};
}

function gapContent({ choices, gaps, content }: GapMatch, writing: ItemWriting): XmlContent[] {
  const required = new Set(gaps.filter((gap) => gap.required).map((gap) => gap.id));
  const marked = (one: XmlContent): XmlContent => {
    if (typeof one === 'string') return one;
    const isRequired = one.name === 'qti-gap' && required.has(one.attributes['identifier'] ?? '');
    const attributes = isRequired ? { ...one.attributes, required: 'true' } : one.attributes;
    return { ...one, attributes, children: one.children.map(marked) };
  };
  return [
    ...choices.map((one) => associable('qti-gap-text', one, writing)),
    ...bodyContent(content, 'blocks', writing).map(marked),
  ];
}

type Other = Extract<
  Interaction,
  { kind: 'select-point' | 'media' | 'recording' | 'upload' | 'paper' }
>;

function mediaInteraction(interaction: Other, writing: ItemWriting): XmlNode {
  const { responseId, prompt } = interaction;
  const asked = promptOf(prompt, writing);
  switch (interaction.kind) {
    case 'select-point': {
      const { image, minChoices, maxChoices } = interaction;
      const { width, height, mediaType, alt } = image;
      const attributes = { 'min-choices': minChoices, 'max-choices': maxChoices };
      const file = { data: writing.hrefOf(image), type: mediaType, width, height };
      const picture = el('object', file, alt === undefined ? [] : [alt]);
      return element(interaction, attributes, [...asked, picture]);
    }
    case 'media': {
      const { minPlays, maxPlays, media } = interaction;
      const plays = { autostart: false, 'min-plays': minPlays, 'max-plays': maxPlays };
      return element(interaction, plays, [...asked, mediaElement(media, writing, 'flow')]);
    }
    case 'upload':
      return element(interaction, { type: uploadType(interaction, writing) }, asked);
    case 'recording': {
      const detail = 'QTI has no recording; the learner uploads a sound file instead.';
      writing.losses.add('recording-as-upload', detail);
      return element({ kind: 'upload', responseId }, { type: 'audio/*' }, asked);
    }
    case 'paper': {
      const detail = 'QTI has no work on paper; a text is asked for instead.';
      writing.losses.add('paper-as-essay', detail);
      return element({ kind: 'extended-text', responseId }, {}, asked);
    }
  }
}

/** 2.2 has room for one kind of file; without any, all are taken. */
function uploadType(
  { mediaTypes }: Extract<Interaction, { kind: 'upload' }>,
  { version, losses }: ItemWriting,
): string | undefined {
  const isCut = version === '2.2' && mediaTypes.length > 1;
  if (isCut) losses.add('limit-left-out', 'QTI 2.2 names one kind of file at most; none is named.');
  return mediaTypes.length === 0 || isCut ? undefined : mediaTypes.join(' ');
}
