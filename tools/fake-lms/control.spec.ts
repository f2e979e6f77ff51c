import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startExampleTool } from './example-tool.js';
import type { ExampleTool } from './example-tool.js';
import { agsScopes, mediaTypes, startFakeLms } from './fake-lms.js';
import type { FakeLms, Registration } from './fake-lms.js';
import { scoreBody } from './test-course.js';

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

async function order(issuer: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${issuer}/_control${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
}

const link = { id: 'essay', title: 'Essay', contextId: 'b2', contextTitle: 'English B2' };
const lineItem = { scoreMaximum: 50, label: 'Essay' };

let lms: FakeLms;
let tool: ExampleTool;

beforeEach(async () => {
  lms = await startFakeLms({ control: true });
  tool = await startExampleTool();
  const { loginUrl, jwksUrl, redirectUri } = tool;
  const tools = { loginUrl, jwksUrl, redirectUris: [redirectUri] };
  const registered = await order(lms.issuer, '/tools', tools);
  tool.trust(registered.body as unknown as Registration);
  await order(lms.issuer, '/users', { id: '7', roles: ['Learner'] });
});

afterEach(async () => {
  await Promise.all([lms.close(), tool.close()]);
});

test('the control desk sets up a course, launches it and shows the scores', async () => {
  const made = await order(lms.issuer, '/resource-links', { ...link, lineItem });
  const { lineItemId } = made.body as { lineItemId: string };
  expect(made.status).toBe(201);
  const ids = { userId: '7', resourceLinkId: 'essay' };
  const launched = await order(lms.issuer, '/launches', ids);
  expect(launched.body).toMatchObject({ endedAt: 'tool', status: 200, body: 'Welcome' });
  expect(launched.body['cookies']).toHaveLength(1);
  const authorization = `Bearer ${await tool.token(agsScopes.score)}`;
  await fetch(`${lineItemId}/scores`, {
    method: 'POST',
    headers: { authorization, 'content-type': mediaTypes.score },
    body: JSON.stringify(scoreBody()),
  });
  const { scores } = (await order(lms.issuer, '/scores')).body;
  expect(scores).toMatchObject([{ lineItemId, userId: '7', scoreGiven: 9 }]);
  expect((await order(lms.issuer, '/overrides', { userId: '7', score: 1 })).status).toBe(204);
  const { results } = (await order(lms.issuer, '/results')).body;
  expect(results).toMatchObject([{ resultScore: 1, overridden: true }]);
});

test('the control desk forges a launch on request', async () => {
  await order(lms.issuer, '/resource-links', link);
  const ids = { userId: '7', resourceLinkId: 'essay' };
  const wrongIssuer = { ...ids, claims: { iss: 'https://evil.test' } };
  const unsigned = { ...ids, signWith: 'none' };
  const noKid = { ...ids, header: { kid: null } };
  const bodies = [];
  for (const forged of [wrongIssuer, unsigned, noKid]) {
    bodies.push((await order(lms.issuer, '/launches', forged)).body['body']);
  }
  expect(bodies).toEqual(['iss', 'alg', 'kid']);
});

test('the control desk plants faults', async () => {
  const fault = { kind: 'fail', times: 1, status: 500, point: 'token' };
  expect((await order(lms.issuer, '/faults', fault)).status).toBe(204);
  expect((await tool.askToken(agsScopes.score)).status).toBe(500);
  expect((await tool.askToken(agsScopes.score)).status).toBe(200);
});

test.each([
  ['/tools', { loginUrl: 'x' }],
  ['/users', { id: '7' }],
  ['/resource-links', { ...link, lineItem: {} }],
  ['/launches', { userId: 'nobody', resourceLinkId: 'essay' }],
  ['/faults', { kind: 'constructor' }],
  ['/overrides', { userId: 'nobody', score: 1 }],
  ['/users', []],
])('the control desk answers a bad order to %s with 400 and the reason', async (path, body) => {
  const answer = await order(lms.issuer, path, body);
  expect(answer).toMatchObject({ status: 400, body: { error: expect.any(String) } });
});
test('without the control switch nothing is served under /_control', async () => {
  const lms = await startFakeLms();
  expect((await fetch(`${lms.issuer}/_control`)).status).toBe(404);
  await lms.close();
});

test('the platform runs as a process of its own and stops when asked', async () => {
  const main = fileURLToPath(new URL('./main.js', import.meta.url));
  const child = spawn(process.execPath, [main, '--port', '0', '--control', '--dialect', 'moodle']);
  const exited = once(child, 'exit');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { issuer } = JSON.parse(line) as { issuer: string };
  expect((await order(issuer, '')).body).toMatchObject({ issuer, dialect: 'moodle' });
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

test.each([
  [['--help'], 0],
  [['--dialect', 'sakai'], 2],
])('the process explains itself for %s and exits with %i', async (args, code) => {
  const main = fileURLToPath(new URL('./main.js', import.meta.url));
  const child = spawn(process.execPath, [main, ...args]);
  const output = Promise.all([child.stdout, child.stderr].map((stream) => stream.toArray()));
  expect(await once(child, 'exit')).toEqual([code, null]);
  expect((await output).flat().join('')).toContain('--control');
});
