import fc from 'fast-check';
import { partItem, partScore } from '../../../test/part-item.js';
import type { ChoicesScoring } from '../../index.js';

const choicesItem = (model: ChoicesScoring['model'], correct: string, optionCount: number) =>
  partItem(
    { kind: 'choices', model, optionCount },
    { cardinality: 'multiple', baseType: 'identifier', correct: [...correct] },
    { maxValues: optionCount },
  );

const MODELS = ['per-correct', 'per-option'] as const;

describe('several choices', () => {
  test.each(MODELS)('2 hits and 1 wrong of 3 right among 6 earn a third by %s', (model) => {
    const part = partScore(choicesItem(model, 'ABC', 6), ['A', 'B', 'D']);
    expect(part).toMatchObject({
      points: 0.333333,
      verdict: 'partial',
      rule: 'counted-choices',
      trace: { kind: 'counted', hits: 2, wrong: 1, of: 3 },
    });
  });

  test.each<[string, number, number]>([
    ['AB', 1, 1],
    ['A', 0.5, 0.5],
    ['AC', 0, 0.25],
    ['ABC', 0.5, 0.75],
    ['ABCDEF', 0, 0],
    ['CD', 0, 0],
  ])('%s of AB among 6 earns %d per correct, %d per option', (answer, perCorrect, perOption) => {
    expect(partScore(choicesItem('per-correct', 'AB', 6), [...answer]).points).toBe(perCorrect);
    expect(partScore(choicesItem('per-option', 'AB', 6), [...answer]).points).toBe(perOption);
  });

  test('a choice counts once however often it is given', () => {
    expect(partScore(choicesItem('per-correct', 'AB', 6), ['A', 'A', 'A']).points).toBe(0.5);
  });

  test.each(MODELS)('where all are right, all earns all by %s', (model) => {
    expect(partScore(choicesItem(model, 'AB', 2), ['B', 'A']).points).toBe(1);
  });

  test.each(MODELS)(
    'one more right choice never lowers, one more wrong never raises: %s',
    (model) => {
      const item = choicesItem(model, 'ABC', 7);
      fc.assert(
        fc.property(fc.subarray([...'ABCDEFG']), fc.constantFrom(...'ABCDEFG'), (answer, more) => {
          const before = partScore(item, answer).points ?? -1;
          const after = partScore(item, [...new Set([...answer, more])]).points ?? -1;
          const [worse, better] = 'ABC'.includes(more) ? [before, after] : [after, before];
          expect(better).toBeGreaterThanOrEqual(worse);
          expect(worse).toBeGreaterThanOrEqual(0);
          expect(better).toBeLessThanOrEqual(1);
        }),
      );
    },
  );
});

describe('pairs', () => {
  const pairsItem = (penalty: number) =>
    partItem(
      { kind: 'pairs', penalty },
      {
        cardinality: 'multiple',
        baseType: 'directedPair',
        correct: ['S1 T1', 'S2 T2', 'S3 T3', 'S4 T4'],
      },
    );

  test.each<[string[], number, number]>([
    [['S1 T1', 'S2 T2', 'S3 T3', 'S4 T4'], 1, 1],
    [['S1 T1', 'S2 T2', 'S3 T4', 'S4 T3'], 0.5, 0],
    [['S1 T1', 'S2 T2', 'S3 T3', 'S4 T1'], 0.75, 0.5],
    [['T1 S1'], 0, 0],
    [['S1 T1', 'S1 T1'], 0.25, 0.25],
  ])('%j earn %d, and %d where a wrong pair takes one away', (answer, without, penalised) => {
    expect(partScore(pairsItem(0), answer).points).toBe(without);
    expect(partScore(pairsItem(1), answer).points).toBe(penalised);
  });

  test('a penalty may be a share of a pair', () => {
    const part = partScore(pairsItem(0.5), ['S1 T1', 'S2 T3']);
    expect(part).toMatchObject({
      points: 0.125,
      rule: 'counted-pairs',
      trace: { hits: 1, wrong: 1, of: 4 },
    });
  });
});

describe('all or nothing', () => {
  const correctItem = (cardinality: 'single' | 'multiple' | 'ordered', correct: string[]) =>
    partItem({ kind: 'correct' }, { cardinality, baseType: 'identifier', correct });

  test.each<['multiple' | 'ordered', string, number]>([
    ['multiple', 'AB', 1],
    ['multiple', 'BA', 1],
    ['multiple', 'A', 0],
    ['multiple', 'AC', 0],
    ['ordered', 'AB', 1],
    ['ordered', 'BA', 0],
  ])('a %s answer %s earns %d', (cardinality, answer, points) => {
    const part = partScore(correctItem(cardinality, ['A', 'B']), [...answer]);
    expect(part).toMatchObject({
      points,
      rule: 'match-correct',
      verdict: points === 1 ? 'correct' : 'incorrect',
    });
  });

  test('one choice is right or wrong', () => {
    expect(partScore(correctItem('single', ['A']), 'A').points).toBe(1);
    expect(partScore(correctItem('single', ['A']), 'B').points).toBe(0);
  });

  test('without a key a person has to look', () => {
    const { correct: _, ...declared } = { ...correctItem('single', ['A']).responses[0] };
    const item = { ...partItem({ kind: 'correct' }, declared), responses: [] };
    expect(partScore(item, 'A')).toMatchObject({ points: 0, verdict: 'unanswered' });
    expect(partScore(partItem({ kind: 'correct' }, { baseType: 'identifier' }), 'A')).toMatchObject(
      {
        points: null,
        verdict: 'awaiting-review',
        rule: 'no-key',
      },
    );
  });
});
