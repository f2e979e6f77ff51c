import { keptAfterDrops } from './drops.js';
import type { Droppable } from './drops.js';
import { ZERO, add, compare, divide, multiply, rational, roundHalfUp, sum } from './rational.js';
import type { Rational } from './rational.js';

export const CELL_STATUSES = [
  'GRADED',
  'PENDING_REVIEW',
  'UNGRADED',
  'MISSING',
  'EXCUSED',
  'NOT_ASSIGNED',
] as const;

export type CellStatus = (typeof CELL_STATUSES)[number];

/** One learner's result in one column. Points are numbers or the decimals a database writes. */
export interface GradeCell {
  id: string;
  /** Null: counts in an unweighted total, and not at all in a weighted one. */
  categoryId: string | null;
  status: CellStatus;
  /** For MISSING the points of the missing-work policy; null when there is no such policy. */
  points: number | string | null;
  /** 0 makes the column extra credit. Never negative. */
  pointsPossible: number | string;
}

export interface GradeCategory {
  id: string;
  /** Per cent of the course; null when the course is not weighted. */
  weight: number | string | null;
  dropLowest?: number;
  dropHighest?: number;
  /** Cells that no drop rule takes. */
  neverDrop?: readonly string[];
}

export interface GradeTotal {
  /** 0..100 and above with extra credit, two decimals; null when there is nothing to divide by. */
  percent: number | null;
  /** Points of the cells that count, without weights. */
  points: number;
  pointsPossible: number;
  /** Cells a drop rule took out. */
  dropped: string[];
}

export interface CategoryTotal {
  categoryId: string;
  current: GradeTotal;
  final: GradeTotal;
}

export interface CourseTotal {
  /** Over what has been graded. */
  current: GradeTotal;
  /** As if everything still open earned nothing. */
  final: GradeTotal;
  categories: CategoryTotal[];
}

/**
 * One learner's totals in one course. Excused and not assigned cells leave the denominator before
 * any drop rule. The course is weighted when any category has a weight: then its total is
 * Σ(s/p)·w over the categories with points, scaled up when their weights make less than 100, and
 * null when they make 0. Otherwise it is Σs/Σp. All of it is exact until the one rounding at the
 * end, half up to two decimals.
 *
 * @throws RangeError when points are not decimal numbers.
 */
export function courseTotal(
  cells: readonly GradeCell[],
  categories: readonly GradeCategory[],
): CourseTotal {
  const current = totalsOf(cells, categories, currentPoints);
  const final = totalsOf(cells, categories, finalPoints);
  return {
    current: current.course,
    final: final.course,
    categories: categories.map((category) => ({
      categoryId: category.id,
      current: current.categories.get(category.id) ?? NOTHING,
      final: final.categories.get(category.id) ?? NOTHING,
    })),
  };
}

const NOTHING: GradeTotal = { percent: null, points: 0, pointsPossible: 0, dropped: [] };

/** Null: the cell does not count. */
type PointsRule = (cell: GradeCell) => Rational | null;

function currentPoints({ status, points }: GradeCell): Rational | null {
  const counts = status === 'GRADED' || status === 'MISSING';
  return counts && points !== null ? rational(points) : null;
}

function finalPoints(cell: GradeCell): Rational | null {
  if (cell.status === 'EXCUSED' || cell.status === 'NOT_ASSIGNED') return null;
  return currentPoints(cell) ?? ZERO;
}

interface Group {
  points: Rational;
  pointsPossible: Rational;
  dropped: string[];
}

function totalsOf(
  cells: readonly GradeCell[],
  categories: readonly GradeCategory[],
  pointsOf: PointsRule,
) {
  const groups = new Map(
    categories.map((category) => [category.id, groupOf(cells, category, pointsOf)]),
  );
  const known = new Set(categories.map((category) => category.id));
  const loose = counting(
    cells.filter((cell) => cell.categoryId === null || !known.has(cell.categoryId)),
    [],
    pointsOf,
  );
  const isWeighted = categories.some((category) => category.weight !== null);
  const counted = isWeighted ? [...groups.values()] : [...groups.values(), asGroup(loose, [])];
  const whole: Group = {
    points: sum(counted.map((group) => group.points)),
    pointsPossible: sum(counted.map((group) => group.pointsPossible)),
    dropped: counted.flatMap((group) => group.dropped),
  };
  const course = isWeighted
    ? { ...totalOf(whole), percent: percentOf(weightedRatio(categories, groups)) }
    : totalOf(whole);
  return {
    course,
    categories: new Map([...groups].map(([id, group]) => [id, totalOf(group)])),
  };
}

function groupOf(
  cells: readonly GradeCell[],
  category: GradeCategory,
  pointsOf: PointsRule,
): Group {
  const own = cells.filter((cell) => cell.categoryId === category.id);
  const counted = counting(own, category.neverDrop ?? [], pointsOf);
  const kept = keptAfterDrops(counted, {
    dropLowest: category.dropLowest ?? 0,
    dropHighest: category.dropHighest ?? 0,
  });
  return asGroup(kept, counted);
}

function counting(
  cells: readonly GradeCell[],
  neverDrop: readonly string[],
  pointsOf: PointsRule,
): Droppable[] {
  return cells.flatMap((cell) => {
    const points = pointsOf(cell);
    if (points === null) return [];
    const { id } = cell;
    const pointsPossible = rational(cell.pointsPossible);
    return [{ id, points, pointsPossible, neverDrop: neverDrop.includes(id) }];
  });
}

function asGroup(kept: readonly Droppable[], all: readonly Droppable[]): Group {
  return {
    points: sum(kept.map((cell) => cell.points)),
    pointsPossible: sum(kept.map((cell) => cell.pointsPossible)),
    dropped: all.filter((cell) => !kept.includes(cell)).map((cell) => cell.id),
  };
}

const HUNDRED = rational(100);

function weightedRatio(
  categories: readonly GradeCategory[],
  groups: ReadonlyMap<string, Group>,
): Rational | null {
  let [total, weights] = [ZERO, ZERO];
  for (const { id, weight } of categories) {
    const group = groups.get(id);
    if (group === undefined || weight === null || group.pointsPossible.n <= 0n) continue;
    const share = rational(weight);
    total = add(total, multiply(divide(group.points, group.pointsPossible), share));
    weights = add(weights, share);
  }
  if (weights.n <= 0n) return null;
  // Weights above 100 are meant as extra credit, so they are left as they are.
  return divide(total, compare(weights, HUNDRED) < 0 ? weights : HUNDRED);
}

function totalOf(group: Group): GradeTotal {
  const { points, pointsPossible, dropped } = group;
  const ratio = pointsPossible.n > 0n ? divide(points, pointsPossible) : null;
  return {
    percent: percentOf(ratio),
    points: roundHalfUp(points, 6),
    pointsPossible: roundHalfUp(pointsPossible, 6),
    dropped,
  };
}

function percentOf(ratio: Rational | null): number | null {
  return ratio === null ? null : roundHalfUp(multiply(ratio, HUNDRED), 2);
}
