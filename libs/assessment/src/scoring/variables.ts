import type { Rule } from '../items/rules.js';
import type { ScoringSpec } from '../items/scoring-spec.js';
import { drawsFrom } from './draws.js';
import type { Draws } from './draws.js';
import { MAX_STEPS } from './effort.js';
import type { Effort } from './effort.js';
import type { ScoreStep } from './item-score.js';
import { preparedItem } from './prepared-item.js';
import type { PreparedItem, PreparedResponse } from './prepared-item.js';
import type { Responses } from './responses.js';
import { parseValue, single } from './values.js';
import type { Value } from './values.js';

/** The variables of one scoring run. */
export interface Variables {
  item: PreparedItem;
  responses: ReadonlyMap<string, Value>;
  outcomes: Map<string, Value>;
  effort: Effort;
  draws: Draws;
  /** Where the rules set SCORE in this try, last one last. */
  steps: ScoreStep[];
}

/** What QTI declares for every item. */
export const COMPLETION_STATUS = 'completionStatus';
const NUM_ATTEMPTS = 'numAttempts';

/**
 * Variables as the first try of an item starts them: the learner's answers typed as declared, and
 * every outcome at its default, whatever an earlier run left.
 */
export function startVariables(spec: ScoringSpec, responses: Responses, seed = ''): Variables {
  const item = preparedItem(spec);
  const outcomes = new Map(item.defaults);
  if (!outcomes.has(COMPLETION_STATUS)) {
    outcomes.set(COMPLETION_STATUS, single('identifier', 'unknown'));
  }
  const draws = drawsFrom(seed, rulesOf(spec));
  const start = {
    item,
    outcomes,
    draws,
    responses: new Map(),
    effort: { stepsLeft: 0 },
    steps: [],
  };
  return nextTry(start, responses, 1);
}

/** The same variables at the next try: outcomes and draws go on, the answers are new. */
export function nextTry(variables: Variables, responses: Responses, tryNumber: number): Variables {
  const values = new Map<string, Value>();
  for (const [identifier, response] of variables.item.responses) {
    values.set(identifier, givenValue(response, responses));
  }
  if (!values.has(NUM_ATTEMPTS)) values.set(NUM_ATTEMPTS, single('integer', tryNumber));
  return { ...variables, responses: values, effort: { stepsLeft: MAX_STEPS }, steps: [] };
}

function rulesOf({ processing }: ScoringSpec): readonly Rule[] {
  return processing.kind === 'rules' ? processing.rules : [];
}

function givenValue({ declaration, limit }: PreparedResponse, responses: Responses): Value {
  // Own keys only: an identifier such as "constructor" must not find Object.prototype.
  const given = Object.hasOwn(responses, declaration.identifier)
    ? responses[declaration.identifier]
    : null;
  const value = parseValue(declaration, given);
  return value !== null && value.items.length > limit ? null : value;
}
