import type { OrderScoring } from '@parlance/assessment';
import type { Losses } from '../losses.js';

/** Most orders that are written out for one part. */
const MAX_ORDERS = 200;

/** The orders that are as right as the key, without the key itself. */
export function ordersOf(
  scoring: OrderScoring,
  key: readonly string[],
  losses: Losses,
): string[][] {
  if (scoring.model !== 'exact' && scoring.partialCap > 0) {
    const detail = 'QTI gives nothing for an order that is right in part.';
    losses.add('partial-credit-left-out', detail);
  }
  const orders = new Map<string, string[]>();
  let isCut = false;
  for (const order of [[...key], ...scoring.alternatives]) {
    for (const one of swapped(order, scoring.interchangeable)) {
      if (orders.size < MAX_ORDERS) orders.set(one.join(' '), one);
      else isCut = true;
    }
  }
  if (isCut) {
    const detail = `Of the orders that are right, ${MAX_ORDERS} were written.`;
    losses.add('variants-left-out', detail);
  }
  orders.delete(key.join(' '));
  return [...orders.values()];
}

/** Every order that comes of letting choices that look alike stand for each other. */
function* swapped(order: string[], groups: readonly string[][]): Generator<string[]> {
  const [group, ...rest] = groups;
  if (group === undefined) {
    yield order;
    return;
  }
  const places = order.flatMap((id, index) => (group.includes(id) ? [index] : []));
  const ids = places.map((place) => order[place] as string);
  for (const permuted of permutations(ids)) {
    const changed = [...order];
    places.forEach((place, index) => (changed[place] = permuted[index] as string));
    yield* swapped(changed, rest);
  }
}

function* permutations(ids: readonly string[]): Generator<string[]> {
  if (ids.length === 0) {
    yield [];
    return;
  }
  for (const [index, id] of ids.entries()) {
    for (const rest of permutations(ids.toSpliced(index, 1))) yield [id, ...rest];
  }
}
