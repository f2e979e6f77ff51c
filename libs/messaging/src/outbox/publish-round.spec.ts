import fc from 'fast-check';
import { envelope } from '../../test/fixtures.js';
import type { OutboxRow, RowOutcome } from './outbox-rows.js';
import { BATCH_BYTES, PublishRound, rowBytes } from './publish-round.js';
import { Semaphore } from './semaphore.js';

let nextId = 1;

function row(key: string, bytes = 10): OutboxRow {
  return {
    id: String(nextId++),
    created_at: '2026-11-23 00:00:00+00',
    event_id: '',
    topic: 'topic',
    agg_key: key,
    institution_id: '',
    attempts: 0,
    envelope: envelope({ data: { text: 'x'.repeat(bytes) } }) as never,
    headers: {},
  };
}

type Verdict = 'published' | 'retry' | 'failed' | 'outage';

/** Runs a round against a sender that decides per event, and notes what it saw. */
async function run(rows: OutboxRow[], verdict: (row: OutboxRow) => Verdict, places = 4) {
  const batches: OutboxRow[][] = [];
  const outcomes: RowOutcome[] = [];
  const flying = new Set<string>();
  const round = new PublishRound(rows, {
    send: async (batch) => {
      for (const { agg_key } of batch) {
        if (flying.has(agg_key)) throw new Error('one key twice in flight');
        flying.add(agg_key);
      }
      batches.push(batch);
      // Answers come in another order than the batches went.
      for (let n = batch.length % 3; n >= 0; n -= 1) await null;
      for (const { agg_key } of batch) flying.delete(agg_key);
      if (batch.some((one) => verdict(one) === 'outage')) return undefined;
      return batch.map((one): RowOutcome => {
        const kind = verdict(one);
        return kind === 'published'
          ? { row: one, kind }
          : kind === 'failed'
            ? { row: one, kind, error: 'x' }
            : { row: one, kind: 'retry', afterMs: 1, error: 'x' };
      });
    },
    settled: (settled) => outcomes.push(...settled),
    isHalted: () => false,
    places: new Semaphore(places),
  });
  await round.run();
  return { batches, outcomes };
}

test('a batch holds at most ten events of different keys', async () => {
  const { batches } = await run(
    Array.from({ length: 25 }, (_, index) => row(`k${index}`)),
    () => 'published',
  );
  expect(batches.map((batch) => batch.length)).toEqual([10, 10, 5]);
});

test('a batch holds at most 240 KiB, unless one event alone is larger', async () => {
  const sizes = [100_000, 100_000, 100_000, 300_000, 10];
  const { batches, outcomes } = await run(
    sizes.map((size, index) => row(`k${index}`, size)),
    () => 'published',
  );
  expect(outcomes).toHaveLength(sizes.length);
  for (const batch of batches) {
    const bytes = batch.reduce((sum, one) => sum + rowBytes(one), 0);
    expect(batch.length === 1 || bytes <= BATCH_BYTES).toBe(true);
  }
});

test('after an outage nothing more is sent', async () => {
  const { outcomes, batches } = await run(
    Array.from({ length: 50 }, (_, index) => row(`k${index}`)),
    () => 'outage',
    2,
  );
  expect(outcomes).toEqual([]);
  expect(batches.length).toBeLessThanOrEqual(2);
});

test('each key goes out in order and stops at its first failure; no other key stops', async () => {
  const plan = fc.array(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      verdict: fc.constantFrom<Verdict>('published', 'published', 'published', 'retry', 'failed'),
    }),
    { maxLength: 60 },
  );
  await fc.assert(
    fc.asyncProperty(plan, fc.integer({ min: 1, max: 5 }), async (steps, places) => {
      const rows = steps.map(({ key }) => row(key));
      const verdicts = new Map(rows.map(({ id }, at) => [id, steps[at]?.verdict ?? 'published']));
      const { outcomes } = await run(rows, ({ id }) => verdicts.get(id) ?? 'published', places);
      for (const key of ['a', 'b', 'c', 'd']) {
        const own = rows.filter(({ agg_key }) => agg_key === key);
        const stop = own.findIndex(({ id }) => verdicts.get(id) !== 'published');
        const expected = stop < 0 ? own : own.slice(0, stop + 1);
        const seen = outcomes.filter(({ row: one }) => one.agg_key === key);
        expect(seen.map(({ row: one }) => one.id)).toEqual(expected.map(({ id }) => id));
      }
    }),
  );
});
