import { BASE_TYPES, OPERATOR_ARITY } from '@parlance/assessment';
import type { BaseType, EqualExpression, Expression, Operator } from '@parlance/assessment';
import type { ResponseDeclaration } from '@parlance/assessment';
import { FileFault } from './file-fault.js';
import { readArea } from './mappings.js';
import {
  readMathOperator,
  readNumber,
  readRounding,
  readStatistics,
} from './number-expressions.js';
import { numberOrVariable, positiveOrVariable, readPattern } from './number-expressions.js';
import { shown } from './paths.js';
import type { XmlElement } from './xml.js';
import { attribute, decimalIn, elementsIn, flag, identifierOf, oneOf } from './xml-reading.js';
import { required, textIn } from './xml-reading.js';

/** Which try it is: QTI declares it for every item. Its other one, duration, is not known here. */
const NUM_ATTEMPTS = 'numAttempts';

/** The variables an item declares, by which its rules are checked as they are read. */
export interface Scope {
  responses: ReadonlyMap<string, ResponseDeclaration>;
  outcomes: ReadonlySet<string>;
  /** Responses with one value in QTI whose answers are lists here; see `listed` in item.ts. */
  listed: ReadonlySet<string>;
}

/**
 * One expression of response processing.
 *
 * @throws FileFault when it is not one this platform can carry out, or names what is not there:
 * an item must not be imported to be scored wrongly.
 */
export function readExpression(element: XmlElement, scope: Scope): Expression {
  const op = element.name.replace(/^qti-/, '');
  switch (op) {
    case 'null':
      return { op };
    case 'base-value':
      return readBaseValue(element);
    case 'variable':
    case 'correct':
    case 'default':
    case 'map-response':
    case 'map-response-point':
      return readReference(element, op, scope);
    case 'math-constant':
    case 'random-integer':
    case 'random-float':
      return readNumber(element, op);
    case 'string-match':
    case 'substring':
      return readTextComparison(element, op, scope);
    case 'equal':
      return readEqual(element, scope);
    default:
      return readCompound(element, op, scope);
  }
}

function readCompound(element: XmlElement, op: string, scope: Scope): Expression {
  const of = (least: number, most = least) => operands(element, scope, least, most);
  switch (op) {
    case 'index':
      return { op, n: positiveOrVariable(element, 'n', scope), of: of(1) };
    case 'field-value':
      return { op, fieldIdentifier: identifierOf(element, 'field-identifier'), of: of(1) };
    case 'any-n':
      return {
        op,
        min: numberOrVariable(element, 'min', scope, 0),
        max: numberOrVariable(element, 'max', scope, Number.MAX_SAFE_INTEGER),
        of: of(1, Infinity),
      };
    case 'repeat':
      return {
        op,
        numberRepeats: positiveOrVariable(element, 'number-repeats', scope),
        of: of(1, Infinity),
      };
    case 'pattern-match':
      return { op, pattern: readPattern(element), of: of(1) };
    case 'inside':
      return { op, ...readArea(element), of: of(1) };
    case 'equal-rounded':
      return { op, ...readRounding(element, scope), of: of(2) };
    case 'round-to':
      return { op, ...readRounding(element, scope), of: of(1) };
    case 'math-operator':
      return { op, name: readMathOperator(element), of: of(1, 2) };
    case 'stats-operator':
      return { op, name: readStatistics(element), of: of(1) };
    case 'custom-operator':
      throw new FileFault('An operator of one vendor is not supported.', element.line);
    default:
      return readOperator(element, op, scope);
  }
}

function readOperator(element: XmlElement, op: string, scope: Scope): Expression {
  if (!Object.hasOwn(OPERATOR_ARITY, op)) {
    throw new FileFault(`The rule <${element.name}> is not supported.`, element.line);
  }
  const operator = op as Operator;
  const [least, most] = OPERATOR_ARITY[operator];
  return { op: operator, of: operands(element, scope, least, most) };
}

function operands(element: XmlElement, scope: Scope, least: number, most: number): Expression[] {
  const children = elementsIn(element);
  if (children.length < least || children.length > most) {
    const takes = least === most ? `${least}` : `at least ${least}`;
    throw new FileFault(
      `<${element.name}> has ${children.length} expressions and takes ${takes}.`,
      element.line,
    );
  }
  return children.map((child) => readExpression(child, scope));
}

function readBaseValue(element: XmlElement): Expression {
  const baseType: BaseType = oneOf(element, 'base-type', BASE_TYPES);
  const value = textIn(element);
  if (baseType === 'float' || baseType === 'integer') {
    decimalIn(value.trim(), `A base value of type ${baseType}`, element.line);
  }
  return { op: 'base-value', baseType, value };
}

type Reference = 'variable' | 'correct' | 'default' | 'map-response' | 'map-response-point';

/** What a reference to a response needs of it. */
const NEEDS = {
  correct: ['correct', 'compare with the key'],
  'map-response': ['mapping', 'use the mapping'],
  'map-response-point': ['areaMapping', 'use the areas'],
} as const;

function readReference(element: XmlElement, op: Reference, scope: Scope): Expression {
  const identifier = identifierOf(element);
  const response = scope.responses.get(identifier);
  const isBuiltIn = op === 'variable' && identifier === NUM_ATTEMPTS;
  const isKnown = isBuiltIn || response !== undefined || scope.outcomes.has(identifier);
  const fault = (reason: string) => new FileFault(reason, element.line);
  if (!isKnown) throw fault(`The rules use "${shown(identifier)}", which is not declared.`);
  if (op === 'correct' || op === 'map-response' || op === 'map-response-point') {
    const [field, use] = NEEDS[op];
    if (response?.[field] === undefined) {
      throw fault(`The rules ${use} of "${shown(identifier)}", which has none.`);
    }
  }
  const reference: Expression = { op, identifier };
  const isOfList = scope.listed.has(identifier) && (op === 'variable' || op === 'correct');
  return isOfList ? { op: 'index', n: 1, of: [reference] } : reference;
}

function readTextComparison(
  element: XmlElement,
  op: 'string-match' | 'substring',
  scope: Scope,
): Expression {
  const caseSensitive = flag(element, 'case-sensitive', true);
  const of = operands(element, scope, 2, 2);
  if (op === 'substring') return { op, caseSensitive, of };
  return { op, caseSensitive, substring: flag(element, 'substring', false), of };
}

function readEqual(element: XmlElement, scope: Scope): EqualExpression {
  const modes = ['exact', 'absolute', 'relative'] as const;
  const hasMode = attribute(element, 'tolerance-mode') !== undefined;
  const toleranceMode = hasMode ? oneOf(element, 'tolerance-mode', modes) : 'exact';
  return {
    op: 'equal',
    toleranceMode,
    tolerance: toleranceMode === 'exact' ? [0, 0] : readTolerance(element),
    includeLowerBound: flag(element, 'include-lower-bound', true),
    includeUpperBound: flag(element, 'include-upper-bound', true),
    of: operands(element, scope, 2, 2),
  };
}

/** One number for both sides, or one for each. */
function readTolerance(element: XmlElement): [number, number] {
  const texts = required(element, 'tolerance').split(/\s+/);
  const [below = Number.NaN, above = below] = texts.map((text) =>
    decimalIn(text, 'tolerance', element.line),
  );
  if (texts.length > 2 || below < 0 || above < 0) {
    throw new FileFault('A tolerance is one or two numbers, 0 or above.', element.line);
  }
  return [below, above];
}
