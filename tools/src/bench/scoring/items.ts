import type { Expression, MapEntry, Responses, Rule, ScoringSpec } from '@parlance/assessment';

/** One kind of item with answers of every sort: right, partly right, wrong, empty. */
export interface Load {
  name: string;
  isSimple: boolean;
  /** What is asked: shown beside the figure. */
  about: string;
  spec: ScoringSpec;
  answers: Responses[];
}

type Given = Partial<ScoringSpec['responses'][number]>;

const response = (identifier: string, given: Given): ScoringSpec['responses'][number] => ({
  identifier,
  cardinality: 'single',
  baseType: 'identifier',
  ...given,
});

const entries = (worth: Record<string, number>, caseSensitive = true): MapEntry[] =>
  Object.entries(worth).map(([key, value]) => ({ key, value, caseSensitive }));

function item(
  responses: ScoringSpec['responses'],
  processing: ScoringSpec['processing'],
  pointsPossible: number,
): ScoringSpec {
  return {
    schema: 1,
    identifier: 'bench',
    responses,
    outcomes: [{ identifier: 'SCORE', cardinality: 'single', baseType: 'float' }],
    processing,
    externalScored: false,
    pointsPossible,
    parts: responses.map(({ identifier }) => ({
      responseId: identifier,
      pointsPossible: pointsPossible / responses.length,
      humanScored: false,
    })),
  };
}

const template = (name: 'match_correct' | 'map_response'): ScoringSpec['processing'] => ({
  kind: 'template',
  name,
  responseId: 'RESPONSE',
});

const set = (value: Expression): Rule => ({ rule: 'set-outcome', identifier: 'SCORE', value });
const variable = (identifier: string): Expression => ({ op: 'variable', identifier });
const float = (value: number): Expression => ({
  op: 'base-value',
  baseType: 'float',
  value: String(value),
});

const isKey = (id: string): Expression => ({
  op: 'match',
  of: [variable(id), { op: 'correct', identifier: id }],
});

const isGiven = (id: string): Expression => ({
  op: 'not',
  of: [{ op: 'is-null', of: [variable(id)] }],
});

const differs = (a: string, b: string): Expression => ({
  op: 'not',
  of: [
    { op: 'string-match', caseSensitive: false, substring: false, of: [variable(a), variable(b)] },
  ],
});

/** Points for each of several menus by rules of its own, as exporters of whole tests write them. */
function perGapRules(ids: readonly string[]): Rule[] {
  return ids.map((id) => ({
    rule: 'condition',
    branches: [
      {
        when: { op: 'and', of: [isGiven(id), isKey(id)] },
        rules: [set({ op: 'sum', of: [variable('SCORE'), float(1)] })],
      },
    ],
    otherwise: [],
  }));
}

const GAPS = Array.from({ length: 8 }, (_, index) => `G${index + 1}`);
const CITIES = ['R1', 'R2', 'R3'];

function cityRules(): Rule[] {
  const add = (id: string): Rule =>
    set({ op: 'sum', of: [variable('SCORE'), { op: 'map-response', identifier: id }] });
  return CITIES.map((id, index) => ({
    rule: 'condition',
    branches: [
      {
        when: {
          op: 'and',
          of: [isGiven(id), ...CITIES.slice(0, index).map((other) => differs(id, other))],
        },
        rules: [add(id)],
      },
    ],
    otherwise: [],
  }));
}

const perGap = (choice: (index: number) => string | null): Responses =>
  Object.fromEntries(GAPS.map((id, index) => [id, choice(index)]));

export const LOADS: readonly Load[] = [
  {
    name: 'choice',
    isSimple: true,
    about: 'one choice of four, match_correct',
    spec: item([response('RESPONSE', { correct: ['B'] })], template('match_correct'), 1),
    answers: ['A', 'B', 'C', null].map((answer) => ({ RESPONSE: answer })),
  },
  {
    name: 'mapped choices',
    isSimple: true,
    about: 'several of six choices, map_response with bounds',
    spec: item(
      [
        response('RESPONSE', {
          cardinality: 'multiple',
          mapping: {
            entries: entries({ A: 1, B: 1, C: -1 }),
            defaultValue: -1,
            lowerBound: 0,
            upperBound: 2,
          },
        }),
      ],
      template('map_response'),
      2,
    ),
    answers: [['A', 'B'], ['A'], ['A', 'C', 'F'], []].map((answer) => ({ RESPONSE: answer })),
  },
  {
    name: 'typed gap',
    isSimple: true,
    about: 'a typed word, map_response over six spellings in any case',
    spec: item(
      [
        response('RESPONSE', {
          baseType: 'string',
          mapping: {
            entries: entries(
              { "doesn't": 1, 'does not': 1, dosent: 0.5, doesnt: 0.5, "don't": 0, 'do not': 0 },
              false,
            ),
            defaultValue: 0,
          },
        }),
      ],
      template('map_response'),
      1,
    ),
    answers: ["doesn't", 'Doesn\u2019t', 'do not', 'is not'].map((answer) => ({
      RESPONSE: answer,
    })),
  },
  {
    name: 'eight gaps',
    isSimple: false,
    about: 'eight menus, a condition for each adds its point to SCORE',
    spec: item(
      GAPS.map((id) => response(id, { correct: ['B'] })),
      { kind: 'rules', rules: perGapRules(GAPS) },
      8,
    ),
    answers: [
      perGap(() => 'B'),
      perGap((index) => (index % 2 === 0 ? 'B' : 'A')),
      perGap(() => 'C'),
      perGap((index) => (index < 5 ? 'B' : null)),
    ],
  },
  {
    name: 'three cities',
    isSimple: false,
    about: 'three typed gaps in any order, each city once: mappings, string comparison, NULL logic',
    spec: item(
      CITIES.map((id) =>
        response(id, {
          baseType: 'string',
          mapping: {
            entries: entries({ Dresden: 1, Chemnitz: 1, Leipzig: 1 }, false),
            defaultValue: 0,
          },
        }),
      ),
      { kind: 'rules', rules: cityRules() },
      3,
    ),
    answers: [
      { R1: 'dresden', R2: 'LEIPZIG', R3: 'Chemnitz' },
      { R1: 'Dresden', R2: 'Dresden', R3: 'Dresden' },
      { R1: 'Berlin', R2: null, R3: 'Leipzig' },
      { R1: null, R2: null, R3: null },
    ],
  },
];
