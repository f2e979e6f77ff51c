import fc from 'fast-check';
import { partItem, partScore } from '../../../test/part-item.js';
import { SOURCES } from '../../../test/sources.js';
import type { ScoringSpec } from '../../index.js';
import {
  awaitsReview,
  compileItem,
  correctResponses,
  scoreItem,
  validateResponses,
} from '../../index.js';

function itemOf(source: unknown) {
  const compiled = compileItem(source);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
  return compiled.item;
}

const HUMAN = ['essay', 'speaking', 'paper'];
const automatic = Object.entries(SOURCES).filter(([type]) => !HUMAN.includes(type));

describe.each(automatic)('%s', (_, source) => {
  const { scoring, delivery } = itemOf(source);
  const key = correctResponses(scoring);

  test('its own key can be given and earns all points', () => {
    expect(validateResponses(delivery, key)).toEqual([]);
    const score = scoreItem(scoring, key);
    expect(score).toMatchObject({ status: 'scored', points: scoring.pointsPossible });
    expect(score.outcomes.SCORE).toBe(scoring.pointsPossible);
    for (const part of score.parts) {
      expect(part).toMatchObject({ verdict: 'correct', points: part.pointsPossible });
      expect(part.given).toEqual(part.expected);
    }
  });

  test('nothing earns 0', () => {
    for (const answers of [{}, Object.fromEntries(Object.keys(key).map((id) => [id, null]))]) {
      const score = scoreItem(scoring, answers);
      expect(score).toMatchObject({ status: 'scored', points: 0 });
      expect(score.parts.map((part) => part.rule)).toEqual(score.parts.map(() => 'not-answered'));
    }
  });

  test('the points are those of its parts, whatever the order of the parts', () => {
    const ids = Object.keys(key);
    fc.assert(
      fc.property(fc.subarray(ids), (answered) => {
        const answers = Object.fromEntries(answered.map((id) => [id, key[id] ?? null]));
        const score = scoreItem(scoring, answers);
        const turned: ScoringSpec = { ...scoring, parts: scoring.parts.toReversed() };
        const possible = scoring.parts
          .filter((part) => answered.includes(part.responseId))
          .reduce((sum, part) => sum + (part.pointsPossible ?? 0), 0);
        expect(score.points).toBeCloseTo(possible, 9);
        expect(scoreItem(turned, answers).points).toBe(score.points);
        expect(scoreItem(turned, answers).parts.toReversed()).toEqual(score.parts);
      }),
      { numRuns: 20 },
    );
  });

  test('any answer at all earns 0 to all points', () => {
    const answer = fc.oneof(
      fc.constant(null),
      fc.string({ unit: 'binary' }),
      fc.array(fc.string(), { maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(answer, { minLength: 10, maxLength: 10 }), (answers) => {
        const given = Object.fromEntries(
          Object.keys(key).map((id, at) => [id, answers[at] ?? null]),
        );
        const points = scoreItem(scoring, given).points ?? -1;
        expect(points).toBeGreaterThanOrEqual(0);
        expect(points).toBeLessThanOrEqual(scoring.pointsPossible);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a part for a person', () => {
  const essay = itemOf(SOURCES.essay).scoring;
  const paper = itemOf(SOURCES.paper).scoring;

  test('waits with its answer', () => {
    expect(awaitsReview(essay)).toBe(true);
    expect(scoreItem(essay, { R1: 'My journey' })).toMatchObject({
      status: 'awaiting-review',
      points: null,
      parts: [
        { given: 'My journey', points: null, verdict: 'awaiting-review', rule: 'human-review' },
      ],
    });
  });

  test('says when there is no answer to mark', () => {
    expect(scoreItem(essay, {})).toMatchObject({
      status: 'awaiting-review',
      points: null,
      parts: [{ points: null, verdict: 'unanswered', rule: 'not-answered' }],
    });
  });

  test('done on paper waits though nothing is answered here', () => {
    expect(scoreItem(paper, {})).toMatchObject({
      status: 'awaiting-review',
      parts: [{ points: null, verdict: 'awaiting-review', rule: 'human-review' }],
    });
  });

  test('makes the item wait, while the other parts show already', () => {
    const { scoring } = itemOf({
      ...SOURCES.listening,
      questions: [...SOURCES.listening.questions, { type: 'essay', prompt: 'Why?', points: 4 }],
    });
    const answers = { ...correctResponses(scoring), R4: 'Because.' };
    const score = scoreItem(scoring, answers);
    expect(score).toMatchObject({ status: 'awaiting-review', points: null, pointsPossible: 7 });
    expect(score.parts.map((part) => part.points)).toEqual([1, 2, null]);
    expect(score.outcomes.SCORE).toBe(0);
  });

  test('is every part of an item that another system scores', () => {
    const item = { ...itemOf(SOURCES.matrix).scoring, externalScored: true };
    expect(awaitsReview(item)).toBe(true);
    expect(scoreItem(item, correctResponses(item))).toMatchObject({
      status: 'awaiting-review',
      parts: [{ rule: 'human-review', points: null }],
    });
    expect(scoreItem(item, {}).points).toBeNull();
  });

  test('is a part that nothing is said about', () => {
    const item = partItem({ kind: 'correct' }, { correct: ['a'] }, { scoring: undefined });
    expect(awaitsReview(item)).toBe(true);
    expect(partScore(item, 'a')).toMatchObject({ points: null, rule: 'no-processing' });
  });
});

test('an item that needs nobody does not wait', () => {
  expect(awaitsReview(itemOf(SOURCES.matrix).scoring)).toBe(false);
});

test('points are rounded to six decimals, half up', () => {
  const item = partItem(
    { kind: 'choices', model: 'per-correct', optionCount: 6 },
    { cardinality: 'multiple', baseType: 'identifier', correct: ['A', 'B', 'C'] },
    { pointsPossible: 2 },
  );
  expect(partScore(item, ['A', 'B']).points).toBe(1.333333);
  expect(partScore(item, ['A']).points).toBe(0.666667);
});

test('an answer of too many values or the wrong kind is not read', () => {
  const item = partItem(
    { kind: 'choices', model: 'per-correct', optionCount: 3 },
    { cardinality: 'multiple', baseType: 'identifier', correct: ['A'] },
    { maxValues: 1 },
  );
  for (const answer of [['A', 'B'], 'A']) {
    expect(partScore(item, answer)).toMatchObject({ points: 0, rule: 'not-readable' });
  }
});

test('a part that is worth nothing earns nothing', () => {
  const declared = { baseType: 'identifier' as const, correct: ['A'] };
  expect(
    partScore(partItem({ kind: 'correct' }, declared, { pointsPossible: null }), 'A').points,
  ).toBe(0);
});
