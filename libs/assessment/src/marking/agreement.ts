/** Two people's points for one answer. */
export type MarkPair = readonly [number, number];

/**
 * Cohen's kappa with quadratic weights (Cohen 1968): 1 is full agreement, 0 what chance gives.
 * Weights cancel against the number of levels, so points need not be whole and no list of levels
 * is asked for: 1 - sum (x-y)^2 / sum over all pairs of (x-y)^2 / n. Null when there are no pairs
 * or chance could not have disagreed.
 */
export function quadraticWeightedKappa(pairs: readonly MarkPair[]): number | null {
  const n = pairs.length;
  if (n === 0) return null;
  const [meanX, meanY] = [mean(pairs.map(([x]) => x)), mean(pairs.map(([, y]) => y))];
  let observed = 0;
  let expected = 0;
  for (const [x, y] of pairs) {
    observed += (x - y) ** 2;
    expected += (x - meanX) ** 2 + (y - meanY) ** 2;
  }
  expected += n * (meanX - meanY) ** 2;
  return expected === 0 ? null : 1 - observed / expected;
}

export interface MarkerAgreement {
  markerId: string;
  /** Answers that somebody else marked too. */
  count: number;
  /** Mean of own points less the other's: above 0 is generous, below 0 severe. */
  severity: number;
  /** Share of answers with exactly the same points, 0 to 1. */
  exact: number;
  kappa: number | null;
}

/** How each marker agrees with whoever marked the same answers, in the order of their ids. */
export function markerAgreement(
  answers: readonly (readonly { markerId: string; points: number }[])[],
): MarkerAgreement[] {
  const pairs = new Map<string, MarkPair[]>();
  for (const marks of answers) {
    for (const one of marks) {
      for (const other of marks) {
        if (one.markerId === other.markerId) continue;
        const own = pairs.get(one.markerId) ?? [];
        own.push([one.points, other.points]);
        pairs.set(one.markerId, own);
      }
    }
  }
  return [...pairs]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([markerId, own]) => ({
      markerId,
      count: own.length,
      severity: mean(own.map(([mine, theirs]) => mine - theirs)),
      exact: own.filter(([mine, theirs]) => mine === theirs).length / own.length,
      kappa: quadraticWeightedKappa(own),
    }));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
