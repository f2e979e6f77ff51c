import type { AreaShape, BaseType } from './scoring-spec.js';

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
  gcd: [1, Infinity],
  lcm: [1, Infinity],
  power: [2, 2],
  min: [1, Infinity],
  max: [1, Infinity],
  round: [1, 1],
  truncate: [1, 1],
  lt: [2, 2],
  lte: [2, 2],
  gt: [2, 2],
  gte: [2, 2],
  'duration-lt': [2, 2],
  'duration-gte': [2, 2],
  /** One of its operands, or one item of its only container, by the recorded seed. */
  random: [1, Infinity],
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

export const MATH_FUNCTIONS = (
  'sin cos tan sec csc cot asin acos atan atan2 asec acsc acot sinh cosh tanh sech csch coth ' +
  'log ln exp abs signum floor ceil to-degrees to-radians'
).split(' ') as readonly string[];

export const STATISTICS = [
  'mean',
  'sample-variance',
  'sample-sd',
  'pop-variance',
  'pop-sd',
] as const;

/** A number written out, or the identifier of a variable that holds it. */
export type NumberOrVariable = number | { variable: string };

/**
 * An expression of QTI response processing as JSON. The names are QTI 3.0's own without the
 * `qti-` prefix, its attributes in camel case. `custom-operator` is left out on purpose and
 * refused at import: nobody but its vendor knows what it does.
 *
 * What is random is drawn from the seed of the attempt, so that a score comes out the same again.
 */
export type Expression =
  | { op: 'base-value'; baseType: BaseType; value: string }
  | {
      op: 'variable' | 'correct' | 'default' | 'map-response' | 'map-response-point';
      identifier: string;
    }
  | { op: 'null' }
  | { op: 'math-constant'; name: 'pi' | 'e' }
  | { op: 'random-integer'; min: number; max: number; step: number }
  | { op: 'random-float'; min: number; max: number }
  | { op: 'index'; n: NumberOrVariable; of: Expression[] }
  | { op: 'field-value'; fieldIdentifier: string; of: Expression[] }
  | { op: 'any-n'; min: NumberOrVariable; max: NumberOrVariable; of: Expression[] }
  | { op: 'repeat'; numberRepeats: NumberOrVariable; of: Expression[] }
  | { op: 'string-match'; caseSensitive: boolean; substring: boolean; of: Expression[] }
  | { op: 'substring'; caseSensitive: boolean; of: Expression[] }
  /** The pattern in the syntax of XML Schema, which always matches the whole of a text. */
  | { op: 'pattern-match'; pattern: string; of: Expression[] }
  | { op: 'inside'; shape: AreaShape; coords: number[]; of: Expression[] }
  | {
      op: 'equal-rounded' | 'round-to';
      roundingMode: 'significant-figures' | 'decimal-places';
      figures: NumberOrVariable;
      of: Expression[];
    }
  | { op: 'math-operator'; name: string; of: Expression[] }
  | { op: 'stats-operator'; name: (typeof STATISTICS)[number]; of: Expression[] }
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
  /** The value is put through the outcome's lookup table. */
  | { rule: 'lookup-outcome'; identifier: string; value: Expression }
  | { rule: 'fragment'; rules: Rule[] }
  | { rule: 'exit' };
