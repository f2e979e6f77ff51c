import {
  entries,
  float,
  mapTemplate,
  pointsFor,
  response,
  setScore,
  spec,
  variable,
  when,
} from '../../test/specs.js';
import type { Expression } from '../index.js';
import { scoreItem } from '../index.js';

const water = spec(
  [
    response({
      cardinality: 'multiple',
      mapping: {
        entries: entries({ H: 1, O: 1, Cl: -1 }),
        defaultValue: -2,
        lowerBound: 0,
        upperBound: 2,
      },
    }),
  ],
  mapTemplate,
  { pointsPossible: 2 },
);

describe('Q1: a multiple choice scored by a mapping with bounds', () => {
  test.each<[string[], number]>([
    [['H', 'O'], 2],
    [['H'], 1],
    [['H', 'O', 'Cl'], 1],
    [['H', 'He'], 0],
    [['H', 'O', 'He'], 0],
    [['Cl'], 0],
    [[], 0],
  ])('%j earns %d', (answer, points) => {
    expect(pointsFor(water, answer)).toBe(points);
  });

  test('nothing answered is 0 even where the lower bound is above 0', () => {
    const mapping = { entries: entries({ H: 1 }), defaultValue: 0, lowerBound: 0.5 };
    const item = spec([response({ cardinality: 'multiple', mapping })], mapTemplate);
    expect(pointsFor(item, [])).toBe(0);
    expect(pointsFor(item, ['O'])).toBe(0.5);
  });
});

describe('Q2: each distinct value counts once', () => {
  const item = (defaultValue: number) =>
    spec(
      [
        response({
          cardinality: 'multiple',
          mapping: { entries: entries({ A: 0, B: 1, C: 0.5, D: 0 }), defaultValue },
        }),
      ],
      mapTemplate,
      { pointsPossible: 1.5 },
    );

  test.each<[number, string[], number]>([
    [0, ['C', 'B'], 1.5],
    [0, ['B', 'B', 'C'], 1.5],
    [-1, ['B', 'E'], 0],
  ])('default %d, %j earns %d', (defaultValue, answer, points) => {
    expect(pointsFor(item(defaultValue), answer)).toBe(points);
  });
});

describe('Q3: a match of pairs', () => {
  const mapping = {
    entries: entries({ 'C R': 1, 'D M': 0.5, 'L M': 0.5, 'P T': 1 }),
    defaultValue: 0,
  };
  const item = spec(
    [response({ cardinality: 'multiple', baseType: 'directedPair', mapping })],
    mapTemplate,
    { pointsPossible: 3 },
  );

  test.each<[string[], number]>([
    [['C R', 'D M', 'L M', 'P T'], 3],
    [['C R', 'D M', 'L M'], 2],
    [['R C'], 0],
  ])('%j earns %d', (answer, points) => {
    expect(pointsFor(item, answer)).toBe(points);
  });

  test('an undirected pair counts whichever way round', () => {
    const undirected = spec(
      [response({ cardinality: 'multiple', baseType: 'pair', mapping })],
      mapTemplate,
    );
    expect(pointsFor(undirected, ['R C'])).toBe(1);
    expect(pointsFor(undirected, ['R C', 'C R'])).toBe(1);
  });
});

describe('Q4: a gap match', () => {
  const mapping = {
    entries: entries({ 'W G1': 1, 'Su G2': 2 }),
    defaultValue: -1,
    lowerBound: 0,
  };
  const item = spec(
    [response({ cardinality: 'multiple', baseType: 'directedPair', mapping })],
    mapTemplate,
    { pointsPossible: 3 },
  );

  test.each<[string[], number]>([
    [['W G1', 'Su G2'], 3],
    [['W G1', 'Sp G2'], 0],
    [['W G2', 'Su G1'], 0],
  ])('%j earns %d', (answer, points) => {
    expect(pointsFor(item, answer)).toBe(points);
  });
});

describe('Q5: an order with partial credit by rules', () => {
  const inOrder = (...ids: string[]): Expression => ({
    op: 'ordered',
    of: ids.map((value) => ({ op: 'base-value', baseType: 'identifier', value })),
  });
  const matches = (...ids: string[]): Expression => ({
    op: 'match',
    of: [variable('RESPONSE'), inOrder(...ids)],
  });
  const item = spec(
    [response({ cardinality: 'ordered', correct: ['C', 'A', 'B'] })],
    {
      kind: 'rules',
      rules: [
        {
          rule: 'condition',
          branches: [
            { when: matches('C', 'A', 'B'), rules: [setScore(float(2))] },
            { when: matches('C', 'B', 'A'), rules: [setScore(float(1))] },
          ],
          otherwise: [setScore(float(0))],
        },
      ],
    },
    { pointsPossible: 2 },
  );

  test.each<[string, number]>([
    ['CAB', 2],
    ['CBA', 1],
    ['ABC', 0],
  ])('%s earns %d', (order, points) => {
    expect(pointsFor(item, [...order])).toBe(points);
  });

  test('the part says how far the answer got, and that rules decided', () => {
    const [part] = scoreItem(item, { RESPONSE: ['C', 'B', 'A'] }).parts;
    expect(part).toMatchObject({
      given: ['C', 'B', 'A'],
      expected: ['C', 'A', 'B'],
      points: 1,
      pointsPossible: 2,
      verdict: 'partial',
      rule: 'response-rules',
    });
  });
});

describe('Q6: a gap whose key depends on case', () => {
  const mapping = { entries: entries({ York: 1, york: 0.5 }), defaultValue: 0 };

  test.each<[string, number]>([
    ['York', 1],
    ['york', 0.5],
    ['YORK', 0],
  ])('case-sensitive, %s earns %d', (answer, points) => {
    const item = spec([response({ baseType: 'string', mapping })], mapTemplate);
    expect(pointsFor(item, answer)).toBe(points);
  });

  test('without regard to case the first entry in the document decides', () => {
    const loose = { ...mapping, entries: entries({ York: 1, york: 0.5 }, false) };
    const item = spec([response({ baseType: 'string', mapping: loose })], mapTemplate);
    expect(pointsFor(item, 'york')).toBe(1);
  });
});

describe('Q7: three gaps, each city counts once', () => {
  const cities = {
    entries: entries({ Dresden: 1, Chemnitz: 1, Leipzig: 1 }, false),
    defaultValue: 0,
  };
  const ids = ['R1', 'R2', 'R3'];
  const differs = (a: string, b: string): Expression => ({
    op: 'not',
    of: [
      {
        op: 'string-match',
        caseSensitive: false,
        substring: false,
        of: [variable(a), variable(b)],
      },
    ],
  });
  const isGiven = (id: string): Expression => ({
    op: 'not',
    of: [{ op: 'is-null', of: [variable(id)] }],
  });
  const addMapped = (id: string) =>
    setScore({ op: 'sum', of: [variable('SCORE'), { op: 'map-response', identifier: id }] });
  const item = spec(
    ids.map((identifier) => response({ identifier, baseType: 'string', mapping: cities })),
    {
      kind: 'rules',
      rules: [
        when(isGiven('R3'), addMapped('R3')),
        when({ op: 'and', of: [isGiven('R2'), differs('R2', 'R3')] }, addMapped('R2')),
        when(
          { op: 'and', of: [isGiven('R1'), differs('R1', 'R2'), differs('R1', 'R3')] },
          addMapped('R1'),
        ),
      ],
    },
    { pointsPossible: 3 },
  );

  test.each<[(string | null)[], number]>([
    [['dresden', 'LEIPZIG', 'Chemnitz'], 3],
    [['Dresden', 'Dresden', 'Dresden'], 1],
    [['Dresden', 'Leipzig', null], 0],
    [[null, null, 'Dresden'], 1],
  ])('%j earns %d', (answers, points) => {
    const given = Object.fromEntries(ids.map((id, index) => [id, answers[index] ?? null]));
    expect(scoreItem(item, given).points).toBe(points);
  });

  test('parts carry points only when they add up to the item', () => {
    const score = (...answers: string[]) =>
      scoreItem(item, Object.fromEntries(ids.map((id, index) => [id, answers[index] ?? null])));
    expect(score('dresden', 'Leipzig', 'Chemnitz').parts.map((part) => part.points)).toEqual([
      1, 1, 1,
    ]);
    expect(score('Dresden', 'Dresden', 'Dresden').parts.map((part) => part.points)).toEqual([
      null,
      null,
      null,
    ]);
  });
});
