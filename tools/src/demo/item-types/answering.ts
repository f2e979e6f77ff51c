import type { Said } from './example.js';

/** The parts of a delivered item that answering needs. */
export interface DeliveredNode {
  kind: string;
  text?: string;
  id?: string;
  responseId?: string;
  children?: DeliveredNode[];
}

interface DeliveredChoice {
  id: string;
  content?: DeliveredNode[];
}

export interface DeliveredInteraction {
  kind: string;
  responseId: string;
  cardinality?: string;
  choices?: DeliveredChoice[];
  sources?: DeliveredChoice[];
  targets?: DeliveredChoice[];
  gaps?: { id: string }[];
  content?: DeliveredNode[];
}

export type Answers = Record<string, string | string[] | null>;

/** Interactions that are not answered by words or choices. */
export const ANSWERED_OTHERWISE = new Set(['media', 'recording', 'upload', 'paper']);

/**
 * The answers on the wire of what was said about an item, found by the words a learner sees. What
 * the item asks is answered in its order; what is listened to or uploaded is left to the caller.
 */
export function answersTo(interactions: readonly DeliveredInteraction[], said: Said): Answers {
  const asked = interactions.filter(({ kind }) => !ANSWERED_OTHERWISE.has(kind));
  return Object.fromEntries(
    asked.map((interaction, index) => [
      interaction.responseId,
      answerTo(interaction, said[index] ?? null),
    ]),
  );
}

function answerTo(interaction: DeliveredInteraction, said: Said[number]): Answers[string] {
  if (said === null) return null;
  const { kind, choices = [], sources = [], targets = [], gaps = [] } = interaction;
  switch (kind) {
    case 'choice':
    case 'inline-choice':
      return typeof said === 'string' ? idOf(choices, said) : said.map((one) => idOf(choices, one));
    case 'order':
      return list(said).map((one) => idOf(choices, one));
    case 'match':
      return list(said).map((pair) => {
        const [left = '', right = ''] = pair.split(' = ');
        return `${idOf(sources, left)} ${idOf(targets, right)}`;
      });
    case 'gap-match':
      return list(said).map((word, gap) => `${idOf(choices, word)} ${gaps[gap]?.id ?? ''}`);
    case 'hottext':
      return list(said).map((word) => hottextOf(interaction.content ?? [], word));
    default:
      return String(said);
  }
}

function list(said: string | string[]): string[] {
  return typeof said === 'string' ? [said] : said;
}

function idOf(choices: readonly DeliveredChoice[], text: string): string {
  const found = choices.find(({ content = [] }) => wordsOf(content) === text);
  if (found === undefined) throw new Error(`The item offers no "${text}".`);
  return found.id;
}

function hottextOf(nodes: readonly DeliveredNode[], word: string): string {
  for (const node of nodes) {
    if (node.kind === 'hottext' && wordsOf(node.children ?? []) === word) return node.id ?? '';
    const inner = node.children === undefined ? '' : hottextOf(node.children, word);
    if (inner !== '') return inner;
  }
  return '';
}

function wordsOf(nodes: readonly DeliveredNode[]): string {
  return nodes.map((node) => node.text ?? wordsOf(node.children ?? [])).join('');
}
