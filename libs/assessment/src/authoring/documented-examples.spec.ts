import { readFileSync } from 'node:fs';
import type { CompiledItem, Interaction, ResponseValue } from '../index.js';
import {
  compileItem,
  compileSet,
  feedbackOnTry,
  ITEM_TYPES,
  plainText,
  scoreItem,
} from '../index.js';
import { validateResponses } from '../index.js';

interface Example {
  source: { type: string };
  answers: { answer: ResponseValue[]; points: number | null }[];
}

const DOCUMENT = new URL('../../../../../docs/assessment.md', import.meta.url);
const blocksOf = (kind: string) =>
  [...readFileSync(DOCUMENT, 'utf8').matchAll(/```(json.*)\n([\s\S]*?)```/g)]
    .filter(([, named]) => named === kind)
    .map(([, , json = '']): unknown => JSON.parse(json));
const blocks = blocksOf('json');
const examples = blocks.flatMap((block, at): Example[] =>
  Array.isArray(block) ? [] : [{ source: block, answers: blocks[at + 1] } as Example],
);

test('the document has an example of every item type, and of a set', () => {
  const types = examples.map(({ source }) => source.type);
  expect(types.toSorted()).toEqual([...ITEM_TYPES.keys(), 'reading-set'].toSorted());
});

function itemOf(source: Example['source']): CompiledItem {
  const compiled = compileItem(source);
  if (compiled.ok) return compiled.item;
  const set = compileSet(source);
  if (set.ok && set.items[0] !== undefined) return set.items[0];
  throw new Error(JSON.stringify(compiled.faults));
}

/** The identifier of what the document names by its text. */
function idIn(choices: readonly { id: string; content?: object[] }[], text: string): string {
  const found = choices.find(({ content = [] }) => plainText(content as never) === text);
  if (found === undefined) throw new Error(`there is no "${text}"`);
  return found.id;
}

/** Words that can be picked in a text, with their ids. */
function hottextIds(json: unknown): { id: string; content: object[] }[] {
  if (typeof json !== 'object' || json === null) return [];
  if (Array.isArray(json)) return json.flatMap(hottextIds);
  const node = json as { kind?: string; id?: string; children?: object[] };
  if (node.kind === 'hottext') return [{ id: node.id ?? '', content: node.children ?? [] }];
  return hottextIds(node.children);
}

function wireOf(interaction: Interaction, text: string): string {
  switch (interaction.kind) {
    case 'choice':
    case 'inline-choice':
    case 'order':
      return idIn(interaction.choices, text);
    case 'hottext':
      return idIn(hottextIds(interaction.content), text);
    case 'match': {
      const [left = '', right = ''] = text.split(' = ');
      return `${idIn(interaction.sources, left)} ${idIn(interaction.targets, right)}`;
    }
    case 'gap-match': {
      const [word = '', gap = ''] = text.split(' = ');
      return `${idIn(interaction.choices, word)} G${gap}`;
    }
    default:
      return text;
  }
}

test('the tries of the document hear what it says', () => {
  const [source, made] = blocksOf('json tried') as [
    Example['source'],
    { answer: string; feedback: string[]; completed: boolean }[],
  ];
  const { scoring } = itemOf(source);
  const all = made.map(({ answer }) => ({ R1: answer }));
  const heard = made.map(({ answer }, at) => {
    const score = scoreItem(scoring, { R1: answer }, { tries: all.slice(0, at) });
    const isCounted = score.triesCounted === at + 1;
    const said = isCounted ? feedbackOnTry(scoring, score) : [];
    const feedback = said.map(({ content }) => plainText(content));
    return { answer, feedback, completed: score.completed };
  });
  expect(heard).toEqual(made);
  expect(scoreItem(scoring, all.at(-1) ?? {}, { tries: all.slice(0, -1) })).toMatchObject({
    ...{ points: 1, triesCounted: 3 },
  });
});

describe.each(examples)('the example of $source.type', ({ source, answers }) => {
  const { delivery, scoring, warnings } = itemOf(source);

  test('needs no second look', () => {
    expect(warnings).toEqual([]);
  });

  test.each(answers)('$answer earns $points', ({ answer, points }) => {
    expect(answer).toHaveLength(scoring.parts.length);
    const responses = Object.fromEntries(
      scoring.parts.map(({ responseId }, at): [string, ResponseValue] => {
        const interaction = delivery.interactions.find((one) => one.responseId === responseId);
        const given = answer[at] ?? null;
        if (interaction === undefined || given === null) return [responseId, null];
        const isList = Array.isArray(given);
        const wired = [given].flat().map((text) => wireOf(interaction, text));
        return [responseId, isList ? wired : (wired[0] ?? null)];
      }),
    );
    expect(validateResponses(delivery, responses)).toEqual([]);
    const score = scoreItem(scoring, responses);
    expect(score.points).toBe(points);
    expect(score.status).toBe(points === null ? 'awaiting-review' : 'scored');
  });
});
