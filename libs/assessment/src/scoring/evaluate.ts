import type { Expression, NumberOrVariable } from '../items/rules.js';
import { isInside } from './areas.js';
import { numbersIn } from './arithmetic.js';
import { gather, itemAt } from './containers.js';
import { fraction } from './draws.js';
import { enter, spend, stepsFor } from './effort.js';
import { mapResponse, mapResponsePoint } from './mapping.js';
import { mathOperator } from './math-functions.js';
import { anyN, applyOperator, equal, stringMatch, textIn } from './operators.js';
import { patternMatches, patternSteps } from './pattern.js';
import { roundTo } from './rounding.js';
import { statistic } from './statistics.js';
import { isContainer, numberIn, parseAtom, single, truth, truthIn } from './values.js';
import type { Value } from './values.js';
import type { Variables } from './variables.js';

/**
 * The value of an expression (QTI 3.0 information model, "expressions"). Whatever has no value is
 * NULL, and NULL spreads as the operator says; nothing an item or an answer holds is an error.
 *
 * @throws EffortError when the expression takes more work than an item is given.
 */
export function evaluate(expression: Expression, variables: Variables, depth = 0): Value {
  spend(variables.effort, 1);
  switch (expression.op) {
    case 'base-value': {
      const atom = parseAtom(expression.baseType, expression.value);
      return atom === null ? null : single(expression.baseType, atom);
    }
    case 'variable':
      return variableOf(expression.identifier, variables);
    case 'correct':
      return variables.item.responses.get(expression.identifier)?.correct ?? null;
    case 'default':
      return variables.item.defaults.get(expression.identifier) ?? null;
    case 'map-response':
    case 'map-response-point':
      return mapped(expression.op, expression.identifier, variables);
    case 'null':
      return null;
    case 'math-constant':
      return single('float', expression.name === 'pi' ? Math.PI : Math.E);
    case 'random-integer':
      return randomInteger(expression, variables);
    case 'random-float': {
      const { min, max } = expression;
      if (!(min <= max)) return null;
      return single('float', min + fraction(variables.draws.of(expression)) * (max - min));
    }
    case 'repeat':
      return repeated(expression, variables, enter(depth));
    default: {
      const below = enter(depth);
      const of = expression.of.map((one) => evaluate(one, variables, below));
      for (const value of of) spend(variables.effort, value === null ? 0 : costOf(value));
      return combine(expression, of, variables);
    }
  }
}

type Compound = Exclude<Extract<Expression, { of: Expression[] }>, { op: 'repeat' }>;

function combine(expression: Compound, of: Value[], variables: Variables): Value {
  const [first = null, second = null] = of;
  switch (expression.op) {
    case 'index':
      return itemAt(wholeIn(expression.n, variables), first);
    case 'field-value':
      return fieldOf(first, expression.fieldIdentifier);
    case 'any-n': {
      const { min, max } = expression;
      return anyN(wholeIn(min, variables), wholeIn(max, variables), of.map(truthIn));
    }
    case 'string-match':
      return stringMatch(first, second, expression.caseSensitive, expression.substring);
    case 'substring':
      // QTI's substring asks whether the second text holds the first.
      return stringMatch(second, first, expression.caseSensitive, true);
    case 'pattern-match':
      return patternMatch(expression.pattern, first, variables);
    case 'inside':
      if (first?.baseType !== 'point') return null;
      return truth(first.items.some((one) => isInside(expression.shape, expression.coords, one)));
    case 'equal-rounded': {
      const [a, b] = [
        rounded(expression, first, variables),
        rounded(expression, second, variables),
      ];
      return a === null || b === null ? null : truth(a === b);
    }
    case 'round-to': {
      const number = rounded(expression, first, variables);
      return number === null ? null : single('float', number);
    }
    case 'math-operator': {
      const numbers = of.map(numberIn).filter((one) => one !== null);
      return numbers.length < of.length ? null : mathOperator(expression.name, numbers);
    }
    case 'stats-operator':
      return isContainer(first) ? statistic(expression.name, numbersIn([first]) ?? []) : null;
    case 'equal':
      return equal(first, second, expression);
    case 'random':
      return oneOf(expression, of, variables);
    default:
      return applyOperator(expression.op, of);
  }
}

function variableOf(identifier: string, { outcomes, responses }: Variables): Value {
  return outcomes.get(identifier) ?? responses.get(identifier) ?? null;
}

/** What an operator may have to go through to use a value. */
function costOf(value: NonNullable<Value>): number {
  let steps = value.items.length - 1;
  for (const item of value.items) if (typeof item === 'string') steps += stepsFor(item);
  return steps;
}

function mapped(
  op: 'map-response' | 'map-response-point',
  identifier: string,
  { item, responses, effort }: Variables,
): Value {
  const response = item.responses.get(identifier);
  if (response === undefined) return null;
  const value = responses.get(identifier) ?? null;
  spend(effort, value === null ? 0 : costOf(value));
  const map = op === 'map-response' ? mapResponse : mapResponsePoint;
  return single('float', map(response.declaration, value));
}

/** Its sub-expressions over and over, evaluated anew each time: each may draw at random. */
function repeated(
  expression: Extract<Expression, { op: 'repeat' }>,
  variables: Variables,
  below: number,
): Value {
  const times = wholeIn(expression.numberRepeats, variables);
  if (times === null || times < 1) return null;
  const values: Value[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    spend(variables.effort, 1);
    for (const one of expression.of) {
      const value = evaluate(one, variables, below);
      spend(variables.effort, value === null ? 0 : costOf(value));
      values.push(value);
    }
  }
  return gather('ordered', values);
}

/** A whole number that is written out or held by a variable; null when it is neither. */
function wholeIn(given: NumberOrVariable, variables: Variables): number | null {
  const number =
    typeof given === 'number' ? given : numberIn(variableOf(given.variable, variables));
  return Number.isInteger(number) ? number : null;
}

function fieldOf(record: Value, field: string): Value {
  const fields = record?.fields ?? {};
  return Object.hasOwn(fields, field) ? (fields[field] ?? null) : null;
}

function patternMatch(pattern: string, value: Value, { effort }: Variables): Value {
  const text = textIn(value);
  if (text === null) return null;
  spend(effort, patternSteps(pattern, text));
  const matches = patternMatches(pattern, text);
  return matches === null ? null : truth(matches);
}

function rounded(
  { roundingMode, figures }: Extract<Expression, { op: 'round-to' | 'equal-rounded' }>,
  value: Value,
  variables: Variables,
): number | null {
  const number = numberIn(value);
  const places = wholeIn(figures, variables);
  return number === null || places === null ? null : roundTo(number, roundingMode, places);
}

function randomInteger(
  expression: Extract<Expression, { op: 'random-integer' }>,
  { draws }: Variables,
): Value {
  const { min, max, step } = expression;
  const count = Math.floor((max - min) / step) + 1;
  const isSound = [min, max, step].every(Number.isSafeInteger) && step > 0 && min <= max;
  // The generator draws from at most so many, which is all that a QTI integer can be.
  if (!isSound || count > 2 ** 32) return null;
  return single('integer', min + step * draws.of(expression).below(count));
}

/** One of the values, those of containers one by one. */
function oneOf(expression: Expression, of: Value[], { draws }: Variables): Value {
  const all = of.flatMap((value) =>
    value === null ? [] : value.items.map((item) => single(value.baseType, item)),
  );
  return all.length === 0 ? null : (all[draws.of(expression).below(all.length)] ?? null);
}
