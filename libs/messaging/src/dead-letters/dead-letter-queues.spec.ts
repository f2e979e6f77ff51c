import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { newId } from '@parlance/kernel';
import { drainQueue } from '../../test/drain-queue.js';
import { envelope } from '../../test/fixtures.js';
import { LetterBench, NEVER } from '../../test/letter-bench.js';
import { QueueMissing } from './dead-letter-queues.js';

const bench = new LetterBench().install();

describe('looking', () => {
  test('finds every letter once, leaves all of them there, and can look again at once', async () => {
    await bench.putMany(34);
    for (let look = 0; look < 2; look += 1) {
      const { letters, isComplete } = await bench.scan();
      expect(new Set(letters.map(({ id }) => id)).size).toBe(34);
      expect(letters).toHaveLength(34);
      expect(isComplete).toBe(true);
    }
    expect(
      await drainQueue(bench.emulator.clients.sqs, await bench.urlOf(bench.unhandled.name)),
    ).toHaveLength(34);
  });

  test('stops at its bound, says so, and gives back what it took', async () => {
    await bench.putMany(25);
    const { letters, isComplete } = await bench.scan(10);
    expect(letters).toHaveLength(10);
    expect(isComplete).toBe(false);
    expect((await bench.scan()).letters).toHaveLength(25);
  });

  test('an empty queue is empty', async () => {
    expect(await bench.scan()).toEqual({ letters: [], isComplete: true });
  });

  test('a letter that SQS hands out twice counts once', async () => {
    await bench.putMany(3);
    const clients = bench.changed<{ Messages?: object[] }>({
      [ReceiveMessageCommand.name]: async (next) => {
        const { Messages = [] } = await next();
        return { Messages: [...Messages, ...Messages] };
      },
    });
    const scan = await bench
      .letters(clients)
      .scan(bench.unhandled, {}, { limit: 100, signal: NEVER });
    expect(scan.letters).toHaveLength(3);
  });

  test('finds one letter by its own id or its event, with its body', async () => {
    await bench.putMany(12);
    const event = envelope();
    const body = await bench.put({ body: event });
    const options = { limit: 1_000, signal: NEVER };
    const found = await bench.letters().find(bench.unhandled, String(event.id), options);
    expect(found?.body).toBe(body);
    const again = await bench.letters().find(bench.unhandled, found?.letter.id ?? '', options);
    expect(again?.body).toBe(body);
    expect(await bench.letters().find(bench.unhandled, newId(), options)).toBeUndefined();
    expect(await bench.depthOf(bench.unhandled.name)).toBe(13);
  });

  test('a queue that is not there is named', async () => {
    const missing = { ...bench.unhandled, name: 'no-such-queue' };
    const look = bench.letters().scan(missing, {}, { limit: 10, signal: NEVER });
    await expect(look).rejects.toThrow(QueueMissing);
    await expect(bench.letters().depth(missing)).rejects.toThrow('no-such-queue');
  });
});
