import type { ChoicesScoring, PairsScoring } from '../../items/part-scoring.js';
import { withinShare } from './part-result.js';
import type { PartResult } from './part-result.js';

/** How many of an answer's distinct values are in the key, and how many are not. */
function countIn(key: ReadonlySet<string>, given: ReadonlySet<string>) {
  const hits = [...given].filter((one) => key.has(one)).length;
  return { hits, wrong: given.size - hits, of: key.size };
}

/**
 * Several choices with partial credit. `per-correct` weighs a wrong choice like a right one;
 * `per-option` as a share of all the wrong ones there are, so that picking everything earns 0
 * under both as soon as half of the choices are wrong.
 */
export function scoreChoices(
  { model, optionCount }: ChoicesScoring,
  key: readonly string[],
  given: readonly string[],
): PartResult {
  const counts = countIn(new Set(key), new Set(given));
  const { hits, wrong, of } = counts;
  const lost = model === 'per-correct' ? wrong / of : wrong / Math.max(1, optionCount - of);
  return {
    share: withinShare(hits / of - lost),
    rule: 'counted-choices',
    trace: { kind: 'counted', ...counts },
  };
}

/** Each pair of the key is worth the same; a wrong one takes away a share of that. */
export function scorePairs(
  { penalty }: PairsScoring,
  key: readonly string[],
  given: readonly string[],
): PartResult {
  const counts = countIn(new Set(key), new Set(given));
  const { hits, wrong, of } = counts;
  return {
    share: withinShare((hits - penalty * wrong) / of),
    rule: 'counted-pairs',
    trace: { kind: 'counted', ...counts },
  };
}
