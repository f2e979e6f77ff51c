import fc from 'fast-check';
import { MAX_CHILDREN, newPosition, outlineTree, shiftFor } from './outline.js';
import type { OutlinePart } from './outline.js';

const part = (level: OutlinePart['level'], id: string, parentId: string, position: number) => ({
  level,
  id,
  parentId,
  position,
  title: id,
  cefrLevel: null,
  skills: [],
  version: 1,
});

describe('an outline', () => {
  it('is a tree of the parts, children in their order', () => {
    const tree = outlineTree([
      part('lesson', 'l1', 'u2', 1),
      part('unit', 'u2', 'c', 2),
      part('unit', 'u1', 'c', 1),
      part('course', 'c', 's', 7),
      part('activity', 'a1', 'l1', 1),
    ]);
    expect(tree?.id).toBe('c');
    expect(tree?.children.map((unit) => unit.id)).toEqual(['u1', 'u2']);
    expect(tree?.children[1]?.children[0]?.children.map((node) => node.id)).toEqual(['a1']);
  });

  it('of nothing is nothing', () => {
    expect(outlineTree([])).toBeUndefined();
  });
});

describe('positions', () => {
  it.each([
    [undefined, 0, 1],
    [undefined, 3, 4],
    [1, 3, 1],
    [9, 3, 4],
  ])('asked for %p among %p goes to %p', (asked, count, expected) => {
    expect(newPosition(asked, count)).toBe(expected);
  });

  it('refuses one part too many', () => {
    expect(() => newPosition(1, MAX_CHILDREN)).toThrow('200 is the limit');
  });

  it('stay 1 to n, and the others keep their order, wherever a part moves', () => {
    const move = fc
      .integer({ min: 1, max: 12 })
      .chain((n) =>
        fc.tuple(fc.constant(n), fc.integer({ min: 1, max: n }), fc.integer({ min: 1, max: n })),
      );
    fc.assert(
      fc.property(move, ([n, from, to]) => {
        const shift = shiftFor(from, to);
        const places = Array.from({ length: n }, (_, index) => {
          const at = index + 1;
          if (at === from) return to;
          return shift !== null && at >= shift.first && at <= shift.last ? at + shift.by : at;
        });
        expect(places.toSorted((a, b) => a - b)).toEqual(places.map((_, index) => index + 1));
        const others = places.filter((_, index) => index + 1 !== from);
        expect(others).toEqual(others.toSorted((a, b) => a - b));
      }),
    );
  });
});
