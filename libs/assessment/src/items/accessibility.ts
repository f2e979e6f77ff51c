import type { BodyNode } from './body.js';
import type { Choice, Interaction, ItemDelivery } from './delivery.js';

/** How an interaction presents itself to assistive technology. */
export interface InteractionLabel {
  responseId: string;
  /** Its accessible name: tells it from the others of the item. */
  label: string;
  /** What to do with it. */
  instruction: string;
}

export interface ItemDescription {
  title: string;
  /** BCP 47, for the voice of a screen reader. */
  language: string;
  /** The whole item in reading order: prompts, numbered gaps, choices, what pictures show. */
  text: string;
  interactions: InteractionLabel[];
}

/**
 * An item as somebody hears it who does not see it. It is made of the delivery alone, so it holds
 * nothing a learner may not know; gaps and questions are numbered in reading order, and a label
 * carries the same number.
 */
export function describe(delivery: ItemDelivery): ItemDescription {
  const { title, language = 'en', stimulus, body } = delivery;
  const reader = new Reader(delivery);
  const shown = stimulus === undefined ? [] : [stimulus.title, reader.read(stimulus.body)];
  const text = [...shown, reader.read(body)].map(tidied).filter((one) => one !== '');
  return { title, language, text: text.join('\n\n'), interactions: reader.labels };
}

class Reader {
  readonly labels: InteractionLabel[] = [];
  private readonly byId: ReadonlyMap<string, Interaction>;
  private gaps = 0;
  private questions = 0;

  constructor({ interactions }: ItemDelivery) {
    this.byId = new Map(interactions.map((one) => [one.responseId, one]));
  }

  read(nodes: readonly BodyNode[]): string {
    return nodes.map((node) => this.readNode(node)).join('');
  }

  private readNode(node: BodyNode): string {
    switch (node.kind) {
      case 'text':
        return node.text;
      case 'element': {
        if (node.name === 'br') return '\n';
        const inner = this.read(node.children);
        return BLOCKS.has(node.name) ? `\n${inner}\n` : inner;
      }
      case 'media':
        return `[${node.media.alt ?? mediaName(node.media.mediaType)}]`;
      case 'gap':
        return `[gap ${node.gapId.replace(/^\D+/, '') || node.gapId}]`;
      case 'hottext':
        return `[${this.read(node.children)}]`;
      case 'interaction': {
        const interaction = this.byId.get(node.responseId);
        return interaction === undefined ? '' : this.readInteraction(interaction);
      }
    }
  }

  private readInteraction(interaction: Interaction): string {
    const { responseId } = interaction;
    const isGap = interaction.kind === 'text-entry' || interaction.kind === 'inline-choice';
    const label = isGap ? `Gap ${(this.gaps += 1)}` : `Question ${(this.questions += 1)}`;
    this.labels.push({ responseId, label, instruction: instructionOf(interaction) });
    if (interaction.kind === 'text-entry') return `[${label.toLowerCase()}]`;
    if (interaction.kind === 'inline-choice') {
      return `[${label.toLowerCase()}: ${this.listed(interaction.choices).join(', ')}]`;
    }
    const prompt = 'prompt' in interaction ? this.read(interaction.prompt ?? []) : '';
    const content = 'content' in interaction ? this.read(interaction.content) : '';
    const lines = [`${label}.`, prompt, content, ...this.choicesOf(interaction)];
    return `\n${lines.filter((line) => line !== '').join('\n')}\n`;
  }

  private choicesOf(interaction: Interaction): string[] {
    if (interaction.kind === 'match') {
      return [
        `Left: ${this.listed(interaction.sources).join('; ')}`,
        `Right: ${this.listed(interaction.targets).join('; ')}`,
      ];
    }
    // The words of a text that can be picked are in the text already.
    if (interaction.kind === 'hottext' || !('choices' in interaction)) return [];
    return this.listed(interaction.choices).map((choice, at) => `${at + 1}. ${choice}`);
  }

  private listed(choices: readonly Choice[]): string[] {
    return choices.map((choice) => tidied(this.read(choice.content)));
  }
}

const BLOCKS = new Set(
  'blockquote dd div dl dt figure h1 h2 h3 h4 h5 h6 li ol p pre tr ul'.split(' '),
);

function instructionOf(interaction: Interaction): string {
  switch (interaction.kind) {
    case 'choice':
      return interaction.cardinality === 'single'
        ? 'Choose one answer.'
        : `Choose ${amount(interaction.minChoices, interaction.maxChoices, 'answer')}.`;
    case 'inline-choice':
      return 'Choose one answer from the list.';
    case 'text-entry':
      return 'Type your answer.';
    case 'extended-text':
      return `Write your answer.${wordsAsked(interaction)}`;
    case 'order':
      return 'Put these in the right order.';
    case 'match':
      return interaction.layout === 'categories'
        ? 'Put each into its category.'
        : 'Pair each on the left with what fits on the right.';
    case 'associate':
      return 'Pair those that belong together.';
    case 'gap-match':
      return 'Put a word into each gap.';
    case 'hottext':
      return `Pick ${amount(interaction.minChoices, interaction.maxChoices, 'part')} of the text.`;
    case 'select-point':
      return `Pick ${amount(interaction.minChoices, interaction.maxChoices, 'point')} on the picture.`;
    case 'slider':
      return `Choose a number from ${interaction.lowerBound} to ${interaction.upperBound}.`;
    case 'media':
      return interaction.maxPlays > 0
        ? `You can play this ${interaction.maxPlays === 1 ? 'once' : `${interaction.maxPlays} times`}.`
        : 'You can play this as often as you like.';
    case 'recording':
      return `Record up to ${interaction.maxSeconds} seconds of speech.`;
    case 'upload':
      return 'Hand in a file.';
    case 'paper':
      return 'Do this on paper; your teacher enters the points.';
  }
}

/** "2 answers", "1 to 3 answers", "at least 1 answer" */
function amount(least: number, most: number, noun: string): string {
  const counted = (count: number) => `${count} ${noun}${count === 1 ? '' : 's'}`;
  if (most > 0 && most === least) return counted(most);
  if (most > 0) return least > 0 ? `${least} to ${counted(most)}` : `up to ${counted(most)}`;
  return least > 0 ? `at least ${counted(least)}` : `any number of ${noun}s`;
}

function wordsAsked({ minWords, maxWords }: { minWords?: number; maxWords?: number }): string {
  if (minWords !== undefined && maxWords !== undefined) return ` ${minWords} to ${maxWords} words.`;
  if (minWords !== undefined) return ` At least ${minWords} words.`;
  return maxWords === undefined ? '' : ` At most ${maxWords} words.`;
}

function mediaName(mediaType: string): string {
  const [kind] = mediaType.split('/');
  return kind === 'image' ? 'picture' : kind === 'audio' ? 'sound' : 'film';
}

/** Lines without space at their ends, and no more than one empty line between them. */
function tidied(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .replace(/\n{2,}/g, '\n')
    .trim();
}
