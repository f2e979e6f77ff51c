import {
  NULL,
  identifier,
  integer,
  valueOf,
  multiple,
  ordered,
  point,
  truth,
} from '../../test/expressions.js';
import { float, response, spec, text, variable } from '../../test/specs.js';
import type { Expression, LookupTable, OutcomeDeclaration, Rule } from '../index.js';
import { scoreItem } from '../index.js';

const grade = (lookupTable?: LookupTable): OutcomeDeclaration => ({
  identifier: 'GRADE',
  cardinality: 'single',
  baseType: 'identifier',
  ...(lookupTable === undefined ? {} : { lookupTable }),
});

function lookedUp(table: LookupTable | undefined, value: Expression) {
  const item = spec(
    [response()],
    { kind: 'rules', rules: [{ rule: 'lookup-outcome', identifier: 'GRADE', value }] },
    { outcomes: [grade(table)] },
  );
  return scoreItem(item, {}).outcomes.GRADE;
}

describe('lookup tables', () => {
  const exact: LookupTable = {
    kind: 'match',
    entries: [
      { source: 1, target: 'A1' },
      { source: 2, target: 'A2' },
      { source: 2, target: 'B1' },
    ],
    defaultValue: 'C2',
  };

  test.each<[Expression, string]>([
    [integer(1), 'A1'],
    [integer(2), 'A2'],
    [integer(3), 'C2'],
    [float(1.5), 'C2'],
    [NULL, 'C2'],
    [text('1'), 'C2'],
  ])('by exact match: %j', (value, expected) => {
    expect(lookedUp(exact, value)).toBe(expected);
  });

  const bands: LookupTable = {
    kind: 'interpolation',
    entries: [
      { source: 8, target: 'high', includeBoundary: false },
      { source: 5, target: 'middle', includeBoundary: true },
      { source: 0, target: 'low', includeBoundary: true },
    ],
    defaultValue: 'none',
  };

  test.each<[number, string]>([
    [9, 'high'],
    [8.01, 'high'],
    [8, 'middle'],
    [5, 'middle'],
    [4.99, 'low'],
    [0, 'low'],
    [-0.01, 'none'],
  ])('by interpolation: %d is %s', (value, expected) => {
    expect(lookedUp(bands, float(value))).toBe(expected);
  });

  test('without a default, a table or a fitting target there is NULL', () => {
    const { defaultValue: _, ...open } = exact;
    expect(lookedUp(open as LookupTable, integer(3))).toBeNull();
    expect(lookedUp(undefined, integer(3))).toBeNull();
    expect(lookedUp({ ...exact, defaultValue: 'two words' }, integer(3))).toBeNull();
  });

  test('a table may give SCORE itself', () => {
    const item = spec(
      [response()],
      {
        kind: 'rules',
        rules: [{ rule: 'lookup-outcome', identifier: 'SCORE', value: integer(1) }],
      },
      {
        outcomes: [
          {
            identifier: 'SCORE',
            cardinality: 'single',
            baseType: 'float',
            lookupTable: { kind: 'match', entries: [{ source: 1, target: '2.5' }] },
          },
        ],
      },
    );
    expect(scoreItem(item, {})).toMatchObject({ points: 2.5, steps: [{ at: '/0', points: 2.5 }] });
  });

  test('an outcome that is not declared is not made', () => {
    const rules: Rule[] = [{ rule: 'lookup-outcome', identifier: 'X', value: integer(1) }];
    expect(scoreItem(spec([response()], { kind: 'rules', rules }), {}).outcomes).toEqual({
      SCORE: 0,
    });
  });
});

describe('outcomes', () => {
  const set = (declared: Partial<OutcomeDeclaration>, value: Expression) => {
    const outcome = {
      identifier: 'X',
      cardinality: 'single',
      baseType: 'float',
      ...declared,
    } as const;
    const rules: Rule[] = [{ rule: 'set-outcome', identifier: 'X', value }];
    return scoreItem(spec([], { kind: 'rules', rules }, { outcomes: [outcome] }), {}).outcomes.X;
  };

  test.each<[string, Partial<OutcomeDeclaration>, Expression, unknown]>([
    ['an integer for a float', {}, integer(2), 2],
    ['a whole float for an integer', { baseType: 'integer' }, float(2), 2],
    ['a broken float for an integer', { baseType: 'integer' }, float(2.5), null],
    ['a text for a number', {}, text('2'), null],
    ['an integer for a text', { baseType: 'string' }, integer(2), null],
    ['a truth for a number', {}, truth(true), null],
    ['a container for a single', {}, multiple(float(1)), null],
    ['a container of numbers', { cardinality: 'ordered' }, ordered(integer(1), integer(2)), [1, 2]],
    ['a container of the other kind', { cardinality: 'ordered' }, multiple(float(1)), null],
    ['an identifier', { baseType: 'identifier' }, identifier('A'), 'A'],
  ])('%s', (_, declared, value, expected) => {
    expect(set(declared, value)).toEqual(expected);
  });

  test('start at their defaults: a list for a container, and 0 for a number without one', () => {
    const start = (declared: Partial<OutcomeDeclaration>) => {
      const outcome = {
        identifier: 'X',
        cardinality: 'single',
        baseType: 'float',
        ...declared,
      } as const;
      return valueOf({ op: 'default', identifier: 'X' }, { outcomes: [outcome] });
    };
    expect(start({})).toBe(0);
    expect(start({ baseType: 'integer' })).toBe(0);
    expect(start({ baseType: 'string' })).toBeNull();
    expect(start({ cardinality: 'multiple' })).toBeNull();
    expect(start({ defaultValue: ['1.5', '2'] })).toBe(1.5);
    expect(start({ cardinality: 'ordered', defaultValue: ['1.5', '2'] })).toEqual([1.5, 2]);
    expect(start({ defaultValue: ['none'] })).toBeNull();
    expect(valueOf({ op: 'default', identifier: 'X' })).toBeNull();
  });
});

describe('numbers that a variable holds', () => {
  const given = {
    responses: [
      response({ identifier: 'TWO', baseType: 'integer' }),
      response({ identifier: 'HALF', baseType: 'float' }),
    ],
    answers: { TWO: '2', HALF: '0.5' },
  };
  const row = ordered(text('a'), text('b'), text('c'));

  test('index', () => {
    const at = (n: number | { variable: string }, of = row) =>
      valueOf({ op: 'index', n, of: [of] }, given);
    expect(at({ variable: 'TWO' })).toBe('b');
    expect(at({ variable: 'HALF' })).toBeNull();
    expect(at({ variable: 'NONE' })).toBeNull();
    expect(at(0)).toBeNull();
    expect(at(4)).toBeNull();
    expect(at(1, multiple(text('a')))).toBeNull();
    expect(at(1, NULL)).toBeNull();
  });

  test('any-n', () => {
    const any = (min: number | { variable: string }, max: number | { variable: string }) =>
      valueOf({ op: 'any-n', min, max, of: [truth(true), truth(true), truth(false)] }, given);
    expect(any({ variable: 'TWO' }, 3)).toBe(true);
    expect(any(0, { variable: 'TWO' })).toBe(true);
    expect(any(3, 3)).toBe(false);
    expect(any({ variable: 'NONE' }, 3)).toBeNull();
    expect(any(0, { variable: 'HALF' })).toBeNull();
  });

  test('an outcome goes before a response of the same name', () => {
    const two: OutcomeDeclaration = {
      identifier: 'TWO',
      cardinality: 'single',
      baseType: 'integer',
      defaultValue: ['3'],
    };
    const both = { ...given, outcomes: [two] };
    expect(valueOf(variable('TWO'), both)).toBe(3);
    expect(valueOf(variable('TWO'), given)).toBe(2);
    expect(valueOf(variable('NONE'), given)).toBeNull();
  });
});

describe('types an answer may have', () => {
  const read = (baseType: OutcomeDeclaration['baseType'], typed: string) =>
    valueOf(variable('RESPONSE'), {
      responses: [response({ baseType })],
      answers: { RESPONSE: typed },
    });

  test.each<[OutcomeDeclaration['baseType'], string, unknown]>([
    ['point', ' 12  34 ', '12 34'],
    ['point', '012 -3', '12 -3'],
    ['point', '12', null],
    ['point', '1.5 2', null],
    ['point', '1 2 3', null],
    ['duration', '12.5', 12.5],
    ['duration', '-1', null],
    ['duration', '0', 0],
    ['duration', 'PT1S', null],
    ['file', ' 0197-a ', '0197-a'],
    ['file', 'a b', null],
    ['uri', 'https://example.org/a', 'https://example.org/a'],
    ['uri', ' ', null],
    ['intOrIdentifier', '007', '7'],
    ['intOrIdentifier', 'G1', 'G1'],
    ['intOrIdentifier', 'a b', null],
    ['intOrIdentifier', '', null],
    ['integer', '+7', 7],
    ['integer', '1e3', null],
    ['integer', '1234567890123456', null],
    ['float', '.5', 0.5],
    ['float', '1e999', null],
    ['float', '0'.repeat(401), null],
    ['float', '0x10', null],
    ['boolean', 'true', true],
    ['boolean', '1', true],
    ['boolean', 'false', false],
    ['boolean', '0', false],
    ['boolean', 'yes', null],
    ['identifier', ' A ', 'A'],
    ['identifier', 'A B', null],
    ['pair', 'A  B', 'A B'],
    ['directedPair', 'A', null],
    ['string', ' A ', ' A '],
  ])('%s "%s"', (baseType, typed, expected) => {
    expect(read(baseType, typed)).toBe(expected);
  });

  test('points, whole numbers and identifiers match as values', () => {
    const matches = (a: Expression, b: Expression) => valueOf({ op: 'match', of: [a, b] });
    expect(matches(point('1 2'), point('01  2'))).toBe(true);
    expect(matches(point('1 2'), point('2 1'))).toBe(false);
    expect(matches(point('1 2'), text('1 2'))).toBeNull();
    const either = (value: string): Expression => ({
      op: 'base-value',
      baseType: 'intOrIdentifier',
      value,
    });
    expect(matches(either('07'), either('7'))).toBe(true);
  });
});
