import { defineEvent, type EventDefinition } from '@parlance/events';
import { newId } from '@parlance/kernel';
import { ConsumerBench } from '../../test/consumer-bench.js';
import { drainQueue } from '../../test/drain-queue.js';
import { ScoreData, Scored, TEST_EVENTS } from '../../test/fixtures.js';
import { Replaying } from '../../test/replaying.js';
import type { TransactionSource } from '../index.js';
import { eventually } from '../testing/index.js';

const Corrected = defineEvent({
  type: 'grading.corrected.v1',
  owner: 'grading',
  consumers: ['gradebook'],
  data: ScoreData,
  subject: 'scoreId',
  summary: 'Another event of the same owner for the same consumer.',
});
const events = [...TEST_EVENTS, Corrected as unknown as EventDefinition];

const bench = new ConsumerBench().install();
let history: Replaying;

beforeEach(async () => {
  await bench.db.owner.query('TRUNCATE replay, replay_admission, replay_receipt');
  const { db, prefix, emulator } = bench;
  history = new Replaying({ db, prefix, clients: emulator.clients, events });
  bench.stops.push(() => history.stop());
});

/** What lies in the one queue, in order of arrival. */
async function arrived() {
  const { sqs } = bench.emulator.clients;
  const url = await bench.urlOf(`${bench.prefix}-gradebook-from-grading`, events);
  return drainQueue(sqs, url);
}

async function sentIds(request: Parameters<Replaying['create']>[0]): Promise<string[]> {
  history.sender();
  const { id } = await history.create(request);
  await history.done(id);
  return (await arrived()).map(({ event }) => event.id);
}

test('published events go to the one queue as they were, in order, with the replay id', async () => {
  const ids = await history.told(25);
  const { id } = await history.create();
  history.sender();
  expect(await history.done(id)).toMatchObject({ sent: 25, refused: 0, progress: 1 });
  const messages = await arrived();
  expect(messages.map(({ event }) => event.id)).toEqual(ids);
  const { rows } = await bench.db.owner.query('SELECT envelope FROM outbox ORDER BY id LIMIT 1');
  expect(messages[0]?.event).toEqual(rows[0].envelope);
  expect(messages[0]?.attributes).toMatchObject({
    replay_id: { StringValue: id },
    ce_id: { StringValue: ids[0] },
    ce_type: { StringValue: Scored.type },
    tenant: { StringValue: history.institutionId },
  });
});

test('a key, an institution, a type and a time each narrow it down', async () => {
  const scoreId = newId();
  const ofKey = await history.told(2, { scoreId });
  const institutionId = newId();
  const ofOther = await history.told(2, { institutionId });
  const old = await history.told(1);
  await history.mark(old, `created_at = created_at - interval '40 days'`);
  const corrected = await history.told(1);
  await history.mark(corrected, `type = '${Corrected.type}'`);
  const recent = new Date(Date.now() - 3_600_000).toISOString();
  expect(await sentIds({ key: scoreId })).toEqual(ofKey);
  expect(await sentIds({ institutionId })).toEqual(ofOther);
  expect(await sentIds({ types: [Corrected.type] })).toEqual(corrected);
  expect(await sentIds({ to: recent })).toEqual(old);
  expect(await sentIds({ from: recent })).toEqual([...ofKey, ...ofOther, ...corrected]);
  const preview = await history.replays.preview({ consumer: 'gradebook', mode: 'repair' });
  const today = new Date().toISOString().slice(0, 10);
  expect(preview.filter(({ day }) => day === today)).toEqual([
    { type: Corrected.type, day: today, events: 1 },
    { type: Scored.type, day: today, events: 4 },
  ]);
  expect(preview.reduce((sum, { events }) => sum + events, 0)).toBe(6);
});

test('what nobody was told stays out of a repair; a rebuild takes what is about to be told', async () => {
  const told = await history.told(1);
  const pending = await history.told(1, { publish: false });
  const failed = await history.told(1, { publish: false });
  await history.mark(failed, 'failed_at = now(), attempts = 1');
  const skipped = await history.told(1);
  await history.mark(skipped, `failed_at = now(), attempts = 1, last_error = 'skipped: wrong'`);
  expect(await sentIds({ mode: 'repair' })).toEqual(told);
  expect(await sentIds({ mode: 'rebuild' })).toEqual([...told, ...pending]);
});

test('two senders: one of them sends, and nothing twice', async () => {
  const ids = await history.told(60);
  history.sender();
  history.sender();
  const { id } = await history.create({ ratePerSecond: 200 });
  await history.done(id);
  expect((await arrived()).map(({ event }) => event.id)).toEqual(ids);
  const { rows } = await bench.db.owner.query('SELECT token FROM replay WHERE id = $1', [id]);
  expect(rows).toEqual([{ token: '1' }]);
});

test('another sender goes on where one broke off, without a gap', async () => {
  const ids = await history.told(40);
  const { id } = await history.create({ ratePerSecond: 20 });
  // After two notes of its progress the first sender is cut off from the database for good, with
  // the third chunk sent and not written down.
  let sends = 0;
  const clients = bench.changedClients('SendMessageBatchCommand', async (next) => {
    sends += 1;
    return next();
  });
  const transactions: TransactionSource = {
    ...bench.db.transactions,
    asMessaging: (work) =>
      sends >= 3 ? Promise.reject(new Error('cut off')) : bench.db.transactions.asMessaging(work),
  };
  history.sender({ clients, transactions });
  await eventually(() => (sends >= 3 ? true : undefined));
  expect(await history.replays.show(id)).toMatchObject({ state: 'running', sent: 20 });
  history.sender();
  expect(await history.done(id)).toMatchObject({ sent: 40 });
  const all = (await arrived()).map(({ event }) => event.id);
  expect(all).toEqual([...ids.slice(0, 30), ...ids.slice(20)]);
  const { rows } = await bench.db.owner.query('SELECT token FROM replay WHERE id = $1', [id]);
  expect(rows).toEqual([{ token: '2' }]);
});

test('whoever lost a replay to another can neither go on with it nor write to it', async () => {
  await history.told(30);
  const { id } = await history.create({ ratePerSecond: 20 });
  let isTaken = false;
  const clients = bench.changedClients('SendMessageBatchCommand', async (next) => {
    // Between its reading and its sending somebody else has taken over, as after a long pause.
    if (!isTaken) {
      isTaken = true;
      await bench.db.owner.query(
        `UPDATE replay SET owner = 'other', token = token + 1,
                lease_until = now() + interval '1 hour'`,
      );
    }
    return next();
  });
  history.sender({ clients });
  await eventually(() => (isTaken ? true : undefined));
  await history.stop();
  const view = await history.replays.show(id);
  expect(view).toMatchObject({ state: 'running', sent: 0 });
  expect(await arrived()).toHaveLength(10);
  const { rows } = await bench.db.owner.query('SELECT owner, token FROM replay');
  expect(rows).toEqual([{ owner: 'other', token: '2' }]);
});

test('it can be paused, resumed and cancelled, and not brought back from its end', async () => {
  await history.told(30);
  const { id } = await history.create({ ratePerSecond: 20 });
  await history.replays.setState(id, 'paused');
  history.sender();
  const { id: other } = await history.create({ key: newId() });
  await history.done(other);
  expect(await history.replays.show(id)).toMatchObject({ state: 'paused', sent: 0 });
  await history.replays.setState(id, 'running');
  await eventually(async () => (await history.replays.show(id)).sent >= 10 || undefined);
  await history.replays.setState(id, 'cancelled');
  await expect(history.replays.setState(id, 'running')).rejects.toMatchObject({
    code: 'replay-state',
    message: `The replay ${id} is cancelled; it cannot become running.`,
  });
  expect((await arrived()).length).toBeLessThan(30);
});

test('while SQS is away it waits, says why, and then goes on', async () => {
  const ids = await history.told(5);
  let isAway = true;
  const clients = bench.changedClients('SendMessageBatchCommand', (next) => {
    if (isAway) throw Object.assign(new Error('away'), { name: 'ServiceUnavailable' });
    return next();
  });
  history.sender({ clients });
  const { id } = await history.create();
  await eventually(
    async () => (await history.replays.show(id)).lastError === 'ServiceUnavailable' || undefined,
  );
  isAway = false;
  expect(await history.done(id)).toMatchObject({ sent: 5, lastError: null });
  expect((await arrived()).map(({ event }) => event.id)).toEqual(ids);
});

test.each([
  [{ id: 'x' }, 'id: must be a UUID of version 7.'],
  [{ consumer: 'lti' }, 'consumer: grading tells lti nothing.'],
  [{ types: ['grading.none.v1'] }, 'types: grading does not tell gradebook of grading.none.v1.'],
  [{ types: [] }, 'types: must name a type.'],
  [{ from: 'yesterday' }, 'from: must be an instant such as 2026-03-01T00:00:00Z.'],
  [{ from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' }, 'to: must lie after from.'],
  [{ institutionId: 'demo' }, 'institutionId: must be a UUID.'],
  [{ ratePerSecond: 0 }, 'ratePerSecond: must be a whole number from 1 to 10000.'],
  [
    { mode: 'rebuild' as const, key: 'k' },
    'key: a rebuild takes all of history: what is left out would be lost.',
  ],
])('%j is refused: %s', async (request, message) => {
  await expect(history.create(request)).rejects.toMatchObject({ kind: 'invalid', message });
  expect(await history.replays.list()).toEqual([]);
});
