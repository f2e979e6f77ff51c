import type {
  Expression,
  OutcomeDeclaration,
  ResponseDeclaration,
  Responses,
} from '../src/index.js';
import { evaluate } from '../src/scoring/evaluate.js';
import { toJson } from '../src/scoring/values.js';
import { startVariables } from '../src/scoring/variables.js';
import { setScore, spec } from './specs.js';

export const NULL: Expression = { op: 'null' };

export const literal =
  (baseType: ResponseDeclaration['baseType']) =>
  (value: string | number | boolean): Expression => ({
    op: 'base-value',
    baseType,
    value: String(value),
  });

export const integer = literal('integer');
export const identifier = literal('identifier');
export const point = literal('point');
export const seconds = literal('duration');
export const truth = literal('boolean');

export const multiple = (...of: Expression[]): Expression => ({ op: 'multiple', of });
export const ordered = (...of: Expression[]): Expression => ({ op: 'ordered', of });

export interface Surroundings {
  responses?: ResponseDeclaration[];
  outcomes?: OutcomeDeclaration[];
  answers?: Responses;
  seed?: string;
}

/** What an expression comes to within an item, as JSON. */
export function valueOf(expression: Expression, given: Surroundings = {}) {
  const item = spec(
    given.responses ?? [],
    { kind: 'rules', rules: [setScore(expression)] },
    { outcomes: given.outcomes ?? [] },
  );
  return toJson(evaluate(expression, startVariables(item, given.answers ?? {}, given.seed)));
}
