import { GetQueueUrlCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { type Topology, topologyOf } from '@parlance/events';
import { DeadLetterQueues } from '../src/dead-letters/dead-letter-queues.js';
import type { LetterFilter } from '../src/dead-letters/letter-filter.js';
import type { LetterQueue } from '../src/dead-letters/letter-queues.js';
import type { Move, SettledLetter } from '../src/dead-letters/move-letters.js';
import { textAttribute } from '../src/envelope/message-attributes.js';
import { type AwsClients, awsClients } from '../src/index.js';
import { type Emulator, messagesIn, startEmulator } from '../src/testing/index.js';
import { ensureTopology } from '../src/topology/ensure-topology.js';
import { type Arrived, drainQueue } from './drain-queue.js';
import { envelope, TEST_EVENTS, uniquePrefix } from './fixtures.js';

export interface Put {
  queue?: string;
  body?: unknown;
  attributes?: Record<string, string>;
}

/** As the consumer leaves it. */
export const REASON = {
  error_code: 'schema',
  error_fingerprint: 'aaaaaaaaaaaaaaaa',
  consumer: 'gradebook',
  receive_count: '2',
};

export const NEVER: AbortSignal = new AbortController().signal;

type Answer<O> = (next: (input?: object) => Promise<O>, input: never) => Promise<O>;

/** An emulator with the queues of the test events, for specs that put letters into them. */
export class LetterBench {
  emulator: Emulator;
  topology: Topology;
  private readonly own: AwsClients[] = [];

  /** Registers the hooks of the file. */
  install(): this {
    beforeAll(async () => {
      this.emulator = await startEmulator();
    });
    beforeEach(async () => {
      this.topology = topologyOf(TEST_EVENTS, uniquePrefix());
      await ensureTopology(this.emulator.clients, this.topology, { mode: 'create' });
    });
    afterEach(() => this.own.splice(0).forEach(({ sqs }) => sqs.destroy()));
    afterAll(() => this.emulator?.stop());
    return this;
  }

  letters({ sqs } = this.emulator.clients): DeadLetterQueues {
    return new DeadLetterQueues({ sqs, topology: this.topology });
  }

  get unhandled(): LetterQueue {
    return this.queueNamed('gradebook-from-grading-dlq');
  }

  queueNamed(end: string): LetterQueue {
    const queue = this.letters().queues.find(({ name }) => name.endsWith(end));
    if (!queue) throw new Error(`There is no queue ${end}.`);
    return queue;
  }

  async urlOf(name: string): Promise<string> {
    const command = new GetQueueUrlCommand({ QueueName: name });
    return (await this.emulator.clients.sqs.send(command)).QueueUrl ?? '';
  }

  /** Puts a letter into a dead-letter queue; returns its body. */
  async put(given: Put = {}): Promise<string> {
    const { queue = this.unhandled.name, body = envelope(), attributes = REASON } = given;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const texts = Object.entries(attributes);
    const entry = {
      Id: '0',
      MessageBody: text,
      MessageAttributes: Object.fromEntries(
        texts.map(([name, value]) => [name, textAttribute(value)]),
      ),
    };
    await this.emulator.clients.sqs.send(
      new SendMessageBatchCommand({ QueueUrl: await this.urlOf(queue), Entries: [entry] }),
    );
    return text;
  }

  putMany(count: number, given: () => Put = () => ({})): Promise<string[]> {
    return Promise.all(Array.from({ length: count }, () => this.put(given())));
  }

  scan(limit = 1_000) {
    return this.letters().scan(this.unhandled, {}, { limit, signal: NEVER });
  }

  async inSource(): Promise<Arrived[]> {
    return drainQueue(this.emulator.clients.sqs, await this.urlOf(this.unhandled.sourceName));
  }

  async depthOf(name: string): Promise<number> {
    return messagesIn(this.emulator.clients.sqs, await this.urlOf(name));
  }

  /** A move that writes down what became of letters. */
  moving(action: Move['action'], filter: LetterFilter = {}, given: Partial<Move> = {}) {
    const settled: SettledLetter[] = [];
    const after = async (some: SettledLetter[]) => void settled.push(...some);
    const move: Move = { action, filter, perSecond: 500, signal: NEVER, after, ...given };
    return { move, settled };
  }

  /** SQS with some kinds of calls answered by the test. */
  changed<O extends object>(answers: Record<string, Answer<O>>): AwsClients {
    const clients = awsClients({ AWS_ENDPOINT_URL: this.emulator.endpoint });
    clients.sqs.middlewareStack.add(
      (next, context) => async (args) => {
        const answer = answers[context.commandName ?? ''];
        if (!answer) return next(args);
        const forward = async (input: object = args.input) =>
          (await next({ ...args, input })).output as never as O;
        const output = await answer(forward, args.input as never);
        return { response: {}, output: { $metadata: {}, ...output } };
      },
      { step: 'initialize' },
    );
    this.own.push(clients);
    return clients;
  }
}
