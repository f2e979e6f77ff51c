import type { Expression, Processing, Rule } from '@parlance/assessment';
import { NAMES } from './export-version.js';
import { ruleElements } from './rule-writing.js';
import type { ItemWriting } from './writing.js';
import { el } from './xml-writing.js';
import type { XmlNode } from './xml-writing.js';

/** How the item scores; nothing where a person does. */
export function processingElements(processing: Processing, writing: ItemWriting): XmlNode[] {
  if (processing.kind === 'none' || processing.kind === 'parts') return [];
  if (processing.kind === 'template' && processing.responseId === 'RESPONSE') {
    const [before, after] = NAMES[writing.version].templates;
    return [el('qti-response-processing', { template: `${before}${processing.name}${after}` })];
  }
  const rules = processing.kind === 'rules' ? processing.rules : [templateRule(processing)];
  if (rules.length === 0) return [];
  return [el('qti-response-processing', {}, ruleElements(rules, writing))];
}

/** The standard templates score RESPONSE and no other, so for another name they are written out. */
function templateRule({ name, responseId }: Extract<Processing, { kind: 'template' }>): Rule {
  const given: Expression = { op: 'variable', identifier: responseId };
  const set = (value: Expression): Rule => ({
    rule: 'set-outcome',
    identifier: 'SCORE',
    value,
  });
  const points = (value: string): Rule => set({ op: 'base-value', baseType: 'float', value });
  if (name === 'match_correct') {
    const key: Expression = { op: 'correct', identifier: responseId };
    const when: Expression = { op: 'match', of: [given, key] };
    return {
      rule: 'condition',
      branches: [{ when, rules: [points('1')] }],
      otherwise: [points('0')],
    };
  }
  const op = name === 'map_response' ? 'map-response' : 'map-response-point';
  return {
    rule: 'condition',
    branches: [{ when: { op: 'is-null', of: [given] }, rules: [points('0')] }],
    otherwise: [set({ op, identifier: responseId })],
  };
}
