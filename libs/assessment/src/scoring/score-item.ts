import { roundPoints } from '@parlance/kernel';
import type { ScoringSpec } from '../items/scoring-spec.js';
import { match } from './containers.js';
import { EffortError } from './effort.js';
import type { DecidedBy, ItemScore, OutcomeJson } from './item-score.js';
import { mapResponse, mapResponsePoint } from './mapping.js';
import { scoreParts } from './part-score.js';
import { pointsOfParts, scoreEachPart } from './parts/score-by-parts.js';
import { preparedItem } from './prepared-item.js';
import type { Responses } from './responses.js';
import { runRules } from './run-rules.js';
import { numberIn, single, toJson, truthIn } from './values.js';
import { COMPLETION_STATUS, nextTry, startVariables } from './variables.js';
import type { Variables } from './variables.js';

export interface ScoringOptions {
  /** What random expressions draw from: one text per attempt, for the same score each time. */
  seed?: string;
  /** The answers of earlier tries, first one first. An item that is answered once ignores them. */
  tries?: readonly Responses[];
}

/**
 * Scores one item (QTI 3.0 response processing).
 *
 * The points are SCORE as the item's own rules leave it. They are not held within 0 and
 * `pointsPossible`: an author may take points away or give some on top, and a score that was
 * quietly corrected could not be explained. They are a finite number of at most six decimals; a
 * SCORE that ends as NULL counts 0. Answers of a wrong type, with too many values or too long are
 * NULL, as if not given. An item that a person scores, that says nothing about scoring, has no key
 * to compare with, or asks for more work than any honest item, waits for review and has no points.
 *
 * An item with tries goes through them one after the other up to the one that completes it; what
 * came after does not count. An adaptive item carries its outcomes over and says itself when it is
 * completed; any other starts anew each time, and is completed by whatever earns all its points.
 *
 * Never throws for any answers. The specification must not be changed once it was scored with.
 */
export function scoreItem(
  spec: ScoringSpec,
  responses: Responses,
  options: ScoringOptions = {},
): ItemScore {
  if (spec.processing.kind === 'parts') return scoreTriesByParts(spec, responses, options);
  const earlier = spec.adaptive === true ? (options.tries ?? []) : [];
  const tries = [...earlier, responses];
  const seed = options.seed ?? '';
  let reason = reviewReason(spec);
  let variables = startVariables(spec, tries[0] as Responses, seed);
  let tryNumber = 1;
  try {
    for (; reason === null; tryNumber += 1) {
      processResponses(spec, variables);
      const next = tries[tryNumber];
      if (next === undefined || isCompleted(variables)) break;
      variables = nextTry(variables, next, tryNumber + 1);
    }
  } catch (error) {
    if (!(error instanceof EffortError)) throw error;
    reason = 'too-complex';
  }
  // A person marks what was answered last; the rules mark the last try that counts.
  const scored = reason === null ? tryNumber : tries.length;
  if (reason !== null) variables = nextTry(variables, responses, scored);
  const points = reason === null ? pointsIn(variables) : null;
  return {
    status: reason === null ? 'scored' : 'awaiting-review',
    points,
    pointsPossible: spec.pointsPossible,
    outcomes: outcomesOf(variables),
    parts: scoreParts(variables, tries[scored - 1] as Responses, points, reason),
    ...(spec.processing.kind === 'rules' && reason === null ? { steps: variables.steps } : {}),
    ...(variables.draws.used ? { seed } : {}),
    ...(spec.adaptive === true
      ? { triesCounted: scored, completed: reason === null && isCompleted(variables) }
      : {}),
  };
}

function scoreTriesByParts(
  spec: ScoringSpec,
  responses: Responses,
  { seed, tries = [] }: ScoringOptions,
): ItemScore {
  const scored = (one: Responses) => scoreByParts(startVariables(spec, one, seed), one);
  if (spec.tries === undefined) return scored(responses);
  let triesCounted = 0;
  for (const one of [...tries, responses]) {
    const score = scored(one);
    triesCounted += 1;
    const completed = score.points !== null && score.points >= score.pointsPossible;
    if (completed || triesCounted > tries.length) return { ...score, triesCounted, completed };
  }
  throw new Error('There is always a last try.');
}

/** An item whose parts say themselves how they are scored: it waits as soon as one of them does. */
function scoreByParts(variables: Variables, responses: Responses): ItemScore {
  const parts = scoreEachPart(variables, responses);
  const points = pointsOfParts(parts);
  if (points !== null) variables.outcomes.set('SCORE', single('float', points));
  return {
    status: points === null ? 'awaiting-review' : 'scored',
    points,
    pointsPossible: variables.item.spec.pointsPossible,
    outcomes: outcomesOf(variables),
    parts,
  };
}

/** Whether a person has to score the item, whatever was answered. */
export function awaitsReview(spec: ScoringSpec): boolean {
  return reviewReason(spec) !== null;
}

/** Why a person has to score an item; null when its own processing does. */
function reviewReason(spec: ScoringSpec): DecidedBy | null {
  const { processing } = spec;
  if (spec.externalScored || spec.parts.some((part) => part.humanScored)) return 'human-review';
  if (processing.kind === 'none') return 'no-processing';
  if (processing.kind === 'parts') {
    return spec.parts.every((part) => part.scoring !== undefined) ? null : 'no-processing';
  }
  if (processing.kind === 'rules') return null;
  // An item nobody can get right would give everybody 0 for its author's fault.
  const response = preparedItem(spec).responses.get(processing.responseId);
  const isKeyed = processing.name !== 'match_correct' || response?.correct !== null;
  return response !== undefined && isKeyed ? null : 'no-key';
}

function processResponses({ processing }: ScoringSpec, variables: Variables): void {
  if (processing.kind === 'rules') runRules(processing.rules, variables);
  if (processing.kind !== 'template') return;
  const response = variables.item.responses.get(processing.responseId);
  const value = variables.responses.get(processing.responseId) ?? null;
  // The templates give an unanswered item 0: bounds and defaults of a mapping do not apply.
  let points = 0;
  if (response !== undefined && value !== null) {
    const { declaration, correct } = response;
    if (processing.name === 'map_response') points = mapResponse(declaration, value);
    if (processing.name === 'map_response_point') points = mapResponsePoint(declaration, value);
    if (processing.name === 'match_correct')
      points = Number(truthIn(match(value, correct)) === true);
  }
  variables.outcomes.set('SCORE', single('float', points));
}

function isCompleted({ outcomes }: Variables): boolean {
  return outcomes.get(COMPLETION_STATUS)?.items[0] === 'completed';
}

function pointsIn(variables: Variables): number {
  const score = numberIn(variables.outcomes.get('SCORE') ?? null);
  return score === null ? 0 : roundPoints(score);
}

/** The declared outcomes, and of an adaptive item whether it is completed. */
function outcomesOf({ item, outcomes }: Variables): Record<string, OutcomeJson> {
  const json: Record<string, OutcomeJson> = {};
  for (const [identifier, value] of outcomes) {
    if (item.outcomes.has(identifier) || item.spec.adaptive === true)
      json[identifier] = toJson(value);
  }
  return json;
}
