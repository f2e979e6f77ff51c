import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failpoint } from './failpoint.js';

const folder = mkdtempSync(join(tmpdir(), 'parlance-failpoint-'));
const point = join(folder, 'relay.published');

afterEach(() => delete process.env.PARLANCE_FAILPOINTS);
afterAll(() => rmSync(folder, { recursive: true }));

/** Passes the point `times` times in a process of its own and says how often it got through. */
function passes(times: number): Promise<{ signal: NodeJS.Signals | null; said: string }> {
  const file = new URL('./failpoint.js', import.meta.url).href;
  const code =
    `const { failpoint } = await import(${JSON.stringify(file)});` +
    `for (let n = 0; n < ${times}; n += 1) { await failpoint('relay.published'); console.log(n); }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: { ...process.env, NODE_OPTIONS: '', PARLANCE_FAILPOINTS: folder },
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => child.once('close', (_, signal) => resolve({ signal, said })));
}

test('nothing happens without a folder, and without a file in it', async () => {
  expect(failpoint('relay.published')).toBeUndefined();
  process.env.PARLANCE_FAILPOINTS = folder;
  expect(failpoint('relay.published')).toBeUndefined();
});

test('the process that takes the file away ends, and the next passes', async () => {
  writeFileSync(point, '');
  expect(await passes(1)).toEqual({ signal: 'SIGKILL', said: '' });
  expect(existsSync(point)).toBe(false);
  expect(await passes(1)).toEqual({ signal: null, said: '0\n' });
});

test('the third to pass ends', async () => {
  writeFileSync(point, 'kill 3');
  const { signal } = await passes(5);
  expect(signal).toBe('SIGKILL');
  expect(existsSync(point)).toBe(false);
  writeFileSync(point, 'kill 3');
  expect((await passes(2)).signal).toBeNull();
  expect(readFileSync(point, 'utf8')).toBe('kill 1');
  rmSync(point);
});

test('one caller waits as long as the file says', async () => {
  process.env.PARLANCE_FAILPOINTS = folder;
  writeFileSync(point, 'sleep 30\n');
  const began = performance.now();
  const waiting = failpoint('relay.published');
  expect(failpoint('relay.published')).toBeUndefined();
  await waiting;
  expect(performance.now() - began).toBeGreaterThan(25);
});
