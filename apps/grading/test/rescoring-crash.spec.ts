import { type ChildProcess, spawn } from 'node:child_process';
import { AttemptsRescored } from '@parlance/events';
import { newId } from '@parlance/kernel';
import { eventually } from '@parlance/messaging/testing';
import {
  startTestService,
  TEST_OPERATOR_SECRET,
  type TestService,
} from '@parlance/platform/testing';
import { CANDIDATES, RUNS } from '../src/db/rescore-batch.store.js';
import { grading } from '../src/grading.module.js';
import { RescoreWorker } from '../src/rescore-worker.js';
import { Classroom } from './builders.js';
import { CampaignRoom } from './campaign-room.js';
import { seedAttempts } from './seed-attempts.js';
import { choiceSpec } from './specs.js';

const ATTEMPTS = 6000;
/** A process of its own takes a while to start on a busy machine. */
const START_MS = 90_000;

let service: TestService;
let room: Classroom;
let campaigns: CampaignRoom;
let faulty: string;
let corrected: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  service = await startTestService(grading);
  room = await Classroom.open(service);
  campaigns = new CampaignRoom(room);
  faulty = await room.publish(choiceSpec('A'), 1);
  corrected = await room.publish(choiceSpec('B'), 1);
  await seedAttempts(service.database, room.institutionId, {
    attempts: ATTEMPTS,
    perAssignment: 30,
    itemVersionId: faulty,
    itemsPerAttempt: 3,
  });
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await service.stop();
});

/** The service as it runs in production, on the database of the test. */
async function startProcess(): Promise<ChildProcess> {
  const [row] = await service.database.outsideInstitutions((tx) =>
    tx.query<{ name: string; role: string }>(
      'SELECT current_database() AS name, current_user AS role',
    ),
  );
  const url = new URL(process.env.TEST_DATABASE_URL ?? '');
  url.username = row?.role ?? '';
  url.password = 'test';
  url.pathname = `/${row?.name ?? ''}`;
  const child = spawn(process.execPath, [new URL('../src/main.js', import.meta.url).pathname], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      PORT: '0',
      DATABASE_URL: url.toString(),
      TOKEN_JWKS_URL: 'http://127.0.0.1:9/jwks',
      OPERATOR_SECRET: TEST_OPERATOR_SECRET,
      TOPOLOGY_PREFIX: `crash-${process.pid}`,
      TOPOLOGY_MODE: 'create',
      LOG_LEVEL: 'error',
    },
  });
  children.push(child);
  return child;
}

function counts(sql: string) {
  return service.database.inInstitution(room.institutionId, async (tx) => {
    const [row] = await tx.query<{ count: number }>(sql);
    return row?.count ?? -1;
  });
}

test(
  'a campaign killed in the middle is finished by another process, once per attempt',
  async () => {
    const draft = await campaigns.draft(faulty, corrected);
    expect(draft.progress).toMatchObject({ attempts: ATTEMPTS });
    // The processes of the test rescore from here on; this one only answers.
    await service.get(RescoreWorker).onModuleDestroy();
    await campaigns.put(draft, 'approval');
    const first = await startProcess();
    await eventually(
      async () => ((await campaigns.read(draft.id)).progress.attempts > 0 ? true : undefined),
      () => 'the first batches',
      START_MS,
    );
    first.kill('SIGKILL');
    const { progress, state } = await campaigns.read(draft.id);
    expect(state).toBe('applying');
    expect(progress.attempts).toBeLessThan(ATTEMPTS);
    await startProcess();
    await eventually(
      async () => ((await campaigns.read(draft.id)).state === 'applied' ? true : undefined),
      () => 'the second process to finish',
      START_MS,
    );
    expect((await campaigns.read(draft.id)).progress).toMatchObject({ rescored: ATTEMPTS });
    expect(
      await counts(`SELECT count(*)::int AS count FROM (
        SELECT attempt_id FROM attempt_score_version GROUP BY attempt_id
        HAVING count(*) = 2 AND count(*) FILTER (WHERE cause = 'rescored' AND version = 2) = 1) t`),
    ).toBe(ATTEMPTS);
    expect(
      await counts(`SELECT count(*)::int AS count FROM attempt_score WHERE version <> 2`),
    ).toBe(0);
    const told = await service.database.asMessaging((tx) =>
      tx.query<{ count: number; attempts: number }>(
        `SELECT count(*)::int AS count, count(DISTINCT score ->> 'attemptId')::int AS attempts
         FROM outbox CROSS JOIN jsonb_array_elements(envelope -> 'data' -> 'scores') AS score
         WHERE type = $1 AND score ->> 'cause' = 'rescored'`,
        [AttemptsRescored.type],
      ),
    );
    expect(told).toEqual([{ count: ATTEMPTS, attempts: ATTEMPTS }]);
  },
  3 * START_MS,
);

test('touched attempts are found and read by indexes alone, in the partitions they lie in', async () => {
  const plans = await service.database.inInstitution(room.institutionId, async (tx) => {
    const zero = '00000000-0000-0000-0000-000000000000';
    const literal = (sql: string, values: string[]) =>
      values.reduceRight((text, value, n) => text.replaceAll(`$${n + 1}`, value), sql);
    const found = literal(CANDIDATES, [
      ...[`'${faulty}'::uuid`, `'${zero}'::uuid`, `'${zero}'`, `'${newId()}'`, `'apply'`, '150'],
    ]);
    const [some] = await tx.query<{ ids: string[] }>(
      `SELECT array_agg(attempt_id) AS ids FROM (SELECT attempt_id FROM attempt_score LIMIT 150) t`,
    );
    const read = literal(RUNS, [`'{${some?.ids.join()}}'`, `'${faulty}'`]);
    const explain = async (sql: string) => {
      const rows = await tx.query<Record<string, string>>(`EXPLAIN (ANALYZE, COSTS OFF) ${sql}`);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    return { found: await explain(found), read: await explain(read) };
  });
  expect(plans.found).toMatch(/attempt_score_assignment/);
  expect(plans.found).toMatch(/assignment_item_pkey/);
  expect(plans.found).toMatch(/rescore_outcome_pkey/);
  expect(plans.found).not.toMatch(/Seq Scan on (attempt_score|assignment_item|rescore_outcome)/);
  expect(plans.read).not.toMatch(/Seq Scan on attempt_score(?!_version_default)/);
  expect(plans.read).toMatch(/never executed/);
});
