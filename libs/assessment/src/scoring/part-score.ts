import { roundPoints, sumPoints } from '@parlance/kernel';
import type { PartSpec, ScoringSpec } from '../items/scoring-spec.js';
import type { DecidedBy, PartScore, Verdict } from './item-score.js';
import { keyOf } from './key.js';
import { mapResponse } from './mapping.js';
import { match } from './operators.js';
import type { Responses } from './responses.js';
import { toWire, truthIn } from './values.js';
import type { Value } from './values.js';
import { correctOf } from './variables.js';
import type { Variables } from './variables.js';

/**
 * How each answer of an item came out, given what the whole item earned (null while it waits).
 * The verdict of a part is what the key says of that answer alone. Its points are given only when
 * those of all parts add up to the item's: rules may count parts together, and then what a part
 * would be worth alone is not what it earned.
 */
export function scoreParts(
  variables: Variables,
  responses: Responses,
  points: number | null,
): PartScore[] {
  const { spec } = variables;
  const parts = spec.parts.map((part) => scorePart(part, variables, responses, points));
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
  part: PartSpec,
  variables: Variables,
  responses: Responses,
  itemPoints: number | null,
): PartScore {
  const declaration = variables.declarations.get(part.responseId);
  const value = variables.responses.get(part.responseId) ?? null;
  return {
    responseId: part.responseId,
    given: toWire(value),
    expected: declaration === undefined ? null : keyOf(declaration, part.maxValues),
    pointsPossible: part.pointsPossible,
    ...(value === null
      ? unanswered(part, responses, itemPoints)
      : decide(part, value, variables, itemPoints)),
  };
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
  { spec, declarations }: Variables,
  itemPoints: number | null,
): Decision {
  const waiting = { points: null, verdict: 'awaiting-review' } as const;
  if (spec.externalScored || part.humanScored) return { ...waiting, rule: 'human-review' };
  const { processing } = spec;
  if (processing.kind === 'none') return { ...waiting, rule: 'no-processing' };
  const declaration = declarations.get(part.responseId);
  const comparesOnly = processing.kind === 'template' && processing.name === 'match_correct';
  if (declaration?.mapping !== undefined && !comparesOnly) {
    const points = roundPoints(mapResponse(declaration, value));
    const verdict = verdictOf(points, part.pointsPossible ?? points);
    return { points, verdict, rule: 'map-response' };
  }
  if (declaration?.correct !== undefined) {
    const isCorrect = truthIn(match(value, correctOf(declaration))) === true;
    const points = isCorrect ? (part.pointsPossible ?? 1) : 0;
    return { points, verdict: isCorrect ? 'correct' : 'incorrect', rule: 'match-correct' };
  }
  if (itemPoints === null) return { ...waiting, rule: 'human-review' };
  // Without a key of its own, all that is known of the part is how the whole item came out.
  const verdict = verdictOf(itemPoints, spec.pointsPossible);
  return { points: null, verdict, rule: 'response-rules' };
}

export function verdictOf(points: number, pointsPossible: number): Verdict {
  if (points > 0 && points >= pointsPossible) return 'correct';
  return points > 0 ? 'partial' : 'incorrect';
}
