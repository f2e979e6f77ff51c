import { type ChildProcess, spawn } from 'node:child_process';
import { newId } from '@parlance/kernel';
import { TEST_OPERATOR_SECRET, type TestService } from '@parlance/platform/testing';
import { DeliveryWorker } from '../src/delivery-worker.js';
import { Lms } from './lms.js';
import { eventually, KEY_SECRET, ORIGIN, startLti, World } from './world.js';

let service: TestService;
let lms: Lms;
/** A process of its own takes a while to start on a busy machine. */
const START_MS = 90_000;

const children: ChildProcess[] = [];

beforeAll(async () => {
  service = await startLti();
  lms = await Lms.start();
  // The processes of the test deliver; this one only takes events and answers questions.
  await service.get(DeliveryWorker).onModuleDestroy();
});

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await service.stop();
  await lms.stop();
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
  const main = new URL('../src/main.js', import.meta.url).pathname;
  const child = spawn(process.execPath, [main], {
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
      LTI_PUBLIC_URL: ORIGIN,
      LTI_KEY_SECRET: KEY_SECRET,
      LTI_ALLOW_PRIVATE_HOSTS: 'true',
      LTI_DELIVERY_POLL_MS: '50',
      LTI_RETRY_BASE_MS: '30',
      LTI_LEASE_MS: '1500',
    },
  });
  children.push(child);
  return child;
}

test(
  'a process killed between sending and marking leaves nothing lost and nothing doubled',
  async () => {
    const world = await World.create(service, lms);
    await world.publishAssignment();
    const [personId, cellId] = [newId(), newId()];
    await world.launch();
    await world.link('user-1', personId);
    await world.grade(personId, cellId);
    const recorded: string[] = [];
    lms.on = ({ path, body }) => {
      if (path.includes('/results')) {
        const result = { userId: 'user-1', resultScore: 7.5, resultMaximum: 10 };
        return { status: 200, body: JSON.stringify([result]) };
      }
      if (!path.includes('/scores')) return undefined;
      if (recorded.includes(body)) return { status: 409 };
      recorded.push(body);
      children[0]?.kill('SIGKILL');
      return { status: 200, cut: true };
    };
    await startProcess();
    await lms.until(() => recorded.length === 1, 'the first process', START_MS);
    expect((await world.deliveries())[0]).toMatchObject({ status: 'pending', attempts: 1 });
    await startProcess();
    const delivered = await world.untilStatus('delivered', START_MS);
    expect(delivered).toMatchObject({ attempts: 2, httpStatus: 409 });
    expect(recorded).toHaveLength(1);
    expect(new Set(lms.scores.map(({ body }) => body)).size).toBe(1);
  },
  3 * START_MS,
);

test(
  'two processes share the work and send every score once',
  async () => {
    lms.on = () => undefined;
    const world = await World.create(service, lms);
    await world.publishAssignment();
    const before = lms.scores.length;
    const subjects = Array.from({ length: 12 }, (_, index) => `many-${index}`);
    for (const subject of subjects) {
      const personId = newId();
      await world.launch({ sub: subject });
      await world.link(subject, personId);
      await world.grade(personId, newId());
    }
    await startProcess();
    await lms.until(() => lms.scores.length - before >= subjects.length, 'all scores', START_MS);
    await eventually(async () => {
      const all = await world.deliveries();
      return all.every(({ status }) => status === 'delivered') ? true : undefined;
    }, 'all marked as delivered');
    const users = lms.scores.slice(before).map(({ body }) => JSON.parse(body).userId);
    expect(users.sort()).toEqual([...subjects].sort());
  },
  3 * START_MS,
);
