import type { ResponseDeclaration, ScoringSpec } from '../items/scoring-spec.js';
import { areaAt, pointWithin } from './areas.js';
import { entryFor, mapResponse, mapResponsePoint } from './mapping.js';
import type { Responses, ResponseValue } from './responses.js';
import { atomKey, parseAtom, parseValue, toWire } from './values.js';
import type { Value } from './values.js';

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
  const best = bestAnswers(declaration, maxValues);
  if (best.length === 0) return null;
  return takesOne(declaration) ? (best[0] ?? null) : best;
}

/**
 * The most one response can earn through its mapping or its areas, given how many values an answer
 * may hold. The default for values without an entry counts as not reachable.
 */
export function bestMapped(declaration: ResponseDeclaration, maxValues = Infinity): number {
  const best = bestAnswers(declaration, maxValues);
  const value = parseValue(declaration, takesOne(declaration) ? best[0] : best);
  return declaration.mapping === undefined
    ? mapResponsePoint(declaration, value)
    : mapResponse(declaration, value);
}

/** Most values an answer to a response may hold; never less than its key does. */
export function maxValuesOf(spec: ScoringSpec, responseId: string): number {
  const declaration = spec.responses.find((one) => one.identifier === responseId);
  const part = spec.parts.find((one) => one.responseId === responseId);
  return limitFor(declaration, part?.maxValues);
}

/**
 * A key may hold more values than its own part allows: official examples do, where the limit was
 * left out and has a default of 1. Such a limit would make the item impossible, so the key wins.
 */
export function limitFor(declaration: ResponseDeclaration | undefined, limit = Infinity): number {
  return Math.max(limit, declaration?.correct?.length ?? 0);
}

/** The key of a response as a value; null when the item declares none. */
export function correctOf(declaration: ResponseDeclaration): Value {
  const { cardinality, correct } = declaration;
  if (correct === undefined) return null;
  const isList = cardinality === 'multiple' || cardinality === 'ordered';
  return parseValue(declaration, isList ? correct : correct[0]);
}

function takesOne({ cardinality }: ResponseDeclaration): boolean {
  return cardinality === 'single' || cardinality === 'record';
}

/** Values worth giving, best first. */
function bestAnswers(declaration: ResponseDeclaration, maxValues: number): string[] {
  const worthwhile = declaration.mapping === undefined ? areas(declaration) : entries(declaration);
  const count = takesOne(declaration) ? 1 : maxValues;
  return worthwhile
    .toSorted((a, b) => b.value - a.value)
    .slice(0, count)
    .map(({ answer }) => answer);
}

interface Answer {
  answer: string;
  value: number;
}

/** Keys of a mapping; one that an earlier entry hides is not among them. */
function entries(declaration: ResponseDeclaration): Answer[] {
  const { mapping, baseType } = declaration;
  const seen = new Set<string>();
  const answers: Answer[] = [];
  for (const entry of mapping?.entries ?? []) {
    const item = parseAtom(baseType, entry.key);
    if (item === null || item === '' || entry.value <= 0) continue;
    const key = atomKey(baseType, item);
    if (seen.has(key)) continue;
    seen.add(key);
    if (entryFor(declaration, item) === entry)
      answers.push({ answer: entry.key, value: entry.value });
  }
  return answers;
}

/** A point in each area; none for an area that earlier ones cover where its point would be. */
function areas({ areaMapping, baseType }: ResponseDeclaration): Answer[] {
  if (areaMapping === undefined || baseType !== 'point') return [];
  return areaMapping.entries
    .filter((entry) => entry.value > 0 && areaAt(areaMapping, pointWithin(entry)) === entry)
    .map((entry) => ({ answer: pointWithin(entry), value: entry.value }));
}
