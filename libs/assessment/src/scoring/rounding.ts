/**
 * Rounds as a person does on paper (QTI "roundTo"): the digit after the last one kept decides, 5
 * and above away from zero. The digits are those of the shortest decimal that is the number, so
 * that 1.005 at two places is 1.01.
 *
 * @returns null where the number of figures makes no sense: below 1 significant figure, below 0
 * decimal places, or not whole.
 */
export function roundTo(
  value: number,
  mode: 'significant-figures' | 'decimal-places',
  figures: number,
): number | null {
  const least = mode === 'significant-figures' ? 1 : 0;
  if (!Number.isInteger(figures) || figures < least) return null;
  const [mantissa = '', exponentText = ''] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const exponent = Number(exponentText);
  const kept = mode === 'significant-figures' ? figures : exponent + 1 + figures;
  if (kept >= digits.length) return value;
  if (kept < 0) return 0;
  const whole = BigInt(digits.slice(0, kept) || '0') + (digits.charAt(kept) >= '5' ? 1n : 0n);
  const rounded = Number(`${whole}e${exponent - kept + 1}`);
  return value < 0 && rounded !== 0 ? -rounded : rounded;
}

/**
 * A sum of decimal fractions without the noise binary floating point adds in the last digit, so
 * that ten times 0.1 equals 1 in a rule that compares them.
 */
export function withoutNoise(total: number): number {
  if (Number.isSafeInteger(total) || !Number.isFinite(total)) return total;
  return Number(total.toPrecision(15));
}
