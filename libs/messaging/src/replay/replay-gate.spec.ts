import { type Id, newId } from '@parlance/kernel';
import { startDatabase, type TestDatabase } from '../../test/database.js';
import { resolveConfig } from '../config.js';
import { rebuildableTables, ReplayAdmissions, type Tx } from '../index.js';
import { silentLog } from '../log.js';
import { type Delivery, ReplayGate, type Run } from './replay-gate.js';

const TYPE = 'grading.attempt-scored.v1';
const PROJECTION = { tables: ['point'], types: [TYPE] };
const TABLES = [
  `CREATE TABLE point (
     institution_id uuid NOT NULL
       DEFAULT nullif(current_setting('app.institution', true), '')::uuid,
     subject uuid NOT NULL,
     points int NOT NULL,
     PRIMARY KEY (institution_id, subject))`,
  `GRANT SELECT, INSERT, UPDATE ON point TO :app_role`,
  `CREATE TABLE beside (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)`,
  `GRANT SELECT, INSERT ON beside TO :app_role`,
];

let db: TestDatabase;
let admissions: ReplayAdmissions;
let gate: ReplayGate;

beforeAll(async () => {
  db = await startDatabase([...TABLES, ...rebuildableTables('points', [{ name: 'point' }])]);
}, 60_000);

afterAll(() => db?.stop());

beforeEach(() => {
  const rebuilds = { points: PROJECTION };
  const config = resolveConfig({
    ...{ service: 'gradebook', prefix: 'test', topologyMode: 'create', rebuilds },
  });
  admissions = new ReplayAdmissions(config, db.transactions);
  gate = new ReplayGate({ transactions: db.transactions, log: silentLog });
});

afterEach(async () => {
  for (const { replayId, state } of await admissions.list()) {
    if (state === 'open') await admissions.close(replayId, 'cancelled');
  }
  await db.owner.query('TRUNCATE point, beside, inbox');
});

async function openRebuild(): Promise<Id> {
  const id = newId();
  const why = { reason: 'test', createdBy: 'test' };
  await admissions.admit({ id, mode: 'rebuild', projection: 'points', ...why });
  return id;
}

function delivery(given: Partial<Delivery> = {}): Delivery {
  return {
    consumer: 'gradebook',
    eventId: newId(),
    institutionId: newId(),
    traceId: 'a'.repeat(32),
    type: TYPE,
    receiveCount: 1,
    appliedAt: new Date(),
    replayId: undefined,
    ...given,
  };
}

const apply = (one: Delivery, handle: (run: Run) => Promise<void>, by = gate) =>
  db.transactions.inInstitution(one.institutionId, (tx) => by.apply(tx, one, handle));

const put = (tx: Tx, points: number) =>
  tx.query('INSERT INTO point (subject, points) VALUES ($1, $2)', [newId(), points]);

async function points(schema = 'public'): Promise<number[]> {
  const { rows } = await db.owner.query(`SELECT points FROM ${schema}.point ORDER BY points`);
  return rows.map((row: { points: number }) => row.points);
}

const shadowOf = (id: Id) => `rebuild_${id.replaceAll('-', '')}`;

test('a live event is applied to both, and only the live run has outside effects', async () => {
  const id = await openRebuild();
  const runs: [boolean, boolean][] = [];
  const told = await apply(delivery(), async ({ tx, isReplay }) => {
    runs.push([isReplay, tx.afterCommit !== undefined]);
    await put(tx, 1);
  });
  expect(told).toBe('applied');
  expect(runs).toEqual([
    [false, true],
    [true, false],
  ]);
  expect([await points(), await points(shadowOf(id))]).toEqual([[1], [1]]);
});

test('a process that has just seen no rebuild applies events to the shadow as soon as it is open', async () => {
  expect(gate.isRebuilding(TYPE)).toBe(true);
  await apply(delivery(), ({ tx }) => put(tx, 1).then(() => {}));
  const id = await openRebuild();
  await apply(delivery(), ({ tx }) => put(tx, 2).then(() => {}));
  expect([await points(), await points(shadowOf(id))]).toEqual([[1, 2], [2]]);
  await admissions.close(id, 'cancelled');
  expect(await apply(delivery(), ({ tx }) => put(tx, 3).then(() => {}))).toBe('applied');
  expect(await points()).toEqual([1, 2, 3]);
});

test('an event the shadow is not ready for is kept live, and comes again for the shadow alone', async () => {
  const id = await openRebuild();
  const one = delivery();
  let isReady = false;
  const handle = async ({ tx, isReplay }: Run) => {
    await put(tx, 1);
    if (isReplay && !isReady) throw new Error('What it needs has not been replayed.');
  };
  expect(await apply(one, handle)).toBe('again');
  expect([await points(), await points(shadowOf(id))]).toEqual([[1], []]);
  isReady = true;
  expect(await apply({ ...one, receiveCount: 2 }, handle)).toBe('duplicate');
  expect([await points(), await points(shadowOf(id))]).toEqual([[1], [1]]);
  expect(await apply({ ...one, receiveCount: 3 }, handle)).toBe('duplicate');
  expect(await points(shadowOf(id))).toEqual([1]);
});

test('a rebuild that could not take a live event at its last try cannot be swapped in', async () => {
  const id = await openRebuild();
  const one = delivery({ receiveCount: 8 });
  const handle = async ({ tx, isReplay }: Run) => {
    await put(tx, 1);
    if (isReplay) throw new Error('never');
  };
  expect(await apply(one, handle)).toBe('applied');
  expect(await admissions.show(id)).toMatchObject({ missed: 1 });
  await expect(admissions.swap(id, 100)).rejects.toMatchObject({ code: 'rebuild-incomplete' });
  // Told again by its owner, it is missed no more.
  const again = { ...one, replayId: id, receiveCount: 1 };
  expect(await apply(again, ({ tx }) => put(tx, 1).then(() => {}))).toBe('applied');
  expect(await admissions.show(id)).toMatchObject({ missed: 0, applied: 1 });
});

test('a handler that writes a table outside of the rebuild is stopped, and nothing is kept', async () => {
  const id = await openRebuild();
  const handle = async ({ tx }: Run) => {
    await put(tx, 1);
    await tx.query('INSERT INTO beside DEFAULT VALUES');
  };
  await expect(apply(delivery({ replayId: id }), handle)).rejects.toThrow(
    `The handler of ${TYPE} writes beside, which the rebuild does not name.`,
  );
  const { rows } = await db.owner.query('SELECT 1 FROM beside UNION ALL SELECT 1 FROM inbox');
  expect([rows, await points(shadowOf(id))]).toEqual([[], []]);
});

test('an event told again before it was told is waited for, so that what follows from it is told', async () => {
  const id = await openRebuild();
  const one = delivery();
  const live: number[] = [];
  const handle = async ({ tx, isReplay }: Run) => {
    await put(tx, 1);
    if (!isReplay) live.push(1);
  };
  expect(await apply({ ...one, replayId: id }, handle)).toBe('applied');
  expect(await admissions.verify(id)).toMatchObject({ early: 1, tables: [{ surplus: 1 }] });
  await expect(admissions.swap(id)).rejects.toMatchObject({ code: 'rebuild-ahead' });
  expect(await apply(one, handle)).toBe('applied');
  expect(live).toEqual([1]);
  expect(await admissions.verify(id)).toMatchObject({ early: 0 });
  expect(await points(shadowOf(id))).toEqual([1]);
  await admissions.swap(id, 1);
  expect(await points()).toEqual([1]);
  await admissions.drop(id);
});

test('the versions a projection remembers are the shadow’s own until they are swapped in', async () => {
  const subject = newId();
  const institutionId = newId();
  const see = async ({ tx }: Run, version: number) => {
    await tx.query(
      `INSERT INTO projection_version (consumer, type, subject, version) VALUES ('p', $1, $2, $3)
       ON CONFLICT (institution_id, consumer, type, subject) DO UPDATE SET version = $3`,
      [TYPE, subject, version],
    );
  };
  const told = delivery({ institutionId });
  const seen = async (schema: string) =>
    (await db.owner.query(`SELECT version FROM ${schema}.projection_version`)).rows;
  await apply(told, (run) => see(run, 5));
  const id = await openRebuild();
  expect(await seen(shadowOf(id))).toEqual([]);
  await apply({ ...told, replayId: id }, (run) => see(run, 4));
  expect([await seen('public'), await seen(shadowOf(id))]).toEqual([
    [{ version: '5' }],
    [{ version: '4' }],
  ]);
  await admissions.swap(id);
  expect(await seen('public')).toEqual([{ version: '4' }]);
  await admissions.drop(id);
  await db.owner.query('TRUNCATE projection_version');
});

test.each([
  [
    'a trigger',
    `CREATE TRIGGER t BEFORE INSERT ON point EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
    'The table point has triggers, which a shadow would not have.',
  ],
  [
    'a view',
    `CREATE VIEW best AS SELECT max(points) FROM point`,
    'The view public.best reads point, and would go on reading the retired table.',
  ],
  [
    'a reference from elsewhere',
    `CREATE TABLE note (institution_id uuid, subject uuid, FOREIGN KEY (institution_id, subject) REFERENCES point)`,
    'The table public.note refers to point, but is not rebuilt with it.',
  ],
  [
    'another list in its migrations',
    `INSERT INTO rebuildable_table VALUES ('points', 'beside', 9, NULL)`,
    'The service names the tables point, its migrations beside, point.',
  ],
])('a table with %s is refused', async (_, sql, message) => {
  await db.owner.query(sql);
  try {
    await expect(openRebuild()).rejects.toMatchObject({ code: 'not-rebuildable', message });
    expect(
      await admissions.list().then((all) => all.filter(({ state }) => state === 'open')),
    ).toEqual([]);
  } finally {
    await db.owner.query(`DROP TRIGGER IF EXISTS t ON point; DROP VIEW IF EXISTS best;
      DROP TABLE IF EXISTS note; DELETE FROM rebuildable_table WHERE table_name = 'beside'`);
  }
});
