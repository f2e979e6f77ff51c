import { HandlerPlaces } from './handler-places.js';

test('a free place goes to the queues in turn', () => {
  const places = new HandlerPlaces(() => 1);
  const order: string[] = [];
  for (const name of ['a', 'b']) places.join(() => places.take() && order.push(name));
  expect([places.take(), places.take()]).toEqual([true, false]);
  for (let n = 0; n < 4; n += 1) places.give();
  expect(order).toEqual(['a', 'b', 'a', 'b']);
});

test('a place one queue has no use for goes to the next', () => {
  const places = new HandlerPlaces(() => 1);
  const order: string[] = [];
  places.join(() => {});
  places.join(() => places.take() && order.push('b'));
  places.take();
  places.give();
  places.give();
  expect(order).toEqual(['b', 'b']);
});
