import fc from 'fast-check';
import { courseTotal } from './course-total.js';
import { keptAfterDrops } from './drops.js';
import type { Droppable } from './drops.js';
import { compare, rational, sum } from './rational.js';
import type { Rational } from './rational.js';

const cell = (id: string, points: number, pointsPossible: number, neverDrop = false) => ({
  id,
  points: rational(points),
  pointsPossible: rational(pointsPossible),
  neverDrop,
});

const kept = (cells: Droppable[], dropLowest: number, dropHighest = 0) =>
  keptAfterDrops(cells, { dropLowest, dropHighest }).map((one) => one.id);

function percent(cells: [number, number][], dropLowest: number, dropHighest = 0): number | null {
  return courseTotal(
    cells.map(([points, pointsPossible], index) => ({
      id: `${index}`,
      categoryId: 'homework',
      status: 'GRADED',
      points,
      pointsPossible,
    })),
    [{ id: 'homework', weight: null, dropLowest, dropHighest }],
  ).current.percent;
}

test('G1: the cell to drop is the one that costs the total most, not the worst per cent', () => {
  expect(
    percent(
      [
        [80, 100],
        [20, 100],
        [1, 20],
      ],
      1,
    ),
  ).toBe(67.5);
});

test('G2: among zeros the one worth most is dropped', () => {
  expect(
    percent(
      [
        [10, 10],
        [0, 20],
        [0, 30],
      ],
      1,
    ),
  ).toBe(33.33);
});

test.each([1, 2, 3, 4])('G3: two lowest and the highest dropped, with %d in the last', (last) => {
  const cells: [number, number][] = [
    [100, 100],
    [42, 91],
    [14, 55],
    [last, 38],
  ];
  expect(percent(cells, 2, 1)).toBe(46.15);
});

test('one cell is always kept, and the highest are when both rules would leave none', () => {
  const cells = [cell('a', 1, 10), cell('b', 9, 10)];
  expect(kept(cells, 5)).toEqual(['b']);
  expect(kept(cells, 1, 1)).toEqual(['b']);
  expect(kept(cells, 0, 2)).toEqual(['a', 'b']);
  expect(kept([cell('a', 1, 10)], 1)).toEqual(['a']);
  expect(kept([], 1)).toEqual([]);
});

test('a cell that may not be dropped stays, and counts in what is best to drop', () => {
  const cells = [cell('exam', 0, 100, true), cell('a', 10, 10), cell('b', 9, 10)];
  expect(kept(cells, 1)).toEqual(['exam', 'a']);
});

test('what is best to drop can be another cell than at the grade without drops', () => {
  // Without a: 9/101 = 8.91 %. Without b: 13.5/150 = 9 %, though b is the better per cent by far.
  const cells = [cell('exam', 0, 100, true), cell('a', 13.5, 50), cell('b', 9, 1)];
  expect(kept(cells, 1)).toEqual(['exam', 'a']);
});

test('extra credit is not dropped with pointed work, only among itself', () => {
  expect(kept([cell('bonus', 0, 0), cell('a', 5, 10), cell('b', 9, 10)], 1)).toEqual([
    'bonus',
    'b',
  ]);
  expect(kept([cell('x', 3, 0), cell('y', 1, 0), cell('z', 2, 0)], 1, 1)).toEqual(['z']);
});

test('of equal cells the same one is dropped whatever their order', () => {
  const cells = [cell('a', 5, 10), cell('b', 5, 10), cell('c', 5, 10)];
  expect(kept(cells, 1)).toEqual(kept(cells.toReversed(), 1).toReversed());
});

const anyCells = fc.array(
  fc.record({
    points: fc.integer({ min: 0, max: 20 }),
    pointsPossible: fc.integer({ min: 1, max: 20 }),
    neverDrop: fc.boolean(),
  }),
  { minLength: 1, maxLength: 7 },
);

function toDroppable(cells: { points: number; pointsPossible: number; neverDrop: boolean }[]) {
  return cells.map(({ points, pointsPossible, neverDrop }, index) =>
    cell(`${index}`, points, pointsPossible, neverDrop),
  );
}

function ratioOf(cells: readonly Droppable[]): Rational {
  const points = sum(cells.map((one) => one.points));
  const possible = sum(cells.map((one) => one.pointsPossible));
  return { n: points.n * possible.d, d: points.d * possible.n };
}

function subsets<T>(list: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return list.flatMap((one, index) =>
    subsets(list.slice(index + 1), size - 1).map((rest) => [one, ...rest]),
  );
}

const least = (values: Rational[]) => values.reduce((a, b) => (compare(a, b) <= 0 ? a : b));
const most = (values: Rational[]) => values.reduce((a, b) => (compare(a, b) >= 0 ? a : b));

/** The definition itself, by trying every way to drop. */
function byTrying(cells: Droppable[], low: number, high: number): Rational {
  const pool = cells.filter((one) => !one.neverDrop);
  return least(
    subsets(pool, high).map((highest) => {
      const rest = pool.filter((one) => !highest.includes(one));
      return most(
        subsets(rest, low).map((lowest) =>
          ratioOf(cells.filter((one) => !highest.includes(one) && !lowest.includes(one))),
        ),
      );
    }),
  );
}

const drops = fc.integer({ min: 0, max: 3 });

test('the kept cells have the grade that trying every way to drop finds', () => {
  fc.assert(
    fc.property(anyCells, drops, drops, (given, low, high) => {
      const cells = toDroppable(given);
      const pool = cells.filter((one) => !one.neverDrop).length;
      fc.pre(low + high < pool);
      const found = ratioOf(keptAfterDrops(cells, { dropLowest: low, dropHighest: high }));
      expect(compare(found, byTrying(cells, low, high))).toBe(0);
    }),
    { numRuns: 500 },
  );
});

test('a better score never lowers the grade', () => {
  fc.assert(
    fc.property(anyCells, drops, drops, fc.nat(), (given, dropLowest, dropHighest, which) => {
      const index = which % given.length;
      const rule = { dropLowest, dropHighest };
      const better = given.map((one, at) =>
        at === index ? { ...one, points: one.points + 3 } : one,
      );
      const before = ratioOf(keptAfterDrops(toDroppable(given), rule));
      const after = ratioOf(keptAfterDrops(toDroppable(better), rule));
      expect(compare(after, before)).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 500 },
  );
});
