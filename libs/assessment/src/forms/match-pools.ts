/** Which items each pool takes, by index; `short` are the pools that keep the rest from filling. */
export interface PoolMatching {
  taken: number[][];
  short: number[];
}

/**
 * Gives each pool as many items as it demands, each item to one pool at most. Items are offered in
 * their order and a taken one stays taken, moving from pool to pool to make room: the sets of items
 * that can be placed are the independent sets of a transversal matroid (Edmonds and Fulkerson,
 * 1965), so that this greedy order takes the earliest items of all ways to fill the pools, and fills
 * them if anything does. The work is at most items x pools x items already taken.
 */
export function matchPools(
  demands: readonly number[],
  itemCount: number,
  fits: (pool: number, item: number) => boolean,
): PoolMatching {
  const taken: number[][] = demands.map(() => []);
  let open = demands.reduce((sum, demand) => sum + demand, 0);
  for (let item = 0; item < itemCount && open > 0; item += 1) {
    const first = demands.flatMap((_, pool) => (fits(pool, item) ? [pool] : []));
    if (place(item, first, demands, taken, fits)) open -= 1;
  }
  return { taken, short: open === 0 ? [] : deficient(demands, taken, fits) };
}

/** A step of a way to room: `item` moves into `pool`, out of the pool of the step before it. */
interface Move {
  pool: number;
  item: number;
  before: Move | undefined;
}

/** Takes the item in if pools can pass items on until one has room; breadth first. */
function place(
  item: number,
  first: readonly number[],
  demands: readonly number[],
  taken: number[][],
  fits: (pool: number, item: number) => boolean,
): boolean {
  const seen = new Set(first);
  const queue: Move[] = first.map((pool) => ({ pool, item, before: undefined }));
  for (const move of queue) {
    if (taken[move.pool]!.length < demands[move.pool]!) {
      for (let at: Move | undefined = move; at !== undefined; at = at.before) {
        taken[at.pool]!.push(at.item);
        if (at.before !== undefined) remove(taken[at.before.pool]!, at.item);
      }
      return true;
    }
    for (const passed of taken[move.pool]!) {
      for (const pool of demands.keys()) {
        if (seen.has(pool) || !fits(pool, passed)) continue;
        seen.add(pool);
        queue.push({ pool, item: passed, before: move });
      }
    }
  }
  return false;
}

/**
 * A pool that is not full, and every pool that could give it an item, and so on: all that fits one
 * of them is taken by them, so they ask for more than there is.
 */
function deficient(
  demands: readonly number[],
  taken: readonly number[][],
  fits: (pool: number, item: number) => boolean,
): number[] {
  const start = demands.findIndex((demand, pool) => taken[pool]!.length < demand);
  const found = new Set([start]);
  for (const pool of found) {
    for (const other of demands.keys()) {
      if (!found.has(other) && taken[other]!.some((item) => fits(pool, item))) found.add(other);
    }
  }
  return [...found].sort((a, b) => a - b);
}

function remove(list: number[], item: number): void {
  list.splice(list.indexOf(item), 1);
}
