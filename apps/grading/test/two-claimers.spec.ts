import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { newId } from '@parlance/kernel';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { grading } from '../src/grading.module.js';
import { Classroom } from './builders.js';
import { essaySpec } from './specs.js';

const TASKS = 1000;
const children: ChildProcess[] = [];
let service: TestService;

beforeAll(async () => {
  service = await startTestService(grading);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await service.stop();
});

async function databaseUrl(): Promise<string> {
  const [row] = await service.database.outsideInstitutions((tx) =>
    tx.query<{ name: string; role: string }>(
      'SELECT current_database() AS name, current_user AS role',
    ),
  );
  const url = new URL(process.env.TEST_DATABASE_URL ?? '');
  url.username = row?.role ?? '';
  url.password = 'test';
  url.pathname = `/${row?.name ?? ''}`;
  return url.toString();
}

async function startClaimer(institutionId: string, url: string) {
  const file = new URL('./claimer.js', import.meta.url).pathname;
  const child = spawn(process.execPath, [file, url, institutionId, newId()], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  let output = '';
  const ready = new Promise<void>((resolve) =>
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.startsWith('ready\n')) resolve();
    }),
  );
  await ready;
  return {
    go: () => child.stdin.write('go\n'),
    claimed: async () => {
      await once(child, 'close');
      return output.split('\n').slice(1, -1);
    },
  };
}

test('two processes that claim from a queue of 1,000 never share a task, and none is left', async () => {
  const room = await Classroom.open(service);
  const essay = await room.publish(essaySpec(5), 5);
  for (let from = 0; from < TASKS; from += 250) {
    const items = Array.from({ length: 250 }, () => essay);
    await room.submit(
      items.map((item) => [item, { RESPONSE: 'text' }]),
      { learnerId: newId() },
    );
  }
  const url = await databaseUrl();
  const claimers = [
    await startClaimer(room.institutionId, url),
    await startClaimer(room.institutionId, url),
  ];
  const claimed = claimers.map((claimer) => claimer.claimed());
  for (const claimer of claimers) claimer.go();
  const [one = [], two = []] = await Promise.all(claimed);
  expect(one.length).toBeGreaterThan(0);
  expect(two.length).toBeGreaterThan(0);
  expect(one.length + two.length).toBe(TASKS);
  expect(new Set([...one, ...two]).size).toBe(TASKS);
}, 120_000);
