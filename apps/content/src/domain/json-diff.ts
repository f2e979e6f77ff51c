/** One place where two JSON values differ; `pointer` as in RFC 6901. */
export interface Difference {
  pointer: string;
  change: 'added' | 'removed' | 'changed';
  before?: unknown;
  after?: unknown;
}

/** Most differences that are told; beyond them somebody reads the two versions themselves. */
export const MAX_DIFFERENCES = 500;

/**
 * Where `after` differs from `before`, in the order of the pointers: down to single values, members
 * of lists by their place. A value that is on one side only is told as a whole.
 */
export function jsonDifferences(before: unknown, after: unknown): Difference[] {
  const found: Difference[] = [];
  walk('', before, after, found);
  return found;
}

function walk(pointer: string, before: unknown, after: unknown, found: Difference[]): void {
  if (found.length >= MAX_DIFFERENCES || Object.is(before, after)) return;
  if (before === undefined) found.push({ pointer, change: 'added', after });
  else if (after === undefined) found.push({ pointer, change: 'removed', before });
  else if (isTree(before) && isTree(after) && Array.isArray(before) === Array.isArray(after)) {
    const one = before as Record<string, unknown>;
    const other = after as Record<string, unknown>;
    for (const key of keysOf(one, other)) {
      walk(`${pointer}/${escaped(key)}`, one[key], other[key], found);
    }
  } else found.push({ pointer, change: 'changed', before, after });
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function keysOf(one: object, other: object): string[] {
  if (Array.isArray(one) && Array.isArray(other)) {
    return Array.from({ length: Math.max(one.length, other.length) }, (_, at) => String(at));
  }
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
