import { BASE_TYPES, OPERATOR_ARITY } from '@parlance/assessment';
import type { BaseType, EqualExpression, Expression, Operator } from '@parlance/assessment';
import type { ResponseDeclaration } from '@parlance/assessment';
import { FileFault } from './file-fault.js';
import { shown } from './paths.js';
import type { XmlElement } from './xml.js';
import { attribute, decimalIn, elementsIn, flag, identifierOf, oneOf } from './xml-reading.js';
import { required, textIn, wholeNumber } from './xml-reading.js';

/** The variables an item declares, by which its rules are checked as they are read. */
export interface Scope {
  responses: ReadonlyMap<string, ResponseDeclaration>;
  outcomes: ReadonlySet<string>;
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
      return { op, identifier: readReference(element, op, scope) };
    case 'index':
      return { op, n: readPosition(element), of: operands(element, scope, 1, 1) };
    case 'any-n':
      return {
        op,
        min: wholeNumber(element, 'min') ?? 0,
        max: wholeNumber(element, 'max') ?? Number.MAX_SAFE_INTEGER,
        of: operands(element, scope, 1, Infinity),
      };
    case 'string-match':
    case 'substring':
      return readTextComparison(element, op, scope);
    case 'equal':
      return readEqual(element, scope);
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

function readReference(
  element: XmlElement,
  op: 'variable' | 'correct' | 'default' | 'map-response',
  scope: Scope,
): string {
  const identifier = identifierOf(element);
  const response = scope.responses.get(identifier);
  const isKnown = response !== undefined || scope.outcomes.has(identifier);
  const fault = (reason: string) => new FileFault(reason, element.line);
  if (!isKnown) throw fault(`The rules use "${shown(identifier)}", which is not declared.`);
  if (op === 'correct' && response?.correct === undefined) {
    throw fault(`The rules compare with the key of "${shown(identifier)}", which has none.`);
  }
  if (op === 'map-response' && response?.mapping === undefined) {
    throw fault(`The rules use the mapping of "${shown(identifier)}", which has none.`);
  }
  return identifier;
}

function readPosition(element: XmlElement): number {
  const n = wholeNumber(element, 'n');
  if (n === undefined || n < 1) throw new FileFault('An index must be 1 or above.', element.line);
  return n;
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
