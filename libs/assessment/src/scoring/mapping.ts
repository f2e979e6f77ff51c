import type { AreaMapping, MapEntry, Mapping, ResponseDeclaration } from '../items/scoring-spec.js';
import { areaAt } from './areas.js';
import { withoutNoise } from './rounding.js';
import { atomKey, foldCase, parseAtom } from './values.js';
import type { Atom, Value } from './values.js';

/**
 * QTI's mapResponse: each distinct value is worth what the first entry that fits it says, or the
 * default; the sum is then held within the bounds. A response without a mapping is worth 0.
 *
 * Where several entries fit, engines differ (highest, sum); here the first in document order
 * decides, since that is what an author can see, and import warns about such keys.
 */
export function mapResponse(declaration: ResponseDeclaration, value: Value): number {
  const { mapping } = declaration;
  if (mapping === undefined) return 0;
  let total = 0;
  for (const item of distinct(declaration, value)) {
    total += entryFor(declaration, item)?.value ?? mapping.defaultValue;
  }
  return withinBounds(mapping, total);
}

/**
 * QTI's mapResponsePoint: each area that was hit counts once, however many points are in it; each
 * distinct point outside all areas is worth the default. A response without areas is worth 0.
 */
export function mapResponsePoint(declaration: ResponseDeclaration, value: Value): number {
  const { areaMapping } = declaration;
  if (areaMapping === undefined || declaration.baseType !== 'point') return 0;
  const hit = new Set<AreaMapping['entries'][number]>();
  let total = 0;
  for (const point of distinct(declaration, value)) {
    const area = areaAt(areaMapping, point);
    if (area !== null && hit.has(area)) continue;
    if (area !== null) hit.add(area);
    total += area?.value ?? areaMapping.defaultValue;
  }
  return withinBounds(areaMapping, total);
}

function distinct({ baseType }: ResponseDeclaration, value: Value): Iterable<Atom> {
  const items = value?.items ?? [];
  if (items.length < 2) return items;
  const byKey = new Map<string, Atom>();
  for (const item of items) {
    const key = atomKey(baseType, item);
    if (!byKey.has(key)) byKey.set(key, item);
  }
  return byKey.values();
}

/** The entries of a mapping by what they match, each with its place in the document. */
interface Table {
  exact: Map<string, number>;
  folded: Map<string, number>;
}

const tables = new WeakMap<Mapping, Partial<Record<string, Table>>>();

/** The first entry whose key is this value, if any. */
export function entryFor(
  { baseType, mapping }: ResponseDeclaration,
  item: Atom,
): MapEntry | undefined {
  if (mapping === undefined) return undefined;
  const { exact, folded } = tableOf(mapping, baseType);
  const place = exact.get(atomKey(baseType, item)) ?? Infinity;
  const anyCase = folded.size === 0 ? undefined : folded.get(foldCase(String(item)));
  return mapping.entries[Math.min(place, anyCase ?? Infinity)];
}

function tableOf(mapping: Mapping, baseType: ResponseDeclaration['baseType']): Table {
  let byType = tables.get(mapping);
  if (byType === undefined) {
    byType = {};
    tables.set(mapping, byType);
  }
  return (byType[baseType] ??= makeTable(mapping, baseType));
}

function makeTable({ entries }: Mapping, baseType: ResponseDeclaration['baseType']): Table {
  const table: Table = { exact: new Map(), folded: new Map() };
  entries.forEach((entry, place) => {
    const key = parseAtom(baseType, entry.key);
    if (key === null) return;
    const isFolded = baseType === 'string' && !entry.caseSensitive;
    const map = isFolded ? table.folded : table.exact;
    const text = isFolded ? foldCase(String(key)) : atomKey(baseType, key);
    if (!map.has(text)) map.set(text, place);
  });
  return table;
}

/** A sum held within the bounds; 0 when it is too large to be a number at all. */
function withinBounds({ lowerBound, upperBound }: Mapping | AreaMapping, sum: number): number {
  const total = withoutNoise(sum);
  const floored = lowerBound === undefined ? total : Math.max(lowerBound, total);
  const held = upperBound === undefined ? floored : Math.min(upperBound, floored);
  return Number.isFinite(held) ? held : 0;
}
