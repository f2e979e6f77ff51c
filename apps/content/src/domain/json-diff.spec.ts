import fc from 'fast-check';
import { jsonDifferences, MAX_DIFFERENCES } from './json-diff.js';

describe('the differences of two values', () => {
  it.each([
    [{ a: 1 }, { a: 1 }, []],
    [{ a: 1 }, { a: 2 }, [{ pointer: '/a', change: 'changed', before: 1, after: 2 }]],
    [{}, { a: [1] }, [{ pointer: '/a', change: 'added', after: [1] }]],
    [{ 'a/b~': 1 }, {}, [{ pointer: '/a~1b~0', change: 'removed', before: 1 }]],
    [
      [1, 2],
      [1, 3, 4],
      [
        { pointer: '/1', change: 'changed', before: 2, after: 3 },
        { pointer: '/2', change: 'added', after: 4 },
      ],
    ],
    [{ a: [] }, { a: {} }, [{ pointer: '/a', change: 'changed', before: [], after: {} }]],
    [null, { a: 1 }, [{ pointer: '', change: 'changed', before: null, after: { a: 1 } }]],
  ])('%j and %j', (before, after, expected) => {
    expect(jsonDifferences(before, after)).toEqual(expected);
  });

  it('are none for equal values, and the same places the other way round', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        expect(jsonDifferences(one, structuredClone(one))).toEqual([]);
        const there = jsonDifferences(one, other).map(({ pointer }) => pointer);
        expect(jsonDifferences(other, one).map(({ pointer }) => pointer)).toEqual(there);
      }),
    );
  });

  it('end at the most that are told', () => {
    const list = Array.from({ length: MAX_DIFFERENCES + 9 }, (_, at) => at);
    expect(jsonDifferences([], list)).toHaveLength(MAX_DIFFERENCES);
  });
});
