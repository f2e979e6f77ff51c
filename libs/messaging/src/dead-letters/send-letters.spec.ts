import type { LetterQueue } from './letter-queues.js';
import { receivedLetter } from './dead-letter.js';
import { letterBatches } from './send-letters.js';

const QUEUE: LetterQueue = {
  name: 'q-dlq',
  kind: 'unhandled',
  sourceName: 'q',
  consumer: 'gradebook',
  owner: 'grading',
};

const ofBytes = (...sizes: number[]) =>
  sizes.map((size, at) => receivedLetter({ MessageId: String(at), Body: 'x'.repeat(size) }, QUEUE));

const idsOf = (...given: Parameters<typeof letterBatches>) =>
  letterBatches(...given).map((batch) => batch.map(({ letter }) => letter.id).join());

test('a batch holds ten letters at most, or fewer when asked', () => {
  const many = ofBytes(...Array.from({ length: 12 }, () => 1));
  expect(idsOf(many)).toEqual(['0,1,2,3,4,5,6,7,8,9', '10,11']);
  expect(idsOf(many.slice(0, 3), 2)).toEqual(['0,1', '2']);
  expect(idsOf(many.slice(0, 2), 0)).toEqual(['0', '1']);
});

test('a batch holds 256 KiB at most, and never waits for a smaller letter', () => {
  const half = 128 * 1024;
  expect(idsOf(ofBytes(half, half, 1))).toEqual(['0,1', '2']);
  expect(idsOf(ofBytes(half, half + 1, half))).toEqual(['0', '1', '2']);
  expect(idsOf(ofBytes(256 * 1024, 1))).toEqual(['0', '1']);
});

test('attributes count too', () => {
  const [one, two] = ofBytes(128 * 1024, 128 * 1024) as [never, ReturnType<typeof receivedLetter>];
  two.attributes.a = { DataType: 'String', StringValue: 'b' };
  expect(idsOf([one, two])).toEqual(['0', '1']);
});
