import {
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { uniquePrefix } from '../../test/fixtures.js';
import { type Emulator, messagesIn, startEmulator } from '../testing/index.js';
import { callDirectly, until } from './direct-calls.js';
import { SQS_JSON } from './sqs-json.js';

let emulator: Emulator;
let QueueUrl: string;

/** As our clients are, and one of the SDK alone, to the same emulator. */
function clientOf(isDirect: boolean, endpoint = emulator.endpoint): SQSClient {
  const client = new SQSClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    useQueueUrlAsEndpoint: false,
    maxAttempts: 1,
  });
  if (isDirect) callDirectly(client, SQS_JSON);
  return client;
}

beforeAll(async () => {
  emulator = await startEmulator();
});

beforeEach(async () => {
  const { sqs } = emulator.clients;
  QueueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: uniquePrefix() }))).QueueUrl ?? '';
  const MessageAttributes = {
    text: { DataType: 'String', StringValue: 'äöü' },
    bytes: { DataType: 'Binary', BinaryValue: Uint8Array.from([0, 255, 7]) },
  };
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"é":1}', MessageAttributes }));
});

afterAll(() => emulator.stop());

async function receiveOne(client: SQSClient) {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl,
      VisibilityTimeout: 0,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['SentTimestamp'],
    }),
  );
  return Messages[0];
}

test('a message reads as the SDK reads it, binary attributes too', async () => {
  const ours = await receiveOne(clientOf(true));
  const theirs = await receiveOne(clientOf(false));
  expect(ours?.Body).toBe('{"é":1}');
  expect({ ...ours, ReceiptHandle: '' }).toMatchObject({ ...theirs, ReceiptHandle: '' });
  expect([...(ours?.MessageAttributes?.bytes?.BinaryValue ?? [])]).toEqual([0, 255, 7]);
});

test('it hides, gives back and deletes, and says what of a batch failed', async () => {
  const client = clientOf(true);
  const message = await receiveOne(client);
  const good = { Id: 'good', ReceiptHandle: message?.ReceiptHandle ?? '' };
  const bad = { Id: 'bad', ReceiptHandle: 'never given' };
  const hidden = await client.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl,
      Entries: [good, bad].map((entry) => ({ ...entry, VisibilityTimeout: 30 })),
    }),
  );
  expect(hidden.Successful).toEqual([{ Id: 'good' }]);
  expect(hidden.Failed).toEqual([expect.objectContaining({ Id: 'bad', SenderFault: true })]);
  const deleted = await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [good] }));
  expect(deleted.Successful).toEqual([{ Id: 'good' }]);
  expect(await messagesIn(client, QueueUrl)).toBe(0);
});

test('what fails, fails as in the SDK', async () => {
  const nowhere = new ReceiveMessageCommand({ QueueUrl: `${QueueUrl}-gone` });
  const failure = (client: SQSClient) =>
    client.send(nowhere).then(
      () => undefined,
      (error: Error) => error.name,
    );
  const theirs = await failure(clientOf(false));
  expect(theirs).toBeDefined();
  expect(await failure(clientOf(true))).toBe(theirs);
  const away = clientOf(true, 'http://127.0.0.1:9');
  await expect(away.send(nowhere)).rejects.toThrow(/ECONNREFUSED/);
});

test.each([true, false])(
  'a long poll ends when it is broken off (direct: %s)',
  async (isDirect) => {
    const client = clientOf(isDirect);
    await client.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 60 }));
    const abort = new AbortController();
    const input = { QueueUrl, WaitTimeSeconds: 20 };
    const poll = () => {
      const command = new ReceiveMessageCommand(input);
      return client.send(command, until(client, command, abort.signal));
    };
    const first = poll();
    setImmediate(() => abort.abort());
    await expect(first).rejects.toThrow(/abort/i);
    await expect(poll()).rejects.toThrow(/abort/i);
  },
);

test('middlewares of others see these calls', async () => {
  const client = clientOf(true);
  const seen: unknown[] = [];
  client.middlewareStack.add(
    (next, context) => (args) => {
      seen.push(context.commandName);
      return next(args);
    },
    { step: 'initialize' },
  );
  await receiveOne(client);
  expect(seen).toEqual(['ReceiveMessageCommand']);
});
