import { AttemptScored, CellChanged } from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import { eventually } from '@parlance/messaging/testing';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { rebuilds } from '../src/db/rebuilds.js';
import { gradebook } from '../src/gradebook.module.js';
import { Classroom } from './builders.js';
import { History } from './history.js';

let service: TestService;
let history: History;
let room: Classroom;

beforeAll(async () => {
  service = await startTestService(gradebook);
});
beforeEach(async () => {
  history = new History(service);
  room = await Classroom.open(history.recording());
});
afterEach(async () => {
  const { body } = await service.operate('GET', 'replay-admissions');
  for (const { replayId, state } of body.items) {
    if (state === 'open') await cancel(replayId);
  }
});
afterAll(() => service.stop());

const admission = (id: Id) => service.operate('GET', `replay-admissions/${id}`);
const verify = (id: Id) => service.operate('GET', `replay-admissions/${id}/verification`);
const swap = (id: Id, body = {}) => service.operate('POST', `replay-admissions/${id}/swap`, body);
const cancel = (id: Id) =>
  service.operate('PUT', `replay-admissions/${id}/state`, { state: 'cancelled' });

const schemaOf = (id: Id) => `rebuild_${id.replaceAll('-', '')}`;

const inRoom = <T>(sql: string, params: unknown[] = []) =>
  service.database.inInstitution(room.institutionId, (tx) => tx.query<T>(sql, params));

/** Rows of the room's institution in one of the tables, in an order of their own. */
const rowsOf = (table: string, schema = 'public') =>
  inRoom(`SELECT to_jsonb(t) AS row FROM ${schema}.${table} t ORDER BY to_jsonb(t)::text`);

async function handled(id: Id, count: number): Promise<void> {
  await eventually(
    async () => {
      const { applied, skipped } = (await admission(id)).body;
      return applied + skipped === count ? true : undefined;
    },
    () => `${count} events of the replay`,
  );
}

/** A class with two learners, three scores of which one is overridden, and what they tell. */
async function school() {
  const assignmentId = await room.assign();
  const aino = await room.learner('Aino');
  const bert = await room.learner('Bert');
  const attemptId = newId();
  await room.scored({ assignmentId, learnerId: aino, attemptId, points: 4 });
  const override = { points: 9, overridden: true, cause: 'overridden', scoreVersion: 2 } as const;
  await room.scored({ assignmentId, learnerId: aino, attemptId, ...override });
  await room.scored({ assignmentId, learnerId: bert, points: 6 });
  return { assignmentId, aino, bert };
}

describe('a rebuild', () => {
  it('makes the same tables while events keep arriving, tells nobody, and takes their place', async () => {
    const { assignmentId, aino, bert } = await school();
    const past = [...history.told];
    const id = await history.openRebuild();
    const told = (await service.emitted(CellChanged)).length;
    // New ones come before, between and after the old ones; one old one comes twice.
    await room.scored({ assignmentId, learnerId: newId(), points: 8 });
    for (const one of past) {
      await history.tellAgain(one, id);
      if (one === past[4]) await room.learner('Carla');
    }
    await history.tellAgain(past[0] as (typeof past)[0], id);
    await handled(id, past.length);
    await room.scored({ assignmentId, learnerId: aino, attemptNumber: 2, points: 10 });
    expect((await service.emitted(CellChanged)).length).toBe(told + 2);

    const { body } = await verify(id);
    expect(body).toMatchObject({ missed: 0 });
    expect(body.tables.map((one: { table: string }) => one.table)).toEqual(rebuilds.cells.tables);
    for (const table of rebuilds.cells.tables) {
      const live = await rowsOf(table);
      expect(live).not.toEqual([]);
      expect(await rowsOf(table, schemaOf(id))).toEqual(live);
    }

    const before = (await room.read()).body;
    const { status, body: swapped } = await swap(id, { acceptMissing: 1000 });
    expect([status, swapped.state]).toEqual([200, 'swapped']);
    expect((await room.read()).body).toEqual(before);
    await room.scored({ assignmentId, learnerId: bert, attemptNumber: 3, points: 9 });
    const { body: after } = await room.read();
    expect(after.items[1].cells[0]).toMatchObject({ points: 9, version: 2 });
    await service.database.outsideInstitutions((tx) => tx.query('SELECT maintain_partitions()'));
    // A late duplicate of the replay finds it closed.
    await history.tellAgain(past.at(-1) as (typeof past)[0], id);
    const dropped = await service.operate('DELETE', `replay-admissions/${id}/retired-tables`);
    expect(dropped.body).toMatchObject({ state: 'dropped', applied: past.length, missed: 0 });
    expect(await schemas()).toEqual([]);
  });

  it('hides other institutions in the shadow as in the tables in use', async () => {
    await school();
    const past = [...history.told];
    const id = await history.openRebuild();
    for (const one of past) await history.tellAgain(one, id);
    await handled(id, past.length);
    expect(await rowsOf('person', schemaOf(id))).toHaveLength(2);
    for (const table of rebuilds.cells.tables) {
      const seen = await service.database.inInstitution(newId(), (tx) =>
        tx.query(`SELECT 1 FROM ${schemaOf(id)}.${table}`),
      );
      expect(seen).toEqual([]);
      await expect(
        service.database.inInstitution(newId(), (tx) =>
          tx.query(`DELETE FROM ${schemaOf(id)}.${table}`),
        ),
      ).rejects.toThrow('permission denied');
    }
    await expect(
      service.database.inInstitution(newId(), (tx) =>
        tx.query(`INSERT INTO ${schemaOf(id)}.person VALUES ($1, gen_random_uuid(), 'Eve', 1)`, [
          room.institutionId,
        ]),
      ),
    ).rejects.toThrow('row-level security');
  });

  it('that lacks rows in use says which, and is not swapped in unless that many may go', async () => {
    const { assignmentId } = await school();
    const past = [...history.told];
    const id = await history.openRebuild();
    // All but the scores: as if those were older than what the outbox keeps.
    const kept = past.filter(({ event }) => event.type !== AttemptScored.type);
    for (const one of kept) await history.tellAgain(one, id);
    await handled(id, kept.length);
    const { body } = await verify(id);
    const cells = body.tables.find((one: { table: string }) => one.table === 'cell');
    expect(cells.missing).toBe(cells.liveRows);
    expect(cells.examples[0]).toMatchObject({ is: 'missing', key: { id: expect.any(String) } });
    const refused = await swap(id);
    expect(refused).toMatchObject({ status: 409, body: { code: 'rows-would-disappear' } });
    expect(refused.body.detail).toMatch(/^\d+ rows in use are not in the shadow/);
    expect((await admission(id)).body.state).toBe('open');
    expect(
      await inRoom('SELECT 1 FROM cell WHERE assignment_id = $1', [assignmentId]),
    ).toHaveLength(2);
  });

  it('gives a cell the same grade, id and beginning when a new score overtakes the old ones', async () => {
    const { assignmentId, bert } = await school();
    const past = [...history.told];
    const id = await history.openRebuild();
    await room.scored({ assignmentId, learnerId: bert, attemptNumber: 2, points: 8 });
    for (const one of past) await history.tellAgain(one, id);
    await handled(id, past.length);
    const { body } = await verify(id);
    const ofTable = (name: string) =>
      body.tables.find(({ table }: { table: string }) => table === name);
    // The 6 points were never shown, so the shadow has told one change less; that is shown.
    expect(ofTable('cell').differing).toBe(1);
    expect(ofTable('cell').examples[0]).toEqual({
      is: 'differing',
      key: { institution_id: room.institutionId, id: expect.any(String) },
      columns: ['version'],
    });
    const before = (await room.read()).body;
    await swap(id, { acceptMissing: 1000 });
    expect((await room.read()).body).toEqual(before);
    await service.operate('DELETE', `replay-admissions/${id}/retired-tables`);
  });

  it('never lowers the version that others were told', async () => {
    const { assignmentId, aino } = await school();
    const past = [...history.told];
    await inRoom('UPDATE cell SET version = 7 WHERE learner_id = $1', [aino]);
    const id = await history.openRebuild();
    for (const one of past) await history.tellAgain(one, id);
    await handled(id, past.length);
    await swap(id, { acceptMissing: 1000 });
    await room.scored({ assignmentId, learnerId: aino, attemptNumber: 2, points: 10 });
    expect((await room.told()).at(-1)).toMatchObject({ cellVersion: 8, points: 10 });
    await service.operate('DELETE', `replay-admissions/${id}/retired-tables`);
  });

  it('is swapped in past a long reader without holding others up', async () => {
    const id = await history.openRebuild();
    let swapping: ReturnType<typeof swap> | undefined;
    await inTransaction(async (query) => {
      await query('SELECT 1 FROM cell LIMIT 1');
      swapping = swap(id, { acceptMissing: 1000 });
      // While it is trying, the gradebook is read as ever.
      for (let reads = 0; reads < 10; reads += 1) {
        expect((await room.read()).status).toBe(200);
      }
      expect((await admission(id)).body.state).toBe('open');
    });
    expect((await swapping)?.body).toMatchObject({ state: 'swapped' });
    await service.operate('DELETE', `replay-admissions/${id}/retired-tables`);
  });

  it('that is cancelled leaves nothing behind', async () => {
    await school();
    const past = [...history.told];
    const id = await history.openRebuild();
    const live = await rowsOf('cell');
    expect((await cancel(id)).body).toMatchObject({ state: 'cancelled' });
    for (const one of past) await history.tellAgain(one, id);
    // The next one gets through behind them, and they have changed nothing.
    await room.learner('Dora');
    expect(await rowsOf('cell')).toEqual(live);
    expect(await schemas()).toEqual([]);
    expect((await admission(id)).body).toMatchObject({ applied: 0, skipped: 0 });
    expect(await inRoom(`SELECT 1 FROM inbox WHERE replay_id = $1`, [id])).toEqual([]);
  });
});

describe('operators of a rebuild', () => {
  it.each([
    [{ projection: 'totals' }, 'projection: gradebook can rebuild cells.'],
    [{ projection: 'cells', types: [AttemptScored.type] }, /^types: follow from the projection/],
  ])('are told what is wrong with %j', async (given, detail) => {
    const request = { id: newId(), mode: 'rebuild', reason: 'test', createdBy: 'test', ...given };
    const answer = await service.operate('POST', 'replay-admissions', request);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-replay' } });
    expect(answer.body.detail).toMatch(detail);
  });

  it('need the secret, and the API has no such path', async () => {
    const url = `http://127.0.0.1:${service.port}`;
    expect((await fetch(`${url}/internal/replay-admissions`)).status).toBe(401);
    const headers = { authorization: `Bearer ${await room.admin()}` };
    expect((await fetch(`${url}/internal/replays`, { headers })).status).toBe(401);
    expect((await fetch(`${url}/api/v1/internal/replays`, { headers })).status).toBe(404);
  });

  it('cannot swap or drop what is not there', async () => {
    const id = newId();
    expect(await swap(id)).toMatchObject({ status: 404, body: { code: 'replay-not-found' } });
    const open = await history.openRebuild();
    const dropped = await service.operate('DELETE', `replay-admissions/${open}/retired-tables`);
    expect(dropped).toMatchObject({ status: 409, body: { code: 'replay-state' } });
    const done = await service.operate('PUT', `replay-admissions/${open}/state`, { state: 'done' });
    expect(done.body.detail).toContain('A rebuild ends when it is swapped in or cancelled.');
  });
});

it('a prepared statement with a generic plan reads what the search path names', async () => {
  const id = await history.openRebuild();
  await room.person(newId(), 'Live and shadow');
  const asked = await service.database.inInstitution(room.institutionId, async (tx) => {
    const mode = await tx.query('SHOW plan_cache_mode');
    const names = async () =>
      (await tx.query<{ name: string }>('SELECT display_name AS name FROM person')).map(
        ({ name }) => name,
      );
    await tx.query(`INSERT INTO ${schemaOf(id)}.person VALUES ($1, $2, 'Shadow alone', 1)`, [
      room.institutionId,
      newId(),
    ]);
    const path = (value: string) => tx.query(`SELECT set_config('search_path', $1, true)`, [value]);
    const before = await names();
    await path(`${schemaOf(id)}, public`);
    const shadow = await names();
    await path('public');
    const prepared = await tx.query(
      `SELECT generic_plans::int AS generic, custom_plans::int AS custom FROM pg_prepared_statements
        WHERE statement = 'SELECT display_name AS name FROM person'`,
    );
    return { mode, before, shadow, after: await names(), prepared };
  });
  expect(asked).toEqual({
    mode: [{ plan_cache_mode: 'force_generic_plan' }],
    before: ['Live and shadow'],
    shadow: ['Live and shadow', 'Shadow alone'],
    after: ['Live and shadow'],
    prepared: [{ generic: 2, custom: 0 }],
  });
});

function schemas() {
  return service.database.outsideInstitutions((tx) =>
    tx.query(`SELECT nspname FROM pg_namespace WHERE nspname ~ '^(rebuild|retired)_'`),
  );
}

/** Keeps a transaction open while `work` runs. */
function inTransaction(work: (query: (sql: string) => Promise<unknown>) => Promise<void>) {
  return service.database.inInstitution(room.institutionId, (tx) => work((sql) => tx.query(sql)));
}
