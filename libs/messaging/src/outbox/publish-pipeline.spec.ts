import fc from 'fast-check';
import { outboxRow } from '../../test/outbox-row.js';
import type { OutboxRow, RowOutcome } from './outbox-rows.js';
import { PublishPipeline } from './publish-pipeline.js';
import type { Settled } from './settlements.js';

type Verdict = 'published' | 'retry' | 'failed' | 'outage';

const leaseOf = (shard: number) => ({ shard, token: '1', owner: 'one' });

function outcomeOf(row: OutboxRow, verdict: Verdict): RowOutcome {
  if (verdict === 'published') return { row, kind: 'published' };
  if (verdict === 'failed') return { row, kind: 'failed', error: 'x' };
  return { row, kind: 'retry', afterMs: 1, error: 'x' };
}

/** A pipeline to a sender that decides per event, with what it was seen to do. */
function pipelineTo(verdict: (row: OutboxRow) => Verdict, publishesInFlight = 4) {
  const seen = {
    batches: [] as OutboxRow[][],
    settled: [] as Settled[],
    freed: [] as [number, number, number][],
    lost: new Set<number>(),
    isHalted: false,
    isDatabaseAway: false,
  };
  const flying = new Set<string>();
  const pipeline = new PublishPipeline({
    send: async (batch) => {
      for (const { agg_key } of batch) {
        if (flying.has(agg_key)) throw new Error('one key twice in flight');
        flying.add(agg_key);
      }
      seen.batches.push(batch);
      // Answers come in another order than the batches went.
      for (let n = batch.length % 3; n >= 0; n -= 1) await null;
      for (const { agg_key } of batch) flying.delete(agg_key);
      if (batch.some((one) => verdict(one) === 'outage')) return undefined;
      return batch.map((row) => outcomeOf(row, verdict(row)));
    },
    settle: async (settled) => {
      if (seen.isDatabaseAway) throw new Error('away');
      seen.settled.push(...settled);
    },
    remainingMs: (shard) => (seen.lost.has(shard) ? 0 : 60_000),
    mayPublish: () => !seen.isHalted,
    freed: (...freed) => seen.freed.push(freed),
    publishesInFlight,
  });
  const take = (rows: OutboxRow[]) => {
    const ofShard = Map.groupBy(rows, ({ shard }) => shard);
    pipeline.take([...ofShard].map(([shard, own]) => ({ lease: leaseOf(shard), rows: own })));
  };
  return { pipeline, take, seen };
}

/** Resolves when no shard is busy any more. */
async function finished(pipeline: PublishPipeline): Promise<void> {
  while (Array.from({ length: 16 }, (_, n) => n).some((shard) => pipeline.isBusy(shard))) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('events of several shards share a batch, and each shard is freed with its own count', async () => {
  const { pipeline, take, seen } = pipelineTo(() => 'published');
  take(Array.from({ length: 9 }, (_, n) => outboxRow({ key: `k${n}`, shard: n % 3 })));
  expect([0, 1, 2, 3].map((shard) => pipeline.isBusy(shard))).toEqual([true, true, true, false]);
  await finished(pipeline);
  expect(seen.batches.map((batch) => batch.length)).toEqual([9]);
  expect(seen.settled).toHaveLength(9);
  expect(seen.freed.sort()).toEqual([
    [0, 3, 3],
    [1, 3, 3],
    [2, 3, 3],
  ]);
});

test('after an outage nothing more is sent, nothing is written down, and the shard is free', async () => {
  const { pipeline, take, seen } = pipelineTo(() => 'outage', 2);
  take(Array.from({ length: 50 }, (_, n) => outboxRow({ key: `k${n}` })));
  await finished(pipeline);
  expect(seen.batches.length).toBeLessThanOrEqual(2);
  expect(seen.settled).toEqual([]);
  expect(seen.freed).toEqual([[0, 50, 0]]);
});

test('of a shard that is lost nothing more is sent, of the others all is', async () => {
  const { pipeline, take, seen } = pipelineTo(() => 'published', 1);
  take(Array.from({ length: 40 }, (_, n) => outboxRow({ key: `k${n}`, shard: n % 2 })));
  seen.lost.add(1);
  await finished(pipeline);
  const sent = seen.batches.flat();
  expect(sent.filter(({ shard }) => shard === 0)).toHaveLength(20);
  // The batch that was already in flight, and no other.
  expect(sent.filter(({ shard }) => shard === 1).length).toBeLessThanOrEqual(10);
});

test('stopping finishes what is in flight and writes it down', async () => {
  const { pipeline, take, seen } = pipelineTo(() => 'published', 1);
  take(Array.from({ length: 30 }, (_, n) => outboxRow({ key: `k${n}` })));
  seen.isHalted = true;
  await pipeline.stop();
  expect(seen.batches).toHaveLength(1);
  expect(seen.settled).toHaveLength(10);
  expect(pipeline.isBusy(0)).toBe(false);
});

test('what could not be written down is as if it had not been sent', async () => {
  const { pipeline, take, seen } = pipelineTo(() => 'published');
  seen.isDatabaseAway = true;
  take([outboxRow({ key: 'k' })]);
  await finished(pipeline);
  expect(seen.freed).toEqual([[0, 1, 0]]);
});

test('each key goes out in order and stops at its first failure; no other key stops', async () => {
  const plan = fc.array(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      verdict: fc.constantFrom<Verdict>('published', 'published', 'published', 'retry', 'failed'),
    }),
    { maxLength: 60 },
  );
  const shardOf = (key: string) => (key < 'c' ? 0 : 1);
  await fc.assert(
    fc.asyncProperty(plan, fc.integer({ min: 1, max: 5 }), async (steps, places) => {
      const rows = steps.map(({ key }) => outboxRow({ key, shard: shardOf(key) }));
      const verdicts = new Map(rows.map(({ id }, at) => [id, steps[at]?.verdict ?? 'published']));
      const verdict = ({ id }: OutboxRow) => verdicts.get(id) ?? 'published';
      const { pipeline, take, seen } = pipelineTo(verdict, places);
      take(rows);
      await finished(pipeline);
      for (const key of ['a', 'b', 'c', 'd']) {
        const own = rows.filter(({ agg_key }) => agg_key === key);
        const stop = own.findIndex(({ id }) => verdicts.get(id) !== 'published');
        const expected = stop < 0 ? own : own.slice(0, stop + 1);
        const settled = seen.settled.map(({ outcome }) => outcome.row);
        const ofKey = settled.filter(({ agg_key }) => agg_key === key);
        expect(ofKey.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      }
    }),
  );
});
