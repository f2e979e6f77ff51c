import type { Rule } from '../items/rules.js';
import { enter, spend } from './effort.js';
import { evaluate } from './evaluate.js';
import type { ScoreStep } from './item-score.js';
import { lookedUp } from './lookup.js';
import { isNumeric, numberIn, truthIn } from './values.js';
import type { Value } from './values.js';
import { COMPLETION_STATUS } from './variables.js';
import type { Variables } from './variables.js';

/** Most steps kept of how SCORE came about; the last ones, for they say what it ended as. */
export const MAX_SCORE_STEPS = 50;

/**
 * Carries out response processing in order, changing the outcomes. A condition holds only when it
 * is true, never when it is NULL.
 *
 * @param at JSON pointer of these rules within the rules of the item.
 * @returns false when an exit rule ended the processing.
 * @throws EffortError when the rules take more work than an item is given.
 */
export function runRules(
  rules: readonly Rule[],
  variables: Variables,
  at = '',
  depth = 0,
): boolean {
  const below = enter(depth);
  for (let index = 0; index < rules.length; index += 1) {
    if (!runRule(rules[index] as Rule, variables, `${at}/${index}`, below)) return false;
  }
  return true;
}

function runRule(rule: Rule, variables: Variables, at: string, depth: number): boolean {
  spend(variables.effort, 1);
  switch (rule.rule) {
    case 'exit':
      return false;
    case 'fragment':
      return runRules(rule.rules, variables, `${at}/rules`, depth);
    case 'set-outcome':
      setOutcome(rule.identifier, evaluate(rule.value, variables, depth), variables, at);
      return true;
    case 'lookup-outcome': {
      const declared = variables.item.outcomes.get(rule.identifier);
      const source = evaluate(rule.value, variables, depth);
      const value = declared === undefined ? null : lookedUp(declared, source);
      setOutcome(rule.identifier, value, variables, at);
      return true;
    }
    case 'condition': {
      const taken = rule.branches.findIndex(
        ({ when }) => truthIn(evaluate(when, variables, depth)) === true,
      );
      const branch = rule.branches[taken];
      if (branch === undefined)
        return runRules(rule.otherwise, variables, `${at}/otherwise`, depth);
      return runRules(branch.rules, variables, `${at}/branches/${taken}/rules`, depth);
    }
  }
}

/**
 * A value of another type than the outcome's leaves it NULL. A number that is whole does for an
 * integer and any for a float: authors count points in both. What is not declared is not set,
 * except for what QTI declares itself.
 */
function setOutcome(identifier: string, value: Value, variables: Variables, at: string): void {
  const declared = variables.item.outcomes.get(identifier) ?? BUILT_IN[identifier];
  if (declared === undefined) return;
  const fits =
    value !== null &&
    value.cardinality === declared.cardinality &&
    (value.baseType === declared.baseType || isNumberFor(declared.baseType, value));
  variables.outcomes.set(identifier, fits ? { ...value, baseType: declared.baseType } : null);
  if (identifier === 'SCORE') noteScore(variables, at);
}

const BUILT_IN: Record<string, { cardinality: 'single'; baseType: 'identifier' } | undefined> =
  Object.assign(Object.create(null), {
    [COMPLETION_STATUS]: { cardinality: 'single', baseType: 'identifier' },
  });

function isNumberFor(baseType: string, value: NonNullable<Value>): boolean {
  if (!isNumeric(value.baseType)) return false;
  if (baseType === 'float') return true;
  return baseType === 'integer' && value.items.every(Number.isInteger);
}

function noteScore({ steps, outcomes }: Variables, at: string): void {
  const step: ScoreStep = { at, points: numberIn(outcomes.get('SCORE') ?? null) };
  steps.push(step);
  if (steps.length > MAX_SCORE_STEPS) steps.shift();
}
