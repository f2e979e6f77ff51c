import type { Pool } from '@parlance/assessment';
import { type FieldFault, Refusal, storableText } from '@parlance/kernel';
import { type CefrLevel, type Skill, skillSet, wordingSet } from './tags.js';

/** Most items of one form. */
export const MAX_FORM_ITEMS = 500;

/** A pool with the heading its part of the form has. */
export type TitledPool = Pool & { title: string };

/** A pool as somebody asks for it; what is left out takes anything. */
export interface NewPool {
  id: string;
  title?: string;
  count: number;
  common?: number;
  cefrLevels?: CefrLevel[];
  skills?: Skill[];
  topics?: string[];
  types?: string[];
  pointsEach?: number | null;
}

/** The pools of a blueprint with nothing left open; refuses those that contradict themselves. */
export function poolsOf(given: readonly NewPool[]): TitledPool[] {
  const faults: FieldFault[] = [];
  const pools = given.map((pool, at) => {
    const { id, count, common = 0 } = pool;
    if (given.findIndex((one) => one.id === id) < at) {
      faults.push({ pointer: `/pools/${at}/id`, detail: 'must differ from those of other pools' });
    }
    if (common > count) {
      faults.push({ pointer: `/pools/${at}/common`, detail: 'must not be more than count' });
    }
    return {
      ...{ id, count, common, title: storableText(pool.title ?? '').trim() || id },
      cefrLevels: [...(pool.cefrLevels ?? [])],
      skills: skillSet(pool.skills ?? []),
      topics: wordingSet(pool.topics ?? []),
      types: (pool.types ?? []).map(storableText),
      pointsEach: pool.pointsEach ?? null,
    };
  });
  if (pools.reduce((sum, { count }) => sum + count, 0) > MAX_FORM_ITEMS) {
    faults.push({ pointer: '/pools', detail: `must have ${MAX_FORM_ITEMS} items at most` });
  }
  if (faults.length === 0) return pools;
  throw new Refusal('invalid', 'invalid-input', 'The input does not fit.', faults);
}
