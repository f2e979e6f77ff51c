import type {
  OutcomeDeclaration,
  PartSpec,
  ResponseDeclaration,
  ScoringSpec,
} from '../items/scoring-spec.js';
import { correctOf, keyOf, limitFor } from './key.js';
import type { ResponseValue } from './responses.js';
import { parseValue } from './values.js';
import type { Value } from './values.js';

/** A scoring specification with what is the same for every answer worked out once. */
export interface PreparedItem {
  spec: ScoringSpec;
  responses: ReadonlyMap<string, PreparedResponse>;
  outcomes: ReadonlyMap<string, OutcomeDeclaration>;
  /** What each outcome starts as. */
  defaults: ReadonlyMap<string, Value>;
  parts: readonly PreparedPart[];
}

export interface PreparedResponse {
  declaration: ResponseDeclaration;
  /** The key as a value; NULL when the item declares none, or one that cannot be read. */
  correct: Value;
  /** Most values an answer may hold. */
  limit: number;
}

export interface PreparedPart {
  part: PartSpec;
  expected: ResponseValue;
}

const prepared = new WeakMap<ScoringSpec, PreparedItem>();

/** Kept as long as the specification itself, which must not be changed once it was scored with. */
export function preparedItem(spec: ScoringSpec): PreparedItem {
  let item = prepared.get(spec);
  if (item === undefined) {
    item = prepare(spec);
    prepared.set(spec, item);
  }
  return item;
}

function prepare(spec: ScoringSpec): PreparedItem {
  const limits = new Map(spec.parts.map((part) => [part.responseId, part.maxValues ?? Infinity]));
  const responses = spec.responses.map((declaration): [string, PreparedResponse] => [
    declaration.identifier,
    {
      declaration,
      correct: correctOf(declaration),
      limit: limitFor(declaration, limits.get(declaration.identifier)),
    },
  ]);
  const declarations = new Map(spec.responses.map((one) => [one.identifier, one]));
  return {
    spec,
    responses: new Map(responses),
    outcomes: new Map(spec.outcomes.map((one) => [one.identifier, one])),
    defaults: new Map(spec.outcomes.map((one) => [one.identifier, outcomeDefault(one)])),
    parts: spec.parts.map((part) => {
      const declaration = declarations.get(part.responseId);
      const limit = limitFor(declaration, part.maxValues);
      return { part, expected: declaration === undefined ? null : keyOf(declaration, limit) };
    }),
  };
}

/** The default of a declared outcome; a number without one starts at 0. */
function outcomeDefault(outcome: OutcomeDeclaration): Value {
  const { baseType, cardinality, defaultValue } = outcome;
  const isList = cardinality === 'multiple' || cardinality === 'ordered';
  if (defaultValue !== undefined)
    return parseValue(outcome, isList ? defaultValue : defaultValue[0]);
  const isNumber = baseType === 'integer' || baseType === 'float';
  return isNumber && cardinality === 'single' ? parseValue(outcome, '0') : null;
}
