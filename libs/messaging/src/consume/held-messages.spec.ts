import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { newId } from '@parlance/kernel';
import { ConsumerBench } from '../../test/consumer-bench.js';
import { envelope } from '../../test/fixtures.js';
import { writeEffect } from '../../test/handlers.js';
import type { TransactionSource } from '../index.js';
import { eventually, messagesIn } from '../testing/index.js';

const bench = new ConsumerBench().install();

const GONE = 'ReceiptHandleIsInvalid';

const refuse = () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));

test('a handler that outlives its message hears of it and leaves nothing behind', async () => {
  const heard: string[] = [];
  let runs = 0;
  const service = await bench.consumer(
    async (event, context) => {
      runs += 1;
      await writeEffect(event, context);
      if (runs > 1) return;
      await new Promise<void>((resolve) => {
        context.signal.addEventListener('abort', () => {
          heard.push(String(context.signal.reason.message));
          resolve();
        });
      });
    },
    { config: { visibilityTimeoutSeconds: 1, maxHandlerSeconds: 0.3 } },
  );
  await bench.send(service, envelope());
  await bench.effectCount(1);
  await bench.emptied(service);
  expect(heard).toEqual(['its handler took too long']);
  expect(runs).toBe(2);
  expect(bench.stats(service)).toMatchObject({ applied: 1, lost: 1 });
});

test('a message somebody else holds by now is neither committed nor acknowledged', async () => {
  const clients = bench.changedClients(ChangeMessageVisibilityBatchCommand.name, (_, input) => {
    const { Entries } = input as { Entries: { Id: string }[] };
    return { Failed: Entries.map(({ Id }) => ({ Id, Code: GONE, SenderFault: true })) };
  });
  let runs = 0;
  let reason = '';
  const service = await bench.consumer(
    async (event, context) => {
      await writeEffect(event, context);
      runs += 1;
      if (runs > 1) return;
      await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
      reason = String(context.signal.reason.message);
    },
    { clients, config: { visibilityTimeoutSeconds: 1 } },
  );
  await bench.send(service, envelope());
  await bench.effectCount(1);
  await bench.emptied(service);
  expect(reason).toBe(GONE);
  expect(runs).toBe(2);
});

test('a deletion that fails is done again, for what was not deleted only', async () => {
  const asked: number[] = [];
  const clients = bench.changedClients(DeleteMessageBatchCommand.name, async (next, input) => {
    const { Entries } = input as { Entries: { Id: string }[] };
    asked.push(Entries.length);
    if (asked.length === 1) throw new Error('the answer was lost');
    if (asked.length > 2) return next();
    return { Failed: Entries.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })) };
  });
  const service = await bench.consumer(writeEffect, { clients });
  await bench.send(service, envelope());
  await bench.emptied(service);
  expect(asked).toEqual([1, 1, 1]);
  expect(bench.stats(service)).toMatchObject({ applied: 1, duplicates: 0 });
});

test('while the database is away no tries are used up', async () => {
  let isAway = true;
  const transactions: TransactionSource = {
    inInstitution: (id, work) =>
      isAway ? refuse() : bench.db.transactions.inInstitution(id, work),
    asMessaging: (work) => (isAway ? refuse() : bench.db.transactions.asMessaging(work)),
  };
  const counts: number[] = [];
  const service = await bench.consumer(
    async (event, context) => {
      counts.push(context.receiveCount);
      await writeEffect(event, context);
    },
    { transactions },
  );
  for (let index = 0; index < 4; index += 1) await bench.send(service, envelope());
  await eventually(() => (bench.stats(service).isWaitingForDatabase ? true : undefined));
  isAway = false;
  await bench.effectCount(4);
  await bench.emptied(service);
  expect(Math.max(...counts)).toBeLessThanOrEqual(3);
  expect(bench.stats(service).deadLettered).toBe(0);
});

test('a message is kept for longer than its visibility while its handler runs', async () => {
  let runs = 0;
  const service = await bench.consumer(
    async (event, context) => {
      runs += 1;
      await context.tx.query('SELECT pg_sleep(2.5)');
      await writeEffect(event, context);
    },
    { config: { visibilityTimeoutSeconds: 1 } },
  );
  await bench.send(service, envelope());
  await bench.effectCount(1);
  await bench.emptied(service);
  expect(runs).toBe(1);
});

test('closing finishes what runs, gives back what waits, and may be done twice', async () => {
  let begin: () => void = () => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  let finish: () => void = () => {};
  const gate = new Promise<void>((resolve) => (finish = resolve));
  const service = await bench.consumer(
    async (event, context) => {
      begin();
      await gate;
      await writeEffect(event, context);
    },
    { config: { concurrency: 1 } },
  );
  const { url } = await bench.queueOf(service);
  const tenant = newId();
  for (let index = 0; index < 5; index += 1) await bench.send(service, envelope({ tenant }));
  await begun;
  await eventually(() => (bench.stats(service).inFlight === 5 ? true : undefined));
  const closing = service.server.close();
  await eventually(() => (bench.stats(service).inFlight === 1 ? true : undefined));
  finish();
  await closing;
  await service.server.close();
  expect(await bench.effects()).toHaveLength(1);
  expect(await messagesIn(bench.emulator.clients.sqs, url)).toBe(4);
  const next = await bench.consumer(writeEffect);
  await bench.effectCount(5);
  await bench.emptied(next);
});
