import fc from 'fast-check';
import { add, compare, divide, multiply, rational, roundHalfUp, subtract } from './rational.js';

test.each<[string, number]>([
  ['89.995', 90],
  ['89.994', 89.99],
  ['1.005', 1.01],
  ['1.255', 1.26],
  ['10.235', 10.24],
  ['-1.005', -1.01],
  ['-0.001', 0],
  ['0.004999', 0],
  ['12', 12],
])('G9: %s rounds half up to %d', (text, rounded) => {
  expect(roundHalfUp(rational(text), 2)).toBe(rounded);
  expect(roundHalfUp(rational(Number(text)), 2)).toBe(rounded);
});

test('decimals are taken as written, with or without an exponent', () => {
  expect(compare(rational(0.1), { n: 1n, d: 10n })).toBe(0);
  expect(compare(rational('1e-7'), { n: 1n, d: 10_000_000n })).toBe(0);
  expect(compare(rational(1.5e21), rational('1500000000000000000000'))).toBe(0);
  expect(compare(rational('-.5'), { n: -1n, d: 2n })).toBe(0);
});

test('what is not a decimal number is refused', () => {
  for (const value of ['', '.', 'NaN', 'Infinity', '1,5', '0x10', Number.NaN, '1e9999', '-']) {
    expect(() => rational(value)).toThrow(RangeError);
  }
  expect(() => divide(rational(1), rational(0))).toThrow(RangeError);
});

const anyRational = fc
  .tuple(fc.bigInt({ min: -999n, max: 999n }), fc.bigInt({ min: 1n, max: 999n }))
  .map(([n, d]) => ({ n, d }));

test('subtraction undoes addition and division undoes multiplication', () => {
  fc.assert(
    fc.property(anyRational, anyRational, (a, b) => {
      expect(compare(subtract(add(a, b), b), a)).toBe(0);
      if (b.n !== 0n) expect(compare(divide(multiply(a, b), b), a)).toBe(0);
    }),
  );
});
