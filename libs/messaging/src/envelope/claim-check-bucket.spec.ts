import {
  CreateBucketCommand,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
} from '@aws-sdk/client-s3';
import { newId } from '@parlance/kernel';
import { ConsumerBench } from '../../test/consumer-bench.js';
import { score } from '../../test/fixtures.js';
import { writeEffect } from '../../test/handlers.js';
import { makeProducer } from '../../test/producer.js';
import { awsClients, TopologyFault } from '../index.js';
import { LargeData } from './claim-check.js';

const bench = new ConsumerBench().install();
let bucket: string;

beforeEach(() => (bucket = `${bench.prefix}-checks`));

const large = () => score({ remark: 'x'.repeat(300_000) });
const config = () => ({
  claimCheckBucket: bucket,
  service: 'grading' as const,
  topologyMode: 'create' as const,
});

async function made(...rules: LifecycleRule[]): Promise<void> {
  const { s3 } = bench.emulator.clients;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  if (rules.length === 0) return;
  const LifecycleConfiguration = { Rules: rules };
  await s3.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration }),
  );
}

const rule = (days: number, rest: Partial<LifecycleRule> = {}): LifecycleRule => ({
  ID: `after-${days}`,
  Status: 'Enabled',
  Filter: { Prefix: '' },
  Expiration: { Days: days },
  ...rest,
});

test('a bucket made on the way removes after 60 days what nobody asks for any more', async () => {
  await new LargeData(bench.emulator.clients.s3, config()).put(newId(), large());
  const { Rules } = await bench.emulator.clients.s3.send(
    new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }),
  );
  expect(Rules).toMatchObject([{ Status: 'Enabled', Expiration: { Days: 60 } }]);
});

test('two services that need the bucket at once both have it', async () => {
  const puts = Array.from({ length: 6 }, () =>
    new LargeData(bench.emulator.clients.s3, config()).put(newId(), large()),
  );
  expect(await Promise.all(puts)).toHaveLength(6);
});

test('where S3 knows no rules the data is kept, and the log says so', async () => {
  const { s3 } = awsClients({ AWS_ENDPOINT_URL: bench.emulator.endpoint });
  bench.stops.push(async () => s3.destroy());
  s3.middlewareStack.add(
    (next, context) => (args) => {
      if (context.commandName !== 'PutBucketLifecycleConfigurationCommand') return next(args);
      throw Object.assign(new Error('x'), { name: 'NotImplemented' });
    },
    { step: 'initialize' },
  );
  const lines: unknown[] = [];
  const log = { info() {}, error() {}, warn: (...line: unknown[]) => void lines.push(line) };
  const id = newId();
  const storage = new LargeData(s3, config(), log);
  const given = large();
  expect(await storage.get(await storage.put(id, given), id)).toEqual(given);
  expect(lines).toEqual([
    [{ bucket, error: 'NotImplemented' }, expect.stringContaining('no lifecycle rule')],
  ]);
});

describe('a service whose bucket comes from the infrastructure code', () => {
  async function starting(): Promise<unknown> {
    const { prefix } = bench;
    const { clients } = bench.emulator;
    const { addresses } = makeProducer({ prefix, clients, transactions: bench.db.transactions });
    await addresses.all();
    return bench.consumer(writeEffect, {
      config: { claimCheckBucket: bucket, topologyMode: 'check' },
    });
  }

  test('starts when a rule covers everything for 59 days or more', async () => {
    await made(rule(400, { Filter: { Prefix: 'assignments/' } }), rule(59));
    await expect(starting()).resolves.toBeDefined();
  });

  test.each<[string, LifecycleRule[], string]>([
    ['has no rule', [], 'no enabled lifecycle rule'],
    ['has a rule that is off', [rule(60, { Status: 'Disabled' })], 'no enabled lifecycle rule'],
    [
      'has a rule for a part of it',
      [rule(60, { Filter: { Prefix: 'assignments/' } })],
      'no enabled lifecycle rule',
    ],
    ['loses objects too soon', [rule(30)], 'after less than 59 days'],
    [
      'loses some objects too soon',
      [rule(60), rule(7, { Filter: { Prefix: 'grading/' } })],
      'after less than 59 days',
    ],
  ])('does not start when it %s', async (_, rules, sentence) => {
    await made(...rules);
    const start = starting();
    await expect(start).rejects.toThrow(TopologyFault);
    await expect(start).rejects.toThrow(sentence);
  });

  test('does not start when there is none', async () => {
    await expect(starting()).rejects.toThrow(`The bucket ${bucket} does not exist.`);
  });
});
