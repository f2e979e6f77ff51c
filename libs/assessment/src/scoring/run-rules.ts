import type { Rule } from '../items/rules.js';
import { evaluate } from './evaluate.js';
import { truthIn } from './values.js';
import type { Value } from './values.js';
import type { Variables } from './variables.js';

/**
 * Carries out response processing in order, changing the outcomes. A condition holds only when it
 * is true, never when it is NULL.
 *
 * @returns false when an exit rule ended the processing.
 */
export function runRules(rules: readonly Rule[], variables: Variables): boolean {
  for (const rule of rules) {
    if (!runRule(rule, variables)) return false;
  }
  return true;
}

function runRule(rule: Rule, variables: Variables): boolean {
  switch (rule.rule) {
    case 'exit':
      return false;
    case 'fragment':
      return runRules(rule.rules, variables);
    case 'set-outcome':
      setOutcome(rule.identifier, evaluate(rule.value, variables), variables);
      return true;
    case 'lookup-outcome':
      return true;
    case 'condition': {
      const branch = rule.branches.find(({ when }) => truthIn(evaluate(when, variables)) === true);
      return runRules(branch?.rules ?? rule.otherwise, variables);
    }
  }
}

/** A value of another type than the outcome's leaves it NULL; an integer does for a float. */
function setOutcome(identifier: string, value: Value, variables: Variables): void {
  const declared = variables.spec.outcomes.find((one) => one.identifier === identifier);
  if (declared === undefined) return;
  const isNumber = typeof value?.items[0] === 'number';
  const fits =
    value !== null &&
    value.cardinality === declared.cardinality &&
    (value.baseType === declared.baseType || (isNumber && declared.baseType === 'float'));
  variables.outcomes.set(identifier, fits ? { ...value, baseType: declared.baseType } : null);
}
