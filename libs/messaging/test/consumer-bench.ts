import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { type EventDefinition, topologyOf } from '@parlance/events';
import {
  type AwsClients,
  awsClients,
  ensureTopology,
  type QueueAddress,
  type QueueStats,
} from '../src/index.js';
import { type Emulator, eventually, messagesIn, startEmulator } from '../src/testing/index.js';
import { startDatabase, type TestDatabase } from './database.js';
import { uniquePrefix } from './fixtures.js';
import { EFFECTS, type OnScored, onScored } from './handlers.js';
import { makeService, type ServiceParts, type TestService } from './service.js';

/** A database, an emulator and services that consume the test event, for the tests of one file. */
export class ConsumerBench {
  db: TestDatabase;
  emulator: Emulator;
  prefix: string;
  /** What each test leaves to be stopped. */
  readonly stops: (() => Promise<unknown>)[] = [];

  /** Registers the hooks of the file. */
  install(): this {
    beforeAll(async () => {
      this.db = await startDatabase(EFFECTS);
      this.emulator = await startEmulator();
    }, 60_000);
    beforeEach(async () => {
      this.prefix = uniquePrefix();
      await this.db.owner.query('TRUNCATE outbox, inbox, projection_version, effect');
    });
    afterEach(async () => {
      await Promise.all(this.stops.splice(0).map((stop) => stop()));
    });
    afterAll(async () => {
      await this.emulator?.stop();
      await this.db?.stop();
    });
    return this;
  }

  /** The gradebook with `work` as its only handler, started as the platform starts it. */
  async consumer(work: OnScored, given: Partial<ServiceParts> = {}): Promise<TestService> {
    const service = await makeService({
      service: 'gradebook',
      prefix: this.prefix,
      clients: this.emulator.clients,
      transactions: this.db.transactions,
      controllers: [onScored(work)],
      ...given,
    });
    this.stops.push(() => service.app.close());
    await service.app.startAllMicroservices();
    return service;
  }

  async queueOf(service: TestService): Promise<QueueAddress> {
    const { queues } = await service.addresses.all();
    const queue = queues.get(`${this.prefix}-gradebook-from-grading`);
    if (!queue) throw new Error('The gradebook has no queue.');
    return queue;
  }

  /** Of a queue in the topology of these events, made when it is not there. */
  async urlOf(name: string, events: readonly EventDefinition[]): Promise<string> {
    const topology = topologyOf(events, this.prefix);
    const { queues } = await ensureTopology(this.emulator.clients, topology, { mode: 'create' });
    return queues.get(name)?.url ?? '';
  }

  async send(service: TestService, body: unknown, attributes = {}): Promise<void> {
    const { url } = await this.queueOf(service);
    await this.emulator.clients.sqs.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
        MessageAttributes: attributes,
      }),
    );
  }

  async effects(): Promise<{ subject: string; points: number }[]> {
    return (await this.db.owner.query('SELECT subject, points FROM effect ORDER BY id')).rows;
  }

  effectCount(count: number): Promise<true> {
    return eventually(
      async () => ((await this.effects()).length === count ? true : undefined),
      () => `${count} effects`,
    );
  }

  async emptied(service: TestService): Promise<void> {
    const { url } = await this.queueOf(service);
    await eventually(
      async () => ((await messagesIn(this.emulator.clients.sqs, url)) === 0 ? true : undefined),
      () => 'an empty queue',
    );
  }

  stats(service: TestService): QueueStats {
    const [queue] = service.server.stats().queues;
    if (!queue) throw new Error('The service reads no queue.');
    return queue;
  }

  /** SQS with one kind of call answered by the test. */
  changedClients(
    command: string,
    answer: (next: () => Promise<object>, input: unknown) => object | Promise<object>,
  ): AwsClients {
    const clients = awsClients({ AWS_ENDPOINT_URL: this.emulator.endpoint });
    clients.sqs.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName !== command) return next(args);
        const forward = async () => (await next(args)).output as object;
        const output = await answer(forward, args.input);
        return { response: {}, output: { $metadata: {}, ...output } };
      },
      { step: 'initialize' },
    );
    this.stops.push(async () => clients.sqs.destroy());
    return clients;
  }
}
