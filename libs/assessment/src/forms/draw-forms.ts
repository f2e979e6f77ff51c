import { type PoolMatching, matchPools } from './match-pools.js';
import { seededRandom, shuffled } from './random.js';

/** What one part of a form is made of: `count` items that fit all that is said here. */
export interface Pool {
  id: string;
  /** Items of each form. */
  count: number;
  /** Of these, how many are the same in all forms; the others are in one form alone. */
  common: number;
  /** One of these levels; empty takes any, as below. */
  cefrLevels: string[];
  /** All of these skills. */
  skills: string[];
  /** One of these topics. */
  topics: string[];
  /** One of these item types. */
  types: string[];
  /** What each item is worth; null takes any, so that the form's total is left open. */
  pointsEach: number | null;
}

/** An item version that may be drawn. */
export interface Candidate {
  itemVersionId: string;
  cefrLevel: string | null;
  skills: string[];
  topics: string[];
  type: string;
  pointsPossible: number;
  /** How often it was put into a form before. */
  exposure: number;
}

export interface DrawOptions {
  seed: string;
  /** How many parallel forms. */
  forms: number;
  /** Item versions to be drawn only when nothing else fits. */
  seen: ReadonlySet<string>;
  /** An item put into a form so often is not drawn again; null draws without end. */
  maxExposure: number | null;
}

/** Pools that cannot all be filled, whatever is drawn for them. */
export interface Shortage {
  /** Several where they ask for the same items. */
  poolIds: string[];
  /** Items they need together, over all forms. */
  needed: number;
  /** Items that fit one of them or more. */
  available: number;
  /** Items that would fit but were exposed too often. */
  overexposed: number;
}

export interface DrawnItem {
  poolId: string;
  itemVersionId: string;
}

export type Drawn = { ok: true; forms: DrawnItem[][] } | { ok: false; shortages: Shortage[] };

export function fits(pool: Pool, item: Candidate): boolean {
  const { cefrLevels, skills, topics, types, pointsEach } = pool;
  return (
    (cefrLevels.length === 0 || cefrLevels.includes(item.cefrLevel ?? '')) &&
    skills.every((skill) => item.skills.includes(skill)) &&
    (topics.length === 0 || topics.some((topic) => item.topics.includes(topic))) &&
    (types.length === 0 || types.includes(item.type)) &&
    (pointsEach === null || pointsEach === item.pointsPossible)
  );
}

/**
 * Draws parallel forms, each pool in its order. All constraints hold, or the pools that keep them
 * from holding are named: if there is any way to fill them, one is found. Among all ways that
 * which takes what was not seen before, then what was least exposed, then what the seed says; the
 * same candidates, in whatever order, and the same seed give the same forms. Two forms share
 * exactly the common items of the pools. An item is drawn once, whichever pools it fits.
 */
export function drawForms(
  pools: readonly Pool[],
  candidates: readonly Candidate[],
  options: DrawOptions,
): Drawn {
  const { maxExposure, forms } = options;
  const isFree = (item: Candidate) => maxExposure === null || item.exposure < maxExposure;
  const usable = inOrderOfPreference(candidates.filter(isFree), options);
  const demands = pools.map((pool) => pool.common + forms * (pool.count - pool.common));
  const matching = matchPools(demands, usable.length, (pool, item) =>
    fits(pools[pool]!, usable[item]!),
  );
  if (matching.short.length > 0) {
    const held = candidates.filter((item) => !isFree(item));
    return { ok: false, shortages: [shortageOf(pools, demands, usable, held, matching)] };
  }
  return { ok: true, forms: dealt(pools, forms, matching, usable) };
}

function inOrderOfPreference(
  candidates: readonly Candidate[],
  { seed, seen }: DrawOptions,
): Candidate[] {
  const sorted = candidates.toSorted((a, b) => (a.itemVersionId < b.itemVersionId ? -1 : 1));
  const rank = (item: Candidate) => (seen.has(item.itemVersionId) ? 1 : 0);
  // The sort is stable, so that equals stay as the seed shuffled them.
  return shuffled(sorted, seededRandom(seed)).toSorted(
    (a, b) => rank(a) - rank(b) || a.exposure - b.exposure,
  );
}

/** The first of a pool are common to all forms; the others are dealt like cards, best first. */
function dealt(
  pools: readonly Pool[],
  forms: number,
  { taken }: PoolMatching,
  usable: readonly Candidate[],
): DrawnItem[][] {
  return Array.from({ length: forms }, (_, form) =>
    pools.flatMap(({ id: poolId, common }, pool) =>
      taken[pool]!.toSorted((a, b) => a - b)
        .filter((_, place) => place < common || (place - common) % forms === form)
        .map((item) => ({ poolId, itemVersionId: usable[item]!.itemVersionId })),
    ),
  );
}

/** By Hall's theorem these pools ask for more items than fit any of them. */
function shortageOf(
  pools: readonly Pool[],
  demands: readonly number[],
  usable: readonly Candidate[],
  held: readonly Candidate[],
  { short }: PoolMatching,
): Shortage {
  const those = short.map((pool) => pools[pool]!);
  const fitting = (items: readonly Candidate[]) =>
    items.filter((item) => those.some((pool) => fits(pool, item))).length;
  return {
    poolIds: those.map((pool) => pool.id),
    needed: short.reduce((sum, pool) => sum + demands[pool]!, 0),
    available: fitting(usable),
    overexposed: fitting(held),
  };
}
