import { roundPoints, sumPoints } from '@parlance/kernel';
import type { PartSpec, ScoringSpec } from '../items/scoring-spec.js';
import type { DecidedBy, PartScore, Verdict } from './item-score.js';
import { match } from './containers.js';
import { mapResponse, mapResponsePoint } from './mapping.js';
import type { PreparedPart, PreparedResponse } from './prepared-item.js';
import type { Responses, ResponseValue } from './responses.js';
import { toWire, truthIn } from './values.js';
import type { Value } from './values.js';
import type { Variables } from './variables.js';

/**
 * How each answer of an item came out, given what the whole item earned (null while it waits) and
 * why a person has to score it, if one has to.
 * The verdict of a part is what the key says of that answer alone. Its points are given only when
 * those of all parts add up to the item's: rules may count parts together, and then what a part
 * would be worth alone is not what it earned.
 */
export function scoreParts(
  variables: Variables,
  responses: Responses,
  points: number | null,
  reason: DecidedBy | null = null,
): PartScore[] {
  const { spec, parts: prepared } = variables.item;
  const parts = prepared.map((part) => scorePart(part, variables, responses, points, reason));
  if (points === null) return parts;
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return [earningAll(only, points, spec)];
  const addsUp =
    parts.every((part) => part.points !== null) &&
    sumPoints(parts.map((part) => part.points ?? 0)) === points;
  return addsUp ? parts : parts.map((part) => ({ ...part, points: null, ...byRules(part, spec) }));
}

/** The one part of an item earned what the item earned. */
function earningAll(part: PartScore, points: number, spec: ScoringSpec): PartScore {
  const { pointsPossible } = spec;
  const whole = { ...part, points, pointsPossible, ...byRules(part, spec) };
  if (part.verdict === 'unanswered') return whole;
  return { ...whole, verdict: verdictOf(points, pointsPossible) };
}

function byRules(part: PartScore, spec: ScoringSpec): { rule: DecidedBy } {
  const isRuled = spec.processing.kind === 'rules' && part.verdict !== 'unanswered';
  return { rule: isRuled ? 'response-rules' : part.rule };
}

interface Decision {
  points: number | null;
  verdict: Verdict;
  rule: DecidedBy;
}

function scorePart(
  { part, expected }: PreparedPart,
  variables: Variables,
  responses: Responses,
  itemPoints: number | null,
  reason: DecidedBy | null,
): PartScore {
  const value = variables.responses.get(part.responseId) ?? null;
  const decision =
    value === null
      ? unanswered(part, responses, itemPoints)
      : decide(part, value, variables, itemPoints, reason);
  return {
    responseId: part.responseId,
    given: toWire(value),
    expected: copyOf(expected),
    points: decision.points,
    pointsPossible: part.pointsPossible,
    verdict: decision.verdict,
    rule: decision.rule,
  };
}

/** The prepared key is shared by all scores of the item; whoever gets one may change it. */
export function copyOf(expected: ResponseValue): ResponseValue {
  return Array.isArray(expected) ? [...expected] : expected;
}

/** A part without an answer earns 0, or null while its item waits. */
export function unanswered(
  part: PartSpec,
  responses: Responses,
  itemPoints: number | null,
): Decision {
  const given = Object.hasOwn(responses, part.responseId) ? responses[part.responseId] : null;
  const isEmpty = given === null || given === undefined || given.length === 0;
  return {
    points: itemPoints === null ? null : 0,
    verdict: 'unanswered',
    rule: isEmpty ? 'not-answered' : 'not-readable',
  };
}

function decide(
  part: PartSpec,
  value: Value,
  { item }: Variables,
  itemPoints: number | null,
  reason: DecidedBy | null,
): Decision {
  const waiting = { points: null, verdict: 'awaiting-review' } as const;
  const { spec } = item;
  if (spec.externalScored || part.humanScored) return { ...waiting, rule: 'human-review' };
  // Beside a part for a person, one with a key has its verdict; any other fault is of them all.
  if (reason !== null && reason !== 'human-review') return { ...waiting, rule: reason };
  const response = item.responses.get(part.responseId);
  const keyed = response === undefined ? null : byKey(part, value, response, spec);
  if (keyed !== null) return keyed;
  if (itemPoints === null) return { ...waiting, rule: 'human-review' };
  // Without a key of its own, all that is known of the part is how the whole item came out.
  const verdict = verdictOf(itemPoints, spec.pointsPossible);
  return { points: null, verdict, rule: 'response-rules' };
}

/** What the key says of one answer alone; null when there is no key. */
function byKey(
  part: PartSpec,
  value: Value,
  { declaration, correct }: PreparedResponse,
  { processing }: ScoringSpec,
): Decision | null {
  const comparesOnly = processing.kind === 'template' && processing.name === 'match_correct';
  const { mapping, areaMapping } = declaration;
  if ((mapping !== undefined || areaMapping !== undefined) && !comparesOnly) {
    const map = mapping === undefined ? mapResponsePoint : mapResponse;
    const points = roundPoints(map(declaration, value));
    const rule = mapping === undefined ? 'map-response-point' : 'map-response';
    return { points, verdict: verdictOf(points, part.pointsPossible ?? points), rule };
  }
  if (correct === null) return null;
  const isCorrect = truthIn(match(value, correct)) === true;
  const points = isCorrect ? (part.pointsPossible ?? 1) : 0;
  return { points, verdict: isCorrect ? 'correct' : 'incorrect', rule: 'match-correct' };
}

export function verdictOf(points: number, pointsPossible: number): Verdict {
  if (points > 0 && points >= pointsPossible) return 'correct';
  return points > 0 ? 'partial' : 'incorrect';
}
