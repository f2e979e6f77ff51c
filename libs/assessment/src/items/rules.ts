import type { BaseType } from './scoring-spec.js';

/** Operators that take only sub-expressions, with how many of them each takes. */
export const OPERATOR_ARITY = {
  'is-null': [1, 1],
  not: [1, 1],
  and: [1, Infinity],
  or: [1, Infinity],
  match: [2, 2],
  member: [2, 2],
  contains: [2, 2],
  delete: [2, 2],
  multiple: [0, Infinity],
  ordered: [0, Infinity],
  'container-size': [1, 1],
  sum: [1, Infinity],
  product: [1, Infinity],
  subtract: [2, 2],
  divide: [2, 2],
  'integer-divide': [2, 2],
  'integer-modulus': [2, 2],
  'integer-to-float': [1, 1],
  power: [2, 2],
  min: [1, Infinity],
  max: [1, Infinity],
  round: [1, 1],
  truncate: [1, 1],
  lt: [2, 2],
  lte: [2, 2],
  gt: [2, 2],
  gte: [2, 2],
} as const satisfies Record<string, readonly [number, number]>;

export type Operator = keyof typeof OPERATOR_ARITY;

export interface EqualExpression {
  op: 'equal';
  toleranceMode: 'exact' | 'absolute' | 'relative';
  /** Below and above, in units (absolute) or in per cent (relative); ignored when exact. */
  tolerance: [number, number];
  includeLowerBound: boolean;
  includeUpperBound: boolean;
  of: Expression[];
}

/**
 * An expression of QTI response processing as JSON. The names are QTI 3.0's own without the
 * `qti-` prefix. Two kinds are left out on purpose and refused at import: those that draw random
 * numbers, since a score must come out the same again, and `pattern-match`, since a pattern from a
 * package can take exponential time.
 */
export type Expression =
  | { op: 'base-value'; baseType: BaseType; value: string }
  | { op: 'variable' | 'correct' | 'default' | 'map-response'; identifier: string }
  | { op: 'null' }
  | { op: 'index'; n: number; of: Expression[] }
  | { op: 'any-n'; min: number; max: number; of: Expression[] }
  | { op: 'string-match'; caseSensitive: boolean; substring: boolean; of: Expression[] }
  | { op: 'substring'; caseSensitive: boolean; of: Expression[] }
  | EqualExpression
  | { op: Operator; of: Expression[] };

export interface Branch {
  when: Expression;
  rules: Rule[];
}

/** A rule of response processing; `branches` are the if and the else-ifs in their order. */
export type Rule =
  | { rule: 'condition'; branches: Branch[]; otherwise: Rule[] }
  | { rule: 'set-outcome'; identifier: string; value: Expression }
  | { rule: 'fragment'; rules: Rule[] }
  | { rule: 'exit' };
