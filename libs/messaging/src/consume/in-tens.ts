/** Cuts a list into what one batch call takes. */
export function inTens<T>(items: T[]): T[][] {
  const batches: T[][] = [];
  for (let at = 0; at < items.length; at += 10) batches.push(items.slice(at, at + 10));
  return batches;
}
