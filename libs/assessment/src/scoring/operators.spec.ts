import { float, response, spec, text } from '../../test/specs.js';
import type { Expression } from '../index.js';
import { evaluate } from './evaluate.js';
import { toJson } from './values.js';
import { startVariables } from './variables.js';

const T: Expression = { op: 'base-value', baseType: 'boolean', value: 'true' };
const F: Expression = { op: 'base-value', baseType: 'boolean', value: 'false' };
const N: Expression = { op: 'null' };
const integer = (value: number): Expression => ({
  op: 'base-value',
  baseType: 'integer',
  value: String(value),
});
const id = (value: string): Expression => ({ op: 'base-value', baseType: 'identifier', value });
const bag = (...ids: string[]): Expression => ({ op: 'multiple', of: ids.map(id) });
const row = (...ids: string[]): Expression => ({ op: 'ordered', of: ids.map(id) });

function valueOf(expression: Expression) {
  const item = spec([response({ correct: ['A'] })], { kind: 'none' });
  return toJson(evaluate(expression, startVariables(item, { RESPONSE: 'A' })));
}

describe('three-valued logic', () => {
  test.each<[string, Expression[], boolean | null, boolean | null]>([
    ['true, true', [T, T], true, true],
    ['true, false', [T, F], false, true],
    ['true, NULL', [T, N], null, true],
    ['false, true', [F, T], false, true],
    ['false, false', [F, F], false, false],
    ['false, NULL', [F, N], false, null],
    ['NULL, true', [N, T], null, true],
    ['NULL, false', [N, F], false, null],
    ['NULL, NULL', [N, N], null, null],
  ])('%s', (_, of, and, or) => {
    expect(valueOf({ op: 'and', of })).toBe(and);
    expect(valueOf({ op: 'or', of })).toBe(or);
  });

  test('not turns a truth over and leaves NULL', () => {
    expect(valueOf({ op: 'not', of: [T] })).toBe(false);
    expect(valueOf({ op: 'not', of: [F] })).toBe(true);
    expect(valueOf({ op: 'not', of: [N] })).toBeNull();
  });

  test.each<[number, number, Expression[], boolean | null]>([
    [1, 2, [T, F, N], true],
    [2, 3, [T, F, N], null],
    [2, 3, [F, F, N], false],
    [0, 1, [T, T, N], false],
  ])('any-n from %d to %d', (min, max, of, expected) => {
    expect(valueOf({ op: 'any-n', min, max, of })).toBe(expected);
  });

  test.each<Expression>([
    { op: 'match', of: [N, id('A')] },
    { op: 'string-match', caseSensitive: true, substring: false, of: [text('a'), N] },
    { op: 'equal', toleranceMode: 'exact', ...tolerance(0, 0), of: [N, float(1)] },
    { op: 'sum', of: [float(1), N] },
    { op: 'lt', of: [N, float(1)] },
    { op: 'member', of: [N, bag('A')] },
    { op: 'contains', of: [bag('A'), N] },
  ])('$op with NULL is NULL', (expression) => {
    expect(valueOf(expression)).toBeNull();
  });

  test('an empty container and an empty text are NULL', () => {
    expect(valueOf({ op: 'is-null', of: [{ op: 'multiple', of: [N] }] })).toBe(true);
    expect(valueOf({ op: 'is-null', of: [text('')] })).toBe(true);
    expect(valueOf({ op: 'container-size', of: [{ op: 'ordered', of: [] }] })).toBe(0);
  });
});

function tolerance(below: number, above: number) {
  return {
    tolerance: [below, above] as [number, number],
    includeLowerBound: true,
    includeUpperBound: true,
  };
}

describe('numbers', () => {
  test.each<[Expression, number | boolean | null]>([
    [{ op: 'sum', of: [float(0.1), float(0.2)] }, 0.3],
    [{ op: 'product', of: [float(2), integer(3)] }, 6],
    [{ op: 'subtract', of: [integer(2), integer(3)] }, -1],
    [{ op: 'divide', of: [integer(1), integer(4)] }, 0.25],
    [{ op: 'divide', of: [integer(1), integer(0)] }, null],
    [{ op: 'integer-divide', of: [integer(-7), integer(2)] }, -4],
    [{ op: 'integer-modulus', of: [integer(-7), integer(2)] }, 1],
    [{ op: 'integer-modulus', of: [integer(7), integer(0)] }, null],
    [{ op: 'power', of: [float(2), float(10)] }, 1024],
    [{ op: 'power', of: [float(10), float(999)] }, null],
    [{ op: 'min', of: [float(2), float(1), float(3)] }, 1],
    [{ op: 'max', of: [float(2), float(1), float(3)] }, 3],
    [{ op: 'round', of: [float(2.5)] }, 3],
    [{ op: 'round', of: [float(-2.5)] }, -2],
    [{ op: 'truncate', of: [float(-2.9)] }, -2],
    [{ op: 'lt', of: [integer(1), float(1.5)] }, true],
    [{ op: 'gte', of: [integer(1), float(1)] }, true],
    [{ op: 'sum', of: [text('1'), float(1)] }, null],
  ])('%j', (expression, expected) => {
    expect(valueOf(expression)).toBe(expected);
  });

  test('equal holds within an absolute or a relative tolerance, its ends included or not', () => {
    const equal = (given: number, toleranceMode: 'absolute' | 'relative', lower = true) =>
      valueOf({
        op: 'equal',
        toleranceMode,
        ...tolerance(10, 5),
        includeLowerBound: lower,
        of: [float(200), float(given)],
      });
    expect(equal(190, 'absolute')).toBe(true);
    expect(equal(190, 'absolute', false)).toBe(false);
    expect(equal(206, 'absolute')).toBe(false);
    expect(equal(180, 'relative')).toBe(true);
    expect(equal(211, 'relative')).toBe(false);
  });
});

describe('containers and texts', () => {
  test.each<[Expression, unknown]>([
    [{ op: 'match', of: [bag('A', 'B'), bag('B', 'A')] }, true],
    [{ op: 'match', of: [row('A', 'B'), row('B', 'A')] }, false],
    [{ op: 'match', of: [bag('A'), row('A')] }, null],
    [{ op: 'member', of: [id('B'), bag('A', 'B')] }, true],
    [{ op: 'contains', of: [bag('A', 'B', 'A'), bag('A', 'A')] }, true],
    [{ op: 'contains', of: [bag('A', 'B'), bag('A', 'A')] }, false],
    [{ op: 'contains', of: [row('A', 'B', 'C'), row('B', 'C')] }, true],
    [{ op: 'contains', of: [row('A', 'B', 'C'), row('A', 'C')] }, false],
    [{ op: 'delete', of: [id('A'), bag('A', 'B', 'A')] }, ['B']],
    [{ op: 'index', n: 2, of: [row('A', 'B')] }, 'B'],
    [{ op: 'index', n: 3, of: [row('A', 'B')] }, null],
    [{ op: 'container-size', of: [bag('A', 'B')] }, 2],
    [
      { op: 'string-match', caseSensitive: false, substring: false, of: [text('I'), text('i')] },
      true,
    ],
    [
      { op: 'string-match', caseSensitive: true, substring: false, of: [text('I'), text('i')] },
      false,
    ],
    [{ op: 'substring', caseSensitive: false, of: [text('ENT'), text('went')] }, true],
    [{ op: 'substring', caseSensitive: true, of: [text('went'), text('ent')] }, false],
    [{ op: 'correct', identifier: 'RESPONSE' }, 'A'],
    [{ op: 'correct', identifier: 'NOWHERE' }, null],
  ])('%j', (expression, expected) => {
    expect(valueOf(expression)).toEqual(expected);
  });
});
