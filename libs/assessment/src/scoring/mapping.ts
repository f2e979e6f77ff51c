import type { MapEntry, Mapping, ResponseDeclaration } from '../items/scoring-spec.js';
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
  const distinct = new Map<string, Atom>();
  for (const item of value?.items ?? []) {
    const key = atomKey(declaration.baseType, item);
    if (!distinct.has(key)) distinct.set(key, item);
  }
  let total = 0;
  for (const item of distinct.values()) {
    total += entryFor(declaration, item)?.value ?? mapping.defaultValue;
  }
  return withinBounds(mapping, withoutNoise(total));
}

/**
 * A sum of decimal fractions without the noise binary floating point adds in the last digit, so
 * that ten times 0.1 equals 1 in a rule that compares them.
 */
export function withoutNoise(total: number): number {
  return Number.isFinite(total) ? Number(total.toPrecision(15)) : total;
}

/** The first entry whose key is this value, if any. */
export function entryFor(
  { baseType, mapping }: ResponseDeclaration,
  item: Atom,
): MapEntry | undefined {
  const exact = atomKey(baseType, item);
  // Folded once and not per entry: an answer may be long and a mapping may have many entries.
  const folded = baseType === 'string' ? foldCase(String(item)) : '';
  return mapping?.entries.find((entry) => {
    if (baseType === 'string' && !entry.caseSensitive) return foldCase(entry.key) === folded;
    const key = parseAtom(baseType, entry.key);
    return key !== null && atomKey(baseType, key) === exact;
  });
}

function withinBounds({ lowerBound, upperBound }: Mapping, total: number): number {
  const floored = lowerBound === undefined ? total : Math.max(lowerBound, total);
  return upperBound === undefined ? floored : Math.min(upperBound, floored);
}
