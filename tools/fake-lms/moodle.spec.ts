import { decodeJwt } from './compact-jwt.js';
import { agsScopes, mediaTypes } from './fake-lms.js';
import { call, itemUrl, openTestCourse, postScore, scoreBody } from './test-course.js';
import type { TestCourse } from './test-course.js';

let course: TestCourse;

beforeEach(async () => {
  course = await openTestCourse('moodle');
});

afterEach(() => course.close());

test('Moodle serves tokens as text/html and drops unknown scopes', async () => {
  const response = await course.tool.askToken(`${agsScopes.score} openid`);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await response.json()).toMatchObject({ scope: agsScopes.score });
});

test('Moodle has no patience with a clock that runs ahead', async () => {
  const iat = Math.floor(Date.now() / 1000) + 4;
  const response = await course.tool.askToken(agsScopes.score, course.tool.assertion({ iat }));
  expect(response.status).toBe(400);
});

test('Moodle carries type_id in line item URLs and answers a score with an empty 200', async () => {
  expect(itemUrl(course.lms)).toMatch(/\?type_id=1$/);
  const response = await postScore(course);
  expect([response.status, await response.text()]).toEqual([200, '']);
});

test('Moodle refuses a URL whose query was lost or pushed aside', async () => {
  const [bare] = itemUrl(course.lms).split('?');
  const headers = { 'content-type': mediaTypes.score };
  for (const url of [`${bare}/scores`, `${itemUrl(course.lms)}/scores`]) {
    const response = await call(course, url, { method: 'POST', headers, body: {} });
    expect(response.status).toBe(400);
  }
});

test('Moodle tells scores apart by whole seconds', async () => {
  await postScore(course);
  const sameSecond = await postScore(course, { timestamp: '2026-01-05T10:00:00.900Z' });
  expect([sameSecond.status, await sameSecond.text()]).toEqual([409, '[]']);
  expect((await postScore(course, { timestamp: '2026-01-05T10:00:01.000Z' })).status).toBe(200);
});

test('Moodle erases the grade when a pending score follows', async () => {
  await postScore(course);
  const pending = { gradingProgress: 'PendingManual', timestamp: '2026-01-05T10:00:05.000Z' };
  expect((await postScore(course, pending)).status).toBe(200);
  expect(course.lms.results()[0]?.resultScore).toBeUndefined();
});

test('Moodle clamps points over the maximum', async () => {
  await postScore(course, { scoreGiven: 12 });
  expect(course.lms.results()[0]?.resultScore).toBe(50);
});

test('Moodle hides the reason of a refusal in the status line', async () => {
  const response = await postScore(course, { userId: '99' });
  expect([response.status, await response.text()]).toEqual([400, '[]']);
  expect(response.statusText).toContain('"userId":"99"');
});

test('Moodle sends no usable status for a user id that is not a number', async () => {
  await expect(postScore(course, { userId: 'nobody' })).rejects.toThrow();
});

test('Moodle pages with curly quotes and an escaped ampersand', async () => {
  const make = { method: 'POST', headers: { 'content-type': mediaTypes.lineItem } };
  const url = `${course.lms.issuer}/contexts/b2/lineitems?type_id=1`;
  await call(course, url, { ...make, body: { label: '', scoreMaximum: 0 } });
  const headers = { accept: mediaTypes.lineItems };
  const response = await call(course, `${url}&limit=1`, { headers });
  const link = Buffer.from(response.headers.get('link') ?? '', 'latin1').toString('utf8');
  expect(link).toBe(`<${url}&amp;limit=1&amp;from=1>; rel=\u201cnext\u201d`);
});

test('Moodle keeps a missing nonce to itself and allows a missing prompt', async () => {
  course.tool.authChanges = { prompt: null };
  expect((await course.lms.launch('7', 'essay')).status).toBe(200);
  course.tool.authChanges = { nonce: null };
  const outcome = await course.lms.launch('7', 'essay');
  expect(outcome).toMatchObject({ endedAt: 'auth', status: 404 });
});

test('Moodle gives an id_token one minute', () => {
  const claims = course.lms.claimsFor('7', 'essay');
  expect(Number(claims['exp']) - Number(claims['iat'])).toBe(60);
});

test('a refused score with a line break in it looks like a success', async () => {
  const authorization = `Bearer ${await course.tool.token(agsScopes.score)}`;
  const response = await fetch(itemUrl(course.lms, '/scores'), {
    method: 'POST',
    headers: { authorization, 'content-type': mediaTypes.score },
    body: JSON.stringify(scoreBody({ userId: '99' }), undefined, 2),
  });
  expect([response.status, await response.text()]).toEqual([200, '[]']);
  expect(course.lms.scores()).toEqual([]);
});

test('a tag in the nonce is stripped', async () => {
  course.tool.authChanges = { nonce: '<b>n</b>' };
  const { form } = await course.lms.launch('7', 'essay', { stopBeforeToolPost: true });
  expect(decodeJwt(form?.fields['id_token'] ?? '')?.claims['nonce']).toBe('n');
});

test('a changed maximum makes erased grades zero, and a missing link is cut', async () => {
  await postScore(course, { gradingProgress: 'Pending' });
  const headers = { 'content-type': mediaTypes.lineItem };
  const body = { label: 'Essay', scoreMaximum: 100 };
  await call(course, itemUrl(course.lms), { method: 'PUT', headers, body });
  expect(course.lms.results()[0]?.resultScore).toBe(0);
  expect(course.lms.lineItems()[0]?.resourceLinkId).toBeUndefined();
});

test('any Accept will do for one line item, but not a list of types', async () => {
  const statuses = [];
  for (const accept of ['*/*', `${mediaTypes.lineItem}, */*`, 'application/json']) {
    statuses.push((await call(course, itemUrl(course.lms), { headers: { accept } })).status);
  }
  expect(statuses).toEqual([200, 400, 400]);
});
