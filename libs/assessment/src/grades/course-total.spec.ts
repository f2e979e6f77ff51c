import type { GradeCategory, GradeCell } from '../index.js';
import { courseTotal } from '../index.js';

let counter = 0;

function cell(
  categoryId: string | null,
  points: number | string | null,
  pointsPossible: number | string,
  status: GradeCell['status'] = 'GRADED',
): GradeCell {
  counter += 1;
  return { id: `cell ${counter}`, categoryId, status, points, pointsPossible };
}

const category = (id: string, weight: number | null, given: Partial<GradeCategory> = {}) => ({
  id,
  weight,
  ...given,
});

test('G4: excused work leaves the total, ungraded work counts in the final one only', () => {
  const total = courseTotal(
    [
      cell('A', 8, 10),
      cell('A', null, 10, 'EXCUSED'),
      cell('A', null, 20, 'UNGRADED'),
      cell('A', 0, 10),
    ],
    [category('A', null, { dropLowest: 1 })],
  );
  expect(total.current).toMatchObject({ percent: 80, points: 8, pointsPossible: 10 });
  expect(total.final).toMatchObject({ percent: 40, points: 8, pointsPossible: 20 });
  expect(total.categories).toEqual([
    { categoryId: 'A', current: total.current, final: total.final },
  ]);
});

test('G5: a category without a grade leaves the current total and is 0 in the final one', () => {
  const total = courseTotal(
    [cell('A', 45, 50), cell('B', null, 100, 'UNGRADED')],
    [category('A', 40), category('B', 60)],
  );
  expect(total.current.percent).toBe(90);
  expect(total.final.percent).toBe(36);
});

test('G6: weights above 100 are not scaled down', () => {
  const total = courseTotal(
    [cell('A', 50, 50), cell('B', 40, 50)],
    [category('A', 60), category('B', 60)],
  );
  expect(total.current.percent).toBe(108);
});

test('G7: a total that rests on a category of weight 0 is none, not 0', () => {
  const total = courseTotal([cell('A', 5, 10)], [category('A', 0), category('B', 100)]);
  expect(total.current.percent).toBeNull();
  expect(total.categories[0]?.current.percent).toBe(50);
});

test('G8: weights below 100 are scaled up, and thirds add up exactly', () => {
  const total = courseTotal(
    [cell('A', 2, 3), cell('B', 1, 3), cell('C', 3, 3)],
    [category('A', 33), category('B', 33), category('C', 33)],
  );
  expect(total.current.percent).toBe(66.67);
});

test('without weights the total is points over points, and loose cells count', () => {
  const total = courseTotal(
    [cell('A', 9, 10), cell(null, 1, 10), cell('gone', 5, 20)],
    [category('A', null)],
  );
  expect(total.current).toEqual({ percent: 37.5, points: 15, pointsPossible: 40, dropped: [] });
});

test('work waiting for review counts as open, even with points it has so far', () => {
  const total = courseTotal(
    [cell('A', 8, 10), cell('A', 3, 10, 'PENDING_REVIEW')],
    [category('A', null)],
  );
  expect(total.current.percent).toBe(80);
  expect(total.final.percent).toBe(40);
});

test('missing work counts now only if a policy gave it points', () => {
  const withPolicy = courseTotal(
    [cell('A', 8, 10), cell('A', 2, 10, 'MISSING')],
    [category('A', null)],
  );
  const without = courseTotal(
    [cell('A', 8, 10), cell('A', null, 10, 'MISSING')],
    [category('A', null)],
  );
  expect(withPolicy.current.percent).toBe(50);
  expect(without.current.percent).toBe(80);
  expect(without.final.percent).toBe(40);
});

test('a column worth 0 points is extra credit', () => {
  const total = courseTotal([cell('A', 8, 10), cell('A', 1.5, 0)], [category('A', null)]);
  expect(total.current).toMatchObject({ percent: 95, points: 9.5, pointsPossible: 10 });
});

test('extra credit alone in a weighted category does not divide by 0', () => {
  const total = courseTotal(
    [cell('A', 8, 10), cell('B', 2, 0)],
    [category('A', 50), category('B', 50)],
  );
  expect(total.current.percent).toBe(80);
  expect(total.categories[1]?.current).toMatchObject({ percent: null, points: 2 });
});

test('without anything graded there is no current total', () => {
  expect(courseTotal([], [])).toEqual({
    current: { percent: null, points: 0, pointsPossible: 0, dropped: [] },
    final: { percent: null, points: 0, pointsPossible: 0, dropped: [] },
    categories: [],
  });
  const notAssigned = [cell('A', null, 10, 'NOT_ASSIGNED')];
  expect(courseTotal(notAssigned, [category('A', null)]).final.percent).toBeNull();
});

test('decimals as a database writes them are summed exactly and rounded once', () => {
  const tenths = Array.from({ length: 10 }, () => cell('A', '0.1', '0.1'));
  expect(courseTotal(tenths, [category('A', null)]).current).toMatchObject({
    percent: 100,
    points: 1,
    pointsPossible: 1,
  });
  expect(courseTotal([cell('A', '89.995', 100)], [category('A', null)]).current.percent).toBe(90);
  expect(courseTotal([cell('A', '89.994', 100)], [category('A', null)]).current.percent).toBe(
    89.99,
  );
});

test('what was dropped is named', () => {
  const low = cell('A', 1, 10);
  const total = courseTotal([cell('A', 9, 10), low], [category('A', null, { dropLowest: 1 })]);
  expect(total.current.dropped).toEqual([low.id]);
  const kept = courseTotal(
    [cell('A', 9, 10), low],
    [category('A', null, { dropLowest: 1, neverDrop: [low.id] })],
  );
  expect(kept.current).toMatchObject({ percent: 50, dropped: [] });
});
