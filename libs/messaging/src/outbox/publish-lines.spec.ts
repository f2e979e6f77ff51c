import { newId } from '@parlance/kernel';
import type { OutboxRow } from './outbox-rows.js';
import { messageBytes } from '../envelope/message-attributes.js';
import { BATCH_BYTES, PublishLines } from './publish-lines.js';
import { outboxRow } from '../../test/outbox-row.js';

const published = (row: OutboxRow) => ({ row, kind: 'published' }) as const;

test('a batch holds at most ten events, of different keys, whatever their shards', () => {
  const lines = new PublishLines();
  lines.add(Array.from({ length: 25 }, (_, n) => outboxRow({ key: `k${n}`, shard: n % 16 })));
  const sizes = [lines.take(), lines.take(), lines.take(), lines.take()].map((one) => one.length);
  expect(sizes).toEqual([10, 10, 5, 0]);
});

test('a batch holds at most 240 KiB, unless one event alone is larger', () => {
  const lines = new PublishLines();
  const sizes = [100_000, 100_000, 100_000, 300_000, 10];
  lines.add(sizes.map((bytes, n) => outboxRow({ key: `k${n}`, bytes })));
  const batches: OutboxRow[][] = [];
  for (let batch = lines.take(); batch.length > 0; batch = lines.take()) batches.push(batch);
  expect(batches.flat()).toHaveLength(sizes.length);
  for (const batch of batches) {
    const bytes = batch.reduce((sum, one) => sum + messageBytes(one.body, one.attributes), 0);
    expect(batch.length === 1 || bytes <= BATCH_BYTES).toBe(true);
  }
});

test('a batch is of one topic', () => {
  const lines = new PublishLines();
  lines.add(['t', 'u', 't'].map((topic) => outboxRow({ key: newId(), topic })));
  const topics = [lines.take(), lines.take()].map((batch) => batch.map(({ topic }) => topic));
  expect(topics).toEqual([['t', 't'], ['u']]);
});

test('the next of a key goes when the one before it has arrived', () => {
  const lines = new PublishLines();
  const [one, two] = [outboxRow({ key: 'k' }), outboxRow({ key: 'k' })];
  lines.add([one, two]);
  expect(lines.take()).toEqual([one]);
  expect(lines.take()).toEqual([]);
  expect(lines.done([published(one)])).toEqual([]);
  expect(lines.take()).toEqual([two]);
});

test('behind one that did not arrive, the others of its key are left for another time', () => {
  const lines = new PublishLines();
  const rows = ['k', 'k', 'k', 'other'].map((key) => outboxRow({ key }));
  const [one, two, three, other] = rows as [OutboxRow, OutboxRow, OutboxRow, OutboxRow];
  lines.add(rows);
  expect(lines.take()).toEqual([one, other]);
  expect(lines.done([{ row: one, kind: 'failed', error: 'x' }, published(other)])).toEqual([
    two,
    three,
  ]);
  expect(lines.take()).toEqual([]);
});

test('what was not sent is given up with what waited behind it, what is in flight is not', () => {
  const lines = new PublishLines();
  const rows = ['a', 'a', 'b', 'c'].map((key, shard) => outboxRow({ key, shard }));
  lines.add(rows.slice(0, 2));
  const batch = lines.take();
  lines.add(rows.slice(2));
  expect(lines.clear(({ shard }) => shard === 3)).toEqual([rows[3]]);
  expect(lines.clear()).toEqual([rows[2]]);
  expect(lines.giveUp(batch)).toEqual([rows[0], rows[1]]);
  expect(lines.take()).toEqual([]);
});
