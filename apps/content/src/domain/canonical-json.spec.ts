import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';

describe('canonical JSON', () => {
  it.each([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [{ a: undefined, b: { d: 1.5, c: -0 } }, '{"b":{"c":0,"d":1.5}}'],
    [{ text: 'a\u0000b"' }, '{"text":"ab\\""}'],
    [[], '[]'],
    [{}, '{}'],
  ])('of %j is %s', (value, expected) => {
    expect(canonicalJson(value)).toBe(expected);
  });

  it('is JSON of the same value, whatever the order of the fields', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const canonical = canonicalJson(value);
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonical);
        expect(canonicalJson(JSON.parse(canonical))).toBe(canonical);
      }),
    );
  });

  it.each([Number.NaN, Infinity, () => 1, 10n])('refuses %p', (value) => {
    expect(() => canonicalJson({ value })).toThrow('no JSON');
  });
});
