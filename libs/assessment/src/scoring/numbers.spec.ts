import { NULL, integer, multiple, ordered, seconds, valueOf } from '../../test/expressions.js';
import { float, response, text } from '../../test/specs.js';
import type { Expression } from '../index.js';
import { MATH_FUNCTIONS } from '../index.js';
import { mathOperator } from './math-functions.js';
import { roundTo, withoutNoise } from './rounding.js';

describe('rounding as on paper', () => {
  test.each<[number, number, number]>([
    [1.005, 2, 1.01],
    [1.68572, 2, 1.69],
    [1.68432, 2, 1.68],
    [-2.5, 0, -3],
    [2.5, 0, 3],
    [9.99, 1, 10],
    [0.05, 1, 0.1],
    [0.04, 1, 0],
    [0.005, 1, 0],
    [-0.04, 1, 0],
    [0.0000004, 6, 0],
    [0.0000005, 6, 0.000001],
    [12, 3, 12],
    [1e21, 2, 1e21],
    [0, 2, 0],
  ])('%d to %d decimal places is %d', (value, places, expected) => {
    expect(roundTo(value, 'decimal-places', places)).toBe(expected);
  });

  test.each<[number, number, number]>([
    [175.3, 3, 175],
    [174.4, 3, 174],
    [1234.5, 2, 1200],
    [1250, 2, 1300],
    [0.0456, 1, 0.05],
    [-0.0456, 2, -0.046],
    [99.9, 2, 100],
    [99.9, 3, 99.9],
    [0, 1, 0],
  ])('%d to %d significant figures is %d', (value, figures, expected) => {
    expect(roundTo(value, 'significant-figures', figures)).toBe(expected);
  });

  test('figures that make no sense give NULL', () => {
    expect(roundTo(1.5, 'significant-figures', 0)).toBeNull();
    expect(roundTo(1.5, 'decimal-places', -1)).toBeNull();
    expect(roundTo(1.5, 'decimal-places', 0.5)).toBeNull();
  });

  test('noise in the last digit goes, and whole numbers stay as they are', () => {
    expect(withoutNoise(0.1 + 0.2)).toBe(0.3);
    expect(withoutNoise(9007199254740991)).toBe(9007199254740991);
    expect(withoutNoise(Infinity)).toBe(Infinity);
  });

  const figures = (op: 'round-to' | 'equal-rounded', n: number | { variable: string }) =>
    ({ op, roundingMode: 'significant-figures', figures: n }) as const;

  test('as expressions, with the figures written out or in a variable', () => {
    const inVariable = {
      responses: [response({ identifier: 'N', baseType: 'integer' })],
      answers: { N: '3' },
    };
    expect(valueOf({ ...figures('round-to', 2), of: [float(1234)] })).toBe(1200);
    expect(
      valueOf({ ...figures('round-to', { variable: 'N' }), of: [float(1234)] }, inVariable),
    ).toBe(1230);
    expect(valueOf({ ...figures('round-to', { variable: 'X' }), of: [float(1234)] })).toBeNull();
    expect(valueOf({ ...figures('round-to', 0), of: [float(1234)] })).toBeNull();
    expect(valueOf({ ...figures('round-to', 2), of: [NULL] })).toBeNull();
    const equal = (a: Expression, b: Expression) =>
      valueOf({ ...figures('equal-rounded', 3), of: [a, b] });
    expect(equal(float(175), float(175.3))).toBe(true);
    expect(equal(float(175), float(174.4))).toBe(false);
    expect(equal(float(175), NULL)).toBeNull();
    expect(equal(NULL, float(175))).toBeNull();
  });
});

describe('mathematical functions', () => {
  const LN_2 = Math.LN2;
  test.each<[string, number[], number]>([
    ['sin', [Math.PI / 6], 0.5],
    ['cos', [Math.PI / 3], 0.5],
    ['tan', [Math.PI / 4], 1],
    ['sec', [Math.PI / 3], 2],
    ['csc', [Math.PI / 6], 2],
    ['cot', [Math.atan(0.5)], 2],
    ['asin', [0.5], Math.PI / 6],
    ['acos', [0.5], Math.PI / 3],
    ['atan', [1], Math.PI / 4],
    ['atan2', [1, -1], (3 * Math.PI) / 4],
    ['asec', [2], Math.PI / 3],
    ['acsc', [2], Math.PI / 6],
    ['acot', [2], 0.463647609],
    ['sinh', [LN_2], 0.75],
    ['cosh', [LN_2], 1.25],
    ['tanh', [LN_2], 0.6],
    ['sech', [LN_2], 0.8],
    ['csch', [LN_2], 4 / 3],
    ['coth', [LN_2], 5 / 3],
    ['log', [1000], 3],
    ['ln', [Math.E ** 2], 2],
    ['exp', [0], 1],
    ['abs', [-2.5], 2.5],
    ['signum', [-7], -1],
    ['floor', [-2.5], -3],
    ['ceil', [-2.5], -2],
    ['to-degrees', [Math.PI / 2], 90],
    ['to-radians', [180], Math.PI],
  ])('%s of %j is %d', (name, operands, expected) => {
    expect(mathOperator(name, operands)?.items[0]).toBeCloseTo(expected, 9);
  });

  test('every function an item may name is there', () => {
    const oneOrTwo = (name: string) => mathOperator(name, [1]) ?? mathOperator(name, [1, 1]);
    expect(MATH_FUNCTIONS.filter((name) => oneOrTwo(name) === null)).toEqual([]);
  });

  test('three of them give whole numbers in type', () => {
    const whole = MATH_FUNCTIONS.filter((name) => mathOperator(name, [1])?.baseType === 'integer');
    expect(whole).toEqual(['signum', 'floor', 'ceil']);
  });

  test.each<[string, number[]]>([
    ['ln', [-1]],
    ['log', [0]],
    ['asin', [2]],
    ['asec', [0.5]],
    ['csc', [0]],
    ['exp', [1000]],
    ['sin', []],
    ['sin', [1, 2]],
    ['atan2', [1]],
    ['atan2', [1, 2, 3]],
    ['constructor', [1]],
    ['sqrt', [4]],
  ])('%s of %j has no value', (name, operands) => {
    expect(mathOperator(name, operands)).toBeNull();
  });

  test('NULL among the operands gives NULL', () => {
    expect(
      valueOf({ op: 'math-operator', name: 'atan2', of: [integer(1), integer(0)] }),
    ).toBeCloseTo(Math.PI / 2, 9);
    expect(valueOf({ op: 'math-operator', name: 'sin', of: [NULL] })).toBeNull();
    expect(valueOf({ op: 'math-operator', name: 'sin', of: [NULL, integer(0)] })).toBeNull();
    expect(valueOf({ op: 'math-operator', name: 'sin', of: [text('0')] })).toBeNull();
  });

  test('the constants', () => {
    expect(valueOf({ op: 'math-constant', name: 'pi' })).toBe(3.141592653589793);
    expect(valueOf({ op: 'math-constant', name: 'e' })).toBe(2.718281828459045);
  });
});

describe('statistics', () => {
  const eight = multiple(...[2, 4, 4, 4, 5, 5, 7, 9].map(integer));
  test.each([
    ['mean', 5],
    ['pop-variance', 4],
    ['pop-sd', 2],
    ['sample-variance', 32 / 7],
    ['sample-sd', 2.138089935],
  ] as const)('%s of eight numbers', (name, expected) => {
    expect(valueOf({ op: 'stats-operator', name, of: [eight] })).toBeCloseTo(expected, 9);
  });

  test('one number varies in no sample', () => {
    const of = [ordered(float(3))];
    expect(valueOf({ op: 'stats-operator', name: 'sample-variance', of })).toBeNull();
    expect(valueOf({ op: 'stats-operator', name: 'sample-sd', of })).toBeNull();
    expect(valueOf({ op: 'stats-operator', name: 'pop-variance', of })).toBe(0);
    expect(valueOf({ op: 'stats-operator', name: 'mean', of })).toBe(3);
  });

  test('there is none of texts, of NULL and of what is no container', () => {
    const mean = (of: Expression) => valueOf({ op: 'stats-operator', name: 'mean', of: [of] });
    expect(mean(multiple(text('a'), text('b')))).toBeNull();
    expect(mean(NULL)).toBeNull();
    expect(mean(float(3))).toBeNull();
  });
});

describe('whole numbers and durations', () => {
  test.each<[Expression, number | boolean | null]>([
    [{ op: 'gcd', of: [integer(12), integer(18), integer(-30)] }, 6],
    [{ op: 'gcd', of: [integer(0), integer(0)] }, 0],
    [{ op: 'gcd', of: [integer(0), integer(5)] }, 5],
    [{ op: 'gcd', of: [multiple(integer(8), integer(12))] }, 4],
    [{ op: 'gcd', of: [float(1.5), integer(3)] }, null],
    [{ op: 'lcm', of: [integer(4), integer(6)] }, 12],
    [{ op: 'lcm', of: [integer(-4), integer(6)] }, 12],
    [{ op: 'lcm', of: [integer(0), integer(3)] }, 0],
    [{ op: 'lcm', of: [integer(3), integer(0)] }, 0],
    [{ op: 'lcm', of: [integer(999999999989), integer(999999999961)] }, null],
    [{ op: 'lcm', of: [NULL, integer(3)] }, null],
    [{ op: 'duration-lt', of: [seconds(1.5), seconds(2)] }, true],
    [{ op: 'duration-lt', of: [seconds(2), seconds(2)] }, false],
    [{ op: 'duration-gte', of: [seconds(2), seconds(2)] }, true],
    [{ op: 'duration-gte', of: [seconds(1), seconds(2)] }, false],
    [{ op: 'duration-gte', of: [seconds(1), float(2)] }, null],
    [{ op: 'duration-lt', of: [NULL, seconds(2)] }, null],
    [{ op: 'sum', of: [seconds(1), seconds(2)] }, null],
    [{ op: 'sum', of: [multiple(integer(1), integer(2)), integer(3)] }, 6],
    [{ op: 'max', of: [ordered(float(1), float(4))] }, 4],
    [{ op: 'min', of: [ordered(float(1), float(4)), integer(-1)] }, -1],
    [{ op: 'lt', of: [ordered(float(1), float(4)), float(2)] }, null],
    [{ op: 'subtract', of: [multiple(float(1), float(4)), float(2)] }, null],
    [{ op: 'integer-divide', of: [integer(7), integer(2)] }, 3],
    [{ op: 'integer-divide', of: [float(7.5), integer(2)] }, null],
    [{ op: 'integer-modulus', of: [float(7.5), integer(2)] }, null],
    [{ op: 'integer-divide', of: [integer(7), integer(0)] }, null],
    [{ op: 'integer-to-float', of: [integer(7)] }, 7],
    [{ op: 'power', of: [integer(2), integer(-1)] }, 0.5],
    [{ op: 'power', of: [integer(-8), float(0.5)] }, null],
    [{ op: 'lte', of: [integer(2), integer(2)] }, true],
    [{ op: 'lte', of: [integer(3), integer(2)] }, false],
    [{ op: 'gt', of: [integer(3), integer(2)] }, true],
    [{ op: 'gt', of: [integer(2), integer(2)] }, false],
    [{ op: 'truncate', of: [float(2.9)] }, 2],
    [{ op: 'round', of: [float(2.4)] }, 2],
  ])('%j', (expression, expected) => {
    expect(valueOf(expression)).toBe(expected);
  });

  test('whole numbers stay whole in type, so that they match whole numbers', () => {
    const typeOf = (expression: Expression) =>
      valueOf({ op: 'match', of: [ordered(expression), ordered(integer(6))] });
    // Only containers of one base type can be made: a float among integers gives NULL.
    const fits = (expression: Expression) =>
      valueOf({ op: 'container-size', of: [multiple(expression, integer(1))] });
    expect(typeOf({ op: 'product', of: [integer(2), integer(3)] })).toBe(true);
    expect(fits({ op: 'product', of: [integer(2), integer(3)] })).toBe(2);
    expect(fits({ op: 'sum', of: [integer(2), float(3)] })).toBe(0);
    expect(fits({ op: 'power', of: [integer(2), integer(-1)] })).toBe(0);
    expect(fits({ op: 'divide', of: [integer(4), integer(2)] })).toBe(0);
    expect(fits({ op: 'integer-divide', of: [integer(4), integer(2)] })).toBe(2);
    expect(fits({ op: 'round', of: [float(4.1)] })).toBe(2);
    expect(fits({ op: 'integer-to-float', of: [integer(4)] })).toBe(0);
  });
});
