import { EventDataInvalid } from '@parlance/events';
import { newId } from '@parlance/kernel';
import { ConsumerBench } from '../../test/consumer-bench.js';
import { CellWritten, envelope, score, Scored } from '../../test/fixtures.js';
import { writeEffect } from '../../test/handlers.js';
import { makeProducer } from '../../test/producer.js';
import type { MessagingConfig, Tx } from '../index.js';
import { waitForMessage } from '../testing/index.js';

const bench = new ConsumerBench().install();
const tenant = newId();

function producer(config: Partial<MessagingConfig> = {}) {
  const { prefix, emulator, db } = bench;
  return makeProducer({
    prefix,
    clients: emulator.clients,
    transactions: db.transactions,
    config,
  });
}

function inTenant<R>(work: (tx: Tx) => Promise<R>): Promise<R> {
  return bench.db.transactions.inInstitution(tenant, work);
}

async function stored(): Promise<{ envelope: { data: Record<string, unknown> } }[]> {
  return (await bench.db.owner.query('SELECT envelope FROM outbox ORDER BY id')).rows;
}

test('what PostgreSQL and SQS cannot carry is taken out of texts and of keys', async () => {
  const { outbox } = producer();
  const data = { ...score({ remark: 'a\u0000b\ud800c\td' }), ['k\u0000']: [{ deep: '\u0001' }] };
  await inTenant((tx) => outbox.add(tx, Scored, { version: 1, institutionId: tenant, data }));
  const [row] = await stored();
  expect(row?.envelope.data).toMatchObject({ remark: 'ab\ufffdc\td', k: [{ deep: '' }] });
});

test('data that does not fit the schema is not written', async () => {
  const { outbox } = producer();
  const data = score({ points: 'many' as never });
  const adding = inTenant((tx) =>
    outbox.add(tx, Scored, { version: 1, institutionId: tenant, data }),
  );
  await expect(adding).rejects.toThrow(EventDataInvalid);
  expect(await stored()).toEqual([]);
});

test.each([
  ['the event of another service', CellWritten, { version: 1 }, 'belongs to gradebook'],
  ['a version that is no whole number', Scored, { version: 1.5 }, 'whole number'],
  ['a subject that is no id', Scored, { version: 1, subject: 'x' }, 'subject'],
  ['no institution', Scored, { version: 1, institutionId: '' }, 'institution'],
  ['an endless key', Scored, { version: 1, partitionKey: 'x'.repeat(129) }, 'partition key'],
])('%s is a mistake in the code', async (_, event, given, message) => {
  const { outbox } = producer();
  const adding = inTenant((tx) =>
    outbox.add(tx, event, { institutionId: tenant, data: score(), ...given }),
  );
  await expect(adding).rejects.toThrow(message);
});

test('many events are added in one statement, in their order, and all or none', async () => {
  const { outbox } = producer();
  const [one, two] = [newId(), newId()];
  const events = [one, two, one].map((scoreId, version) => ({
    version,
    institutionId: tenant,
    data: score({ scoreId }),
  }));
  const ids = await inTenant((tx) => outbox.addAll(tx, Scored, events));
  const { rows } = await bench.db.owner.query(
    'SELECT event_id, agg_key, agg_version FROM outbox ORDER BY id',
  );
  expect(rows.map((row) => [row.event_id, row.agg_key, Number(row.agg_version)])).toEqual([
    [ids[0], one, 0],
    [ids[1], two, 1],
    [ids[2], one, 2],
  ]);
  const spoilt = [...events, { ...events[0], data: score({ points: 'many' as never }) }];
  const adding = inTenant((tx) => outbox.addAll(tx, Scored, spoilt as typeof events));
  await expect(adding).rejects.toThrow(EventDataInvalid);
  expect(await stored()).toHaveLength(3);
  expect(await inTenant((tx) => outbox.addAll(tx, Scored, []))).toEqual([]);
});

test('writers of the same keys in another order do not deadlock', async () => {
  const { outbox } = producer();
  const keys = Array.from({ length: 20 }, () => newId());
  const of = (scoreId: string) => ({ version: 1, institutionId: tenant, data: score({ scoreId }) });
  const writers = Array.from({ length: 6 }, (_, n) =>
    inTenant((tx) => outbox.addAll(tx, Scored, (n % 2 ? keys : keys.toReversed()).map(of))),
  );
  await Promise.all(writers);
  expect(await stored()).toHaveLength(120);
});

test('without a bucket an event too large for a message is refused', async () => {
  const { outbox } = producer();
  const data = score({ remark: 'x'.repeat(250_000) });
  const adding = inTenant((tx) =>
    outbox.add(tx, Scored, { version: 1, institutionId: tenant, data }),
  );
  await expect(adding).rejects.toMatchObject({ kind: 'too-large', code: 'event-too-large' });
});

test('with a bucket it travels as a pointer and arrives whole', async () => {
  const claimCheckBucket = `${bench.prefix}-large`;
  const { outbox, relay } = producer({ claimCheckBucket });
  relay.start();
  bench.stops.push(() => relay.stop());
  const lengths: number[] = [];
  const service = await bench.consumer(
    async (event, context) => {
      lengths.push(event.data.remark?.length ?? 0);
      await writeEffect(event, context);
    },
    { config: { claimCheckBucket } },
  );
  const data = score({ remark: 'x'.repeat(400_000) });
  await inTenant((tx) => outbox.add(tx, Scored, { version: 1, institutionId: tenant, data }));
  await bench.effectCount(1);
  await bench.emptied(service);
  expect(lengths).toEqual([400_000]);
  const [row] = await stored();
  expect(JSON.stringify(row).length).toBeLessThan(2_000);
});

test('a pointer to the bucket of somebody else is a dead letter', async () => {
  const service = await bench.consumer(writeEffect, { config: { claimCheckBucket: 'ours' } });
  const { deadLetterUrl } = await bench.queueOf(service);
  const dataref = { bucket: 'theirs', key: 'k', sha256: '', bytes: 1 };
  await bench.send(service, envelope({ data: {}, dataref }));
  const letter = await waitForMessage({
    sqs: bench.emulator.clients.sqs,
    queueUrl: deadLetterUrl,
  });
  expect(letter.MessageAttributes?.error_code?.StringValue).toBe('claim-check');
});
