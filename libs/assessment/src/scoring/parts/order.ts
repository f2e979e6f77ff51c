import type { OrderModel, OrderScoring } from '../../items/part-scoring.js';
import { withinShare } from './part-result.js';
import type { PartResult } from './part-result.js';

/**
 * An answer that is one of the accepted orders earns all; any other the model's share against the
 * accepted order it comes nearest to, times the cap. A choice that is missing is out of its place.
 */
export function scoreOrder(
  scoring: OrderScoring,
  key: readonly string[],
  given: readonly string[],
): PartResult {
  let [best, nearest] = [-1, key];
  for (const order of [key, ...scoring.alternatives]) {
    const answer = asIn(order, given, scoring.interchangeable);
    const isExact = answer.length === order.length && answer.every((id, at) => id === order[at]);
    const share = isExact ? 1 : orderShare(scoring.model, order, answer) * scoring.partialCap;
    if (share > best) [best, nearest] = [share, order];
  }
  return {
    share: withinShare(best),
    rule: 'compared-order',
    trace: { kind: 'order', model: scoring.model, nearest: [...nearest] },
  };
}

/**
 * The answer without what is not to be ordered or was there before, and with choices that look
 * alike named in the order in which the accepted order has them.
 */
function asIn(
  order: readonly string[],
  given: readonly string[],
  interchangeable: readonly string[][],
): string[] {
  const known = new Set(order);
  const answer = [...new Set(given)].filter((id) => known.has(id));
  const names = new Map<string, string>();
  for (const group of interchangeable) {
    const there = answer.filter((id) => group.includes(id));
    const wanted = order.filter((id) => group.includes(id));
    there.forEach((id, at) => names.set(id, wanted[at] ?? id));
  }
  return answer.map((id) => names.get(id) ?? id);
}

/**
 * The share of an order under each model of Moodle's ordering question (qtype_ordering). `order`
 * is the right one, `answer` holds some or all of its choices, each once.
 */
export function orderShare(
  model: OrderModel,
  order: readonly string[],
  answer: readonly string[],
): number {
  const count = order.length;
  const sum = (worth: (id: string) => number) => answer.reduce((total, id) => total + worth(id), 0);
  const place = (list: readonly string[], id: string) => list.indexOf(id);
  const next = (list: readonly string[], id: string) => list[place(list, id) + 1] ?? null;
  const previous = (list: readonly string[], id: string) => list[place(list, id) - 1] ?? null;
  const hasNext = (id: string) => Number(next(answer, id) === next(order, id));
  const hasPrevious = (id: string) => Number(previous(answer, id) === previous(order, id));
  switch (model) {
    case 'exact':
      return Number(answer.length === count && answer.every((id, at) => id === order[at]));
    case 'absolute':
      return sum((id) => Number(place(answer, id) === place(order, id))) / count;
    case 'next-excluding-last':
      return sum((id) => (id === order.at(-1) ? 0 : hasNext(id))) / (count - 1);
    case 'next-including-last':
      return sum(hasNext) / count;
    case 'one-previous-and-next':
      return sum((id) => hasNext(id) + hasPrevious(id)) / (2 * count);
    case 'all-previous-and-next':
      return sum((id) => inPlaceBeside(id, order, answer)) / (count * (count - 1));
    case 'longest-ordered': {
      const longest = longestRising(answer.map((id) => place(order, id)));
      // One choice alone is in order whatever the answer.
      return longest > 1 ? longest / count : 0;
    }
    case 'relative-to-correct': {
      const distance = (id: string) => Math.abs(place(answer, id) - place(order, id));
      return sum((id) => 1 - distance(id) / (count - 1)) / count;
    }
  }
}

/** How many others stand on the right side of one. */
function inPlaceBeside(id: string, order: readonly string[], answer: readonly string[]): number {
  const side = (list: readonly string[], other: string) => list.indexOf(other) < list.indexOf(id);
  return answer.filter((other) => other !== id && side(order, other) === side(answer, other))
    .length;
}

function longestRising(places: readonly number[]): number {
  const longest: number[] = [];
  for (const [at, place] of places.entries()) {
    const before = longest.filter((_, index) => (places[index] as number) < place);
    longest[at] = 1 + Math.max(0, ...before);
  }
  return Math.max(0, ...longest);
}
