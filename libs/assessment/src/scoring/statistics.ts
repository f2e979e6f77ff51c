import type { STATISTICS } from '../items/rules.js';
import { withoutNoise } from './rounding.js';
import { single } from './values.js';
import type { Value } from './values.js';

/**
 * QTI's statsOperator over the numbers of a container: sample statistics divide by n - 1 and are
 * NULL for one number, those of a population divide by n.
 */
export function statistic(name: (typeof STATISTICS)[number], numbers: readonly number[]): Value {
  const count = numbers.length;
  if (count === 0) return null;
  const mean = numbers.reduce((total, one) => total + one, 0) / count;
  if (name === 'mean') return single('float', withoutNoise(mean));
  const squares = numbers.reduce((total, one) => total + (one - mean) ** 2, 0);
  const isSample = name === 'sample-variance' || name === 'sample-sd';
  // One number has no sample variance: 0 / 0 is no number and becomes NULL.
  const variance = squares / (isSample ? count - 1 : count);
  const isDeviation = name === 'sample-sd' || name === 'pop-sd';
  return single('float', withoutNoise(isDeviation ? Math.sqrt(variance) : variance));
}
