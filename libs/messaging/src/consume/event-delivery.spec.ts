import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { newId } from '@parlance/kernel';
import { defer } from 'rxjs';
import { ConsumerBench } from '../../test/consumer-bench.js';
import { CellWritten, envelope, score, Scored } from '../../test/fixtures.js';
import { writeEffect } from '../../test/handlers.js';
import { makeProducer } from '../../test/producer.js';
import { applyIfNewer, RetryLater } from '../index.js';
import { eventually } from '../testing/index.js';

const bench = new ConsumerBench().install();

test('an event is handled with its data, in the institution, and acknowledged', async () => {
  const seen: unknown[] = [];
  const service = await bench.consumer(async (event, context) => {
    await writeEffect(event, context);
    seen.push([event.data.constructor.name, context.institutionId, context.receiveCount]);
  });
  const event = envelope();
  await bench.send(service, event);
  await bench.effectCount(1);
  await bench.emptied(service);
  expect(seen).toEqual([['ScoreData', event.tenant, 1]]);
  const { rows } = await bench.db.owner.query('SELECT consumer, institution_id FROM inbox');
  expect(rows).toEqual([{ consumer: 'gradebook', institution_id: event.tenant }]);
});

test('duplicates, one after the other and at once in two processes, have one effect', async () => {
  const one = await bench.consumer(writeEffect);
  const two = await bench.consumer(writeEffect);
  const event = envelope();
  await Promise.all(Array.from({ length: 12 }, () => bench.send(one, event)));
  await eventually(() => {
    const done = [one, two].map((service) => bench.stats(service));
    return done.reduce((sum, { applied, duplicates }) => sum + applied + duplicates, 0) === 12
      ? true
      : undefined;
  });
  await bench.send(one, event);
  await bench.emptied(one);
  expect(await bench.effects()).toHaveLength(1);
  expect(bench.stats(one).applied + bench.stats(two).applied).toBe(1);
});

test('events of one key run one at a time, of other keys meanwhile', async () => {
  const key = newId();
  const running = new Map<string, number>();
  let most = 0;
  let mostOfKey = 0;
  const service = await bench.consumer(async (event, context) => {
    const line = event.partitionkey;
    running.set(line, (running.get(line) ?? 0) + 1);
    mostOfKey = Math.max(mostOfKey, running.get(key) ?? 0);
    most = Math.max(
      most,
      [...running.values()].reduce((sum, count) => sum + count, 0),
    );
    await context.tx.query('SELECT pg_sleep(0.02)');
    running.set(line, (running.get(line) ?? 0) - 1);
    await writeEffect(event, context);
  });
  const tenant = newId();
  await Promise.all(
    Array.from({ length: 10 }, (_, index) => [
      bench.send(service, envelope({ tenant, partitionkey: key, sequence: index })),
      bench.send(service, envelope({ tenant })),
    ]).flat(),
  );
  await bench.effectCount(20);
  expect(mostOfKey).toBe(1);
  expect(most).toBeGreaterThan(1);
});

test('a handler that fails rolls back everything and gets the event again', async () => {
  const counts: number[] = [];
  const service = await bench.consumer(async (event, context) => {
    await writeEffect(event, context);
    counts.push(context.receiveCount);
    if (context.receiveCount === 1) throw new Error('not today');
    if (context.receiveCount === 2) throw new RetryLater('the roster has not arrived');
  });
  await bench.send(service, envelope());
  await bench.effectCount(1);
  await bench.emptied(service);
  expect(counts).toEqual([1, 2, 3]);
  expect(bench.stats(service)).toMatchObject({ applied: 1, retried: 2, deadLettered: 0 });
});

test('an all-zero traceparent begins a new trace and is no failure', async () => {
  const traces: string[] = [];
  const service = await bench.consumer(async (event, context) => {
    traces.push(context.traceId);
    await writeEffect(event, context);
  });
  const zeros = `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`;
  await bench.send(service, envelope({ traceparent: zeros }));
  await bench.effectCount(1);
  expect(traces).toHaveLength(1);
});

test('an older version of a subject is acknowledged without effect', async () => {
  const subject = newId();
  const tenant = newId();
  const service = await bench.consumer(async (event, context) => {
    const seen = { consumer: 'cells', subject, version: event.sequence, type: event.type };
    if (await applyIfNewer(context.tx, seen)) await writeEffect(event, context);
  });
  const ofVersion = (sequence: number) =>
    envelope({
      tenant,
      subject,
      partitionkey: subject,
      sequence,
      data: score({ points: sequence }),
    });
  for (const version of [2, 1, 2, 3]) {
    await bench.send(service, ofVersion(version));
    await bench.emptied(service);
  }
  expect((await bench.effects()).map(({ points }) => points)).toEqual([2, 3]);
});

test('an event the handler adds names its cause and its correlation', async () => {
  const service = await bench.consumer(async (event, context) => {
    await writeEffect(event, context);
    await service.outbox.add(context.tx, CellWritten, {
      version: 1,
      institutionId: context.institutionId,
      data: score(),
    });
  });
  const event = envelope({
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00',
    correlationid: '0af7651916cd43dd8448eb211c80319c',
  });
  await bench.send(service, event);
  await bench.effectCount(1);
  const { rows } = await bench.db.owner.query(
    `SELECT envelope->>'causationid' AS cause, envelope->>'correlationid' AS correlation
       FROM outbox`,
  );
  expect(rows).toEqual([{ cause: event.id, correlation: '0af7651916cd43dd8448eb211c80319c' }]);
});

test('each event goes exactly once from the outbox to its effect', async () => {
  const service = await bench.consumer(writeEffect);
  const producer = makeProducer({
    prefix: bench.prefix,
    clients: bench.emulator.clients,
    transactions: bench.db.transactions,
  });
  producer.relay.start();
  bench.stops.push(() => producer.relay.stop());
  const tenants = Array.from({ length: 4 }, () => newId());
  await Promise.all(
    Array.from({ length: 100 }, (_, index) => {
      const institutionId = tenants[index % 4] as string;
      return bench.db.transactions.inInstitution(institutionId, (tx) =>
        producer.outbox.add(tx, Scored, { version: 1, institutionId, data: score() }),
      );
    }),
  );
  await bench.effectCount(100);
  await bench.emptied(service);
  const { rows } = await bench.db.owner.query(
    'SELECT count(DISTINCT subject) AS subjects FROM effect',
  );
  expect(rows[0].subjects).toBe('100');
});

test('a queue that is gone is made again, and read again', async () => {
  const service = await bench.consumer(writeEffect);
  const { url } = await bench.queueOf(service);
  await bench.emulator.clients.sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
  await eventually(() => (bench.stats(service).lastReceiveError ? true : undefined));
  await eventually(() => (bench.stats(service).lastReceiveError ? undefined : true));
  await bench.send(service, envelope());
  await bench.effectCount(1);
});

test('a service whose handlers are not those of the registry does not start', async () => {
  const start = bench.consumer(writeEffect, { controllers: [] });
  await expect(start).rejects.toThrow(
    'The event handlers of gradebook differ from the registry. ' +
      'Consumed but without a handler: grading.scored.v1.',
  );
});

test('a service whose topology is not there does not start', async () => {
  const start = bench.consumer(writeEffect, { config: { topologyMode: 'check' } });
  await expect(start).rejects.toThrow('The topic');
});

test('an observable a handler gives is subscribed to, and its errors count', async () => {
  const service = await bench.consumer((event, context) =>
    defer(async () => {
      await writeEffect(event, context);
      if (context.receiveCount === 1) throw new Error('inside the stream');
    }),
  );
  await bench.send(service, envelope());
  await bench.effectCount(1);
  await bench.emptied(service);
  expect(bench.stats(service)).toMatchObject({ applied: 1, retried: 1 });
});
