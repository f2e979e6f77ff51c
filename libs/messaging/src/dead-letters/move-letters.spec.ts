import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { newId } from '@parlance/kernel';
import { envelope, idMadeAt, Scored } from '../../test/fixtures.js';
import { LetterBench, REASON } from '../../test/letter-bench.js';
import { DeadLetterQueues } from './dead-letter-queues.js';

const bench = new LetterBench().install();

const DAY = 86_400_000;

describe('redriving', () => {
  test('puts a letter back as it was: body, attributes without the reason, group', async () => {
    const tenant = newId();
    const attributes = {
      ce_id: newId(),
      ce_type: Scored.type,
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      odd: 'of a stranger',
    };
    // Spaces, an escape and an unknown field: what is parsed and written again would differ.
    const event = envelope({ tenant, extra: 'é' });
    const body = ` ${JSON.stringify(event, null, 1).replace('é', '\\u00e9')}\n`;
    await bench.put({ body, attributes: { ...attributes, ...REASON } });
    const { move, settled } = bench.moving('redrive');
    const groups: unknown[] = [];
    // The emulator forgets the group of a message, so it is given and looked for on the way.
    const clients = bench.changed<{ Messages?: object[] }>({
      [ReceiveMessageCommand.name]: async (next) => {
        const { Messages = [] } = await next();
        const Attributes = { MessageGroupId: tenant, SentTimestamp: '1' };
        return { Messages: Messages.map((message) => ({ ...message, Attributes })) };
      },
      [SendMessageBatchCommand.name]: (next, input: { Entries: { MessageGroupId?: string }[] }) => {
        groups.push(...input.Entries.map(({ MessageGroupId }) => MessageGroupId));
        return next();
      },
    });
    const result = await bench.letters(clients).move(bench.unhandled, move, { limit: 100 });
    expect(result).toMatchObject({ counts: { redriven: 1, failed: 0 }, isComplete: true });
    expect(groups).toEqual([tenant]);
    expect(settled).toMatchObject([{ outcome: 'redriven', letter: { eventId: event.id } }]);
    expect(await bench.depthOf(bench.unhandled.name)).toBe(0);
    const [arrived, ...more] = await bench.inSource();
    expect(more).toEqual([]);
    expect(arrived?.body).toBe(body);
    const texts = Object.entries(arrived?.attributes ?? {}).map(
      ([name, { DataType, StringValue }]) => [name, DataType, StringValue],
    );
    expect(texts.sort()).toEqual(
      Object.entries(attributes)
        .map(([name, value]) => [name, 'String', value])
        .sort(),
    );
  });

  test('what SNS could not deliver goes to the queue it was for, attributes untouched', async () => {
    const undelivered = bench.queueNamed('gradebook-from-grading-undelivered');
    const attributes = { ce_type: Scored.type, consumer: 'its own' };
    const body = await bench.put({ queue: undelivered.name, attributes });
    const { move, settled } = bench.moving('redrive');
    await bench.letters().move(undelivered, move, { limit: 100 });
    expect(settled).toMatchObject([
      { outcome: 'redriven', letter: { kind: 'undelivered', errorCode: 'undelivered' } },
    ]);
    const [arrived, ...more] = await bench.inSource();
    expect(more).toEqual([]);
    expect(arrived?.body).toBe(body);
    expect(arrived?.attributes).toMatchObject({
      ce_type: { DataType: 'String', StringValue: Scored.type },
      consumer: { DataType: 'String', StringValue: 'its own' },
    });
    expect(Object.keys(arrived?.attributes ?? {})).toHaveLength(2);
    expect(await bench.depthOf(undelivered.name)).toBe(0);
  });

  test('moves only what the filter means, over many batches', async () => {
    const institutionId = newId();
    const meant = await bench.putMany(23, () => ({ body: envelope({ tenant: institutionId }) }));
    await bench.putMany(14);
    const { move } = bench.moving('redrive', { institutionId });
    const { counts } = await bench.letters().move(bench.unhandled, move, { limit: 1_000 });
    expect(counts.redriven).toBe(23);
    expect((await bench.inSource()).map(({ body }) => body).sort()).toEqual(meant.sort());
    expect((await bench.scan()).letters).toHaveLength(14);
  });

  test('refuses what the inbox may have forgotten, and says how many', async () => {
    await bench.put({ body: envelope({ id: idMadeAt(Date.now() - 46 * DAY) }) });
    const young = await bench.put({ body: envelope({ id: idMadeAt(Date.now() - 44 * DAY) }) });
    const unreadable = await bench.put({ body: 'not JSON' });
    const { move, settled } = bench.moving('redrive');
    const { counts } = await bench.letters().move(bench.unhandled, move, { limit: 100 });
    expect(counts).toMatchObject({ redriven: 2, 'too-old': 1, failed: 0 });
    expect(settled.map(({ outcome }) => outcome).sort()).toEqual([
      'redriven',
      'redriven',
      'too-old',
    ]);
    expect((await bench.inSource()).map(({ body }) => body).sort()).toEqual(
      [young, unreadable].sort(),
    );
    expect((await bench.scan()).letters).toHaveLength(1);
  });

  test('keeps the rate asked for: no more go than have been waited for', async () => {
    await bench.putMany(12);
    let now = 0;
    const sentAt: number[] = [];
    const clients = bench.changed<{ Successful?: object[] }>({
      [SendMessageBatchCommand.name]: async (next) => {
        const output = await next();
        output.Successful?.forEach(() => sentAt.push(now));
        return output;
      },
    });
    const letters = new DeadLetterQueues({
      sqs: clients.sqs,
      topology: bench.topology,
      clock: { nowMs: () => now, pause: async (ms) => void (now += ms) },
    });
    await letters.move(bench.unhandled, bench.moving('redrive', {}, { perSecond: 4 }).move, {
      limit: 100,
    });
    expect(sentAt).toHaveLength(12);
    for (const from of sentAt) {
      expect(sentAt.filter((at) => at >= from && at < from + 1_000).length).toBeLessThanOrEqual(4);
    }
    // From each receive of ten: four, four and two; then the last two.
    expect(now).toBe(2_500);
  });

  test('a letter SQS did not take stays, and the others go', async () => {
    await bench.putMany(3);
    const refused = await bench.put({ body: envelope({ sequence: 99 }) });
    const clients = bench.changed({
      [SendMessageBatchCommand.name]: (next, input: { Entries: { MessageBody: string }[] }) => {
        const Entries = input.Entries.filter(({ MessageBody }) => MessageBody !== refused);
        return next({ ...(input as object), Entries });
      },
    });
    const { move } = bench.moving('redrive');
    const { counts } = await bench.letters(clients).move(bench.unhandled, move, { limit: 100 });
    expect(counts).toMatchObject({ redriven: 3, failed: 1 });
    expect((await bench.scan()).letters).toHaveLength(1);
    expect(await bench.inSource()).toHaveLength(3);
  });

  test('when SQS takes nothing, it ends with the reason and everything is still there', async () => {
    await bench.putMany(25);
    const clients = bench.changed({
      [SendMessageBatchCommand.name]: () => Promise.reject(new Error('away')),
    });
    const { move, settled } = bench.moving('redrive');
    const run = bench.letters(clients).move(bench.unhandled, move, { limit: 100 });
    await expect(run).rejects.toThrow('away');
    expect(settled.every(({ outcome }) => outcome === 'failed')).toBe(true);
    expect((await bench.scan()).letters).toHaveLength(25);
  });

  test('ended between sending and deleting, a letter is in both queues but never in none', async () => {
    const body = await bench.put();
    const clients = bench.changed({
      [DeleteMessageBatchCommand.name]: () => Promise.reject(new Error('ended')),
    });
    const { move } = bench.moving('redrive');
    const { counts } = await bench.letters(clients).move(bench.unhandled, move, { limit: 100 });
    expect(counts).toMatchObject({ redriven: 0, 'not-deleted': 1 });
    expect((await bench.inSource()).map((arrived) => arrived.body)).toEqual([body]);
    expect((await bench.scan()).letters).toHaveLength(1);
  });

  test('stops between two batches when told to, and gives the rest back', async () => {
    await bench.putMany(30);
    const stop = new AbortController();
    const { move, settled } = bench.moving('redrive', {}, { signal: stop.signal });
    const after = move.after;
    move.after = async (some) => {
      await after?.(some);
      stop.abort();
    };
    const result = await bench.letters().move(bench.unhandled, move, { limit: 100 });
    expect(result.isComplete).toBe(false);
    expect(settled).toHaveLength(10);
    expect((await bench.scan()).letters).toHaveLength(20);
  });

  test('touches nothing when what must be written down first cannot be', async () => {
    await bench.putMany(2);
    const before = () => Promise.reject(new Error('no audit'));
    const { move } = bench.moving('redrive', {}, { before });
    const run = bench.letters().move(bench.unhandled, move, { limit: 100 });
    await expect(run).rejects.toThrow('no audit');
    expect(await bench.inSource()).toEqual([]);
    expect((await bench.scan()).letters).toHaveLength(2);
  });

  test('has nowhere to send to when the queue is gone, and says so first', async () => {
    await bench.put();
    const gone = { ...bench.unhandled, sourceName: 'gone' };
    const run = bench.letters().move(gone, bench.moving('redrive').move, { limit: 100 });
    await expect(run).rejects.toThrow('There is no queue gone.');
    expect((await bench.scan()).letters).toHaveLength(1);
  });
});

test('discarding deletes what is meant, old letters too, and sends nothing', async () => {
  await bench.put({ body: envelope({ id: idMadeAt(Date.now() - 60 * DAY) }) });
  await bench.put({ attributes: { ...REASON, error_fingerprint: 'bbbbbbbbbbbbbbbb' } });
  const { move, settled } = bench.moving('discard', { fingerprint: 'aaaaaaaaaaaaaaaa' });
  const { counts } = await bench.letters().move(bench.unhandled, move, { limit: 100 });
  expect(counts).toMatchObject({ discarded: 1, 'too-old': 0 });
  expect(settled).toMatchObject([{ outcome: 'discarded' }]);
  expect(await bench.inSource()).toEqual([]);
  expect((await bench.scan()).letters).toHaveLength(1);
});
