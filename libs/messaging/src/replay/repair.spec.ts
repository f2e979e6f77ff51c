import { newId } from '@parlance/kernel';
import { ConsumerBench } from '../../test/consumer-bench.js';
import { CellWritten, score } from '../../test/fixtures.js';
import { writeEffect } from '../../test/handlers.js';
import { Replaying } from '../../test/replaying.js';
import type { TestService } from '../../test/service.js';
import { Outbox, ReplayAdmissions } from '../index.js';
import { eventually } from '../testing/index.js';

const bench = new ConsumerBench().install();
let history: Replaying;
let service: TestService;
let admissions: ReplayAdmissions;
let wasReplay: boolean[];

const request = { mode: 'repair' as const, reason: 'test', createdBy: 'test' };

beforeEach(async () => {
  await bench.db.owner.query('TRUNCATE replay, replay_admission, replay_receipt');
  const { db, prefix, emulator } = bench;
  history = new Replaying({ db, prefix, clients: emulator.clients });
  bench.stops.push(() => history.stop());
  wasReplay = [];
  service = await bench.consumer(async (event, context) => {
    await writeEffect(event, context);
    wasReplay.push(context.isReplay);
    const data = score({ scoreId: event.subject });
    const { tx, institutionId } = context;
    await service.app.get(Outbox).add(tx, CellWritten, { version: 1, institutionId, data });
  });
  admissions = service.app.get(ReplayAdmissions);
});

const stale = (count: number) =>
  eventually(() => (bench.stats(service).stale === count ? true : undefined));

/** A message of a replay, as a sender or a late duplicate brings it. */
async function bring(eventId: string, replayId: string): Promise<void> {
  const { rows } = await bench.db.owner.query('SELECT envelope FROM outbox WHERE event_id = $1', [
    eventId,
  ]);
  const replay_id = { DataType: 'String', StringValue: replayId };
  await bench.send(service, rows[0].envelope, { replay_id });
}

test('a repair applies what was lost, once, tells of it, and skips what is known', async () => {
  const ids = await history.told(5);
  const { rows } = await bench.db.owner.query('SELECT envelope FROM outbox ORDER BY id LIMIT 2');
  for (const { envelope } of rows) await bench.send(service, envelope);
  await bench.effectCount(2);
  const id = newId();
  await admissions.admit({ ...request, id });
  history.sender();
  await history.create({ id });
  await history.done(id);
  const view = await eventually(async () => {
    const one = await admissions.show(id);
    return one.applied + one.skipped === 5 ? one : undefined;
  });
  expect(view).toMatchObject({ state: 'open', applied: 3, skipped: 2, missed: 0 });
  expect((await bench.effects()).map(({ points }) => points).sort()).toEqual([1, 2, 3, 4, 5]);
  // What is told for the first time is no replay to the handler, and what it tells is wanted.
  expect(wasReplay).toEqual([false, false, false, false, false]);
  const told = await bench.db.owner.query(
    `SELECT envelope ->> 'causationid' AS cause FROM outbox WHERE type = $1 ORDER BY id`,
    [CellWritten.type],
  );
  expect(told.rows.map(({ cause }) => cause).sort()).toEqual([...ids].sort());
  expect(await admissions.close(id, 'done')).toMatchObject({ state: 'done', applied: 3 });
});

test('messages of a cancelled, a finished, an unknown and a nameless replay change nothing', async () => {
  const [one, two, three, four] = await history.told(4);
  const cancelled = newId();
  await admissions.admit({ ...request, id: cancelled });
  await admissions.close(cancelled, 'cancelled');
  const finished = newId();
  await admissions.admit({ ...request, id: finished });
  await admissions.close(finished, 'done');
  const current = newId();
  await admissions.admit({ ...request, id: current });
  await bring(one ?? '', cancelled);
  await bring(two ?? '', finished);
  await bring(three ?? '', newId());
  await bring(four ?? '', 'no-id');
  await stale(4);
  await bench.emptied(service);
  expect(await bench.effects()).toEqual([]);
  const { rows } = await bench.db.owner.query(
    'SELECT 1 FROM inbox UNION ALL SELECT 1 FROM replay_receipt',
  );
  expect(rows).toEqual([]);
  await bring(one ?? '', current);
  await bench.effectCount(1);
});

test('a type the replay was not admitted for changes nothing', async () => {
  const [one = ''] = await history.told(1);
  const id = newId();
  await admissions.admit({ ...request, id });
  await bench.db.owner.query(`UPDATE replay_admission SET types = '{grading.other.v1}'`);
  await bring(one, id);
  await stale(1);
  expect(await bench.effects()).toEqual([]);
});

test('one replay is admitted at a time, the same one as often as asked', async () => {
  const id = newId();
  await admissions.admit({ ...request, id });
  expect(await admissions.admit({ ...request, id })).toMatchObject({ state: 'open' });
  await expect(admissions.admit({ ...request, id: newId() })).rejects.toMatchObject({
    code: 'replay-in-progress',
    message: `The repair ${id} of gradebook is not over: finish or cancel it first.`,
  });
  await admissions.close(id, 'cancelled');
  await expect(admissions.admit({ ...request, id })).rejects.toMatchObject({
    message: `The repair ${id} is cancelled. It is over: create another one.`,
  });
});

test.each([
  [{ types: ['grading.none.v1'] }, 'types: gradebook does not consume grading.none.v1.'],
  [{ id: 'x' }, 'id: must be a UUID.'],
  [{ projection: 'cells' }, 'projection: belongs to a rebuild.'],
  [{ mode: 'rebuild' as const, projection: 'cells' }, 'projection: gradebook can rebuild nothing.'],
])('%j is refused: %s', async (given, message) => {
  const asked = { ...request, id: newId(), ...given };
  await expect(admissions.admit(asked)).rejects.toMatchObject({ kind: 'invalid', message });
  expect(await admissions.list()).toEqual([]);
});
