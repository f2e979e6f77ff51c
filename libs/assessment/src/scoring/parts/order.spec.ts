import fc from 'fast-check';
import { partItem, partScore } from '../../../test/part-item.js';
import type { OrderModel } from '../../index.js';
import { ORDER_MODELS } from '../../index.js';

interface Given {
  model?: OrderModel;
  alternatives?: string[][];
  interchangeable?: string[][];
  partialCap?: number;
}

function orderItem(correct: string, given: Given = {}) {
  return partItem(
    {
      kind: 'order',
      model: 'longest-ordered',
      alternatives: [],
      interchangeable: [],
      partialCap: 1,
      ...given,
    },
    { cardinality: 'ordered', baseType: 'identifier', correct: [...correct] },
  );
}

const points = (item: ReturnType<typeof orderItem>, answer: string) =>
  partScore(item, [...answer]).points;

describe('models of word order, right being ABCDE', () => {
  const TABLE: [string, Record<Exclude<OrderModel, 'exact'>, number>][] = [
    ['BCADE', row(0.4, 0.5, 0.6, 0.5, 0.8, 0.8, 0.8)],
    ['BACDE', row(0.6, 0.5, 0.6, 0.5, 0.9, 0.8, 0.9)],
    ['BCDEA', row(0, 0.75, 0.6, 0.6, 0.6, 0.8, 0.6)],
    ['EDCBA', row(0.2, 0, 0, 0, 0, 0, 0.4)],
  ];
  function row(...shares: number[]) {
    const models = ORDER_MODELS.filter((model) => model !== 'exact');
    return Object.fromEntries(models.map((model, at) => [model, shares[at]])) as Record<
      Exclude<OrderModel, 'exact'>,
      number
    >;
  }
  const cases = TABLE.flatMap(([answer, shares]) =>
    Object.entries(shares).map(([model, share]) => [answer, model as OrderModel, share] as const),
  );
  test.each(cases)('%s by %s earns %d', (answer, model, share) => {
    expect(points(orderItem('ABCDE', { model }), answer)).toBe(share);
  });

  test.each(ORDER_MODELS)('the right order earns all by %s', (model) => {
    expect(points(orderItem('ABCDE', { model }), 'ABCDE')).toBe(1);
    expect(points(orderItem('AB', { model }), 'AB')).toBe(1);
  });

  test.each(TABLE)('%s is not exact', (answer) => {
    expect(points(orderItem('ABCDE', { model: 'exact' }), answer)).toBe(0);
  });
});

describe('an answer that does not place every word', () => {
  test.each<[string, OrderModel, number]>([
    // A and B stand first and second, as they should.
    ['AB', 'absolute', 0.4],
    // A is followed by B; B by nothing, as only E should be.
    ['AB', 'next-including-last', 0.2],
    ['AB', 'longest-ordered', 0.4],
    ['AB', 'all-previous-and-next', 0.1],
    ['AB', 'relative-to-correct', 0.4],
    ['A', 'longest-ordered', 0],
    ['ABCD', 'exact', 0],
  ])('%s by %s earns %d of ABCDE', (answer, model, share) => {
    expect(points(orderItem('ABCDE', { model }), answer)).toBe(share);
  });
});

test('an order that is not right is held down by the cap, the right one is not', () => {
  const item = orderItem('ABCDE', { partialCap: 0.5 });
  expect(points(item, 'BACDE')).toBe(0.4);
  expect(points(item, 'ABCDE')).toBe(1);
  expect(partScore(item, [...'BACDE'])).toMatchObject({
    verdict: 'partial',
    rule: 'compared-order',
    expected: [...'ABCDE'],
    trace: { kind: 'order', model: 'longest-ordered', nearest: [...'ABCDE'] },
  });
});

test('of several right orders the nearest counts', () => {
  const item = orderItem('ABCDE', { alternatives: [[...'EABCD']], partialCap: 0.5 });
  expect(points(item, 'EABCD')).toBe(1);
  expect(partScore(item, [...'EABDC'])).toMatchObject({
    points: 0.4,
    trace: { nearest: [...'EABCD'] },
  });
});

test('words that look alike stand for each other', () => {
  const item = orderItem('ABCAD'.replace('AD', 'XD'), {
    model: 'absolute',
    interchangeable: [['A', 'X']],
  });
  expect(points(item, 'XBCAD')).toBe(1);
  expect(points(item, 'BXCAD')).toBe(0.6);
});

test('what is not to be ordered, or is there again, is passed over', () => {
  const item = orderItem('ABC', { model: 'absolute' });
  expect(points(item, 'AABZC')).toBe(1);
  expect(points(item, 'ZZZ')).toBe(0);
});

const anyOrder = fc.shuffledSubarray([...'ABCDEF'], { minLength: 1 });

test.each(ORDER_MODELS)('any answer earns 0..1 by %s, and all only when it is right', (model) => {
  fc.assert(
    fc.property(anyOrder, (answer) => {
      const earned = points(orderItem('ABCDEF', { model }), answer.join('')) ?? -1;
      expect(earned).toBeGreaterThanOrEqual(0);
      expect(earned < 1).toBe(answer.join('') !== 'ABCDEF');
    }),
  );
});

test.each<OrderModel>(['all-previous-and-next', 'exact'])(
  'putting two neighbours right never lowers the points by %s',
  (model) => {
    const item = orderItem('ABCDEF', { model });
    fc.assert(
      fc.property(fc.shuffledSubarray([...'ABCDEF'], { minLength: 6 }), (answer) => {
        const at = answer.findIndex((id, place) => id > (answer[place + 1] ?? 'Z'));
        if (at === -1) return;
        const better = answer.with(at, answer[at + 1] as string).with(at + 1, answer[at] as string);
        const [before, after] = [answer, better].map((one) => points(item, one.join('')) ?? -1);
        expect(after).toBeGreaterThanOrEqual(before as number);
      }),
    );
  },
);
