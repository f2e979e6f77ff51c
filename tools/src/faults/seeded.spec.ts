import { draw, drawBetween, shuffled } from './seeded.js';

test('a draw hangs on the seed and the words alone', () => {
  expect(draw(1, 'a')).toBe(draw(1, 'a'));
  expect(draw(1, 'a')).not.toBe(draw(2, 'a'));
  expect(draw(1, 'a')).not.toBe(draw(1, 'b'));
  const many = Array.from({ length: 1000 }, (_, index) => drawBetween(1, 3, 7, index));
  expect(new Set(many)).toEqual(new Set([1, 2, 3]));
});

test('an order is the same for one seed, however the items came', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const order = (seed: number, items: string[]) => shuffled(items, seed, (name) => name);
  expect(order(5, names)).toEqual(order(5, [...names].reverse()));
  expect(order(5, names)).not.toEqual(order(6, names));
});
