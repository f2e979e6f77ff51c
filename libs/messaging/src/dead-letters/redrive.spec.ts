import { topologyOf } from '@parlance/events';
import { newId } from '@parlance/kernel';
import { ConsumerBench } from '../../test/consumer-bench.js';
import { envelope, Scored, TEST_EVENTS } from '../../test/fixtures.js';
import { writeEffect } from '../../test/handlers.js';
import { Unprocessable } from '../index.js';
import { eventually, messagesIn } from '../testing/index.js';
import { DeadLetterQueues } from './dead-letter-queues.js';
import type { Move } from './move-letters.js';

const bench = new ConsumerBench().install();

const signal = new AbortController().signal;
const ALL: Move = { action: 'redrive', filter: {}, perSecond: 100, signal };

function letters() {
  const topology = topologyOf(TEST_EVENTS, bench.prefix);
  const queues = new DeadLetterQueues({ sqs: bench.emulator.clients.sqs, topology });
  const queue = queues.queues.find(({ name }) => name.endsWith('gradebook-from-grading-dlq'));
  if (!queue) throw new Error('no queue');
  return { queues, queue };
}

const traced = (traceId: string) => ({
  traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
});

async function letterCount(service: Awaited<ReturnType<ConsumerBench['consumer']>>, count: number) {
  const { deadLetterUrl } = await bench.queueOf(service);
  await eventually(async () =>
    (await messagesIn(bench.emulator.clients.sqs, deadLetterUrl)) === count ? true : undefined,
  );
}

test('a mended handler applies what is redriven, once and in the trace it began in', async () => {
  let isBroken = true;
  const traces: string[] = [];
  const service = await bench.consumer(async (event, context) => {
    if (isBroken) throw new Unprocessable('a bug');
    traces.push(context.traceId);
    await writeEffect(event, context);
  });
  const traceId = newId().replaceAll('-', '');
  const event = envelope(traced(traceId));
  await bench.send(service, event);
  await letterCount(service, 1);
  const { queues, queue } = letters();
  const { letters: found } = await queues.scan(queue, {}, { limit: 10, signal });
  expect(found).toMatchObject([
    { eventId: event.id, type: Scored.type, errorCode: 'unprocessable', traceId, receiveCount: 1 },
  ]);

  // Before the mend it only comes back, and the redrive does not chase it.
  expect((await queues.move(queue, ALL, { limit: 100 })).counts.redriven).toBe(1);
  await letterCount(service, 1);
  expect(await bench.effects()).toEqual([]);

  isBroken = false;
  expect((await queues.move(queue, ALL, { limit: 100 })).counts.redriven).toBe(1);
  await bench.effectCount(1);
  await bench.emptied(service);
  expect(traces).toEqual([traceId]);
  const { rows } = await bench.db.owner.query('SELECT event_id, trace_id FROM inbox');
  expect(rows).toEqual([{ event_id: event.id, trace_id: traceId }]);
  await letterCount(service, 0);
});

test('a letter that was sent but not deleted is sent again, and has its effect once', async () => {
  let isBroken = true;
  const service = await bench.consumer(async (event, context) => {
    if (isBroken) throw new Unprocessable('a bug');
    await writeEffect(event, context);
  });
  await bench.send(service, envelope());
  await letterCount(service, 1);
  isBroken = false;
  const { queues, queue } = letters();
  const dying = bench.changedClients('DeleteMessageBatchCommand', () => {
    throw new Error('the process ended here');
  });
  const topology = topologyOf(TEST_EVENTS, bench.prefix);
  const first = new DeadLetterQueues({ sqs: dying.sqs, topology });
  expect((await first.move(queue, ALL, { limit: 100 })).counts).toMatchObject({
    'not-deleted': 1,
  });
  await bench.effectCount(1);
  expect((await queues.move(queue, ALL, { limit: 100 })).counts.redriven).toBe(1);
  await letterCount(service, 0);
  await eventually(() => (bench.stats(service).duplicates === 1 ? true : undefined));
  expect(await bench.effects()).toHaveLength(1);
});
