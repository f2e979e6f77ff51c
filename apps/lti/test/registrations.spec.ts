import { EnrolmentChanged } from '@parlance/events';
import { newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import { Lms } from './lms.js';
import { ORIGIN, startLti, World } from './world.js';

let service: TestService;
let lms: Lms;
let world: World;

beforeAll(async () => {
  service = await startLti();
  lms = await Lms.start();
  world = await World.create(service, lms);
  await world.publishAssignment();
});

afterAll(async () => {
  await service.stop();
  await lms.stop();
});

const platform = {
  issuer: 'https://lms.example',
  authUrl: 'https://lms.example/auth',
  tokenUrl: 'https://token.lms.example/token',
  jwksUrl: 'https://lms.example/jwks',
};

describe('who may', () => {
  const routes: [string, string][] = [
    ['POST', '/lti/registrations'],
    ['GET', '/lti/registrations'],
    ['GET', '/lti/registrations/:id'],
    ['PATCH', '/lti/registrations/:id'],
    ['POST', '/lti/registrations/:id/deployments'],
    ['POST', '/lti/resource-links'],
    ['GET', '/lti/deliveries'],
    ['POST', '/lti/deliveries/:id/retries'],
    ['POST', '/lti/key-rotations'],
  ];

  test.each(routes)('%s %s needs a token, and more than a learner', async (method, route) => {
    const path = route.replace(':id', world.registrationId);
    expect((await service.request(method, path)).status).toBe(401);
    const { institutionId } = world;
    const token = await service.token({ institutionId, roles: ['learner'] });
    const expected = route === '/lti/key-rotations' ? 401 : 403;
    expect((await service.request(method, path, { token })).status).toBe(expected);
  });

  test('a teacher sees deliveries of an assignment of their class, and no registration', async () => {
    const { institutionId, assignmentId, classId } = world;
    const [personId, enrolmentId] = [newId(), newId()];
    const token = await service.token({ personId, institutionId, roles: ['teacher'] });
    const of = `/lti/deliveries?assignmentId=${assignmentId}`;
    expect((await world.get(of, token)).status).toBe(404);
    const enrolled = async (version: number, status: 'active' | 'ended') => {
      const data = { enrolmentId, classId, personId, role: 'teacher' as const, status };
      await service.deliver(EnrolmentChanged, { institutionId, version, data });
      return (await world.get(of, token)).status;
    };
    expect(await enrolled(2, 'active')).toBe(200);
    // Older news changes nothing, newer does.
    expect(await enrolled(1, 'ended')).toBe(200);
    expect(await enrolled(3, 'ended')).toBe(404);
    const all = await world.get('/lti/deliveries', token);
    expect([all.status, all.body.code]).toEqual([400, 'assignment-required']);
    expect((await world.get('/lti/registrations', token)).status).toBe(403);
  });

  test("another institution's admin finds nothing of ours", async () => {
    const token = await service.token({ institutionId: newId(), roles: ['admin'] });
    const path = `/lti/registrations/${world.registrationId}`;
    expect((await world.get(path, token)).status).toBe(404);
    const body = { deploymentId: 'd', classId: newId() };
    expect((await world.post(`${path}/deployments`, body, token)).status).toBe(404);
    const headers = { 'if-match': '"1"' };
    const change = { token, headers, body: { status: 'disabled' } };
    expect((await service.request('PATCH', path, change)).status).toBe(404);
    expect((await world.get('/lti/registrations', token)).body.items).toEqual([]);
    const of = `/lti/deliveries?assignmentId=${world.assignmentId}`;
    expect((await world.get(of, token)).body.items).toEqual([]);
    expect((await world.post(`/lti/deliveries/${newId()}/retries`, {}, token)).status).toBe(404);
    const link = {
      registrationId: world.registrationId,
      deploymentId: world.deploymentId,
      resourceLinkId: 'l',
      assignmentId: world.assignmentId,
    };
    expect((await world.post('/lti/resource-links', link, token)).status).toBe(404);
  });
});

describe('a registration', () => {
  test('tells what the LMS administrator has to type in', async () => {
    const made = await world.post('/lti/registrations', { ...platform, clientId: 'c-1' });
    expect(made.status).toBe(201);
    expect(made.headers.get('etag')).toBe('"1"');
    expect(made.body).toMatchObject({
      ...platform,
      clientId: 'c-1',
      allowedHosts: ['lms.example', 'token.lms.example'],
      allowPrivateHosts: false,
      clockLeewaySeconds: 60,
      status: 'active',
      tool: {
        loginUrl: `${ORIGIN}/api/v1/lti/login`,
        redirectUri: `${ORIGIN}/api/v1/lti/launch`,
        targetLinkUri: `${ORIGIN}/api/v1/lti/launch`,
        jwksUrl: `${ORIGIN}/api/v1/lti/jwks`,
      },
    });
    expect(made.body.institutionId).toBeUndefined();
    const twice = await world.post('/lti/registrations', { ...platform, clientId: 'c-1' });
    expect([twice.status, twice.body.code]).toEqual([409, 'registration-exists']);
  });

  test('is made once for one idempotency key', async () => {
    const { adminToken: token } = world;
    const headers = { 'idempotency-key': newId() };
    const body = { ...platform, clientId: 'c-idem' };
    const make = () => service.request('POST', '/lti/registrations', { token, headers, body });
    const [first, second] = [await make(), await make()];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
  });

  test('changes by its version, and keeps the hosts of its addresses', async () => {
    const made = await world.post('/lti/registrations', { ...platform, clientId: 'c-2' });
    const path = `/lti/registrations/${made.body.id}`;
    const { adminToken: token } = world;
    const body = { allowedHosts: ['school.lms.example'], tokenAudience: 'https://aud.example/' };
    const unconditional = await service.request('PATCH', path, { token, body });
    expect(unconditional.status).toBe(428);
    const headers = { 'if-match': '"1"' };
    const changed = await service.request('PATCH', path, { token, headers, body });
    expect(changed.body).toMatchObject({ ...body, version: 2, allowedHosts: expect.any(Array) });
    expect(changed.body.allowedHosts.sort()).toEqual([
      'lms.example',
      'school.lms.example',
      'token.lms.example',
    ]);
    const stale = await service.request('PATCH', path, { token, headers, body });
    expect(stale.status).toBe(412);
  });

  test('that is disabled lets nobody in', async () => {
    const other = await World.create(service, lms);
    const path = `/lti/registrations/${other.registrationId}`;
    const { adminToken: token } = other;
    const body = { status: 'disabled' };
    await service.request('PATCH', path, { token, headers: { 'if-match': '"1"' }, body });
    const refused = await other.launch();
    expect(refused.status).toBe(403);
    expect(refused.body).toContain('registration_disabled');
  });

  test.each([
    ['http without the exception', { jwksUrl: 'http://lms.example/jwks' }, 'invalid-url'],
    ['credentials in an address', { tokenUrl: 'https://u:p@lms.example/' }, 'invalid-url'],
    ['a fragment in an address', { authUrl: 'https://lms.example/#x' }, 'invalid-url'],
    ['another scheme', { authUrl: 'javascript:alert(1)' }, 'invalid-url'],
    ['a host that is an address', { allowedHosts: ['https://lms.example'] }, 'invalid-host'],
    ['a host with a policy in it', { allowedHosts: ['x; script-src *'] }, 'invalid-host'],
    ['an unknown field', { alg: 'none' }, 'invalid-input'],
    ['too much leeway', { clockLeewaySeconds: 301 }, 'invalid-input'],
    ['an odd client id', { clientId: 'a\0b' }, 'invalid-input'],
  ])('with %s is refused', async (_name, changes, code) => {
    const body = { ...platform, clientId: `c-${newId()}`, ...changes };
    const answer = await world.post('/lti/registrations', body);
    expect([answer.status, answer.body.code]).toEqual([400, code]);
  });

  test('pages', async () => {
    const other = await World.create(service, lms);
    await other.post('/lti/registrations', { ...platform, clientId: 'p-1' });
    await other.post('/lti/registrations', { ...platform, clientId: 'p-2' });
    const first = await other.get('/lti/registrations?limit=2');
    expect(first.body.items).toHaveLength(2);
    const next = await other.get(`/lti/registrations?limit=2&cursor=${first.body.nextCursor}`);
    expect(next.body.items.map(({ clientId }: { clientId: string }) => clientId)).toEqual(['p-2']);
    expect((await other.get('/lti/registrations?cursor=nonsense')).status).toBe(400);
  });
});

describe('a deployment', () => {
  test('belongs to one class', async () => {
    const path = `/lti/registrations/${world.registrationId}/deployments`;
    const deploymentId = `d-${newId()}`;
    const classId = newId();
    expect((await world.post(path, { deploymentId, classId })).status).toBe(201);
    expect((await world.post(path, { deploymentId, classId })).status).toBe(201);
    const moved = await world.post(path, { deploymentId, classId: newId() });
    expect([moved.status, moved.body.code]).toEqual([409, 'deployment-bound']);
  });
});

test('the look-up tables show other institutions to nobody by default', async () => {
  for (const table of ['platform_key', 'deployment_key', 'delivery_stream', 'registration']) {
    const rows = await service.database.outsideInstitutions((tx) =>
      tx.query(`SELECT 1 FROM ${table}`),
    );
    expect(rows).toEqual([]);
    const theirs = await service.database.inInstitution(newId(), (tx) =>
      tx.query(`SELECT 1 FROM ${table}`),
    );
    expect(theirs).toEqual([]);
  }
});
