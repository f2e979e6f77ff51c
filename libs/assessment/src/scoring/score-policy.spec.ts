import fc from 'fast-check';
import {
  entries,
  float,
  mapTemplate,
  matchTemplate,
  pointsFor,
  response,
  setScore,
  spec,
  variable,
} from '../../test/specs.js';
import type { ResponseValue, Rule } from '../index.js';
import { scoreItem } from '../index.js';

const twoOfThree = spec(
  [
    response({
      cardinality: 'multiple',
      mapping: { entries: entries({ A: 1, B: 1, C: -1 }), defaultValue: 0, lowerBound: 0 },
    }),
  ],
  mapTemplate,
  { pointsPossible: 2 },
);

describe('the match_correct template', () => {
  test('a set is right in any order and not when one is missing or extra', () => {
    const item = spec([response({ cardinality: 'multiple', correct: ['A', 'B'] })], matchTemplate);
    expect(pointsFor(item, ['B', 'A'])).toBe(1);
    expect(pointsFor(item, ['A'])).toBe(0);
    expect(pointsFor(item, ['A', 'B', 'C'])).toBe(0);
    expect(pointsFor(item, ['A', 'A'])).toBe(0);
  });

  test('numbers are compared as numbers', () => {
    const item = spec([response({ baseType: 'float', correct: ['1.50'] })], matchTemplate);
    expect(pointsFor(item, '1.5')).toBe(1);
    expect(pointsFor(item, ' 1.5e0 ')).toBe(1);
    expect(pointsFor(item, 'one and a half')).toBe(0);
  });

  test('texts are compared with case, and a typographic apostrophe is an apostrophe', () => {
    const item = spec([response({ baseType: 'string', correct: ["don't"] })], matchTemplate);
    expect(pointsFor(item, 'don\u2019t')).toBe(1);
    expect(pointsFor(item, "Don't")).toBe(0);
  });

  test('an accent counts however it was composed', () => {
    const item = spec([response({ baseType: 'string', correct: ['caf\u00e9'] })], matchTemplate);
    expect(pointsFor(item, 'cafe\u0301')).toBe(1);
    expect(pointsFor(item, 'cafe')).toBe(0);
  });
});

describe('items a person scores', () => {
  const essay = [response({ baseType: 'string', correct: ['A'] })];

  test.each([
    ['scored outside', spec(essay, matchTemplate, { externalScored: true }), 'human-review'],
    ['without processing', spec(essay, { kind: 'none' }), 'no-processing'],
  ])('an item %s waits, even when the answer equals its key', (_, item, rule) => {
    const score = scoreItem(item, { RESPONSE: 'A' });
    expect(score).toMatchObject({ status: 'awaiting-review', points: null, pointsPossible: 1 });
    expect(score.parts[0]).toMatchObject({ points: null, verdict: 'awaiting-review', rule });
  });

  test('an essay that was not written waits too, and is not 0', () => {
    const score = scoreItem(spec(essay, { kind: 'none' }), {});
    expect(score).toMatchObject({ status: 'awaiting-review', points: null });
    expect(score.parts[0]).toMatchObject({ points: null, verdict: 'unanswered' });
  });

  test('beside an essay, a part with a key already has its verdict', () => {
    const item = spec(
      [response({ identifier: 'GAP', correct: ['A'] }), response({ baseType: 'string' })],
      { kind: 'rules', rules: [] },
      {
        parts: [
          { responseId: 'GAP', pointsPossible: 1, humanScored: false },
          { responseId: 'RESPONSE', pointsPossible: 4, humanScored: true },
        ],
      },
    );
    const score = scoreItem(item, { GAP: 'A', RESPONSE: 'An essay.' });
    expect(score).toMatchObject({ status: 'awaiting-review', points: null });
    expect(score.parts.map((part) => [part.points, part.verdict])).toEqual([
      [1, 'correct'],
      [null, 'awaiting-review'],
    ]);
  });
});

describe('answers that are not answers', () => {
  const gap = spec([response({ baseType: 'string', correct: ['went'] })], matchTemplate);
  const choice = spec([response({ correct: ['A'] })], matchTemplate);

  test.each<[string, unknown]>([
    ['a number', 7],
    ['an object', { length: 3 }],
    ['a list where one text is asked', ['went']],
    ['ten megabytes', 'x'.repeat(10_000_000)],
    ['true', true],
  ])('%s counts as unanswered', (_, answer) => {
    const score = scoreItem(gap, { RESPONSE: answer as ResponseValue });
    expect(score).toMatchObject({ status: 'scored', points: 0 });
    expect(score.parts[0]).toMatchObject({ verdict: 'unanswered', rule: 'not-readable' });
  });

  test('a control character or half a surrogate pair does not cost the answer', () => {
    expect(pointsFor(gap, 'we\u0000nt')).toBe(1);
    expect(scoreItem(gap, { RESPONSE: 'wen\ud800' }).parts[0]?.given).toBe('wen\ufffd');
  });

  test('more values than the part allows are not scored', () => {
    const item = { ...twoOfThree, parts: [{ ...twoOfThree.parts[0]!, maxValues: 2 }] };
    expect(pointsFor(item, ['A', 'B'])).toBe(2);
    expect(pointsFor(item, ['A', 'B', 'C'])).toBe(0);
  });

  test('names from Object.prototype are no answers', () => {
    const item = spec([response({ identifier: 'constructor', correct: ['A'] })], {
      ...matchTemplate,
      responseId: 'constructor',
    });
    expect(scoreItem(item, {}).parts[0]).toMatchObject({ given: null, rule: 'not-answered' });
  });

  test('whatever is sent, the score is a finite number and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(gap, choice, twoOfThree), (answer, item) => {
        const { points } = scoreItem(item, { RESPONSE: answer as ResponseValue });
        expect(Number.isFinite(points)).toBe(true);
      }),
    );
  });
});

describe('properties of mapped scores', () => {
  const ids = ['A', 'B', 'C', 'D', 'E'];
  const mapping = fc.record({
    entries: fc
      .dictionary(fc.constantFrom(...ids), fc.double({ min: -5, max: 5, noNaN: true }))
      .map((values) => entries(values)),
    defaultValue: fc.double({ min: -5, max: 5, noNaN: true }),
    lowerBound: fc.constant(-1),
    upperBound: fc.constant(3),
  });
  const answer = fc.subarray(ids, { minLength: 1 });

  test('the score stays within the bounds', () => {
    fc.assert(
      fc.property(mapping, answer, (given, choices) => {
        const item = spec([response({ cardinality: 'multiple', mapping: given })], mapTemplate);
        const points = pointsFor(item, choices) ?? Number.NaN;
        expect(points).toBeGreaterThanOrEqual(-1);
        expect(points).toBeLessThanOrEqual(3);
      }),
    );
  });

  test('the order of the choices does not matter, nor does repeating one', () => {
    fc.assert(
      fc.property(mapping, answer, (given, choices) => {
        const item = spec([response({ cardinality: 'multiple', mapping: given })], mapTemplate);
        const points = pointsFor(item, choices);
        expect(pointsFor(item, choices.toReversed())).toBe(points);
        expect(pointsFor(item, [...choices, choices[0]!])).toBe(points);
      }),
    );
  });

  test('ten tenths are one point', () => {
    const tenths = Object.fromEntries([...'ABCDEFGHIJ'].map((id) => [id, 0.1]));
    const item = spec(
      [
        response({
          cardinality: 'multiple',
          mapping: { entries: entries(tenths), defaultValue: 0 },
        }),
      ],
      mapTemplate,
    );
    const score = scoreItem(item, { RESPONSE: [...'ABCDEFGHIJ'] });
    expect(score.outcomes.SCORE).toBe(1);
    expect(score.parts[0]?.verdict).toBe('correct');
  });
});

describe('rules', () => {
  const ruled = (...rules: Rule[]) =>
    spec([response({ correct: ['A'] })], { kind: 'rules', rules }, { pointsPossible: 2 });

  test('an exit ends the processing, from within a fragment too', () => {
    const item = ruled(
      setScore(float(1)),
      { rule: 'fragment', rules: [{ rule: 'exit' }] },
      setScore(float(2)),
    );
    expect(pointsFor(item, 'A')).toBe(1);
  });

  test('outcomes start at their defaults each time', () => {
    const addOne = setScore({ op: 'sum', of: [variable('SCORE'), float(1)] });
    const item = ruled(addOne);
    expect(pointsFor(item, 'A')).toBe(1);
    expect(pointsFor(item, 'A')).toBe(1);
  });

  test('a score that comes to nothing, by NULL or by zero, is 0 and never NaN', () => {
    expect(pointsFor(ruled(setScore({ op: 'null' })), 'A')).toBe(0);
    const divided = setScore({ op: 'divide', of: [float(1), float(0)] });
    expect(pointsFor(ruled(divided), 'A')).toBe(0);
    expect(scoreItem(ruled(divided), { RESPONSE: 'A' }).outcomes.SCORE).toBeNull();
  });

  test('points are kept as the item gives them, below 0 and above the possible', () => {
    expect(pointsFor(ruled(setScore(float(-1))), 'A')).toBe(-1);
    expect(pointsFor(ruled(setScore(float(3))), 'A')).toBe(3);
  });
});
