import { createHash } from 'node:crypto';

/** A number from 0 to below 1 that hangs on the seed and the words alone. */
export function draw(seed: number, ...words: (string | number)[]): number {
  const digest = createHash('sha256')
    .update([seed, ...words].join('\n'))
    .digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

/** A whole number from `low` to `high`, decided likewise. */
export function drawBetween(
  low: number,
  high: number,
  seed: number,
  ...words: (string | number)[]
): number {
  return low + Math.floor(draw(seed, ...words) * (high - low + 1));
}

/** The items in an order of the seed's choice. */
export function shuffled<T>(items: readonly T[], seed: number, name: (item: T) => string): T[] {
  const keyed = items.map((item) => ({ item, key: draw(seed, 'order', name(item)) }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
