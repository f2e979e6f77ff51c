import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { uniquePrefix } from '../../test/fixtures.js';
import { textAttribute } from '../envelope/message-attributes.js';
import { type Emulator, startEmulator } from './emulator.js';
import { QueueAccess } from './queue-access.js';

let emulator: Emulator;
let access: QueueAccess;

beforeAll(async () => {
  emulator = await startEmulator();
  access = new QueueAccess(emulator.endpoint);
});
afterAll(async () => {
  access?.close();
  await emulator?.stop();
});

async function fresh() {
  const name = uniquePrefix();
  await emulator.clients.sqs.send(new CreateQueueCommand({ QueueName: name }));
  return access.queue(name);
}

test('messages are moved as they are, and only so many', async () => {
  const [source, target] = [await fresh(), await fresh()];
  const letter = (body: string) => ({
    body,
    attributes: { ce_id: textAttribute(body), bytes: { DataType: 'Binary', BinaryValue: BYTES } },
  });
  for (const body of ['a', 'b', 'c']) await source.send(letter(body));
  expect(await source.moveTo(target, 2)).toBe(2);
  expect(await source.count()).toBe(1);
  expect(await target.look()).toEqual([letter('a'), letter('b')]);
  // Looking takes nothing away.
  expect(await target.look()).toHaveLength(2);
});

test('a rate is kept', async () => {
  const [source, target] = [await fresh(), await fresh()];
  for (let count = 0; count < 4; count += 1) await source.send({ body: 'x', attributes: {} });
  const began = performance.now();
  await source.moveTo(target, Infinity, 50);
  expect(performance.now() - began).toBeGreaterThan(55);
  expect(await target.count()).toBe(4);
});

const BYTES = new Uint8Array([1, 2, 3]);
