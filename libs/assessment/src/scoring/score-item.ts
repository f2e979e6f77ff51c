import { roundPoints } from '@parlance/kernel';
import type { ScoringSpec } from '../items/scoring-spec.js';
import type { ItemScore, OutcomeJson } from './item-score.js';
import { mapResponse } from './mapping.js';
import { match } from './operators.js';
import { scoreParts } from './part-score.js';
import { pointsOfParts, scoreEachPart } from './parts/score-by-parts.js';
import type { Responses } from './responses.js';
import { runRules } from './run-rules.js';
import { numberIn, single, toJson, truthIn } from './values.js';
import { correctOf, startVariables } from './variables.js';
import type { Variables } from './variables.js';

/**
 * Scores one item (QTI 3.0 response processing for a non-adaptive item).
 *
 * The points are SCORE as the item's own rules leave it. They are not held within 0 and
 * `pointsPossible`: an author may take points away or give some on top, and a score that was
 * quietly corrected could not be explained. They are a finite number of at most six decimals; a
 * SCORE that ends as NULL counts 0. Answers of a wrong type, with too many values or too long are
 * NULL, as if not given. An item that a person scores, or that says nothing about scoring, waits
 * for review and has no points. Never throws.
 */
export function scoreItem(spec: ScoringSpec, responses: Responses): ItemScore {
  const variables = startVariables(spec, responses);
  if (spec.processing.kind === 'parts') return scoreByParts(variables, responses);
  const waits = awaitsReview(spec);
  if (!waits) processResponses(spec, variables);
  const points = waits ? null : pointsIn(variables);
  return {
    status: waits ? 'awaiting-review' : 'scored',
    points,
    pointsPossible: spec.pointsPossible,
    outcomes: outcomesOf(variables),
    parts: scoreParts(variables, responses, points),
  };
}

/** An item whose parts say themselves how they are scored: it waits as soon as one of them does. */
function scoreByParts(variables: Variables, responses: Responses): ItemScore {
  const parts = scoreEachPart(variables, responses);
  const points = pointsOfParts(parts);
  if (points !== null) variables.outcomes.set('SCORE', single('float', points));
  return {
    status: points === null ? 'awaiting-review' : 'scored',
    points,
    pointsPossible: variables.spec.pointsPossible,
    outcomes: outcomesOf(variables),
    parts,
  };
}

/** Whether a person has to score the item, whatever was answered. */
export function awaitsReview(spec: ScoringSpec): boolean {
  return (
    spec.externalScored ||
    spec.processing.kind === 'none' ||
    spec.parts.some((part) => part.humanScored)
  );
}

function processResponses({ processing }: ScoringSpec, variables: Variables): void {
  if (processing.kind === 'rules') runRules(processing.rules, variables);
  if (processing.kind !== 'template') return;
  const declaration = variables.declarations.get(processing.responseId);
  const value = variables.responses.get(processing.responseId) ?? null;
  // Both templates give an unanswered item 0: bounds and defaults of a mapping do not apply.
  let points = 0;
  if (declaration !== undefined && value !== null) {
    points =
      processing.name === 'map_response'
        ? mapResponse(declaration, value)
        : Number(truthIn(match(value, correctOf(declaration))) === true);
  }
  variables.outcomes.set('SCORE', single('float', points));
}

function pointsIn(variables: Variables): number {
  const score = numberIn(variables.outcomes.get('SCORE') ?? null);
  return score === null ? 0 : roundPoints(score);
}

function outcomesOf(variables: Variables): Record<string, OutcomeJson> {
  return Object.fromEntries(
    [...variables.outcomes].map(([identifier, value]) => [identifier, toJson(value)]),
  );
}
