import { single } from './values.js';
import type { Value } from './values.js';

const UNARY: Readonly<Record<string, (x: number) => number>> = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  sec: (x) => 1 / Math.cos(x),
  csc: (x) => 1 / Math.sin(x),
  cot: (x) => 1 / Math.tan(x),
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  asec: (x) => Math.acos(1 / x),
  acsc: (x) => Math.asin(1 / x),
  acot: (x) => Math.atan(1 / x),
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  sech: (x) => 1 / Math.cosh(x),
  csch: (x) => 1 / Math.sinh(x),
  coth: (x) => 1 / Math.tanh(x),
  log: Math.log10,
  ln: Math.log,
  exp: Math.exp,
  abs: Math.abs,
  signum: Math.sign,
  floor: Math.floor,
  ceil: Math.ceil,
  'to-degrees': (x) => (x * 180) / Math.PI,
  'to-radians': (x) => (x * Math.PI) / 180,
};

/** Functions whose result is a whole number in type as well. */
const WHOLE = new Set(['signum', 'floor', 'ceil']);

/**
 * QTI's mathOperator; angles are in radians. NULL for a name that is none, for a number of operands
 * the function does not take, and where the function has no value, such as the logarithm of -1.
 */
export function mathOperator(name: string, operands: readonly number[]): Value {
  const [x, y] = operands;
  if (x === undefined) return null;
  if (name === 'atan2') {
    return y === undefined || operands.length > 2 ? null : single('float', Math.atan2(x, y));
  }
  // Own names only: "constructor" is no function of QTI's.
  const calculate = Object.hasOwn(UNARY, name) ? UNARY[name] : undefined;
  if (calculate === undefined || operands.length !== 1) return null;
  return single(WHOLE.has(name) ? 'integer' : 'float', calculate(x));
}
