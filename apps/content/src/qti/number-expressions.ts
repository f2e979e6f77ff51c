import { MATH_FUNCTIONS, patternFault, STATISTICS } from '@parlance/assessment';
import type { Expression, NumberOrVariable } from '@parlance/assessment';
import type { Scope } from './expressions.js';
import { FileFault } from './file-fault.js';
import { shown } from './paths.js';
import type { XmlElement } from './xml.js';
import { attribute, decimalIn, oneOf, required } from './xml-reading.js';

/** @throws FileFault when it is neither a number nor the name of an outcome. */
export function numberOrVariable(
  element: XmlElement,
  name: string,
  scope: Scope,
  otherwise?: number,
): NumberOrVariable {
  if (attribute(element, name) === undefined && otherwise !== undefined) return otherwise;
  const text = required(element, name);
  if (/^-?\d{1,9}$/.test(text)) return Number(text);
  if (scope.outcomes.has(text) || scope.responses.has(text)) return { variable: text };
  throw new FileFault(`${name} "${shown(text)}" is no number and no variable.`, element.line);
}

/** @throws FileFault when it is a number below 1, or neither number nor variable. */
export function positiveOrVariable(
  element: XmlElement,
  name: string,
  scope: Scope,
): NumberOrVariable {
  const value = numberOrVariable(element, name, scope);
  if (typeof value !== 'number' || value >= 1) return value;
  throw new FileFault(`${name} must be 1 or above.`, element.line);
}

/** A number that is given or drawn. @throws FileFault when its bounds are none. */
export function readNumber(
  element: XmlElement,
  op: 'math-constant' | 'random-integer' | 'random-float',
): Expression {
  if (op === 'math-constant') return { op, name: oneOf(element, 'name', ['pi', 'e'] as const) };
  const number = (name: string, otherwise: string) =>
    decimalIn(attribute(element, name)?.trim() ?? otherwise, name, element.line);
  const [min, max] = [number('min', '0'), number('max', '')];
  if (op === 'random-float') {
    if (max < min) throw new FileFault('max is below min.', element.line);
    return { op, min, max };
  }
  const step = number('step', '1');
  if (max < min || step <= 0 || ![min, max, step].every(Number.isInteger)) {
    throw new FileFault('min, max and step must be whole numbers in order.', element.line);
  }
  return { op, min, max, step };
}

const MODES = {
  significantFigures: 'significant-figures',
  decimalPlaces: 'decimal-places',
} as const;

/** @throws FileFault when it does not say how to round. */
export function readRounding(
  element: XmlElement,
  scope: Scope,
): {
  roundingMode: 'significant-figures' | 'decimal-places';
  figures: NumberOrVariable;
} {
  const names = ['significantFigures', 'decimalPlaces'] as const;
  const isSaid = attribute(element, 'rounding-mode') !== undefined;
  const mode = isSaid ? oneOf(element, 'rounding-mode', names) : 'significantFigures';
  const figures = numberOrVariable(element, 'figures', scope, 3);
  const least = mode === 'decimalPlaces' ? 0 : 1;
  if (typeof figures === 'number' && figures < least) {
    throw new FileFault(`figures must be ${least} or above.`, element.line);
  }
  return { roundingMode: MODES[mode], figures };
}

/** QTI writes names of functions in camel case in every version. */
function kebab(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
}

/** @throws FileFault for a function the standard does not know. */
export function readMathOperator(element: XmlElement): string {
  const name = kebab(required(element, 'name'));
  if (MATH_FUNCTIONS.includes(name)) return name;
  throw new FileFault(`The function "${shown(name)}" is not supported.`, element.line);
}

/** @throws FileFault for a function the standard does not know. */
export function readStatistics(element: XmlElement): (typeof STATISTICS)[number] {
  const name = kebab(required(element, 'name'));
  const found = STATISTICS.find((one) => one === name);
  if (found !== undefined) return found;
  throw new FileFault(`The function "${shown(name)}" is not supported.`, element.line);
}

/** @throws FileFault when the pattern is missing or could not be matched in bounded time. */
export function readPattern(element: XmlElement): string {
  const pattern = attribute(element, 'pattern');
  if (pattern === undefined) throw new FileFault('There is no pattern.', element.line);
  const fault = patternFault(pattern);
  if (fault !== null) throw new FileFault(fault, element.line);
  return pattern;
}
