import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.js';
import { type ServerProcess, spawnServer } from './spawn-server.js';

const folder = mkdtempSync(join(tmpdir(), 'parlance-emulator-'));
let emulator: ServerProcess;
let url = '';

async function start(): Promise<void> {
  const port = await freePort();
  emulator = await spawnServer('emulator', [folder, String(port)]);
  url = `http://127.0.0.1:${port}/`;
}

beforeAll(start);

afterAll(async () => {
  await emulator?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function sqs<T>(action: string, body: object): Promise<T> {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `AmazonSQS.${action}`,
    authorization:
      'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, ' +
      'SignedHeaders=host, Signature=0',
  };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${action} answered ${answer.status}: ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

interface Received {
  Messages?: { Body: string; ReceiptHandle: string }[];
}

test('a message that is given back can be received at once, and outlives a restart', async () => {
  const { QueueUrl } = await sqs<{ QueueUrl: string }>('CreateQueue', { QueueName: 'q' });
  await sqs('SendMessage', { QueueUrl, MessageBody: 'kept' });
  for (let turn = 0; turn < 2; turn += 1) {
    const { Messages = [] } = await sqs<Received>('ReceiveMessage', { QueueUrl });
    expect(Messages.map(({ Body }) => Body)).toEqual(['kept']);
    await sqs('ChangeMessageVisibilityBatch', {
      QueueUrl,
      Entries: [{ Id: '0', ReceiptHandle: Messages[0]?.ReceiptHandle, VisibilityTimeout: 0 }],
    });
  }
  await emulator.stop();
  await start();
  const { Messages = [] } = await sqs<Received>('ReceiveMessage', { QueueUrl });
  expect(Messages.map(({ Body }) => Body)).toEqual(['kept']);
});
