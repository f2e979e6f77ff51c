import type { ResponseDeclaration, ScoringSpec } from '../items/scoring-spec.js';
import type { Responses } from './responses.js';
import { parseValue } from './values.js';
import type { Value } from './values.js';

/** The variables of one scoring run. */
export interface Variables {
  declarations: Map<string, ResponseDeclaration>;
  responses: Map<string, Value>;
  outcomes: Map<string, Value>;
  spec: ScoringSpec;
}

/**
 * Variables as a non-adaptive item starts them: the learner's answers typed as declared, and every
 * outcome at its default, whatever an earlier run left.
 */
export function startVariables(spec: ScoringSpec, responses: Responses): Variables {
  const declarations = new Map(spec.responses.map((one) => [one.identifier, one]));
  return {
    spec,
    declarations,
    responses: new Map(
      spec.responses.map((one) => [one.identifier, givenValue(spec, one, responses)]),
    ),
    outcomes: new Map(spec.outcomes.map((one) => [one.identifier, outcomeDefault(one)])),
  };
}

/** The default of a declared outcome; a number without one starts at 0. */
function outcomeDefault(outcome: ScoringSpec['outcomes'][number]): Value {
  const texts = outcome.defaultValue;
  if (texts === undefined) {
    const isNumber = outcome.baseType === 'integer' || outcome.baseType === 'float';
    return isNumber && outcome.cardinality === 'single' ? parseValue(outcome, '0') : null;
  }
  return parseValue(outcome, outcome.cardinality === 'single' ? texts[0] : texts);
}

export function defaultOf(variables: Variables, identifier: string): Value {
  const outcome = variables.spec.outcomes.find((one) => one.identifier === identifier);
  return outcome === undefined ? null : outcomeDefault(outcome);
}

/** The key of a response as a value; null when the item declares none. */
export function correctOf(declaration: ResponseDeclaration | undefined): Value {
  if (declaration?.correct === undefined) return null;
  const { cardinality, correct } = declaration;
  return parseValue(declaration, cardinality === 'single' ? correct[0] : correct);
}

function givenValue(
  spec: ScoringSpec,
  declaration: ResponseDeclaration,
  responses: Responses,
): Value {
  // Own keys only: an identifier such as "constructor" must not find Object.prototype.
  const given = Object.hasOwn(responses, declaration.identifier)
    ? responses[declaration.identifier]
    : null;
  const value = parseValue(declaration, given);
  const part = spec.parts.find((one) => one.responseId === declaration.identifier);
  const limit = part?.maxValues ?? Infinity;
  return value !== null && value.items.length > limit ? null : value;
}
