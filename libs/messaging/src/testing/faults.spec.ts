import {
  PublishBatchCommand,
  type PublishBatchCommandOutput,
  type SNSClient,
} from '@aws-sdk/client-sns';
import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandOutput,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { topologyOf } from '@parlance/events';
import { newId } from '@parlance/kernel';
import { ConsumerBench } from '../../test/consumer-bench.js';
import { score, Scored, TEST_EVENTS } from '../../test/fixtures.js';
import { writeEffect } from '../../test/handlers.js';
import { makeProducer } from '../../test/producer.js';
import { applyIfNewer, type AwsClients, awsClients } from '../index.js';
import { settle } from './settle.js';

const bench = new ConsumerBench().install();

/** mulberry32: small, and the same everywhere for one seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Fault = (next: () => Promise<object>, input: never) => Promise<object>;

function interfere(client: SNSClient | SQSClient, faults: Record<string, Fault>): void {
  (client as SQSClient).middlewareStack.add(
    (next, context) => async (args) => {
      const fault = faults[context.commandName ?? ''];
      if (!fault) return next(args);
      const output = await fault(async () => (await next(args)).output, args.input as never);
      return { response: {}, output } as never;
    },
    { step: 'initialize' },
  );
}

/** SNS and SQS as unkind as they may be: answers lost, parts failed, copies, another order. */
function unkindClients(random: () => number): AwsClients {
  const clients = awsClients({ AWS_ENDPOINT_URL: bench.emulator.endpoint });
  const lost = async (next: () => Promise<object>) => {
    const output = await next();
    if (random() < 0.1) throw Object.assign(new Error('lost'), { name: 'TimeoutError' });
    return output;
  };
  interfere(clients.sns, {
    [PublishBatchCommand.name]: async (next) => {
      const output = (await lost(next)) as PublishBatchCommandOutput;
      const failed = output.Successful?.filter(() => random() < 0.05) ?? [];
      output.Successful = output.Successful?.filter((entry) => !failed.includes(entry));
      output.Failed = failed.map(({ Id }) => ({ Id, Code: 'Throttled', SenderFault: false }));
      return output;
    },
  });
  interfere(clients.sqs, {
    [DeleteMessageBatchCommand.name]: (next) => lost(next),
    [ReceiveMessageCommand.name]: async (next, { QueueUrl }: { QueueUrl: string }) => {
      const output = (await next()) as ReceiveMessageCommandOutput;
      for (const { Body, MessageAttributes } of output.Messages ?? []) {
        if (random() > 0.1) continue;
        const copy = { QueueUrl, MessageBody: Body, MessageAttributes };
        await bench.emulator.clients.sqs.send(new SendMessageCommand(copy));
      }
      output.Messages?.sort(() => random() - 0.5);
      return output;
    },
  });
  bench.stops.push(async () => Object.values(clients).forEach((one) => one.destroy()));
  return clients;
}

test.each([1, 2, 3])(
  'with seed %i every event has its effect once, and the newest stays',
  async (seed) => {
    const random = seeded(seed);
    const clients = unkindClients(random);
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
          if (random() < 0.1) throw new Error('by chance');
          await applyIfNewer(context.tx, { consumer: 'c', type, subject, version });
        },
        { clients, config: { retryCapSeconds: 0 } },
      );
    }
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
  },
);
