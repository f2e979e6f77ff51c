import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.js';
import { type ServerProcess, spawnServer } from './spawn-server.js';

const folder = mkdtempSync(join(tmpdir(), 'parlance-emulator-'));
let server: ServerProcess;

afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Received {
  Messages?: {
    Body: string;
    ReceiptHandle: string;
    Attributes: { ApproximateReceiveCount: string };
  }[];
}

test('a message given back at once is there at once, also where messages are kept', async () => {
  const port = await freePort();
  server = await spawnServer('emulator', [folder, String(port)]);
  const sqs = async <T>(action: string, input: object): Promise<T> => {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${action}`,
    };
    const body = JSON.stringify(input);
    const answer = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
    return JSON.parse((await answer.text()) || '{}') as T;
  };
  const { QueueUrl } = await sqs<{ QueueUrl: string }>('CreateQueue', { QueueName: 'q' });
  await sqs('SendMessage', { QueueUrl, MessageBody: 'x' });
  const receive = () => sqs<Received>('ReceiveMessage', { QueueUrl, AttributeNames: ['All'] });
  const [first] = (await receive()).Messages ?? [];
  const held = { QueueUrl, ReceiptHandle: first?.ReceiptHandle };
  await sqs('ChangeMessageVisibility', { ...held, VisibilityTimeout: 0 });
  const [second] = (await receive()).Messages ?? [];
  expect(second?.Body).toBe('x');
  expect(second?.Attributes.ApproximateReceiveCount).toBe('2');
});
