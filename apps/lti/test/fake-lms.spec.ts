import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { AssignmentPublished, CellChanged, LtiIdentityLinked } from '@parlance/events';
import { newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import { eventually, launchData, LEARNER, startLti } from './world.js';

/** The platform of tools/fake-lms shares no code with us and is run as a process of its own. */
const MAIN = new URL('../../../../tools/dist/fake-lms/main.js', import.meta.url).pathname;

const children: ChildProcess[] = [];
let service: TestService;
let origin: string;

beforeAll(async () => {
  if (!existsSync(MAIN)) throw new Error('tools/fake-lms is not built: npx tsc -b tools');
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  service = await startLti({ PORT: String(port), LTI_PUBLIC_URL: origin });
});

afterAll(async () => {
  for (const child of children) {
    child.stdout?.destroy();
    child.kill();
  }
  await service.stop();
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

interface Platform {
  issuer: string;
  authUrl: string;
  tokenUrl: string;
  jwksUrl: string;
}

async function startPlatform(dialect: string): Promise<Platform> {
  const child = spawn(process.execPath, [MAIN, '--port', '0', '--control', '--dialect', dialect], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line);
  throw new Error('The platform did not start.');
}

async function order(platform: Platform, path: string, body?: unknown) {
  const response = await fetch(`${platform.issuer}/_control/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

describe.each(['strict', 'moodle', 'canvas'])('with the %s dialect', (dialect) => {
  const institutionId = newId();
  const [classId, assignmentId, personId, cellId] = [newId(), newId(), newId(), newId()];
  // Moodle's users are numbers.
  const userId = '7';
  let platform: Platform;
  let registrationId: string;
  let token: string;

  const post = (path: string, body: unknown) => service.request('POST', path, { token, body });

  const grade = (cellVersion: number, points: number) =>
    service.deliver(CellChanged, {
      institutionId,
      version: cellVersion,
      data: {
        cellId,
        assignmentId,
        classId,
        learnerId: personId,
        cellVersion,
        status: 'graded',
        points,
        pointsPossible: 10,
        overridden: false,
        submittedAt: '2026-01-02T00:00:00Z',
        changedAt: '2026-01-02T00:00:01Z',
      },
    });

  const result = async () => {
    const { results } = await order(platform, 'results');
    return results.find((row: { userId: string }) => row.userId === userId)?.resultScore;
  };

  beforeAll(async () => {
    platform = await startPlatform(dialect);
    token = await service.token({ institutionId, roles: ['admin'] });
    const tool = await order(platform, 'tools', {
      loginUrl: `${origin}/api/v1/lti/login`,
      redirectUris: [`${origin}/api/v1/lti/launch`],
      jwksUrl: `${origin}/api/v1/lti/jwks`,
    });
    const { issuer, authUrl, tokenUrl, jwksUrl } = platform;
    const made = await post('/lti/registrations', {
      issuer,
      authUrl,
      tokenUrl,
      jwksUrl,
      clientId: tool.clientId,
      allowPrivateHosts: true,
      productFamily: dialect === 'strict' ? '' : dialect,
    });
    expect(made.status).toBe(201);
    registrationId = made.body.id;
    const { deploymentId } = tool;
    await post(`/lti/registrations/${registrationId}/deployments`, { deploymentId, classId });
    await order(platform, 'users', { id: userId, name: 'Ana Lima', roles: [LEARNER] });
    await order(platform, 'resource-links', {
      id: '42',
      title: 'Unit 3',
      contextId: 'c1',
      contextTitle: 'English B1',
      custom: { assignment_id: assignmentId },
      lineItem: { scoreMaximum: 50, label: 'Unit 3' },
    });
    await service.deliver(AssignmentPublished, {
      institutionId,
      version: 1,
      data: {
        assignmentId,
        classId,
        title: 'Unit 3 homework',
        category: 'Homework',
        pointsPossible: 10,
        status: 'published',
        opensAt: '2026-01-01T00:00:00Z',
        timeZone: 'UTC',
      },
    });
  });

  const launch = (more: Record<string, unknown> = {}) =>
    order(platform, 'launches', { userId, resourceLinkId: '42', ...more });

  test('a learner launches into the assignment', async () => {
    const outcome = await launch();
    expect([outcome.endedAt, outcome.status]).toEqual(['tool', 200]);
    const data = launchData(outcome);
    expect(data.assignmentId).toBe(assignmentId);
    expect(data.assertion).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  test.each(['other-key', 'none', 'hs256'])(
    'a token signed with %s is refused',
    async (signWith) => {
      const outcome = await launch({ signWith });
      expect([outcome.endedAt, outcome.status]).toEqual(['tool', 401]);
    },
  );

  test('a rotated key is accepted', async () => {
    await order(platform, 'key-rotations', {});
    expect((await launch()).status).toBe(200);
  });

  test('grades arrive in its gradebook, in its scale, the last one standing', async () => {
    await service.deliver(LtiIdentityLinked, {
      institutionId,
      version: 1,
      data: { ltiIdentityId: newId(), personId, registrationId, subject: userId },
    });
    await grade(1, 4);
    await eventually(async () => ((await result()) === 20 ? true : undefined), 'the first grade');
    await grade(2, 9);
    await eventually(async () => ((await result()) === 45 ? true : undefined), 'the second grade');
    const { scores } = await order(platform, 'scores');
    expect(scores.map((score: { scoreGiven: number }) => score.scoreGiven)).toEqual([4, 9]);
  });

  test.each([
    ['throttling', { kind: 'throttle', times: 1 }],
    ['stale tokens', { kind: 'revoke-tokens' }],
    ['an outage', { kind: 'fail', times: 2, status: 503 }],
    ['a lost reply', { kind: 'lose-replies', times: 1 }],
  ])('%s does no harm', async (name, fault) => {
    const version = 3 + ['throttling', 'stale tokens', 'an outage', 'a lost reply'].indexOf(name);
    await order(platform, 'faults', fault);
    await grade(version, version / 2);
    const wanted = version * 2.5;
    await eventually(async () => ((await result()) === wanted ? true : undefined), name);
    const path = `/lti/deliveries?assignmentId=${assignmentId}`;
    await eventually(async () => {
      const { body } = await service.request('GET', path, { token });
      return body.items[0].status === 'delivered' ? true : undefined;
    }, `${name}: delivered`);
  });
});
