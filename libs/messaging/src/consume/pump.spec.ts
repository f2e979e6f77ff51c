import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { newId } from '@parlance/kernel';
import { envelope, uniquePrefix } from '../../test/fixtures.js';
import { type Emulator, eventually, messagesIn, startEmulator } from '../testing/index.js';
import { type Pump, type PumpedMessage, pumpQueue } from './pump.js';

let emulator: Emulator;
let queueUrl: string;
const pumps: Pump[] = [];

beforeAll(async () => {
  emulator = await startEmulator();
});

beforeEach(async () => {
  const command = new CreateQueueCommand({ QueueName: uniquePrefix() });
  queueUrl = (await emulator.clients.sqs.send(command)).QueueUrl ?? '';
});

afterEach(async () => {
  await Promise.all(pumps.splice(0).map((pump) => pump.close()));
});

afterAll(() => emulator.stop());

function start(handle: (message: PumpedMessage, signal: AbortSignal) => Promise<void>): Pump {
  const { sqs } = emulator.clients;
  const options = { retryBaseSeconds: 1, retryCapSeconds: 1, receiveWaitSeconds: 1 };
  const pump = pumpQueue({ sqs, queueUrl, handle, ...options });
  pumps.push(pump);
  pump.start();
  return pump;
}

async function send(body: unknown): Promise<void> {
  const MessageBody = typeof body === 'string' ? body : JSON.stringify(body);
  await emulator.clients.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
}

const emptied = () =>
  eventually(async () =>
    (await messagesIn(emulator.clients.sqs, queueUrl)) === 0 ? true : undefined,
  );

test('what is handled is deleted, what fails comes again, whatever it holds', async () => {
  const seen: string[] = [];
  start(async ({ body, receiveCount }) => {
    seen.push(`${body} ${receiveCount}`);
    if (body === 'fails once' && receiveCount === 1) throw new Error('not yet');
  });
  for (const body of ['not an envelope', '{"half":', 'fails once']) await send(body);
  await emptied();
  expect(seen.sort()).toEqual(['fails once 1', 'fails once 2', 'not an envelope 1', '{"half": 1']);
});

test('of one key one runs at a time, a slow message holds up no other key', async () => {
  const [tenant, slow] = [newId(), newId()];
  let finish: () => void = () => {};
  const gate = new Promise<void>((resolve) => (finish = resolve));
  const done: string[] = [];
  let slowRuns = 0;
  start(async ({ body }) => {
    const { partitionkey, sequence } = JSON.parse(body) as Record<string, string>;
    if (partitionkey === slow) {
      slowRuns += 1;
      await gate;
    }
    done.push(`${partitionkey === slow ? 'slow' : 'other'} ${sequence}`);
  });
  for (const sequence of [1, 2]) await send(envelope({ tenant, partitionkey: slow, sequence }));
  for (const sequence of [1, 2, 3]) await send(envelope({ tenant, sequence }));
  await eventually(() => (done.length === 3 ? true : undefined));
  expect([slowRuns, ...done]).toEqual([1, 'other 1', 'other 2', 'other 3']);
  finish();
  await emptied();
  expect(done.slice(3)).toEqual(['slow 1', 'slow 2']);
});

test('settings that make no sense are refused', () => {
  const { sqs } = emulator.clients;
  const handle = () => Promise.resolve();
  expect(() => pumpQueue({ sqs, queueUrl, handle, maxInFlight: 9 })).toThrow(/at least 10/);
  expect(() => pumpQueue({ sqs, queueUrl, handle, receivers: 0 })).toThrow(/receivers/);
});
