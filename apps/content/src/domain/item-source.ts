import { compileItem, type ItemDelivery, plainText } from '@parlance/assessment';
import { type FieldFault, Refusal } from '@parlance/kernel';
import { canonicalJson } from './canonical-json.js';
import { clippedTitle } from './titles.js';

/** Largest source of an item, in bytes of its JSON: what it becomes must fit an event. */
export const MAX_SOURCE_BYTES = 256 * 1024;

/** Deepest nesting of a source; no item type comes near it. */
const MAX_DEPTH = 64;

/** Most faults that are kept and told; nobody mends more in one go. */
const MAX_FAULTS = 100;

/** What an author wrote, as it is kept: whole or not, it can be saved. */
export interface ReadSource {
  /** Canonical JSON. */
  source: string;
  title: string;
  type: string;
  faults: FieldFault[];
  warnings: string[];
  /** Undefined while there are faults. */
  item: { delivery: ItemDelivery; scoring: Compiled['scoring'] } | undefined;
}

type Compiled = Extract<ReturnType<typeof compileItem>, { ok: true }>['item'];

/**
 * Reads a source: what is wrong with it is no refusal, because a draft may be unfinished.
 *
 * @throws Refusal `source-too-large` or `source-too-deep`: it cannot even be kept.
 */
export function readSource(given: object): ReadSource {
  if (isDeeperThan(given, MAX_DEPTH)) {
    const detail = `An item has at most ${MAX_DEPTH} levels of lists and objects.`;
    throw new Refusal('invalid', 'source-too-deep', detail);
  }
  const source = canonicalJson(given);
  if (Buffer.byteLength(source) > MAX_SOURCE_BYTES) {
    const detail = `An item has at most ${MAX_SOURCE_BYTES / 1024} KiB.`;
    throw new Refusal('too-large', 'source-too-large', detail);
  }
  // What is compiled is what is kept: unstorable characters are gone.
  const kept = JSON.parse(source) as { title?: unknown; type?: unknown };
  const compilation = compileItem(kept);
  const title = typeof kept.title === 'string' ? kept.title : '';
  const shared = { source, type: typeof kept.type === 'string' ? kept.type.slice(0, 60) : '' };
  if (!compilation.ok) {
    const faults = compilation.faults.slice(0, MAX_FAULTS);
    return {
      ...{ ...shared, faults, warnings: [], item: undefined },
      title: clippedTitle(title, 'Untitled'),
    };
  }
  const { delivery, scoring, warnings } = compilation.item;
  return {
    ...{ ...shared, faults: [], warnings, item: { delivery, scoring } },
    title: clippedTitle(title === '' ? plainText(delivery.body) : title, 'Untitled'),
  };
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}
