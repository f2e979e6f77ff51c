import { generateKeyPairSync } from 'node:crypto';
import { request as openRequest } from 'node:http';
import { networkInterfaces } from 'node:os';
import type { JsonObject } from './compact-jwt.js';
import { decodeJwt } from './compact-jwt.js';
import { CookieJar, postForm, startFakeLms } from './fake-lms.js';
import { openTestCourse } from './test-course.js';
import type { TestCourse } from './test-course.js';

let course: TestCourse;

beforeEach(async () => {
  course = await openTestCourse();
});

afterEach(() => course.close());

test('a launch walks from the login form to the tool and lets the learner in', async () => {
  const outcome = await course.lms.launch('7', 'essay');
  expect(outcome.steps.map(({ name, status }) => `${name} ${status}`)).toEqual([
    'login 302',
    'auth 200',
    'tool 200',
  ]);
  expect(outcome).toMatchObject({ endedAt: 'tool', status: 200, body: 'Welcome' });
});

test('a launch starts with the fields of a third-party login initiation', () => {
  const { action, fields } = course.lms.launchForm('7', 'essay');
  expect(action).toBe(course.tool.loginUrl);
  expect(fields).toMatchObject({
    iss: course.lms.issuer,
    login_hint: '7',
    target_link_uri: course.tool.redirectUri,
    client_id: course.registration.clientId,
    lti_deployment_id: course.registration.deploymentId,
  });
  expect(JSON.parse(fields['lti_message_hint'] ?? '')).toMatchObject({ cmid: 'essay' });
});

test('a launch carries every claim of a resource link launch', async () => {
  const { form } = await course.lms.launch('7', 'essay', { stopBeforeToolPost: true });
  const claims = decodeJwt(form?.fields['id_token'] ?? '')?.claims ?? {};
  const lti = 'https://purl.imsglobal.org/spec/lti/claim';
  expect(claims).toMatchObject({
    sub: '7',
    name: 'Mina Okoro',
    [`${lti}/message_type`]: 'LtiResourceLinkRequest',
    [`${lti}/version`]: '1.3.0',
    [`${lti}/deployment_id`]: course.registration.deploymentId,
    [`${lti}/resource_link`]: { id: 'essay', title: 'Essay "1" <draft> & more' },
    'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': {
      lineitem: course.lms.lineItems()[0]?.id,
      lineitems: `${course.lms.issuer}/contexts/b2/lineitems`,
    },
  });
  expect(claims['exp']).toBe(Number(claims['iat']) + 300);
});

const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
test.each([
  ['iss', { tamper: (claims: JsonObject) => void (claims['iss'] = 'https://evil.test') }],
  ['aud', { tamper: (claims: JsonObject) => void (claims['aud'] = ['x', 'y']) }],
  ['exp', { tamper: (claims: JsonObject) => void (claims['exp'] = 1) }],
  ['nonce', { tamper: (claims: JsonObject) => void delete claims['nonce'] }],
  ['kid', { tamper: (_: JsonObject, header: JsonObject) => void delete header['kid'] }],
  ['kid', { tamper: (_: JsonObject, header: JsonObject) => void (header['kid'] = 'unknown') }],
  ['alg', { signWith: 'none' as const }],
  ['alg', { signWith: 'hs256' as const }],
  ['signature', { signWith: 'other-key' as const }],
  ['signature', { signWith: other }],
])('a launch can be forged so that a tool refuses its %s', async (reason, forgery) => {
  const outcome = await course.lms.launch('7', 'essay', forgery);
  expect(outcome).toMatchObject({ endedAt: 'tool', status: 401, body: reason });
});

test('a launch belongs to the browser that began it', async () => {
  const { form } = await course.lms.launch('7', 'essay', { stopBeforeToolPost: true });
  const stranger = await postForm(form!, { cookies: new CookieJar() });
  expect(stranger).toMatchObject({ status: 401, body: 'state' });
});

test('a launch fails in a browser that blocks third-party cookies', async () => {
  const cookies = new CookieJar({ blocksThirdParty: true });
  const outcome = await course.lms.launch('7', 'essay', { cookies });
  expect(outcome).toMatchObject({ status: 401, body: 'state' });
});

test.each([
  ['client_id', 'someone-else', 'unauthorized_client'],
  ['login_hint', '8', 'access_denied'],
  ['scope', 'openid email', 'invalid_scope'],
  ['response_type', 'code', 'unsupported_response_type'],
  ['response_mode', 'query', 'invalid_request'],
  ['prompt', 'login', 'invalid_request'],
  ['prompt', null, 'invalid_request'],
  ['nonce', null, 'invalid_request'],
  ['state', null, 'invalid_request'],
])('a launch is refused back to the tool for %s = %s', async (name, value, code) => {
  course.tool.authChanges = { [name]: value };
  const outcome = await course.lms.launch('7', 'essay');
  expect(outcome).toMatchObject({ endedAt: 'tool', status: 401, body: `error ${code}` });
});

test.each([
  ['redirect_uri', 'extra'],
  ['lti_message_hint', 'altered'],
])('a launch never leaves the platform with a wrong %s', async (name, value) => {
  const base = name === 'redirect_uri' ? `${course.tool.redirectUri}?` : '';
  course.tool.authChanges = { [name]: `${base}${value}` };
  const outcome = await course.lms.launch('7', 'essay');
  expect(outcome).toMatchObject({ endedAt: 'auth', status: 400, form: undefined });
});

test('a launch cannot be repeated with the same message hint', async () => {
  const outcome = await course.lms.launch('7', 'essay');
  const again = await fetch(outcome.steps[1]?.url ?? '');
  expect(again.status).toBe(400);
});

test('a launch stays valid when the platform signs with a fresh key', async () => {
  const kid = course.lms.rotateKeys({ keepOld: false });
  const outcome = await course.lms.launch('7', 'essay');
  expect(decodeJwt(outcome.form?.fields['id_token'] ?? '')?.header['kid']).toBe(kid);
  expect(outcome.status).toBe(200);
});

test('a launch is refused when the tool repeats a parameter', async () => {
  const login = await postForm(course.lms.launchForm('7', 'essay'));
  const page = await fetch(`${login.headers['location']}&prompt=none`);
  expect(await page.text()).toContain('value="invalid_request"');
});

test('a launch does not follow the tool anywhere but to the platform', async () => {
  const authUrl = `${course.lms.issuer}/jwks`;
  course.tool.trust({ ...course.registration, authUrl });
  const outcome = await course.lms.launch('7', 'essay');
  expect(outcome).toMatchObject({ endedAt: 'login', status: 302, form: undefined });
});

test('a launch signed just before the keys change still verifies', async () => {
  const options = { cookies: new CookieJar(), stopBeforeToolPost: true };
  const { form } = await course.lms.launch('7', 'essay', options);
  course.lms.rotateKeys();
  expect(await postForm(form!, options)).toMatchObject({ status: 200, body: 'Welcome' });
});

test('a launch of an unknown user or link is a mistake of the test that asks for it', () => {
  expect(() => course.lms.launchForm('nobody', 'essay')).toThrow('no user "nobody"');
  expect(() => course.lms.launchForm('7', 'nothing')).toThrow('no resource link "nothing"');
});
test('minted claims keep every change, and a deleted header stays away', async () => {
  const { lms } = course;
  const claims = { ...lms.claimsFor('7', 'essay', { nonce: 'n' }), azp: 'other' };
  const jwt = decodeJwt(lms.mintIdToken(claims, { header: { kid: undefined, crit: ['x'] } }));
  expect(jwt?.claims).toMatchObject({ nonce: 'n', azp: 'other', sub: '7' });
  expect(jwt?.header).toEqual({ alg: 'RS256', typ: 'JWT', crit: ['x'] });
});

test('the platform answers on loopback and on no other address', async () => {
  const lms = await startFakeLms();
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal);
  const { port } = new URL(lms.issuer);
  expect((await fetch(`${lms.issuer}/jwks`)).status).toBe(200);
  const reached = await new Promise<boolean>((resolve) => {
    const host = outside?.address ?? '127.0.0.9';
    const attempt = openRequest({ host, port, path: '/jwks', timeout: 2000 }, () => resolve(true));
    attempt.on('error', () => resolve(false));
    attempt.on('timeout', () => resolve(false));
    attempt.end();
  });
  expect(reached).toBe(false);
  await lms.close();
});
