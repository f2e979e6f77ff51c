import { newId } from '@parlance/kernel';
import { ConsumerBench } from '../../test/consumer-bench.js';
import { drainQueue } from '../../test/drain-queue.js';
import { CellWritten, envelope, score } from '../../test/fixtures.js';
import { writeEffect } from '../../test/handlers.js';
import { Unprocessable } from '../index.js';
import { waitForMessage } from '../testing/index.js';

const bench = new ConsumerBench().install();

describe('what nobody can handle goes to the dead-letter queue, and its neighbours go on', () => {
  const bodies: [string, string, unknown][] = [
    ['not JSON', 'not-json', '{"specversion":'],
    ['nearly nothing', 'no-envelope', ' {} '],
    ['a number', 'no-envelope', '7'],
    ['no tenant', 'no-envelope', envelope({ tenant: undefined })],
    ['an id without a time', 'no-envelope', envelope({ id: crypto.randomUUID() })],
    ['NUL in a text', 'unstorable-text', envelope({ data: { ...score(), remark: 'a\u0000b' } })],
    ['half a pair', 'unstorable-text', envelope({ data: { ...score(), remark: '\ud800' } })],
    ['an unknown type', 'unknown-type', envelope({ type: 'grading.unheard-of.v1' })],
    ['an unknown version', 'unknown-version', envelope({ type: 'grading.scored.v9' })],
    ['a type not consumed', 'not-consumed', envelope({ type: CellWritten.type })],
    ['wrong data', 'schema', envelope({ data: { scoreId: newId(), points: 'many' } })],
  ];

  test('each with its reason, its body and its attributes', async () => {
    const service = await bench.consumer(writeEffect);
    const { deadLetterUrl } = await bench.queueOf(service);
    const mark = (name: string) => ({ mark: { DataType: 'String', StringValue: name } });
    for (const [name, , body] of bodies) {
      await bench.send(service, body, mark(name));
      await bench.send(service, envelope());
    }
    await bench.effectCount(bodies.length);
    await bench.emptied(service);
    const letters = await drainQueue(bench.emulator.clients.sqs, deadLetterUrl);
    expect(letters).toHaveLength(bodies.length);
    for (const [name, code, body] of bodies) {
      const letter = letters.find(({ attributes }) => attributes.mark?.StringValue === name);
      expect(letter?.body).toBe(typeof body === 'string' ? body : JSON.stringify(body));
      expect(letter?.attributes).toMatchObject({
        ...mark(name),
        error_code: { StringValue: code },
        error_fingerprint: { StringValue: expect.stringMatching(/^[0-9a-f]{16}$/) },
        consumer: { StringValue: 'gradebook' },
        receive_count: { StringValue: '1' },
      });
    }
  });

  test('an event its handler calls unprocessable, at once', async () => {
    const service = await bench.consumer(() => {
      throw new Unprocessable('the score belongs to no assignment');
    });
    const { deadLetterUrl } = await bench.queueOf(service);
    await bench.send(service, envelope());
    const letter = await waitForMessage({
      sqs: bench.emulator.clients.sqs,
      queueUrl: deadLetterUrl,
    });
    expect(letter.MessageAttributes).toMatchObject({
      error_code: { StringValue: 'unprocessable' },
      receive_count: { StringValue: '1' },
    });
    await bench.emptied(service);
    expect((await bench.db.owner.query('SELECT 1 FROM inbox')).rows).toHaveLength(0);
  });

  test('an event that failed as often as it may, with the fingerprint of its error', async () => {
    const service = await bench.consumer(
      () => {
        throw new TypeError('no such thing');
      },
      { config: { retryCapSeconds: 0 } },
    );
    const { deadLetterUrl } = await bench.queueOf(service);
    await bench.send(service, envelope());
    const letter = await waitForMessage({
      sqs: bench.emulator.clients.sqs,
      queueUrl: deadLetterUrl,
    });
    expect(letter.MessageAttributes).toMatchObject({
      error_code: { StringValue: 'retries-exhausted' },
      receive_count: { StringValue: '8' },
    });
  });
});
