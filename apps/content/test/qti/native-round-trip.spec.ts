import { compileItem, correctResponses, scoreItem } from '@parlance/assessment';
import type { CompiledItem } from '@parlance/assessment';
import { EXPORT_VERSIONS, readPackage, writePackage } from '../../src/qti/index.js';
import type { ItemReading, WrittenFile } from '../../src/qti/index.js';
import { generatedResponses } from './generated-responses.js';

const named = (type: string, identifier = type) => ({ type, identifier, title: identifier });

/** Types that QTI can score as they are scored here. */
const SAME: readonly object[] = [
  {
    ...named('single-choice'),
    prompt: 'She ___ to school.',
    choices: [{ text: 'goes', correct: true }, { text: 'go' }, { text: 'going' }],
    points: 2,
  },
  {
    ...named('multiple-choice'),
    prompt: 'Which are past forms?',
    choices: [
      { text: 'went', correct: true },
      { text: 'saw', correct: true },
      { text: 'came', correct: true },
      { text: 'go' },
      { text: 'see' },
    ],
    points: 1,
  },
  {
    ...named('multiple-choice', 'multiple-choice-per-option'),
    model: 'per-option',
    prompt: 'Which are past forms?',
    choices: [
      { text: 'went', correct: true },
      { text: 'saw', correct: true },
      { text: 'go' },
      { text: 'see' },
      { text: 'come' },
    ],
    points: 3,
  },
  {
    ...named('true-false'),
    notGiven: true,
    statements: [
      { text: 'The shop opens at nine.', answer: 'true' },
      { text: 'It is open on Sundays.', answer: 'not-given' },
      { text: 'It sells <bread> & "cake".', answer: 'false' },
    ],
    points: 1,
  },
  {
    ...named('matrix'),
    prompt: 'Countable or not?',
    columns: [{ text: 'Countable' }, { text: 'Uncountable' }],
    rows: [
      { text: 'chair', answer: 'Countable' },
      { text: 'advice', answer: 'Uncountable' },
      { text: 'news', answer: 'Uncountable' },
    ],
  },
  {
    ...named('word-bank'),
    text: 'I go to {{school}} by {{bus}} and come {{home}}.',
    distractors: ['foot'],
    points: 1,
  },
  {
    ...named('matching'),
    prompt: 'Match the opposites.',
    pairs: [
      { left: 'hot', right: 'cold' },
      { left: 'big', right: 'small' },
      { left: 'old', right: 'young' },
    ],
  },
];

/** Types of which QTI can say less. */
const LESS: readonly object[] = [
  {
    ...named('categorise'),
    prompt: 'Sort the words.',
    categories: [
      { label: 'Fruit', members: [{ text: 'apple' }, { text: 'pear' }] },
      { label: 'Animals', members: [{ text: 'horse' }, { text: 'cow' }] },
    ],
  },
  {
    ...named('error-spotting'),
    text: "She {{don't -> (does not|doesn't)}} like tea, but she drink it {{since -> for}} years.",
  },
  {
    ...named('short-answer'),
    prompt: 'Put it in the negative: I like it.',
    accept: ["I (do not|don't) [really] like it", { pattern: 'I dislike it', share: 0.5 }],
    points: 2,
  },
  {
    ...named('gap-fill'),
    text: 'She {{=went|has gone}} home and {{choose: *slept | sleeped | sleep}} well.',
  },
  { ...named('word-order'), sentence: 'I often go there', prompt: 'Order.' },
];

const compiled = (source: object): CompiledItem => {
  const compilation = compileItem(source);
  if (!compilation.ok) throw new Error(JSON.stringify(compilation.faults));
  return compilation.item;
};

interface Pair {
  before: CompiledItem;
  after: ItemReading;
  written: WrittenFile;
}

async function trip(source: object, version: (typeof EXPORT_VERSIONS)[number]): Promise<Pair> {
  const before = compiled(source);
  const { zip, files } = await writePackage(
    { version, items: [{ itemVersionId: 'one', ...before }] },
    () => Promise.resolve(null),
  );
  const reading = await readPackage(zip);
  const [after] = reading.items;
  const [written] = files;
  if (after === undefined || written === undefined) throw new Error(JSON.stringify(reading.files));
  return { before, after, written };
}

/** Points here and after the trip, of every generated answer. */
function scoresOf({ before, after }: Pair): [number | null, number | null][] {
  return generatedResponses(before, 1_000, before.delivery.identifier).map((responses) => [
    scoreItem(before.scoring, responses).points,
    scoreItem(after.scoring, responses).points,
  ]);
}

const nameOf = (source: object) => (source as { identifier: string }).identifier;

describe.each(EXPORT_VERSIONS)('items written here, exported as QTI %s and imported', (version) => {
  test.each(SAME.map((source) => [nameOf(source), source]))(
    '%s scores the same for 1,000 answers and loses nothing',
    async (_, source) => {
      const pair = await trip(source as object, version);
      const scores = scoresOf(pair);
      expect(scores.filter(([here, there]) => here !== there)).toEqual([]);
      expect(new Set(scores.map(([here]) => here)).size).toBeGreaterThan(1);
      expect(pair.written.losses).toEqual([]);
      expect(pair.after.scoring.pointsPossible).toBe(pair.before.scoring.pointsPossible);
    },
  );

  test.each(LESS.map((source) => [nameOf(source), source]))(
    '%s never scores higher, its key earns everything, and what it lost is said',
    async (_, source) => {
      const pair = await trip(source as object, version);
      const scores = scoresOf(pair);
      expect(scores.filter(([here, there]) => Number(there) > Number(here))).toEqual([]);
      const key = correctResponses(pair.before.scoring);
      expect(scoreItem(pair.after.scoring, key).points).toBe(pair.before.scoring.pointsPossible);
      expect(pair.written.losses.length).toBeGreaterThan(0);
    },
  );

  test('an essay waits for a person there as here, its rubric a text for markers', async () => {
    const levels = (id: string) => [
      { id: `${id}0`, title: 'Weak', points: 0 },
      { id: `${id}1`, title: 'Strong', points: 5 },
    ];
    const pair = await trip(
      {
        ...named('essay'),
        prompt: 'Write about your town.',
        rubric: {
          title: 'Writing',
          maxPoints: 5,
          criteria: [{ id: 'content', title: 'Content', levels: levels('c') }],
        },
      },
      version,
    );
    expect(scoreItem(pair.after.scoring, {}).status).toBe('awaiting-review');
    expect(pair.after.scoring.pointsPossible).toBe(5);
    expect(pair.written.losses.map((one) => one.code)).toContain('rubric-as-text');
    expect(JSON.stringify(pair.after.delivery)).not.toContain('Strong');
  });
});
