import type { Branch, Processing, Rule } from '@parlance/assessment';
import { readExpression } from './expressions.js';
import type { Scope } from './expressions.js';
import { FileFault } from './file-fault.js';
import { ITEM_LIMITS } from './limits.js';
import { shown } from './paths.js';
import { readTemplate } from './processing-template.js';
import type { Reading } from './reading.js';
import type { XmlElement } from './xml.js';
import { attribute, childNamed, countWithin, elementsIn, identifierOf } from './xml-reading.js';

/**
 * How an item scores: by a standard template or by its own rules. Nothing is ever fetched.
 *
 * @throws FileFault when it scores in a way this platform cannot carry out.
 */
export function readProcessing(item: XmlElement, scope: Scope, reading: Reading): Processing {
  const element = childNamed(item, 'qti-response-processing');
  if (element === undefined) return { kind: 'none' };
  const rules = elementsIn(element);
  if (countWithin(element) > ITEM_LIMITS.ruleElements) {
    throw new FileFault('The item has too many rules.', element.line);
  }
  if (rules.length > 0) return { kind: 'rules', rules: readRules(rules, scope) };
  const template = attribute(element, 'template') ?? attribute(element, 'template-location');
  return template === undefined
    ? { kind: 'none' }
    : readTemplate(template, element.line, scope, reading);
}

function readRules(elements: readonly XmlElement[], scope: Scope): Rule[] {
  return elements.map((element) => readRule(element, scope));
}

function readRule(element: XmlElement, scope: Scope): Rule {
  switch (element.name) {
    case 'qti-response-condition':
      return readCondition(element, scope);
    case 'qti-set-outcome-value':
      return readSetOutcome(element, 'set-outcome', scope);
    case 'qti-lookup-outcome-value':
      return readSetOutcome(element, 'lookup-outcome', scope);
    case 'qti-response-processing-fragment':
      return { rule: 'fragment', rules: readRules(elementsIn(element), scope) };
    case 'qti-exit-response':
      return { rule: 'exit' };
    default:
      throw new FileFault(`The rule <${element.name}> is not supported.`, element.line);
  }
}

function readSetOutcome(
  element: XmlElement,
  rule: 'set-outcome' | 'lookup-outcome',
  scope: Scope,
): Rule {
  const identifier = identifierOf(element);
  if (!scope.outcomes.has(identifier)) {
    throw new FileFault(`The rules set "${shown(identifier)}", which is no outcome.`, element.line);
  }
  const [value, ...rest] = elementsIn(element);
  if (value === undefined || rest.length > 0) {
    throw new FileFault('An outcome is set to exactly one expression.', element.line);
  }
  return { rule, identifier, value: readExpression(value, scope) };
}

function readCondition(element: XmlElement, scope: Scope): Rule {
  const branches: Branch[] = [];
  let otherwise: Rule[] | null = null;
  for (const child of elementsIn(element)) {
    const isElse = child.name === 'qti-response-else';
    const expected = branches.length === 0 ? 'qti-response-if' : 'qti-response-else-if';
    if (otherwise !== null || (child.name !== expected && !(isElse && branches.length > 0))) {
      throw new FileFault(`<${child.name}> is out of place in a condition.`, child.line);
    }
    if (isElse) otherwise = readRules(elementsIn(child), scope);
    else branches.push(readBranch(child, scope));
  }
  if (branches.length === 0) throw new FileFault('A condition has no if.', element.line);
  return { rule: 'condition', branches, otherwise: otherwise ?? [] };
}

function readBranch(element: XmlElement, scope: Scope): Branch {
  const [when, ...rules] = elementsIn(element);
  if (when === undefined) throw new FileFault('An if has no expression.', element.line);
  return { when: readExpression(when, scope), rules: readRules(rules, scope) };
}
