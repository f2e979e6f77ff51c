import { newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { Lms } from './lms.js';
import { INSTRUCTOR, launchData, LEARNER, lti13, reasonOf, startLti, World } from './world.js';

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

describe('a launch', () => {
  test('answers with a page for people and data for the client', async () => {
    const answer = await world.launch({
      name: 'Ana <b>Lima</b>',
      [lti13('launch_presentation')]: { locale: 'pt-BR' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.body).toContain('<html lang="en">');
    expect(answer.body).toContain('<title>Unit 3 &lt;test&gt;</title>');
    expect(answer.body).toContain('<h1>Unit 3 &lt;test&gt;</h1>');
    expect(answer.body).not.toMatch(
      /<script(?! type="application\/json")|https?:\/\/[^"]*\.(css|js)|Lima/,
    );
    const { assertion, assignmentId, apiBase } = launchData(answer);
    expect([assignmentId, apiBase]).toEqual([world.assignmentId, 'https://tool.example/api/v1']);
    const keys = createRemoteJWKSet(
      new URL(`http://127.0.0.1:${service.port}/api/v1/lti/assertion-jwks`),
    );
    const { payload, protectedHeader } = await jwtVerify(assertion ?? '', keys, {
      issuer: 'parlance-lti',
      audience: 'parlance-identity',
    });
    expect(protectedHeader.alg).toBe('ES256');
    const { iat = 0, exp = 0, jti } = payload;
    expect(exp - iat).toBe(60);
    expect(jti).toMatch(/^[0-9a-f-]{36}$/);
    expect(payload).toMatchObject({
      sub: 'user-1',
      registrationId: world.registrationId,
      institutionId: world.institutionId,
      classId: world.classId,
      role: 'learner',
      displayName: 'Ana <b>Lima</b>',
      locale: 'pt-BR',
    });
  });

  test('may be framed by its own platform only, and is kept nowhere', async () => {
    const answer = await world.launch();
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`default-src 'none'`);
    expect(policy).toMatch(/style-src 'nonce-[\w-]{32}'/);
    expect(policy).toContain(`base-uri 'none'; form-action 'none'`);
    const host = new URL(lms.issuer).host;
    expect(policy).toMatch(new RegExp(`frame-ancestors https://${host} http://${host}$`));
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('x-frame-options')).toBeNull();
    expect(answer.headers.get('set-cookie')).toContain('Max-Age=0');
  });

  test.each([
    ['a teacher', { [lti13('roles')]: [INSTRUCTOR] }, true],
    ['several roles', { [lti13('roles')]: [LEARNER, 'https://example.com/other'] }, true],
    ['a short role', { [lti13('roles')]: ['Learner'] }, true],
    ['an unknown role', { [lti13('roles')]: ['https://example.com/unknown'] }, false],
    ['no role', { [lti13('roles')]: [] }, false],
    ['an e-mail only', { email: 'a@b.example' }, true],
    ['names only', { name: 'A B', given_name: 'A', family_name: 'B' }, true],
    ['an e-mail but no context', { email: 'a@b.example', [lti13('context')]: undefined }, true],
    ['unknown claims', { 'https://example.com/claim': { any: ['thing'] } }, true],
    [
      'no grade service',
      { 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': undefined },
      true,
    ],
    ['its one audience in a list', { aud: undefined }, true],
    ['a start before now', { nbf: Math.floor(Date.now() / 1000) - 5 }, true],
  ])('with %s passes', async (_name, changes, admitted) => {
    const list = 'aud' in changes ? { aud: [world.clientId], azp: world.clientId } : {};
    const answer = await world.launch({ ...changes, ...list });
    expect(answer.status).toBe(200);
    expect(launchData(answer).assertion !== null).toBe(admitted);
  });

  test('without an assignment says so', async () => {
    const answer = await world.launch({
      [lti13('resource_link')]: { id: 'link-none', title: 'Bare' },
      [lti13('custom')]: { assignment_id: '$Unresolved.var' },
    });
    expect(answer.status).toBe(200);
    expect(launchData(answer).assignmentId).toBeNull();
    expect(answer.body).toContain('<h1>Bare</h1>');
  });

  test('cannot reach an assignment of another class by its custom parameter', async () => {
    const assignmentId = newId();
    await world.publishAssignment({ assignmentId, classId: newId() });
    const link = { [lti13('resource_link')]: { id: 'link-other-class' } };
    const custom = { [lti13('custom')]: { assignment_id: assignmentId } };
    const answer = await world.launch({ ...link, ...custom });
    expect(launchData(answer).assignmentId).toBeNull();
    const bound = await world.post('/lti/resource-links', {
      registrationId: world.registrationId,
      deploymentId: world.deploymentId,
      resourceLinkId: 'link-other-class',
      assignmentId,
    });
    expect(bound.status).toBe(201);
    const again = await world.launch({ ...link, ...custom });
    expect(launchData(again).assignmentId).toBe(assignmentId);
  });

  test('opens an assignment that was published after the link was first used', async () => {
    const assignmentId = newId();
    const changes = {
      [lti13('resource_link')]: { id: 'link-early' },
      [lti13('custom')]: { assignment_id: assignmentId },
    };
    expect(launchData(await world.launch(changes)).assignmentId).toBeNull();
    await world.publishAssignment({ assignmentId });
    expect(launchData(await world.launch(changes)).assignmentId).toBe(assignmentId);
  });

  test('is recorded with its trace', async () => {
    const answer = await world.launch();
    const traceId = answer.headers.get('x-request-id');
    const rows = await service.database.inInstitution(world.institutionId, (tx) =>
      tx.query('SELECT role, assignment_id FROM launch WHERE trace_id = $1', [traceId]),
    );
    expect(rows).toEqual([{ role: 'learner', assignment_id: world.assignmentId }]);
  });
});

test('an error of the platform is a plain page that repeats nothing', async () => {
  const login = await world.login();
  const fields = { state: login.state, error: 'login_required', error_description: '<script>x' };
  const answer = await world.postForm('/lti/launch', fields, login.cookie);
  expect([answer.status, reasonOf(answer)]).toEqual([400, 'platform_error']);
  expect(answer.body).not.toContain('script');
  expect(answer.body).toContain(String(answer.headers.get('x-request-id')));
  const again = await world.postLaunch(login, lms.sign(world.claims(login.nonce)));
  expect(reasonOf(again)).toBe('state_replayed');
});

test('a deployment nobody bound is remembered as pending and refused', async () => {
  const deploymentId = `new-${newId()}`;
  const claims = (nonce: string) => world.claims(nonce, { [lti13('deployment_id')]: deploymentId });
  const login = await world.login({ lti_deployment_id: deploymentId });
  const answer = await world.postLaunch(login, lms.sign(claims(login.nonce)));
  expect([answer.status, reasonOf(answer)]).toEqual([403, 'deployment_pending']);
  const path = `/lti/registrations/${world.registrationId}`;
  const { body } = await world.get(path);
  const pending = { deploymentId, classId: null, status: 'pending' };
  expect(body.deployments).toContainEqual(expect.objectContaining(pending));
  const classId = newId();
  expect((await world.post(`${path}/deployments`, { deploymentId, classId })).status).toBe(201);
  const next = await world.login({ lti_deployment_id: deploymentId });
  expect((await world.postLaunch(next, lms.sign(claims(next.nonce)))).status).toBe(200);
});

test('a forged token leaves no pending deployment behind', async () => {
  const deploymentId = `forged-${newId()}`;
  const login = await world.login({ lti_deployment_id: undefined });
  const other = await Lms.start();
  const claims = world.claims(login.nonce, { [lti13('deployment_id')]: deploymentId });
  const token = other.sign(claims, { kid: 'lms-1' });
  expect(reasonOf(await world.postLaunch(login, token))).toBe('signature_invalid');
  const { body } = await world.get(`/lti/registrations/${world.registrationId}`);
  expect(JSON.stringify(body)).not.toContain(deploymentId);
  await other.stop();
});
