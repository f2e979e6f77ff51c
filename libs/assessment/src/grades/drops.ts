import { ONE, ZERO, add, compare, divide, multiply, subtract, sum } from './rational.js';
import type { Rational } from './rational.js';

/** A cell as the drop rules see it. */
export interface Droppable {
  id: string;
  points: Rational;
  pointsPossible: Rational;
  neverDrop: boolean;
}

export interface DropRule {
  dropLowest: number;
  dropHighest: number;
}

/**
 * The cells a category keeps. Dropping the lowest keeps the set with the best Σs/Σp (Kane & Kane,
 * "The drop-lowest problem"); dropping the highest too keeps the set of the least grade over all
 * ways to drop the highest, each with its best way to drop the lowest, so that a better score
 * never lowers the grade.
 *
 * Cells worth nothing are extra credit and stay, unless all that could be dropped are. At least
 * one cell is kept, and the highest are kept when both rules would leave none.
 */
export function keptAfterDrops<T extends Droppable>(cells: readonly T[], rule: DropRule): T[] {
  const droppable = cells.filter((cell) => !cell.neverDrop);
  const pointed = droppable.filter((cell) => cell.pointsPossible.n > 0n);
  const pool = pointed.length > 0 ? pointed : droppable;
  if (pool.length === 0) return [...cells];
  const low = Math.max(0, Math.min(rule.dropLowest, pool.length - 1));
  const high = low + rule.dropHighest >= pool.length ? 0 : Math.max(0, rule.dropHighest);
  if (low === 0 && high === 0) return [...cells];

  const fixed = cells.filter((cell) => !pool.includes(cell));
  const worth = pool === pointed ? ratioToBeat(pool, fixed, low, high) : ZERO;
  const ranked = rankedAt(pool, worth);
  const dropped = new Set([...ranked.slice(0, high), ...ranked.slice(ranked.length - low)]);
  return cells.filter((cell) => !dropped.has(cell));
}

/**
 * The grade q the kept set ends at. At that q the sum of s − q·p over the kept cells is 0, and the
 * kept cells are those in the middle when all are ranked by s − q·p: the top ones are the least
 * loss to drop as highest, the bottom ones the best to drop as lowest.
 */
function ratioToBeat(
  pool: readonly Droppable[],
  fixed: readonly Droppable[],
  low: number,
  high: number,
): Rational {
  const keptAt = (q: Rational) => [...fixed, ...rankedAt(pool, q).slice(high, pool.length - low)];
  // Dinkelbach's iteration needs a convex sum, which it is only while nothing is dropped above.
  if (high === 0) return dinkelbach([...fixed, ...pool], keptAt);
  return searchCrossings(pool, keptAt);
}

/** Each round keeps the best set at q and moves q to that set's ratio; it only ever rises. */
function dinkelbach(all: readonly Droppable[], keptAt: (q: Rational) => Droppable[]): Rational {
  let q = ratio(keptAt(ratio(all)));
  for (;;) {
    const better = ratio(keptAt(q));
    if (compare(better, q) <= 0) return q;
    q = better;
  }
}

/**
 * The ranking changes only where two cells cross. The sum over the kept cells falls as q rises, so
 * the crossing around its zero is found by halving, and between two crossings the kept set is the
 * same and its ratio is the zero.
 */
function searchCrossings(
  pool: readonly Droppable[],
  keptAt: (q: Rational) => Droppable[],
): Rational {
  const crossings = pool
    .flatMap((a, index) =>
      pool.slice(index + 1).flatMap((b) => {
        const width = subtract(a.pointsPossible, b.pointsPossible);
        return width.n === 0n ? [] : [divide(subtract(a.points, b.points), width)];
      }),
    )
    .toSorted(compare);
  let [from, to] = [0, crossings.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const q = crossings[middle] as Rational;
    if (sum(keptAt(q).map((cell) => surplus(cell, q))).n >= 0n) from = middle + 1;
    else to = middle;
  }
  const left = crossings[from - 1];
  const right = crossings[from];
  return ratio(keptAt(between(left, right)));
}

function between(left: Rational | undefined, right: Rational | undefined): Rational {
  if (left !== undefined && right !== undefined) {
    return multiply(add(left, right), { n: 1n, d: 2n });
  }
  if (left !== undefined) return add(left, ONE);
  return right === undefined ? ZERO : subtract(right, ONE);
}

/** Most surplus first; equal ones by identifier, so that the same cells are always dropped. */
function rankedAt<T extends Droppable>(pool: readonly T[], q: Rational): T[] {
  return pool
    .map((cell) => ({ cell, value: surplus(cell, q) }))
    .toSorted((a, b) => compare(b.value, a.value) || (a.cell.id < b.cell.id ? -1 : 1))
    .map(({ cell }) => cell);
}

function surplus(cell: Droppable, q: Rational): Rational {
  return subtract(cell.points, multiply(q, cell.pointsPossible));
}

function ratio(cells: readonly Droppable[]): Rational {
  const possible = sum(cells.map((cell) => cell.pointsPossible));
  return possible.n === 0n ? ZERO : divide(sum(cells.map((cell) => cell.points)), possible);
}
