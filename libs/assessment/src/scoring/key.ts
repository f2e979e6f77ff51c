import type { MapEntry, ResponseDeclaration, ScoringSpec } from '../items/scoring-spec.js';
import { entryFor, mapResponse } from './mapping.js';
import type { Responses, ResponseValue } from './responses.js';
import { atomKey, parseAtom, parseValue, toWire } from './values.js';
import { correctOf } from './variables.js';

/**
 * Answers that earn what the item's key can give: the correct response where one is declared, else
 * the best the mapping offers. Responses without a key are left out.
 */
export function correctResponses(spec: ScoringSpec): Responses {
  const responses: Responses = {};
  for (const declaration of spec.responses) {
    const limit = maxValuesOf(spec, declaration.identifier);
    const answer = keyOf(declaration, limit);
    if (answer !== null) responses[declaration.identifier] = answer;
  }
  return responses;
}

/** The key of one response in wire form, or null when it has none. */
export function keyOf(declaration: ResponseDeclaration, maxValues = Infinity): ResponseValue {
  const correct = correctOf(declaration);
  if (correct !== null) return toWire(correct);
  const best = bestEntries(declaration, maxValues).map((entry) => entry.key);
  if (best.length === 0) return null;
  return declaration.cardinality === 'single' ? (best[0] ?? null) : best;
}

/**
 * The most one response can earn through its mapping, given how many values an answer may hold.
 * The default for values without an entry counts as not reachable.
 */
export function bestMapped(declaration: ResponseDeclaration, maxValues = Infinity): number {
  const keys = bestEntries(declaration, maxValues).map((entry) => entry.key);
  const isSingle = declaration.cardinality === 'single';
  return mapResponse(declaration, parseValue(declaration, isSingle ? keys[0] : keys));
}

export function maxValuesOf(spec: ScoringSpec, responseId: string): number {
  return spec.parts.find((part) => part.responseId === responseId)?.maxValues ?? Infinity;
}

/** Entries worth having, best first; an entry that an earlier one hides is not among them. */
function bestEntries(declaration: ResponseDeclaration, maxValues: number): MapEntry[] {
  const { mapping, baseType, cardinality } = declaration;
  const seen = new Set<string>();
  const worthwhile = (mapping?.entries ?? []).filter((entry) => {
    const item = parseAtom(baseType, entry.key);
    if (item === null || item === '' || entry.value <= 0) return false;
    if (seen.has(atomKey(baseType, item))) return false;
    seen.add(atomKey(baseType, item));
    return entryFor(declaration, item) === entry;
  });
  const count = cardinality === 'single' ? 1 : maxValues;
  return worthwhile.toSorted((a, b) => b.value - a.value).slice(0, count);
}
