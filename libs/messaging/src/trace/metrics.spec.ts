import { type Attributes, metrics } from '@opentelemetry/api';
import {
  type DataPoint,
  type Histogram,
  type MetricData,
  MeterProvider,
  MetricReader,
} from '@opentelemetry/sdk-metrics';
import { newId } from '@parlance/kernel';
import { ConsumerBench } from '../../test/consumer-bench.js';
import { envelope, score, Scored } from '../../test/fixtures.js';
import { writeEffect } from '../../test/handlers.js';
import { makeProducer } from '../../test/producer.js';
import { eventually } from '../testing/index.js';
import { observeOutbox } from './gauges.js';
import { QueueMetrics, TopicMetrics } from './metrics.js';

class Collected extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}

  async all(): Promise<MetricData[]> {
    const { resourceMetrics, errors } = await this.collect();
    expect(errors).toEqual([]);
    return resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  }

  /** Points whose attributes hold at least these. */
  async points<T = number>(name: string, attributes: Attributes = {}): Promise<DataPoint<T>[]> {
    const found = (await this.all()).find(({ descriptor }) => descriptor.name === name);
    const points = (found?.dataPoints ?? []) as DataPoint<T>[];
    return points.filter((point) =>
      Object.entries(attributes).every(([key, value]) => point.attributes[key] === value),
    );
  }

  async value(name: string, attributes: Attributes = {}): Promise<number | undefined> {
    const points = await this.points(name, attributes);
    if (points.length > 1) throw new Error(`${points.length} points of ${name}`);
    return points[0]?.value;
  }

  async histogram(name: string, attributes: Attributes): Promise<Histogram | undefined> {
    return (await this.points<Histogram>(name, attributes))[0]?.value;
  }
}

const bench = new ConsumerBench().install();
let collected: Collected;

beforeEach(() => {
  collected = new Collected();
  metrics.disable();
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [collected] }));
});

const TRACE_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

test('the way of an event leaves the metrics of the conventions and our own', async () => {
  const { prefix } = bench;
  const { transactions } = bench.db;
  const producer = makeProducer({ prefix, clients: bench.emulator.clients, transactions });
  const consumer = await bench.consumer(writeEffect);
  producer.relay.start();
  bench.stops.push(() => producer.relay.stop());
  const institutionId = newId();
  await transactions.inInstitution(institutionId, async (tx) => {
    for (let index = 0; index < 3; index += 1) {
      await producer.outbox.add(tx, Scored, { version: 1, institutionId, data: score() });
    }
  });
  await bench.effectCount(3);
  await bench.emptied(consumer);

  const topic = `${prefix}-grading-events`;
  const queue = `${prefix}-gradebook-from-grading`;
  const system = 'messaging.system';
  const name = 'messaging.operation.name';
  const destination = 'messaging.destination.name';
  const sent = { [system]: 'aws.sns', [name]: 'publish', [destination]: topic };
  expect(await collected.value('messaging.client.sent.messages', sent)).toBe(3);
  const received = { [system]: 'aws_sqs', [name]: 'receive', [destination]: queue };
  expect(await collected.value('messaging.client.consumed.messages', received)).toBe(3);

  const process = { [name]: 'process', [destination]: queue, 'app.consumer': 'gradebook' };
  const applied = { ...process, 'app.outcome': 'applied' };
  const handled = await collected.histogram('messaging.process.duration', applied);
  expect(handled?.buckets.boundaries).toEqual(TRACE_BOUNDS);
  expect(handled?.count).toBe(3);
  for (const [operation, at] of [
    ['publish', topic],
    ['receive', queue],
    ['delete', queue],
  ] as const) {
    const calls = await collected.histogram('messaging.client.operation.duration', {
      [name]: operation,
      [destination]: at,
    });
    expect(calls?.count).toBeGreaterThanOrEqual(1);
    expect(calls?.buckets.boundaries).toEqual(TRACE_BOUNDS);
  }
  const age = await collected.histogram('event.end_to_end_age', { 'app.consumer': 'gradebook' });
  expect(age?.count).toBe(3);
  expect(age?.max).toBeLessThan(15);
  // As of the relay's last look, which may have been before the last event went out.
  await eventually(async () =>
    (await collected.value('outbox.oldest_unpublished_seconds')) === 0 ? true : undefined,
  );
  expect(await collected.value('consumer.in_flight', { [destination]: queue })).toBe(0);
  expect(await collected.value('dlq.depth', { [destination]: `${queue}-dlq` })).toBe(0);
  expect(await collected.value('dlq.depth', { [destination]: `${queue}-undelivered` })).toBe(0);
  const everything = JSON.stringify(await collected.all());
  expect(everything).not.toContain(institutionId);
});

test('the age is counted from the time in the envelope, and not for a replay', async () => {
  const consumer = await bench.consumer(writeEffect);
  const old = new Date(Date.now() - 90_000).toISOString();
  await bench.send(consumer, envelope({ time: old }));
  const replay_id = { DataType: 'String', StringValue: newId() };
  await bench.send(consumer, envelope({ time: old }), { replay_id });
  await bench.effectCount(1);
  await bench.emptied(consumer);
  const age = await collected.histogram('event.end_to_end_age', { 'app.consumer': 'gradebook' });
  expect(age?.count).toBe(1);
  expect(age?.min).toBeGreaterThanOrEqual(90);
  expect(age?.max).toBeLessThan(105);
});

test('duplicates, retries, dead letters and broken trace contexts are told apart', async () => {
  let isFirst = true;
  const consumer = await bench.consumer((event, context) => {
    if (isFirst) {
      isFirst = false;
      throw new Error('once');
    }
    return writeEffect(event, context);
  });
  const twice = envelope();
  await bench.send(consumer, twice);
  await bench.effectCount(1);
  await bench.send(consumer, twice);
  await bench.send(consumer, 'not JSON');
  await bench.send(
    consumer,
    envelope({ traceparent: `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01` }),
  );
  await bench.effectCount(2);
  await bench.emptied(consumer);

  const outcome = async (kind: string) => {
    const found = { 'app.outcome': kind };
    return (await collected.histogram('messaging.process.duration', found))?.count;
  };
  expect(await outcome('applied')).toBe(2);
  expect(await outcome('retry')).toBe(1);
  expect(await outcome('duplicate')).toBe(1);
  expect(await outcome('dead')).toBe(1);
  expect(await collected.value('inbox.duplicates')).toBe(1);
  expect(await collected.value('trace_context.invalid')).toBe(1);
  const { deadLetterUrl } = await bench.queueOf(consumer);
  const dlq = deadLetterUrl.split('/').at(-1) as string;
  expect(await collected.value('dlq.depth', { 'messaging.destination.name': dlq })).toBe(1);
});

test('a message lost to another consumer is counted, and held ones are seen while held', async () => {
  let go = (): void => undefined;
  const lost = new Promise<void>((resolve) => (go = resolve));
  const consumer = await bench.consumer(
    async (event, context) => {
      if (context.receiveCount > 1) return writeEffect(event, context);
      context.signal.addEventListener('abort', () => go());
      await lost;
    },
    { config: { maxHandlerSeconds: 1, visibilityTimeoutSeconds: 2 } },
  );
  await bench.send(consumer, envelope());
  await eventually(async () =>
    (await collected.value('consumer.in_flight')) === 1 ? 1 : undefined,
  );
  await bench.effectCount(1);
  expect(await collected.value('visibility.lost')).toBe(1);
});

describe('the oldest unpublished event', () => {
  const SECONDS = 'outbox.oldest_unpublished_seconds';

  test('is as old as its row', async () => {
    const { prefix } = bench;
    const { transactions } = bench.db;
    const producer = makeProducer({ prefix, clients: bench.emulator.clients, transactions });
    const institutionId = newId();
    await transactions.inInstitution(institutionId, (tx) =>
      producer.outbox.add(tx, Scored, { version: 1, institutionId, data: score() }),
    );
    await bench.db.owner.query(
      `UPDATE outbox SET created_at = created_at - interval '40 seconds',
                         available_at = now() + interval '1 hour'`,
    );
    producer.relay.start();
    bench.stops.push(() => producer.relay.stop());
    const seconds = await eventually(async () => (await collected.value(SECONDS)) || undefined);
    expect(seconds).toBeGreaterThanOrEqual(40);
    expect(seconds).toBeLessThan(60);
    expect(await collected.value('outbox.failed')).toBe(0);
  });

  test.each([
    ['a backlog seen 5 s ago is 5 s older by now', 12, 5_000, 17],
    ['an empty outbox seen 5 s ago is empty', 0, 5_000, 0],
    ['an outbox nobody could look at for 90 s may hold an event of that age', 0, 90_000, 90],
  ])('%s', async (_, oldestUnpublishedSeconds, agoMs, expected) => {
    const lookedAtMs = performance.now() - agoMs;
    const end = observeOutbox(() => ({ oldestUnpublishedSeconds, failed: 0, lookedAtMs }));
    expect(Math.floor((await collected.value(SECONDS)) as number)).toBe(expected);
    end();
  });

  test('is not spoken of before the first look', async () => {
    const none = { oldestUnpublishedSeconds: 0, failed: 0, lookedAtMs: undefined };
    const end = observeOutbox(() => none);
    expect(await collected.value(SECONDS)).toBeUndefined();
    end();
  });
});

test('a dead-letter queue that cannot be looked at has no depth', async () => {
  const clients = bench.changedClients('GetQueueAttributesCommand', (next, input) => {
    const { AttributeNames } = input as { AttributeNames: string[] };
    if (AttributeNames[0] === 'ApproximateNumberOfMessages') throw new Error('away');
    return next();
  });
  await bench.consumer(writeEffect, { clients });
  expect(await collected.points('dlq.depth')).toEqual([]);
});

test('of many errors the first are told apart and the rest are one', async () => {
  const topic = new TopicMetrics('t');
  for (let index = 0; index < 100; index += 1) topic.published(0, [`Code${index}`], 0.01);
  const codes = (await collected.points('messaging.client.sent.messages')).map((point) => [
    point.attributes['error.type'],
    point.value,
  ]);
  expect(codes).toHaveLength(31);
  expect(codes).toContainEqual(['Code0', 1]);
  expect(codes).toContainEqual(['_OTHER', 70]);
});

test('attributes are made once, not for every message', () => {
  const seen = new Set<unknown>();
  metrics.disable();
  const provider = new MeterProvider();
  const inner = provider.getMeter('x');
  const spied = new Proxy(inner, {
    get(target, key: keyof typeof inner) {
      if (key !== 'createHistogram') return (target[key] as () => void).bind(target);
      return () => ({ record: (_: number, attributes: unknown) => void seen.add(attributes) });
    },
  });
  metrics.setGlobalMeterProvider({ getMeter: () => spied });
  const queue = new QueueMetrics('q', 'gradebook');
  for (let index = 0; index < 50; index += 1) {
    queue.received(10, 0.1);
    queue.processed('applied', 0.1, new Date().toISOString());
    queue.deleted(0.1);
  }
  expect(seen.size).toBe(4);
});
