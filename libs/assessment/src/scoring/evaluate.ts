import type { Expression } from '../items/rules.js';
import { mapResponse } from './mapping.js';
import { applyOperator, equal, stringMatch } from './operators.js';
import { parseAtom, single, truth, truthIn } from './values.js';
import type { Value } from './values.js';
import { correctOf, defaultOf } from './variables.js';
import type { Variables } from './variables.js';

/**
 * The value of an expression (QTI 3.0 information model, "expressions"). It never throws and draws
 * nothing at random: whatever has no value is NULL, and NULL spreads as the operator says.
 */
export function evaluate(expression: Expression, variables: Variables): Value {
  switch (expression.op) {
    case 'base-value': {
      const atom = parseAtom(expression.baseType, expression.value);
      return atom === null ? null : single(expression.baseType, atom);
    }
    case 'variable':
      return (
        variables.outcomes.get(expression.identifier) ??
        variables.responses.get(expression.identifier) ??
        null
      );
    case 'correct':
      return correctOf(variables.declarations.get(expression.identifier));
    case 'default':
      return defaultOf(variables, expression.identifier);
    case 'map-response':
      return mapped(expression.identifier, variables);
    case 'null':
      return null;
    case 'map-response-point':
    case 'math-constant':
    case 'random-integer':
    case 'random-float':
      return null;
    default:
      return combine(
        expression,
        expression.of.map((one) => evaluate(one, variables)),
      );
  }
}

type Compound = Extract<Expression, { of: Expression[] }>;

function combine(expression: Compound, of: Value[]): Value {
  const [first = null, second = null] = of;
  switch (expression.op) {
    case 'index': {
      const n = typeof expression.n === 'number' ? expression.n : Number.NaN;
      const item = first?.cardinality === 'ordered' ? first.items[n - 1] : undefined;
      return first === null || item === undefined ? null : single(first.baseType, item);
    }
    case 'any-n':
      return anyN(Number(expression.min), Number(expression.max), of.map(truthIn));
    case 'string-match':
      return stringMatch(first, second, expression.caseSensitive, expression.substring);
    case 'substring':
      // QTI's substring asks whether the second text holds the first.
      return stringMatch(second, first, expression.caseSensitive, true);
    case 'field-value':
    case 'repeat':
    case 'pattern-match':
    case 'inside':
    case 'equal-rounded':
    case 'round-to':
    case 'math-operator':
    case 'stats-operator':
      return null;
    case 'equal':
      return equal(first, second, expression);
    default:
      return applyOperator(expression.op, of);
  }
}

function mapped(identifier: string, variables: Variables): Value {
  const declaration = variables.declarations.get(identifier);
  if (declaration === undefined) return null;
  return single('float', mapResponse(declaration, variables.responses.get(identifier) ?? null));
}

/** True when at least min and at most max are true, as far as the NULLs leave that certain. */
function anyN(min: number, max: number, truths: (boolean | null)[]): Value {
  const certain = truths.filter((one) => one === true).length;
  const possible = certain + truths.filter((one) => one === null).length;
  if (certain > max || possible < min) return truth(false);
  return certain >= min && possible <= max ? truth(true) : null;
}
