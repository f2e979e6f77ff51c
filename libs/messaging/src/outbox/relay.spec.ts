import { PublishBatchCommand, type PublishBatchCommandOutput } from '@aws-sdk/client-sns';
import { newId } from '@parlance/kernel';
import { startDatabase, type TestDatabase } from '../../test/database.js';
import { score, Scored, uniquePrefix } from '../../test/fixtures.js';
import { makeProducer, type ProducerParts } from '../../test/producer.js';
import { awsClients } from '../localstack-client/index.js';
import { type Emulator, eventually, startEmulator } from '../testing/index.js';
import { drainQueue } from '../../test/drain-queue.js';

let db: TestDatabase;
let emulator: Emulator;
let parts: ProducerParts;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  db = await startDatabase();
  emulator = await startEmulator();
}, 60_000);

afterAll(async () => {
  await emulator?.stop();
  await db?.stop();
});

beforeEach(async () => {
  await db.owner.query('TRUNCATE outbox, inbox');
  parts = { prefix: uniquePrefix(), clients: emulator.clients, transactions: db.transactions };
});

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

type Producer = ReturnType<typeof makeProducer>;

function start(given: Partial<ProducerParts> = {}): Producer {
  const producer = makeProducer({ ...parts, ...given });
  producer.relay.start();
  stops.push(() => producer.relay.stop());
  return producer;
}

const tenant = newId();

function add({ outbox }: Producer, scoreId: string, version: number): Promise<string> {
  const data = score({ scoreId, points: version });
  return db.transactions.inInstitution(tenant, (tx) =>
    outbox.add(tx, Scored, { version, institutionId: tenant, data }),
  );
}

async function unsent(): Promise<number> {
  const { rows } = await db.owner.query('SELECT count(*) FROM outbox WHERE published_at IS NULL');
  return Number(rows[0].count);
}

const allSent = () => eventually(async () => ((await unsent()) === 0 ? true : undefined));

async function arrived({ addresses }: Producer) {
  const { queues } = await addresses.all();
  const queue = queues.get(`${parts.prefix}-gradebook-from-grading`);
  return drainQueue(emulator.clients.sqs, queue?.url ?? '');
}

/** Another key of the same shard. */
async function neighbourOf(key: string): Promise<string> {
  const { rows } = await db.owner.query(
    `SELECT id FROM (SELECT gen_random_uuid()::text AS id FROM generate_series(1, 500)) AS made
      WHERE hashtextextended(id, 1) & 15 = hashtextextended($1, 1) & 15 LIMIT 1`,
    [key],
  );
  return rows[0].id;
}

/** SNS with every PublishBatch passed through `change` on its way back. */
function clientsWith(change: (output: PublishBatchCommandOutput, ids: string[]) => void) {
  const clients = awsClients({ AWS_ENDPOINT_URL: emulator.endpoint });
  clients.sns.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      if (context.commandName === PublishBatchCommand.name) {
        const input = args.input as { PublishBatchRequestEntries: { Message: string }[] };
        const ids = input.PublishBatchRequestEntries.map(({ Message }) => JSON.parse(Message).id);
        change(result.output as PublishBatchCommandOutput, ids);
      }
      return result;
    },
    { step: 'initialize' },
  );
  return clients;
}

test('an event arrives with its envelope, its six attributes at most, and once', async () => {
  const producer = start();
  await producer.addresses.all();
  const scoreId = newId();
  const id = await add(producer, scoreId, 7);
  await allSent();
  const messages = await arrived(producer);
  expect(messages).toHaveLength(1);
  expect(messages[0]?.event).toMatchObject({
    specversion: '1.0',
    id,
    source: '/grading',
    type: Scored.type,
    subject: scoreId,
    tenant,
    partitionkey: scoreId,
    sequence: 7,
    data: { scoreId, points: 7 },
  });
  expect(Object.keys(messages[0]?.attributes ?? {}).length).toBeLessThanOrEqual(6);
  expect(messages[0]?.attributes).toMatchObject({
    ce_id: { StringValue: id },
    ce_type: { StringValue: Scored.type },
    tenant: { StringValue: tenant },
  });
});

test('what rolls back is never published', async () => {
  const producer = start();
  const failing = db.transactions.inInstitution(tenant, async (tx) => {
    const data = score();
    await producer.outbox.add(tx, Scored, { version: 1, institutionId: tenant, data });
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');
  await add(producer, newId(), 2);
  await allSent();
  expect((await arrived(producer)).map(({ event }) => event.sequence)).toEqual([2]);
});

test('an event that commits after later ones were published is not lost', async () => {
  const producer = start();
  let commit: () => void = () => {};
  const gate = new Promise<void>((resolve) => (commit = resolve));
  let isAdded: () => void = () => {};
  const added = new Promise<void>((resolve) => (isAdded = resolve));
  const late = db.transactions.inInstitution(tenant, async (tx) => {
    const data = score();
    await producer.outbox.add(tx, Scored, { version: 1, institutionId: tenant, data });
    isAdded();
    await gate;
  });
  await added;
  await add(producer, newId(), 2);
  await allSent();
  commit();
  await late;
  await allSent();
  expect((await arrived(producer)).map(({ event }) => event.sequence).sort()).toEqual([1, 2]);
});

test('a second writer of a key waits until the first has committed', async () => {
  const producer = makeProducer(parts);
  const scoreId = newId();
  let second: Promise<string> = Promise.resolve('');
  const first = await db.transactions.inInstitution(tenant, async (tx) => {
    const data = score({ scoreId });
    const id = await producer.outbox.add(tx, Scored, { version: 1, institutionId: tenant, data });
    second = add(producer, scoreId, 2);
    await eventually(async () => {
      const { rows } = await db.owner.query(
        `SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
          WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database()`,
      );
      return rows[0];
    });
    return id;
  });
  const ids = [first, await second];
  const { rows } = await db.owner.query('SELECT event_id FROM outbox ORDER BY id');
  expect(rows.map((row) => row.event_id)).toEqual(ids);
});

test('two relays share the shards and keep the order of every key', async () => {
  const one = start();
  const two = start();
  await one.addresses.all();
  await eventually(() =>
    one.relay.health().shards.length === 8 && two.relay.health().shards.length === 8
      ? true
      : undefined,
  );
  const keys = Array.from({ length: 12 }, () => newId());
  for (let version = 1; version <= 20; version += 1) {
    await Promise.all(keys.map((key) => add(version % 2 ? one : two, key, version)));
  }
  await allSent();
  const messages = await arrived(one);
  expect(messages).toHaveLength(keys.length * 20);
  for (const key of keys) {
    const versions = messages
      .filter(({ event }) => event.subject === key)
      .map(({ event }) => event.sequence);
    expect(versions).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  }
});

test('only what failed of a batch is sent again, and its key waits', async () => {
  const [bad, good] = [newId(), newId()];
  let failures = 0;
  const clients = clientsWith((output, ids) => {
    if (ids.includes(badId) && failures < 2) {
      failures += 1;
      const at = String(ids.indexOf(badId));
      output.Successful = output.Successful?.filter(({ Id }) => Id !== at);
      output.Failed = [{ Id: at, Code: 'InternalError', SenderFault: false }];
    }
  });
  const producer = makeProducer({ ...parts, clients });
  await producer.addresses.all();
  const badId = await add(producer, bad, 1);
  for (let version = 2; version <= 4; version += 1) await add(producer, bad, version);
  for (let version = 1; version <= 4; version += 1) await add(producer, good, version);
  producer.relay.start();
  stops.push(() => producer.relay.stop());
  await allSent();
  expect(failures).toBe(2);
  const messages = await arrived(producer);
  const ofKey = (key: string) =>
    messages.filter(({ event }) => event.subject === key).map(({ event }) => event.sequence);
  // The emulator had taken what the test then called failed, hence the repetitions of the first.
  expect(ofKey(bad)).toEqual([1, 1, 1, 2, 3, 4]);
  expect(ofKey(good)).toEqual([1, 2, 3, 4]);
});

test('an event SNS refuses blocks its own key until it is skipped, and no other', async () => {
  const [bad, good] = [newId(), newId()];
  const clients = clientsWith((output, ids) => {
    const at = String(ids.indexOf(badId));
    if (at === '-1') return;
    output.Successful = output.Successful?.filter(({ Id }) => Id !== at);
    output.Failed = [{ Id: at, Code: 'InvalidParameter', SenderFault: true }];
  });
  const producer = makeProducer({ ...parts, clients });
  await producer.addresses.all();
  const badId = await add(producer, bad, 1);
  await add(producer, bad, 2);
  await add(producer, good, 1);
  producer.relay.start();
  stops.push(() => producer.relay.stop());
  await eventually(async () => ((await unsent()) === 2 ? true : undefined));
  await eventually(() => (producer.relay.health().failedEvents === 1 ? true : undefined));
  // In one shard, so that the second cannot go out before a look at the first.
  await add(producer, bad, 3);
  await add(producer, await neighbourOf(bad), 1);
  await eventually(async () => ((await unsent()) === 3 ? true : undefined));
  const { rows } = await db.owner.query(
    'SELECT agg_version FROM outbox WHERE published_at IS NULL ORDER BY id',
  );
  expect(rows.map((row) => Number(row.agg_version))).toEqual([1, 2, 3]);
  expect(await producer.relay.skip([badId], 'a test')).toBe(1);
  await allSent();
});

test('while SNS is down the breaker opens and events gather; afterwards all go out', async () => {
  let isDown = true;
  const clients = awsClients({ AWS_ENDPOINT_URL: emulator.endpoint });
  clients.sns.middlewareStack.add(
    (next, context) => async (args) => {
      if (isDown && context.commandName === PublishBatchCommand.name) {
        throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      }
      return next(args);
    },
    { step: 'initialize' },
  );
  const producer = start({ clients });
  await producer.addresses.all();
  const keys = Array.from({ length: 5 }, () => newId());
  await Promise.all(keys.map((key) => add(producer, key, 1)));
  await eventually(() => (producer.relay.health().breaker === 'open' ? true : undefined));
  await Promise.all(keys.map((key) => add(producer, key, 2)));
  await eventually(() => (producer.relay.health().oldestUnpublishedSeconds > 0 ? true : undefined));
  expect(await unsent()).toBe(10);
  const { rows } = await db.owner.query('SELECT max(attempts) AS tries FROM outbox');
  expect(rows[0].tries).toBe(0);
  isDown = false;
  await allSent();
  expect(producer.relay.health().breaker).toBe('closed');
  expect(await arrived(producer)).toHaveLength(10);
});

test('a relay that stops gives its shards up at once', async () => {
  const first = makeProducer({ ...parts, config: { relay: { leaseMs: 60_000 } } });
  first.relay.start();
  await eventually(() => (first.relay.health().shards.length === 16 ? true : undefined));
  await first.relay.stop();
  await first.relay.stop();
  const second = start();
  await eventually(() => (second.relay.health().shards.length === 16 ? true : undefined));
});
