import fc from 'fast-check';
import { integer, multiple, ordered, valueOf } from '../../test/expressions.js';
import { float, response, setScore, spec, text, variable, when } from '../../test/specs.js';
import type { Expression, Rule, ScoringSpec } from '../index.js';
import { scoreItem, seededRandom } from '../index.js';
import { fraction } from './draws.js';

const die: Expression = { op: 'random-integer', min: 1, max: 6, step: 1 };
const copy = (expression: Expression): Expression => structuredClone(expression);

function ruled(...values: Expression[]): ScoringSpec {
  return spec([response()], { kind: 'rules', rules: values.map(setScore) });
}

const pointsOf = (item: ScoringSpec, seed: string, answer: string | null = null) =>
  scoreItem(item, { RESPONSE: answer }, { seed }).points;

const SEEDS = Array.from({ length: 200 }, (_, n) => `attempt ${n}`);

test('whole numbers come from the range, in steps, and each of them comes', () => {
  const drawn = (min: number, max: number, step: number) => {
    const values = SEEDS.map((seed) => valueOf({ op: 'random-integer', min, max, step }, { seed }));
    return [...new Set(values)].sort((a, b) => Number(a) - Number(b));
  };
  expect(drawn(1, 6, 1)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(drawn(-4, 5, 4)).toEqual([-4, 0, 4]);
  expect(drawn(7, 7, 1)).toEqual([7]);
});

test.each([
  [2, 1, 1],
  [1, 2, 0],
  [1, 2, -1],
  [1.5, 2, 1],
  [0, 2 ** 33, 1],
  [Number.NaN, 2, 1],
])('no whole number from %d to %d in steps of %d', (min, max, step) => {
  expect(valueOf({ op: 'random-integer', min, max, step })).toBeNull();
});

test('the whole range of 32 bits can be drawn from', () => {
  const value = valueOf({ op: 'random-integer', min: -(2 ** 31), max: 2 ** 31 - 1, step: 1 });
  expect(Number.isInteger(value)).toBe(true);
});

test('a float lies in its range and uses all of it', () => {
  const values = SEEDS.map((seed) =>
    Number(valueOf({ op: 'random-float', min: -1, max: 3 }, { seed })),
  );
  expect(values.every((value) => value >= -1 && value <= 3)).toBe(true);
  expect(Math.min(...values)).toBeLessThan(-0.8);
  expect(Math.max(...values)).toBeGreaterThan(2.8);
  expect(values.some((value) => Number.isInteger(value * 2 ** 20))).toBe(false);
  expect(valueOf({ op: 'random-float', min: 1, max: 0 })).toBeNull();
});

test('one of several, or of the items of a container, comes, and each of them at times', () => {
  const drawn = (...of: Expression[]) =>
    new Set(SEEDS.map((seed) => valueOf({ op: 'random', of }, { seed })));
  expect(drawn(text('a'), text('b'))).toEqual(new Set(['a', 'b']));
  expect(drawn(multiple(integer(1), integer(2), integer(3)))).toEqual(new Set([1, 2, 3]));
  expect(drawn({ op: 'null' })).toEqual(new Set([null]));
  expect(drawn({ op: 'null' }, integer(4))).toEqual(new Set([4]));
});

test('the same seed gives the same score, and the score tells the seed', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const item = ruled({ op: 'sum', of: [copy(die), { op: 'random-float', min: 0, max: 1 }] });
      const score = scoreItem(item, {}, { seed });
      expect(score.seed).toBe(seed);
      expect(scoreItem(structuredClone(item), {}, { seed })).toEqual(score);
    }),
  );
});

test('without a seed it is the empty one, and where nothing is drawn there is none', () => {
  expect(scoreItem(ruled(copy(die)), {}).seed).toBe('');
  expect(scoreItem(ruled(copy(die)), {}).points).toBe(pointsOf(ruled(copy(die)), ''));
  expect(scoreItem(ruled(float(1)), {}, { seed: 'x' })).not.toHaveProperty('seed');
});

test('another seed gives other numbers', () => {
  const item = ruled({ op: 'random-float', min: 0, max: 1 });
  expect(new Set(SEEDS.map((seed) => pointsOf(item, seed))).size).toBeGreaterThan(190);
});

test('two expressions draw apart', () => {
  const item = ruled({ op: 'subtract', of: [copy(die), copy(die)] });
  expect(new Set(SEEDS.map((seed) => pointsOf(item, seed))).size).toBe(11);
});

test('what one expression draws does not depend on whether another was evaluated', () => {
  const isA: Expression = {
    op: 'match',
    of: [variable('RESPONSE'), { op: 'base-value', baseType: 'identifier', value: 'A' }],
  };
  const item = spec([response()], {
    kind: 'rules',
    rules: [
      when(isA, setScore(copy(die))),
      { rule: 'fragment', rules: [{ rule: 'lookup-outcome', identifier: 'X', value: float(1) }] },
      setScore({ op: 'random-integer', min: 1, max: 1000, step: 1 }),
    ],
  });
  for (const seed of SEEDS) expect(pointsOf(item, seed, 'A')).toBe(pointsOf(item, seed, 'B'));
});

test('repeat draws anew each time', () => {
  const throws = (seed: string) =>
    valueOf({ op: 'repeat', numberRepeats: 5, of: [copy(die)] }, { seed });
  expect(throws('a')).toHaveLength(5);
  const different = SEEDS.filter((seed) => new Set(throws(seed) as number[]).size > 1);
  expect(different.length).toBeGreaterThan(190);
  expect(throws('b')).toEqual(throws('b'));
});

test('a later try goes on drawing', () => {
  const item: ScoringSpec = { ...ruled({ op: 'random-float', min: 0, max: 1 }), adaptive: true };
  const once = scoreItem(item, {}, { seed: 's' }).points;
  const twice = scoreItem(item, {}, { seed: 's', tries: [{}] }).points;
  expect(twice).not.toBe(once);
  expect(scoreItem(item, {}, { seed: 's', tries: [{}] }).points).toBe(twice);
});

test('repeat takes its number from a variable, leaves NULLs out and needs one time at least', () => {
  const count = (numberRepeats: number | { variable: string }, ...of: Expression[]) =>
    valueOf(
      { op: 'repeat', numberRepeats, of },
      {
        responses: [response({ identifier: 'N', baseType: 'integer' })],
        answers: { N: '2' },
      },
    );
  expect(count({ variable: 'N' }, text('a'), text('b'))).toEqual(['a', 'b', 'a', 'b']);
  expect(count(2, text('a'), { op: 'null' })).toEqual(['a', 'a']);
  expect(count(1, ordered(integer(1), integer(2)), integer(3))).toEqual([1, 2, 3]);
  expect(count(0, text('a'))).toBeNull();
  expect(count(-1, text('a'))).toBeNull();
  expect(count(1.5, text('a'))).toBeNull();
  expect(count({ variable: 'X' }, text('a'))).toBeNull();
  expect(count(2, text('a'), integer(1))).toBeNull();
});

test('a fraction is made of 26 high and 27 low bits', () => {
  const bits = (...drawn: number[]) => fraction({ below: () => drawn.shift() ?? 0 });
  expect(bits(0, 1)).toBe(2 ** -53);
  expect(bits(1, 0)).toBe(2 ** -26);
  expect(bits(2 ** 26 - 1, 2 ** 27 - 1)).toBe(1 - 2 ** -53);
  const asked: number[] = [];
  fraction({ below: (below) => asked.push(below) });
  expect(asked).toEqual([2 ** 26, 2 ** 27]);
});

test('what is drawn is told by the seed and the place among random expressions', () => {
  const set = (name: string): Rule => ({
    rule: 'set-outcome',
    identifier: name,
    value: { op: 'sum', of: [float(0), { op: 'random-integer', min: 0, max: 9999, step: 1 }] },
  });
  const names = [
    'FIRST',
    'IN_WHEN',
    'IN_BRANCH',
    'IN_OTHERWISE',
    'IN_FRAGMENT',
    'LOOKED_UP',
    'LAST',
  ];
  const condition = (isTaken: boolean): Rule => ({
    rule: 'condition',
    branches: [
      {
        when: {
          op: isTaken ? 'lt' : 'gt',
          of: [float(-1), { op: 'random-float', min: 0, max: 1 }],
        },
        rules: [set('IN_BRANCH')],
      },
    ],
    otherwise: [set('IN_OTHERWISE')],
  });
  const rules = (isTaken: boolean): Rule[] => [
    set('FIRST'),
    condition(isTaken),
    { rule: 'fragment', rules: [set('IN_FRAGMENT')] },
    {
      rule: 'lookup-outcome',
      identifier: 'LOOKED_UP',
      value: { op: 'random', of: [float(1), float(2)] },
    },
    set('LAST'),
    { rule: 'exit' },
  ];
  const outcomes = names.map((identifier) => ({
    identifier,
    cardinality: 'single' as const,
    baseType: 'float' as const,
  }));
  const table = {
    kind: 'match' as const,
    entries: [
      { source: 1, target: '1' },
      { source: 2, target: '2' },
    ],
  };
  const withTable = outcomes.map((one) =>
    one.identifier === 'LOOKED_UP' ? { ...one, lookupTable: table } : one,
  );
  const drawnAt = (place: number, below = 10_000) => seededRandom(`s\n${place}`).below(below);
  const run = (isTaken: boolean) =>
    scoreItem(
      spec([], { kind: 'rules', rules: rules(isTaken) }, { outcomes: withTable }),
      {},
      { seed: 's' },
    ).outcomes;
  expect(run(true)).toMatchObject({
    FIRST: drawnAt(1),
    IN_BRANCH: drawnAt(3),
    IN_OTHERWISE: 0,
    IN_FRAGMENT: drawnAt(5),
    LOOKED_UP: 1 + drawnAt(6, 2),
    LAST: drawnAt(7),
  });
  expect(run(false)).toMatchObject({ IN_BRANCH: 0, IN_OTHERWISE: drawnAt(4), LAST: drawnAt(7) });
});
