import { identifier, multiple } from '../../test/expressions.js';
import {
  entries,
  float,
  mapTemplate,
  matchTemplate,
  pointsFor,
  response,
  setScore,
  spec,
  text,
  variable,
  when,
} from '../../test/specs.js';
import type { Expression, Rule, ScoringSpec } from '../index.js';
import { awaitsReview, correctResponses, scoreItem } from '../index.js';
import { MAX_DEPTH, MAX_STEPS } from './effort.js';
import { MAX_SCORE_STEPS } from './run-rules.js';

const ruled = (...rules: Rule[]): ScoringSpec =>
  spec([response({ correct: ['A'] })], { kind: 'rules', rules });

function expectTooComplex(item: ScoringSpec): void {
  const score = scoreItem(item, { RESPONSE: 'A' });
  expect(score).toMatchObject({ status: 'awaiting-review', points: null });
  expect(score.parts).toMatchObject([
    { given: 'A', points: null, verdict: 'awaiting-review', rule: 'too-complex' },
  ]);
  expect(score).not.toHaveProperty('steps');
}

describe('rules that ask for too much go to a person', () => {
  const nested = (levels: number): Expression => {
    let expression = float(1);
    for (let level = 0; level < levels; level += 1) expression = { op: 'sum', of: [expression] };
    return expression;
  };
  const nestedRules = (levels: number): Rule => {
    let rule = setScore(float(1));
    for (let level = 0; level < levels; level += 1) rule = { rule: 'fragment', rules: [rule] };
    return rule;
  };

  test('expressions within each other', () => {
    expect(pointsFor(ruled(setScore(nested(MAX_DEPTH - 1))), 'A')).toBe(1);
    expectTooComplex(ruled(setScore(nested(MAX_DEPTH))));
    expectTooComplex(ruled(setScore(nested(100_000))));
  });

  test('rules within each other', () => {
    expect(pointsFor(ruled(nestedRules(MAX_DEPTH - 1)), 'A')).toBe(1);
    expectTooComplex(ruled(nestedRules(MAX_DEPTH)));
    expectTooComplex(ruled(nestedRules(100_000)));
  });

  test('a rule that holds itself', () => {
    const rules: Rule[] = [];
    rules.push({ rule: 'fragment', rules });
    expectTooComplex(ruled(...rules));
    const of: Expression[] = [];
    const expression: Expression = { op: 'sum', of };
    of.push(expression);
    expectTooComplex(ruled(setScore(expression)));
  });

  test('a repeat without end', () => {
    expectTooComplex(ruled(setScore({ op: 'repeat', numberRepeats: 1e15, of: [float(1)] })));
    expectTooComplex(ruled(setScore({ op: 'repeat', numberRepeats: MAX_STEPS, of: [] })));
  });

  test('repeats within repeats', () => {
    let expression = float(1);
    for (let level = 0; level < 10; level += 1) {
      expression = { op: 'repeat', numberRepeats: 10, of: [expression] };
    }
    expectTooComplex(ruled(setScore(expression)));
  });

  test('a container that doubles itself', () => {
    const bag: Expression = variable('BAG');
    const doubling: Rule[] = Array.from({ length: 60 }, () => ({
      rule: 'set-outcome',
      identifier: 'BAG',
      value: multiple(bag, bag),
    }));
    const item = ruled(...doubling);
    item.outcomes = [
      ...item.outcomes,
      { identifier: 'BAG', cardinality: 'multiple', baseType: 'identifier', defaultValue: ['A'] },
    ];
    expectTooComplex(item);
  });

  test('the same long answer compared thousands of times', () => {
    const compare = when(
      {
        op: 'string-match',
        caseSensitive: false,
        substring: true,
        of: [variable('RESPONSE'), text('x')],
      },
      setScore(float(1)),
    );
    const item = spec([response({ baseType: 'string' })], {
      kind: 'rules',
      rules: Array.from({ length: 1000 }, () => compare),
    });
    expect(pointsFor(item, 'x')).toBe(1);
    const score = scoreItem(item, { RESPONSE: 'x'.repeat(1_000_000) });
    expect(score.parts[0]?.rule).toBe('too-complex');
  });

  test('the same long answer mapped thousands of times', () => {
    const mapping = { entries: entries({ x: 1 }), defaultValue: 0 };
    const map: Rule = setScore({ op: 'map-response', identifier: 'RESPONSE' });
    const item = spec([response({ baseType: 'string', mapping })], {
      kind: 'rules',
      rules: Array.from({ length: 1000 }, () => map),
    });
    expect(pointsFor(item, 'x')).toBe(1);
    expect(scoreItem(item, { RESPONSE: '\u00e9'.repeat(1_000_000) }).parts[0]?.rule).toBe(
      'too-complex',
    );
  });

  test('what was not answered stays unanswered', () => {
    const item = ruled(nestedRules(MAX_DEPTH));
    expect(scoreItem(item, {}).parts).toMatchObject([
      { points: null, verdict: 'unanswered', rule: 'not-answered' },
    ]);
  });

  test('each try of an adaptive item may take as much as the first', () => {
    const work: Rule = setScore({
      op: 'container-size',
      of: [{ op: 'repeat', numberRepeats: 100_000, of: [float(1)] }],
    });
    const item: ScoringSpec = { ...ruled(work), adaptive: true };
    const tries = Array.from({ length: 5 }, () => ({ RESPONSE: 'A' }));
    expect(scoreItem(item, { RESPONSE: 'A' }, { tries }).status).toBe('scored');
  });

  test('what is an error of ours is not hidden', () => {
    const broken = [{ rule: 'set-outcome', identifier: 'SCORE' }] as unknown as Rule[];
    expect(() => scoreItem(ruled(...broken), { RESPONSE: 'A' })).toThrow(TypeError);
  });
});

describe('how SCORE came about', () => {
  test('a step for each time a rule set it, with its place', () => {
    const item = ruled(
      setScore(float(1)),
      {
        rule: 'condition',
        branches: [
          { when: { op: 'null' }, rules: [setScore(float(9))] },
          {
            when: { op: 'match', of: [variable('RESPONSE'), identifier('A')] },
            rules: [{ rule: 'fragment', rules: [setScore(float(2))] }],
          },
        ],
        otherwise: [setScore({ op: 'null' })],
      },
      { rule: 'set-outcome', identifier: 'OTHER', value: float(5) },
    );
    expect(scoreItem(item, { RESPONSE: 'A' }).steps).toEqual([
      { at: '/0', points: 1 },
      { at: '/1/branches/1/rules/0/rules/0', points: 2 },
    ]);
    expect(scoreItem(item, { RESPONSE: 'B' }).steps).toEqual([
      { at: '/0', points: 1 },
      { at: '/1/otherwise/0', points: null },
    ]);
  });

  test('of very many the last are kept', () => {
    const item = ruled(...Array.from({ length: 1000 }, (_, n) => setScore(float(n))));
    const { steps } = scoreItem(item, { RESPONSE: 'A' });
    expect(steps).toHaveLength(MAX_SCORE_STEPS);
    expect(steps?.[0]).toEqual({ at: '/950', points: 950 });
    expect(steps?.at(-1)).toEqual({ at: '/999', points: 999 });
  });

  test('an item without rules of its own has none', () => {
    const item = spec([response({ correct: ['A'] })], matchTemplate);
    expect(scoreItem(item, { RESPONSE: 'A' })).not.toHaveProperty('steps');
  });
});

describe('faulty keys', () => {
  test('a key with more values than its own part allows wins over the limit', () => {
    const item = spec(
      [response({ cardinality: 'multiple', correct: ['A', 'B', 'C'] })],
      matchTemplate,
      { parts: [{ responseId: 'RESPONSE', pointsPossible: 1, humanScored: false, maxValues: 1 }] },
    );
    expect(pointsFor(item, ['C', 'B', 'A'])).toBe(1);
    expect(pointsFor(item, ['A'])).toBe(0);
    const score = scoreItem(item, { RESPONSE: ['A', 'B', 'C', 'D'] });
    expect(score.parts[0]?.rule).toBe('not-readable');
    expect(correctResponses(item)).toEqual({ RESPONSE: ['A', 'B', 'C'] });
  });

  test.each<[string, ScoringSpec]>([
    ['no key', spec([response()], matchTemplate)],
    ['an empty key', spec([response({ correct: [] })], matchTemplate)],
    [
      'a key that is no number',
      spec([response({ baseType: 'float', correct: ['x'] })], matchTemplate),
    ],
    ['no response to score', spec([response({ identifier: 'R', correct: ['A'] })], matchTemplate)],
    ['no response to map', spec([response({ identifier: 'R' })], mapTemplate)],
  ])('an item with %s goes to a person and gives nobody 0', (_, item) => {
    expect(awaitsReview(item)).toBe(true);
    const answers = { RESPONSE: '1', R: 'A' };
    expect(scoreItem(item, answers)).toMatchObject({
      status: 'awaiting-review',
      points: null,
      parts: [{ points: null, verdict: 'awaiting-review', rule: 'no-key' }],
    });
  });

  test('a response without a mapping is worth 0, as QTI says', () => {
    const item = spec([response()], mapTemplate);
    expect(awaitsReview(item)).toBe(false);
    expect(scoreItem(item, { RESPONSE: 'A' })).toMatchObject({ status: 'scored', points: 0 });
  });

  test('points without end are 0, and a bound holds them', () => {
    const endless = (given: object) =>
      spec(
        [
          response({
            cardinality: 'multiple',
            mapping: {
              entries: entries({ A: Infinity, B: 1e308, C: 1e308 }),
              defaultValue: 0,
              ...given,
            },
          }),
        ],
        mapTemplate,
      );
    expect(pointsFor(endless({}), ['A'])).toBe(0);
    expect(pointsFor(endless({}), ['B', 'C'])).toBe(0);
    expect(pointsFor(endless({ upperBound: 4 }), ['B', 'C'])).toBe(4);
  });

  test('the key that is handed out is a copy', () => {
    const item = spec([response({ cardinality: 'multiple', correct: ['A', 'B'] })], matchTemplate);
    (scoreItem(item, {}).parts[0]?.expected as string[]).push('C');
    expect(scoreItem(item, {}).parts[0]?.expected).toEqual(['A', 'B']);
  });

  test('neither the item nor the answers are changed', () => {
    const item = ruled(setScore({ op: 'sum', of: [variable('SCORE'), float(1)] }));
    const before = structuredClone(item);
    const answers = Object.freeze({ RESPONSE: 'A' });
    scoreItem(item, answers);
    expect(item).toEqual(before);
  });
});
