import { newId } from '@parlance/kernel';
import { topologyOf } from '@parlance/events';
import { ConsumerBench } from '../../test/consumer-bench.js';
import { score, Scored, TEST_EVENTS } from '../../test/fixtures.js';
import { writeEffect } from '../../test/handlers.js';
import { makeProducer } from '../../test/producer.js';
import { settle } from './settle.js';

const bench = new ConsumerBench().install();

function settleWithin(timeoutMs: number): Promise<void> {
  return settle({
    sqs: bench.emulator.clients.sqs,
    topology: topologyOf(TEST_EVENTS, bench.prefix),
    transactions: [bench.db.transactions],
    timeoutMs,
  });
}

test('it resolves when all had its effect, and else says what is left', async () => {
  const { prefix, emulator, db } = bench;
  const producer = makeProducer({
    prefix,
    clients: emulator.clients,
    transactions: db.transactions,
  });
  await producer.addresses.all();
  const institutionId = newId();
  for (let version = 1; version <= 20; version += 1) {
    await db.transactions.inInstitution(institutionId, (tx) =>
      producer.outbox.add(tx, Scored, { version, institutionId, data: score() }),
    );
  }
  await expect(settleWithin(100)).rejects.toThrow('left: outbox 0: 20');
  producer.relay.start();
  bench.stops.push(() => producer.relay.stop());
  await bench.consumer(writeEffect);
  await settleWithin(20_000);
  expect(await bench.effects()).toHaveLength(20);
});
