import type { Expression, NumberOrVariable, Rule } from '@parlance/assessment';
import type { ItemWriting } from './writing.js';
import { el } from './xml-writing.js';
import type { AttributeValue, XmlNode } from './xml-writing.js';

export function ruleElements(rules: readonly Rule[], writing: ItemWriting): XmlNode[] {
  return rules.map((rule) => ruleElement(rule, writing));
}

function ruleElement(rule: Rule, writing: ItemWriting): XmlNode {
  switch (rule.rule) {
    case 'exit':
      return el('qti-exit-response');
    case 'fragment':
      return el('qti-response-processing-fragment', {}, ruleElements(rule.rules, writing));
    case 'set-outcome':
    case 'lookup-outcome': {
      const name = rule.rule === 'set-outcome' ? 'set-outcome-value' : 'lookup-outcome-value';
      const value = expressionElement(rule.value, writing);
      return el(`qti-${name}`, { identifier: rule.identifier }, [value]);
    }
    case 'condition': {
      const branches = rule.branches.map(({ when, rules }, index) =>
        el(index === 0 ? 'qti-response-if' : 'qti-response-else-if', {}, [
          expressionElement(when, writing),
          ...ruleElements(rules, writing),
        ]),
      );
      const otherwise = ruleElements(rule.otherwise, writing);
      return el('qti-response-condition', {}, [
        ...branches,
        ...(otherwise.length === 0 ? [] : [el('qti-response-else', {}, otherwise)]),
      ]);
    }
  }
}

export function expressionElement(expression: Expression, writing: ItemWriting): XmlNode {
  const plain = singleReference(expression, writing);
  if (plain !== null) return expressionElement(plain, { ...writing, single: new Set() });
  const of = 'of' in expression ? expression.of : [];
  const children = of.map((one) => expressionElement(one, writing));
  const value = expression.op === 'base-value' ? [expression.value] : [];
  return el(`qti-${expression.op}`, attributesOf(expression), [...children, ...value]);
}

/** The first of a list that is a single value in QTI is that value. */
function singleReference(expression: Expression, { single }: ItemWriting): Expression | null {
  if (expression.op !== 'index' || expression.n !== 1) return null;
  const [inner] = expression.of;
  const isReference = inner?.op === 'variable' || inner?.op === 'correct';
  return isReference && single.has(inner.identifier) ? inner : null;
}

function numberOf(value: NumberOrVariable): AttributeValue {
  return typeof value === 'number' ? value : value.variable;
}

const MODES = {
  'significant-figures': 'significantFigures',
  'decimal-places': 'decimalPlaces',
} as const;

const STATISTICS: Readonly<Record<string, string>> = {
  'sample-variance': 'sampleVariance',
  'sample-sd': 'sampleSD',
  'pop-variance': 'popVariance',
  'pop-sd': 'popSD',
};

function attributesOf(expression: Expression): Record<string, AttributeValue> {
  switch (expression.op) {
    case 'base-value':
      return { 'base-type': expression.baseType };
    case 'variable':
    case 'correct':
    case 'default':
    case 'map-response':
    case 'map-response-point':
      return { identifier: expression.identifier };
    case 'math-constant':
      return { name: expression.name };
    case 'random-integer':
      return { min: expression.min, max: expression.max, step: expression.step };
    case 'random-float':
      return { min: expression.min, max: expression.max };
    case 'index':
      return { n: numberOf(expression.n) };
    case 'field-value':
      return { 'field-identifier': expression.fieldIdentifier };
    case 'any-n':
      return { min: numberOf(expression.min), max: mostOf(expression.max, expression.of.length) };
    case 'repeat':
      return { 'number-repeats': numberOf(expression.numberRepeats) };
    case 'string-match':
      return { 'case-sensitive': expression.caseSensitive, substring: expression.substring };
    case 'substring':
      return { 'case-sensitive': expression.caseSensitive };
    case 'pattern-match':
      return { pattern: expression.pattern };
    case 'inside':
      return { shape: expression.shape, coords: expression.coords.join(',') };
    case 'equal-rounded':
    case 'round-to':
      return {
        'rounding-mode': MODES[expression.roundingMode],
        figures: numberOf(expression.figures),
      };
    case 'math-operator': {
      const name = expression.name.replace(/-([a-z])/g, (_, one: string) => one.toUpperCase());
      return { name };
    }
    case 'stats-operator':
      return { name: STATISTICS[expression.name] ?? expression.name };
    case 'equal':
      return {
        'tolerance-mode': expression.toleranceMode,
        tolerance:
          expression.toleranceMode === 'exact' ? undefined : expression.tolerance.join(' '),
        'include-lower-bound': expression.includeLowerBound,
        'include-upper-bound': expression.includeUpperBound,
      };
    default:
      return {};
  }
}

/** The schema wants a limit, and of so many conditions no more than all can be met. */
function mostOf(value: NumberOrVariable, count: number): AttributeValue {
  return value === Number.MAX_SAFE_INTEGER ? count : numberOf(value);
}
