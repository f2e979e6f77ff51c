import { GetObjectCommand, CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { SQSClient, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { ids, ProxiedQueue } from '../../../test/proxied-queue.js';
import { nameIn } from './aws-call.js';
import { eventually } from '../eventually.js';

const bench = new ProxiedQueue().install();
const injected = () => bench.proxy.journal().faults;

test('all traffic passes the proxy, also of clients that follow queue URLs; S3 too', async () => {
  const { endpoint } = bench.proxy;
  expect(bench.queueUrl.startsWith(endpoint)).toBe(true);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const follower = new SQSClient({ endpoint, region: 'us-east-1', credentials });
  const command = new GetQueueUrlCommand({ QueueName: nameIn(bench.queueUrl) });
  expect((await follower.send(command)).QueueUrl).toBe(bench.queueUrl);
  await bench.send('x');
  expect(await bench.receive()).toMatchObject([{ Body: 'x' }]);
  const Bucket = 'proxied';
  await bench.clients.s3.send(new CreateBucketCommand({ Bucket }));
  await bench.clients.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'large' }));
  const object = await bench.clients.s3.send(new GetObjectCommand({ Bucket, Key: 'k' }));
  expect(await object.Body?.transformToString()).toBe('large');
  expect(bench.proxy.journal().calls).toMatchObject({
    SendMessage: 1,
    ReceiveMessage: 1,
    GetQueueUrl: 1,
    Subscribe: 1,
  });
});

test('a published event arrives twice', async () => {
  bench.proxy.set({ duplicatePublish: 1 });
  const { Successful } = await bench.publish('a', 'b');
  expect(Successful).toHaveLength(2);
  expect((await bench.ids()).sort()).toEqual(['a', 'a', 'b', 'b']);
  expect(injected()).toEqual({ duplicatePublish: 2 });
});

test('a received event comes again, up to five times, with all its attributes, once', async () => {
  await bench.publish('a');
  bench.proxy.set({ duplicateReceive: 1 });
  const [first] = await bench.receive();
  await bench.delete([first as object]);
  const copies = await bench.receive();
  expect(copies.length).toBeGreaterThanOrEqual(1);
  expect(copies.length).toBeLessThanOrEqual(5);
  for (const copy of copies) {
    expect(copy.Body).toBe(first?.Body);
    expect(copy.MessageAttributes?.ce_id?.StringValue).toBe('a');
    expect(copy.MessageId).not.toBe(first?.MessageId);
  }
  await bench.delete(copies);
  expect(await bench.count()).toBe(0);
  expect(injected()).toEqual({ duplicateReceive: 1 });
});

test('messages change places within an answer', async () => {
  await bench.publish(...ids(10));
  bench.proxy.set({ shuffle: 0.5 });
  const bodies = (await bench.receive()).map(
    ({ Body = '' }) => (JSON.parse(Body) as { id: string }).id,
  );
  expect([...bodies].sort()).toEqual(ids(10));
  expect(bodies).not.toEqual(ids(10));
});

test('a message is held back, others pass it, and it comes later', async () => {
  bench.proxy.set({ holdBack: 0.5, holdBackSeconds: 1 });
  await bench.publish(...ids(10));
  const first = await bench.receive();
  expect(first.length).toBeGreaterThan(0);
  expect(first.length).toBeLessThan(10);
  const late = new Set<string | undefined>();
  await eventually(async () => {
    for (const { MessageId } of await bench.receive()) late.add(MessageId);
    return late.size === 10 - first.length ? true : undefined;
  });
  expect(injected().holdBack).toBeGreaterThanOrEqual(10 - first.length);
});

test('an answer is late', async () => {
  bench.proxy.set({ latencyMs: 60 });
  const began = performance.now();
  await bench.receive();
  bench.proxy.set({ latencyMs: 0, delay: 1, delayMs: 50 });
  await bench.receive();
  expect(performance.now() - began).toBeGreaterThan(55);
  expect(injected()).toEqual({ delay: 1 });
});

test('calls are throttled in the words of each service', async () => {
  bench.proxy.set({ throttle: 1 });
  await expect(bench.publish('a')).rejects.toMatchObject({ name: 'ThrottledException' });
  await expect(bench.receive()).rejects.toMatchObject({ name: 'OverLimit' });
  await expect(bench.send('x')).rejects.toMatchObject({ name: 'RequestThrottled' });
  expect(await bench.count()).toBe(0);
});

test('entries of a batch fail by no fault of the sender, and have not arrived', async () => {
  // Faults are drawn by the name of the queue: this one draws some of the ten, and always the same.
  await bench.renew({ failEntry: 0.5 }, 7, 'failing-entries');
  const { Successful = [], Failed = [] } = await bench.publish(...ids(10));
  expect(Failed.length).toBeGreaterThan(0);
  expect(Successful.length).toBeGreaterThan(0);
  expect(Failed.every(({ SenderFault }) => SenderFault === false)).toBe(true);
  const arrived = Successful.map(({ Id = '' }) => `id-${Id.slice(1)}`);
  bench.proxy.calm();
  const messages = await bench.receive();
  bench.proxy.set({ failEntry: 1 });
  const deleted = await bench.delete(messages);
  expect(deleted.Failed).toHaveLength(messages.length);
  expect(deleted.Successful).toEqual([]);
  expect(messages.map(({ MessageAttributes }) => MessageAttributes?.ce_id?.StringValue)).toEqual(
    arrived,
  );
  expect(await bench.count()).toBe(arrived.length);
});

test('a publish is answered as failed, in part or as a whole, though it was delivered', async () => {
  bench.proxy.set({ failDelivered: 1 });
  const { Successful, Failed } = await bench.publish('a');
  expect(Successful).toEqual([]);
  expect(Failed).toMatchObject([{ Id: 'e0', SenderFault: false }]);
  bench.proxy.set({ failDelivered: 0, failPublishAnswer: 1 });
  await expect(bench.publish('b')).rejects.toMatchObject({
    $metadata: { httpStatusCode: 500 },
  });
  expect(await bench.ids()).toEqual(['a', 'b']);
  expect(bench.proxy.journal().seen).toMatchObject({ published: 2, publishedAgain: 0 });
});

describe('an acknowledgement', () => {
  const deleteWith = async (faults: object) => {
    await bench.publish('a');
    const messages = await bench.receive({ VisibilityTimeout: 30 });
    bench.proxy.set(faults);
    return bench.delete(messages);
  };

  test('is answered and was not done', async () => {
    expect((await deleteWith({ loseDelete: 1 })).Successful).toHaveLength(1);
    expect(await bench.count()).toBe(1);
  });

  test('is done and not answered', async () => {
    await expect(deleteWith({ loseDeleteAnswer: 1 })).rejects.toThrow();
    expect(await bench.count()).toBe(0);
  });

  test('is refused', async () => {
    await expect(deleteWith({ refuseDelete: 1 })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 500 },
    });
    expect(await bench.count()).toBe(1);
  });
});

test('a connection breaks before or after a call was forwarded', async () => {
  bench.proxy.set({ dropBefore: 1 });
  await expect(bench.send('x')).rejects.toThrow();
  expect(await bench.count()).toBe(0);
  bench.proxy.set({ dropBefore: 0, dropAfter: 1 });
  await expect(bench.send('x')).rejects.toThrow();
  expect(await bench.count()).toBe(1);
});

test('a partition cuts everything, polls under way included, until it is over', async () => {
  const poll = bench.receive({ WaitTimeSeconds: 10 });
  await eventually(() => bench.proxy.journal().calls.ReceiveMessage);
  bench.proxy.partition(true);
  await expect(poll).rejects.toThrow();
  await expect(bench.send('x')).rejects.toThrow();
  expect(bench.proxy.journal().turnedAway).toBeGreaterThan(0);
  bench.proxy.partition(false);
  await bench.send('x');
  expect(await bench.count()).toBe(1);
});

test('redeliveries and repeated publishes are counted', async () => {
  await bench.publish('a');
  await bench.publish('a');
  await bench.receive({ VisibilityTimeout: 0 });
  await bench.receive();
  expect(bench.proxy.journal().seen).toEqual({
    published: 1,
    publishedAgain: 1,
    received: 2,
    receivedAgain: 2,
  });
});

test('settings that make no sense are refused', () => {
  expect(() => bench.proxy.set({ throttle: 1.5 })).toThrow('throttle must be a probability');
  expect(() => bench.proxy.set({ sloth: 1 } as never)).toThrow('no fault "sloth"');
});

test('one seed decides the same for the same messages, in whatever order they come', async () => {
  const faults = { failEntry: 0.3, duplicatePublish: 0.3, shuffle: 0.4, loseDelete: 0.3 };
  const decisionsOf = async (order: string[], seed: number) => {
    await bench.renew(faults, seed, 'same-name');
    const failed: string[] = [];
    for (const id of order) {
      const { Failed = [] } = await bench.publish(id);
      if (Failed.length > 0) failed.push(id);
    }
    return { failed: failed.sort(), tally: injected() };
  };
  const forwards = await decisionsOf(ids(30), 11);
  expect(forwards.failed.length).toBeGreaterThan(2);
  expect(await decisionsOf(ids(30).reverse(), 11)).toEqual(forwards);
  expect((await decisionsOf(ids(30), 12)).failed).not.toEqual(forwards.failed);
});
