import { topologyOf } from '@parlance/events';
import { newId } from '@parlance/kernel';
import { ConsumerBench } from '../../test/consumer-bench.js';
import { score, Scored, TEST_EVENTS } from '../../test/fixtures.js';
import { writeEffect } from '../../test/handlers.js';
import { makeProducer } from '../../test/producer.js';
import { applyIfNewer, type AwsClients, awsClients } from '../index.js';
import { drawOf } from './fault-proxy/decisions.js';
import { type FaultProxy, type FaultSettings, startFaultProxy } from './fault-proxy/index.js';
import { settle } from './settle.js';

const bench = new ConsumerBench().install();

/** Answers lost, parts failed, copies, another order: all that SNS and SQS may do. */
const UNKIND: Partial<FaultSettings> = {
  duplicatePublish: 0.05,
  duplicateReceive: 0.1,
  shuffle: 0.5,
  holdBack: 0.05,
  holdBackSeconds: 1,
  throttle: 0.05,
  failEntry: 0.05,
  failDelivered: 0.05,
  failPublishAnswer: 0.05,
  loseDelete: 0.02,
  loseDeleteAnswer: 0.05,
  refuseDelete: 0.05,
  dropBefore: 0.02,
};

async function unkind(seed: number): Promise<{ proxy: FaultProxy; clients: AwsClients }> {
  const proxy = await startFaultProxy({ upstream: bench.emulator.endpoint, seed });
  const clients = awsClients({ AWS_ENDPOINT_URL: proxy.endpoint });
  bench.stops.push(async () => {
    Object.values(clients).forEach((one) => one.destroy());
    await proxy.stop();
  });
  return { proxy, clients };
}

test.each([1, 2, 3])(
  'with seed %i every event has its effect once, and the newest stays',
  async (seed) => {
    const { proxy, clients } = await unkind(seed);
    const { prefix, db } = bench;
    const relays = [1, 2].map(() => {
      const producer = makeProducer({ prefix, clients, transactions: db.transactions });
      producer.relay.start();
      bench.stops.push(() => producer.relay.stop());
      return producer;
    });
    for (let n = 0; n < 2; n += 1) {
      await bench.consumer(
        async (event, context) => {
          await writeEffect(event, context);
          const { type, subject, sequence: version } = event;
          const { receiveCount } = context;
          if (drawOf(seed, 'handler', event.id, receiveCount) < 0.1) throw new Error('by chance');
          await applyIfNewer(context.tx, { consumer: 'c', type, subject, version });
        },
        // What a lost deletion leaves behind should come again soon.
        { clients, config: { retryCapSeconds: 0, visibilityTimeoutSeconds: 2 } },
      );
    }
    proxy.set(UNKIND);
    const institutionId = newId();
    const keys = Array.from({ length: 10 }, () => newId());
    for (let version = 1; version <= 12; version += 1) {
      await Promise.all(
        keys.map((scoreId, index) =>
          db.transactions.inInstitution(institutionId, (tx) => {
            const data = score({ scoreId, points: version });
            const { outbox } = relays[index % 2] as (typeof relays)[number];
            return outbox.add(tx, Scored, { version, institutionId, data });
          }),
        ),
      );
    }
    await settle({
      sqs: bench.emulator.clients.sqs,
      topology: topologyOf(TEST_EVENTS, prefix),
      transactions: [db.transactions],
    });
    const effects = (await bench.effects()).map(({ subject, points }) => `${subject} ${points}`);
    expect(effects).toHaveLength(120);
    expect(new Set(effects).size).toBe(120);
    const { rows } = await db.owner.query('SELECT version FROM projection_version');
    expect(rows.map(({ version }) => Number(version))).toEqual(keys.map(() => 12));
    const { faults } = proxy.journal();
    expect(faults).toMatchObject({
      duplicateReceive: expect.any(Number),
      failDelivered: expect.any(Number),
      shuffle: expect.any(Number),
    });
  },
);
