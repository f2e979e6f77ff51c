import type { ItemDelivery } from '@parlance/assessment';
import { newId } from '@parlance/kernel';
import { handedIn, maxTriesOf, type ScoredTry, triesLeft, tryNumberOf } from './tries.js';

const made = (number: number, sequence: number, answer: string, completed?: boolean): ScoredTry => {
  const result = completed === undefined ? null : resultOf(completed, number);
  const responses = { RESPONSE: answer };
  return { id: newId(), slot: 1, number, sequence, responses, triedAt: new Date(0), result };
};
const resultOf = (completed: boolean, triesCounted: number): ScoredTry['result'] => ({
  ...{ completed, triesCounted, feedback: [], scoredAt: new Date(0) },
  ...{ points: null, pointsPossible: null },
});
const given = (sequence: number, answer: string) => ({ sequence, responses: { RESPONSE: answer } });
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test('an item says itself how often it is tried; one that does not is answered once', () => {
  const item = { schema: 1, identifier: 'i', title: 'I', body: [], interactions: [] } as const;
  const delivery: ItemDelivery = { ...item, body: [], interactions: [] };
  expect(maxTriesOf({ ...delivery, tries: 3 })).toBe(3);
  expect(codeOf(() => maxTriesOf(delivery))).toBe('item-answered-once');
});

describe('the number of a try', () => {
  const twice = [made(1, 4, 'a'), made(2, 7, 'b')];

  test.each<[ScoredTry[], number, string, number, boolean]>([
    [[], 1, 'a', 1, false],
    [twice.slice(0, 1), 5, 'a', 2, false],
    [twice, 8, 'b', 3, false],
    [twice, 7, 'b', 2, true],
  ])('%#: follows the tries that were made', (before, sequence, answer, number, isRepeated) => {
    expect(tryNumberOf(before, given(sequence, answer), 3)).toEqual({ number, isRepeated });
  });

  test.each<[ScoredTry[], number, string, string]>([
    [twice, 7, 'c', 'try-out-of-order'],
    [twice, 6, 'b', 'try-out-of-order'],
    [twice, 4, 'a', 'try-out-of-order'],
    [[...twice, made(3, 9, 'c')], 10, 'd', 'no-tries-left'],
    [[made(1, 4, 'a', true)], 5, 'b', 'item-completed'],
    [[made(1, 4, 'a', true), made(2, 5, 'b', true)], 6, 'c', 'item-completed'],
  ])('%#: is refused with a reason', (before, sequence, answer, code) => {
    expect(codeOf(() => tryNumberOf(before, given(sequence, answer), 3))).toBe(code);
  });

  test('what is left ends with the one that completed the item', () => {
    expect(triesLeft([], 3)).toBe(3);
    expect(triesLeft([made(1, 1, 'a', false)], 3)).toBe(2);
    expect(triesLeft([made(1, 1, 'a', true)], 3)).toBe(0);
    expect(triesLeft([made(1, 1, 'a'), made(2, 2, 'b'), made(3, 3, 'c')], 2)).toBe(0);
  });
});

describe('what is handed in', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((one) => ({ RESPONSE: one }));
  const tries = [made(1, 4, 'a'), made(2, 7, 'b')];

  test('without a try it is what was saved', () => {
    expect(handedIn(given(1, 'c'), [], 3)).toEqual({ responses: c, tries: [] });
    expect(handedIn(undefined, [], 3)).toEqual({ responses: undefined, tries: [] });
  });

  test('of the tries it is the last, after those before it', () => {
    expect(handedIn(given(7, 'b'), tries, 3)).toEqual({ responses: b, tries: [a] });
    expect(handedIn(given(6, 'c'), tries, 3)).toEqual({ responses: b, tries: [a] });
    expect(handedIn(undefined, tries, 3)).toEqual({ responses: b, tries: [a] });
  });

  test('an answer saved after the last try counts as one more, as long as one is left', () => {
    expect(handedIn(given(8, 'c'), tries, 3)).toEqual({ responses: c, tries: [a, b] });
    expect(handedIn(given(8, 'c'), tries, 2)).toEqual({ responses: b, tries: [a] });
  });
});
