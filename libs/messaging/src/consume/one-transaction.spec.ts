import { newId } from '@parlance/kernel';
import { ConsumerBench } from '../../test/consumer-bench.js';
import { CellWritten, envelope, score } from '../../test/fixtures.js';
import { onScoredBatch, writeEffect } from '../../test/handlers.js';
import { type EventBatchContext, Outbox, RetryLater, Unprocessable } from '../index.js';
import { eventually } from '../testing/index.js';

const bench = new ConsumerBench().install();

/** One transaction at a time, so that what waits meanwhile is handled together. */
const ONE = { concurrency: 1 };

const inTransaction = async ({ tx }: Pick<EventBatchContext, 'tx'>) => {
  const [row] = await tx.query<{ id: string }>('SELECT pg_current_xact_id()::text AS id');
  return row?.id ?? '';
};

/** Sends events that all wait while the first is handled. */
async function heldUp(work: () => Promise<void>) {
  let go: () => void = () => {};
  const gate = new Promise<void>((resolve) => (go = resolve));
  return {
    gate,
    release: async () => {
      await work();
      go();
    },
  };
}

test('what shares a transaction is handled by what it is about, so that locks have one order', async () => {
  const subjects = [newId(), newId(), newId()];
  const [a, b, c] = subjects as [string, string, string];
  const tenant = newId();
  const seen: string[] = [];
  let first = true;
  const { gate, release } = await heldUp(async () => {
    for (const subject of [c, a, b]) await bench.send(service, envelope({ tenant, subject }));
    await eventually(() => (bench.stats(service).inFlight === 4 ? true : undefined));
  });
  const service = await bench.consumer(
    async (event, context) => {
      if (first) {
        first = false;
        await gate;
      } else seen.push(event.subject);
      await writeEffect(event, context);
    },
    { config: ONE },
  );
  await bench.send(service, envelope());
  await eventually(() => (first ? undefined : true));
  await release();
  await bench.effectCount(4);
  expect(seen).toEqual([a, b, c]);
});

test('events of one institution share a transaction, those of two never do', async () => {
  const seen = new Map<string, Set<string>>();
  const [one, two] = [newId(), newId()];
  const bodies = Array.from({ length: 12 }, (_, n) => envelope({ tenant: n % 2 ? one : two }));
  let first = true;
  const { gate, release } = await heldUp(async () => {
    for (const body of bodies) await bench.send(service, body);
    await eventually(() => (bench.stats(service).inFlight === 13 ? true : undefined));
  });
  const service = await bench.consumer(
    async (event, context) => {
      if (first) {
        first = false;
        await gate;
      }
      const id = await inTransaction(context);
      seen.set(id, (seen.get(id) ?? new Set()).add(event.tenant));
      await writeEffect(event, context);
    },
    { config: ONE },
  );
  await bench.send(service, envelope());
  await eventually(() => (first ? undefined : true));
  await release();
  await bench.effectCount(13);
  await bench.emptied(service);
  expect([...seen.values()].every((tenants) => tenants.size === 1)).toBe(true);
  // The one held up, and one transaction for each of the institutions.
  expect(seen.size).toBe(3);
});

test('one that fails is left out, and the others are applied once, without another try', async () => {
  const tenant = newId();
  const bodies = Array.from({ length: 8 }, () => envelope({ tenant }));
  const [bad, dead] = [bodies[2]?.id, bodies[5]?.id];
  let first = true;
  let badRuns = 0;
  const counts: number[] = [];
  const { gate, release } = await heldUp(async () => {
    for (const body of bodies) await bench.send(service, body);
    await eventually(() => (bench.stats(service).inFlight === 9 ? true : undefined));
  });
  const service = await bench.consumer(
    async (event, context) => {
      if (first) {
        first = false;
        await gate;
      }
      await writeEffect(event, context);
      counts.push(context.receiveCount);
      if (event.id === dead) throw new Unprocessable('It makes no sense.');
      if (event.id !== bad) return;
      badRuns += 1;
      if (context.receiveCount === 1) throw new RetryLater();
    },
    { config: ONE },
  );
  await bench.send(service, envelope({ tenant }));
  await eventually(() => (first ? undefined : true));
  await release();
  await bench.effectCount(8);
  await bench.emptied(service);
  const subjects = (await bench.effects()).map(({ subject }) => subject);
  expect(new Set(subjects).size).toBe(8);
  expect(badRuns).toBe(2);
  expect(counts.filter((count) => count > 1)).toEqual([2]);
  expect(bench.stats(service)).toMatchObject({ applied: 8, retried: 1, deadLettered: 1 });
});

test('a handler of batches gets them in one transaction, and bisects to the one that fails', async () => {
  const tenant = newId();
  const bodies = Array.from({ length: 7 }, () => envelope({ tenant }));
  const bad = bodies[4]?.id;
  const sizes: number[] = [];
  let first = true;
  const { gate, release } = await heldUp(async () => {
    for (const body of bodies) await bench.send(service, body);
    await eventually(() => (bench.stats(service).inFlight === 8 ? true : undefined));
  });
  const service = await bench.consumer(writeEffect, {
    controllers: [
      onScoredBatch(async (events, { tx }) => {
        if (first) {
          first = false;
          await gate;
        }
        sizes.push(events.length);
        await tx.query('INSERT INTO effect (subject, points) SELECT unnest($1::uuid[]), 1', [
          events.map(({ subject }) => subject),
        ]);
        if (events.some(({ id }) => id === bad)) throw new Unprocessable('One makes no sense.');
      }),
    ],
    config: ONE,
  });
  await bench.send(service, envelope({ tenant }));
  await eventually(() => (first ? undefined : true));
  await release();
  await bench.effectCount(7);
  await bench.emptied(service);
  // 7 fail; of the halves 4 and 3 the second fails; of its halves 2 and 1 the first; then alone.
  expect([...sizes].sort()).toEqual([1, 1, 1, 1, 2, 3, 4, 7].sort());
  expect(bench.stats(service)).toMatchObject({ applied: 7, deadLettered: 1 });
});

test('what a handler of batches emits belongs to the event it was emitted for', async () => {
  const [one, two] = ['a', 'b'].map((letter) => ({
    trace: letter.repeat(32),
    body: envelope({ traceparent: `00-${letter.repeat(32)}-${'1'.repeat(16)}-01` }),
  })) as [{ trace: string; body: { id: string } }, { trace: string; body: { id: string } }];
  const parts: { outbox?: Outbox } = {};
  const traceIds = new Map<string, string>();
  const service = await bench.consumer(writeEffect, {
    controllers: [
      onScoredBatch(async (events, context) => {
        for (const event of events) {
          traceIds.set(event.id, context.traceIdOf(event));
          await context.within(event, () =>
            parts.outbox?.add(context.tx, CellWritten, {
              version: 1,
              institutionId: context.institutionId,
              data: score(),
            }),
          );
        }
      }),
    ],
  });
  parts.outbox = service.outbox;
  for (const { body } of [one, two]) await bench.send(service, body);
  await eventually(() => (bench.stats(service).applied === 2 ? true : undefined));
  expect(traceIds.get(one.body.id)).toBe(one.trace);
  expect(traceIds.get(two.body.id)).toBe(two.trace);
  const { rows } = await bench.db.owner.query('SELECT envelope FROM outbox');
  const causes = rows.map(({ envelope: { causationid } }) => causationid as string);
  expect(causes.sort()).toEqual([one.body.id, two.body.id].sort());
});
