import { agsScopes, mediaTypes } from './fake-lms.js';
import { call, itemUrl, openTestCourse } from './test-course.js';
import type { TestCourse } from './test-course.js';

let course: TestCourse;

beforeEach(async () => {
  course = await openTestCourse();
});

afterEach(() => course.close());

test('a signed assertion buys a bearer token with the scopes asked for', async () => {
  const response = await course.tool.askToken(`${agsScopes.score} ${agsScopes.lineItem}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toMatchObject({
    token_type: 'Bearer',
    expires_in: 3600,
    scope: `${agsScopes.score} ${agsScopes.lineItem}`,
  });
});

const now = Math.floor(Date.now() / 1000);
test.each([
  ['another issuer', { iss: 'someone' }],
  ['an unknown subject', { sub: 'someone' }],
  ['another audience', { aud: 'https://elsewhere.test/token' }],
  ['no audience', { aud: undefined }],
  ['an expiry in the past', { exp: now - 60 }],
  ['an expiry as text', { exp: String(now + 60) }],
  ['an expiry an hour ahead', { exp: now + 3600 }],
  ['no expiry', { exp: undefined }],
  ['no issue time', { iat: undefined }],
  ['an issue time in the future', { iat: now + 300 }],
  ['no jti', { jti: undefined }],
])('an assertion with %s is refused', async (_what, changes) => {
  const response = await course.tool.askToken(agsScopes.score, course.tool.assertion(changes));
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ error: 'invalid_client' });
});

test('an assertion is good for one token only', async () => {
  const assertion = course.tool.assertion();
  expect((await course.tool.askToken(agsScopes.score, assertion)).status).toBe(200);
  expect((await course.tool.askToken(agsScopes.score, assertion)).status).toBe(401);
});

test('an assertion changed after signing is refused', async () => {
  const [header, , signature] = course.tool.assertion().split('.');
  const [, claims] = course.tool.assertion().split('.');
  const forged = `${header}.${claims}.${signature}`;
  expect((await course.tool.askToken(agsScopes.score, forged)).status).toBe(401);
});

test('a new key of the tool is found without being told', async () => {
  await course.tool.token(agsScopes.score);
  course.tool.rotateKey();
  expect((await course.tool.askToken(agsScopes.score)).status).toBe(200);
});

test('a scope the platform does not know refuses the whole request', async () => {
  const response = await course.tool.askToken(`${agsScopes.score} openid`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: 'invalid_scope' });
});

test('a tool whose key set cannot be read gets no token', async () => {
  const { lms, tool, registration } = course;
  const jwksUrl = `${lms.issuer}/nothing-here`;
  lms.register({ ...tool, ...registration, redirectUris: [tool.redirectUri], jwksUrl });
  const response = await tool.askToken(agsScopes.score);
  expect(await response.json()).toMatchObject({ error: 'invalid_client' });
});

test('a token ends an hour after it was issued', async () => {
  let aheadMs = 0;
  const late = await openTestCourse('strict', () => Date.now() + aheadMs);
  const token = await late.tool.token(agsScopes.lineItemRead);
  const headers = { accept: mediaTypes.lineItem };
  aheadMs = 3_590_000;
  expect((await call(late, itemUrl(late.lms), { token, headers })).status).toBe(200);
  aheadMs = 3_600_000;
  expect((await call(late, itemUrl(late.lms), { token, headers })).status).toBe(401);
  await late.close();
});
