import { identifier, integer } from '../../test/expressions.js';
import { typedItem } from '../../test/part-item.js';
import { float, response, setScore, spec, variable, when } from '../../test/specs.js';
import type { ItemFeedback, Responses, Rule, ScoringSpec } from '../index.js';
import { compileItem, feedbackOnTry, scoreItem } from '../index.js';

const say = (value: string): Rule => ({
  rule: 'set-outcome',
  identifier: 'FEEDBACK',
  value: identifier(value),
});

const complete: Rule = {
  rule: 'set-outcome',
  identifier: 'completionStatus',
  value: identifier('completed'),
};

const feedback = (id: string, words: string, showHide: 'show' | 'hide' = 'show'): ItemFeedback => ({
  outcomeIdentifier: 'FEEDBACK',
  identifier: id,
  showHide,
  content: [{ kind: 'text', text: words }],
});

/** Right at once is worth 2, right after a hint 1; the hint comes after the first wrong answer. */
const hinting: ScoringSpec = {
  ...spec(
    [response({ correct: ['A'] })],
    {
      kind: 'rules',
      rules: [
        {
          rule: 'condition',
          branches: [
            {
              when: { op: 'match', of: [variable('RESPONSE'), identifier('A')] },
              rules: [
                setScore(float(1)),
                when(
                  { op: 'match', of: [variable('numAttempts'), integer(1)] },
                  setScore(float(2)),
                ),
                say('right'),
                complete,
              ],
            },
          ],
          otherwise: [say('hint')],
        },
      ],
    },
    { pointsPossible: 2 },
  ),
  outcomes: [
    { identifier: 'SCORE', cardinality: 'single', baseType: 'float' },
    { identifier: 'FEEDBACK', cardinality: 'single', baseType: 'identifier' },
  ],
  adaptive: true,
  tries: { max: 20, showPoints: false },
  feedback: [
    feedback('hint', 'Look at the verb.'),
    feedback('right', 'That is it.'),
    feedback('right', 'Go on.', 'hide'),
  ],
};

function tried(item: ScoringSpec, answers: (string | null)[], responseId = 'RESPONSE') {
  const all = answers.map((answer): Responses => ({ [responseId]: answer }));
  const score = scoreItem(item, all.at(-1) as Responses, { tries: all.slice(0, -1) });
  const said = feedbackOnTry(item, score).map(({ content }) => content);
  return { score, said: said.flat().map((node) => (node.kind === 'text' ? node.text : '')) };
}

describe('an adaptive item that gives a hint', () => {
  test.each<[string[], number, number, boolean, string[]]>([
    [['A'], 2, 1, true, ['That is it.']],
    [['B'], 0, 1, false, ['Look at the verb.', 'Go on.']],
    [['B', 'A'], 1, 2, true, ['That is it.']],
    [['B', 'C'], 0, 2, false, ['Look at the verb.', 'Go on.']],
    [['B', 'A', 'C'], 1, 2, true, ['That is it.']],
  ])('after %j: %d points, %d tries', (answers, points, triesCounted, completed, said) => {
    const result = tried(hinting, answers);
    expect(result.score).toMatchObject({ points, triesCounted, completed });
    expect(result.said).toEqual(said);
  });

  test('says nothing of its key, and nothing at all when a person has to look', () => {
    const { score } = tried(hinting, ['B']);
    expect(JSON.stringify(feedbackOnTry(hinting, score))).toBe(
      '[{"content":[{"kind":"text","text":"Look at the verb."}]},' +
        '{"content":[{"kind":"text","text":"Go on."}]}]',
    );
    const forPerson = { ...hinting, externalScored: true };
    expect(tried(forPerson, ['A'])).toMatchObject({ said: [], score: { completed: false } });
  });

  test('hides by an outcome that is not there, and shows by a list that holds it', () => {
    const none = { ...hinting, outcomes: hinting.outcomes.slice(0, 1) };
    expect(tried(none, ['A']).said).toEqual(['Go on.']);
    const list: ScoringSpec = {
      ...hinting,
      processing: { kind: 'rules', rules: [] },
      outcomes: [
        {
          identifier: 'FEEDBACK',
          cardinality: 'multiple',
          baseType: 'identifier',
          defaultValue: ['hint', 'x'],
        },
      ],
    };
    expect(tried(list, ['A']).said).toEqual(['Look at the verb.', 'Go on.']);
  });
});

describe('a short answer that may be tried again', () => {
  const item: ScoringSpec = {
    ...typedItem({
      accept: ['she likes tea'],
      rejected: [{ pattern: 'tea', feedback: 'Write it as a full sentence.' }],
    }),
    tries: { max: 3, showPoints: false },
  };

  test.each<[string[], number, number, boolean, string[]]>([
    [['tea'], 0, 1, false, ['Write it as a full sentence.']],
    [['coffee'], 0, 1, false, []],
    [['tea', 'She likes tea.'], 1, 2, true, []],
    [['She likes tea.', 'tea'], 1, 1, true, []],
    [['tea', 'coffee'], 0, 2, false, []],
  ])('after %j: %d points, %d tries', (answers, points, triesCounted, completed, said) => {
    const result = tried(item, answers, 'R1');
    expect(result.score).toMatchObject({ points, triesCounted, completed });
    expect(result.score.parts[0]?.given).toBe(answers[triesCounted - 1]);
    expect(result.said).toEqual(said);
  });

  test('the remark names the answer it is about', () => {
    const { score } = tried(item, ['tea'], 'R1');
    expect(feedbackOnTry(item, score)).toEqual([
      { responseId: 'R1', content: [{ kind: 'text', text: 'Write it as a full sentence.' }] },
    ]);
  });

  test('answered once it ignores what was tried before', () => {
    const { tries: _, ...once } = item;
    const { score } = tried(once, ['She likes tea.', 'tea'], 'R1');
    expect(score.points).toBe(0);
    expect(score).not.toHaveProperty('triesCounted');
    expect(score).not.toHaveProperty('completed');
  });
});

describe('an author', () => {
  const source = {
    type: 'short-answer',
    identifier: 'tea',
    title: 'Tea',
    prompt: 'What does she like?',
    accept: ['she likes tea'],
  };

  test('says how often an item is tried, in both halves of it', () => {
    const compiled = compileItem({ ...source, tries: { max: 3 } });
    expect(compiled).toMatchObject({
      ok: true,
      item: { delivery: { tries: 3 }, scoring: { tries: { max: 3, showPoints: false } } },
    });
    const once = compileItem(source);
    expect(once.ok && 'tries' in once.item.delivery).toBe(false);
    expect(once.ok && 'tries' in once.item.scoring).toBe(false);
  });

  test.each([
    [{ max: 1 }, '/tries/max'],
    [{ max: 21 }, '/tries/max'],
    [{ max: 2.5 }, '/tries/max'],
    [{ max: 3, key: true }, '/tries/key'],
  ])('is told that %j cannot be', (tries, pointer) => {
    const compiled = compileItem({ ...source, tries });
    expect(compiled.ok ? [] : compiled.faults.map((fault) => fault.pointer)).toEqual([pointer]);
  });

  test('cannot have an essay tried', () => {
    const compiled = compileItem({
      ...{ type: 'essay', identifier: 'e', title: 'E', prompt: 'Write.', tries: { max: 2 } },
    });
    expect(compiled).toMatchObject({ ok: false, faults: [{ pointer: '/tries' }] });
  });
});
