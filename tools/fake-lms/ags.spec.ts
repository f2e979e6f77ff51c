import { agsScopes, mediaTypes } from './fake-lms.js';
import { call, itemUrl, openTestCourse, postScore, putItem } from './test-course.js';
import type { TestCourse } from './test-course.js';

let course: TestCourse;

beforeEach(async () => {
  course = await openTestCourse();
});

afterEach(() => course.close());

describe('scores', () => {
  test('are kept and show up in the gradebook in the scale of the line item', async () => {
    expect((await postScore(course, { comment: 'Well done' })).status).toBe(204);
    const lineItemId = itemUrl(course.lms);
    expect(course.lms.scores()).toMatchObject([
      { lineItemId, userId: '7', scoreGiven: 9, scoreMaximum: 10, comment: 'Well done' },
    ]);
    expect(course.lms.results()).toEqual([
      {
        lineItemId,
        userId: '7',
        resultScore: 45,
        resultMaximum: 50,
        comment: 'Well done',
        overridden: false,
      },
    ]);
  });

  test.each([
    ['no user', { userId: undefined }, 400],
    ['no timestamp', { timestamp: undefined }, 400],
    ['a local time', { timestamp: '2026-01-05T10:00:00.000' }, 400],
    ['whole seconds', { timestamp: '2026-01-05T10:00:00Z' }, 400],
    ['a time far ahead', { timestamp: '2999-01-01T00:00:00.000Z' }, 400],
    ['no activity progress', { activityProgress: undefined }, 400],
    ['a made-up grading progress', { gradingProgress: 'Done' }, 400],
    ['points without a maximum', { scoreMaximum: undefined }, 400],
    ['a maximum of zero', { scoreMaximum: 0 }, 400],
    ['points as text', { scoreGiven: '9' }, 400],
    ['negative points', { scoreGiven: -1 }, 400],
    ['an unknown property', { grade: 'A' }, 400],
    ['an empty grader', { scoringUserId: '' }, 400],
    [
      'a submission before its start',
      { submission: { startedAt: '2026-01-05T09:00:00Z', submittedAt: '2026-01-05T08:00:00Z' } },
      400,
    ],
    ['an unknown user', { userId: '99' }, 404],
    ['a teacher', { userId: '8' }, 404],
  ])('with %s are refused', async (_what, changes, status) => {
    expect((await postScore(course, changes)).status).toBe(status);
    expect(course.lms.scores()).toEqual([]);
  });

  test('must be strictly newer than the last one', async () => {
    await postScore(course);
    expect((await postScore(course)).status).toBe(409);
    expect((await postScore(course, { timestamp: '2026-01-05T09:59:59.999Z' })).status).toBe(409);
    expect((await postScore(course, { timestamp: '2026-01-05T10:00:00.001Z' })).status).toBe(204);
  });

  test('need the exact media type', async () => {
    const json = await postScore(course, {}, { 'content-type': 'application/json' });
    const charset = { 'content-type': `${mediaTypes.score}; charset=utf-8` };
    expect([json.status, (await postScore(course, {}, charset)).status]).toEqual([415, 415]);
  });
});

describe('grades', () => {
  test('are cleared by a score without points, and pending scores leave them', async () => {
    await postScore(course);
    const pending = { gradingProgress: 'Pending', timestamp: '2026-01-05T10:00:01.000Z' };
    await postScore(course, pending);
    expect(course.lms.results()[0]?.resultScore).toBe(45);
    const cleared = { scoreGiven: undefined, scoreMaximum: undefined };
    await postScore(course, { ...cleared, timestamp: '2026-01-05T10:00:02.000Z' });
    expect(course.lms.results()[0]?.resultScore).toBeUndefined();
  });

  test('keep their share when the maximum of the line item changes', async () => {
    await postScore(course);
    await putItem(course, { label: 'Essay', scoreMaximum: 100 });
    expect(course.lms.results()).toMatchObject([{ resultScore: 90, resultMaximum: 100 }]);
  });

  test('of the teacher stand against later scores', async () => {
    await postScore(course);
    course.lms.overrideInLms('7', 20);
    const later = await postScore(course, { timestamp: '2026-01-05T11:00:00.000Z' });
    expect(later.status).toBe(204);
    expect(course.lms.results()).toMatchObject([{ resultScore: 20, overridden: true }]);
  });
});

describe('access', () => {
  test.each([
    ['no token', 'nonsense', undefined, 401],
    ['a token for other things', undefined, agsScopes.resultRead, 403],
  ])('with %s is refused', async (_what, token, scope, status) => {
    const headers = { accept: mediaTypes.lineItem };
    const response = await call(course, itemUrl(course.lms), { token, scope, headers });
    expect(response.status).toBe(status);
  });

  test('ends when the tokens are revoked', async () => {
    const token = await course.tool.token(agsScopes.lineItemRead);
    const headers = { accept: mediaTypes.lineItem };
    const url = itemUrl(course.lms);
    expect((await call(course, url, { token, headers })).status).toBe(200);
    course.lms.revokeTokens();
    expect((await call(course, url, { token, headers })).status).toBe(401);
  });

  test('reaches no line item of another tool', async () => {
    const { tool, lms } = course;
    const { loginUrl, jwksUrl } = tool;
    const other = lms.register({ loginUrl, redirectUris: [tool.redirectUri], jwksUrl });
    tool.trust(other);
    expect((await postScore(course)).status).toBe(404);
    const headers = { accept: mediaTypes.lineItems };
    const listed = await call(course, `${lms.issuer}/lineitems`, { headers });
    expect(await listed.json()).toEqual([]);
  });
});

test('results can be read back for one user', async () => {
  await postScore(course);
  const read = { scope: agsScopes.resultRead, headers: { accept: mediaTypes.results } };
  const url = itemUrl(course.lms, '/results');
  const found = await call(course, `${url}?user_id=7`, read);
  expect(await found.json()).toMatchObject([
    { userId: '7', resultScore: 45, resultMaximum: 50, scoreOf: itemUrl(course.lms) },
  ]);
  expect(await (await call(course, `${url}?user_id=8`, read)).json()).toEqual([]);
});

describe('faults', () => {
  test('fail the next scores as told, and only those', async () => {
    course.lms.failNext(1, 503, { 'retry-after': '2' }, 'busy');
    const failed = await postScore(course);
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await failed.text()).toBe('busy');
    expect((await postScore(course)).status).toBe(204);
  });

  test('can leave a caller waiting until it gives up', async () => {
    course.lms.hang();
    const url = itemUrl(course.lms, '/scores');
    const signal = AbortSignal.timeout(100);
    await expect(fetch(url, { method: 'POST', signal })).rejects.toThrow();
    expect(course.lms.requests().at(-1)).toMatchObject({ method: 'POST', delivery: 'never' });
    expect((await postScore(course)).status).toBe(204);
  });

  test('can lose the answer to a score that was taken', async () => {
    course.lms.loseReplies();
    await expect(postScore(course)).rejects.toThrow();
    expect(course.lms.scores()).toHaveLength(1);
    expect((await postScore(course)).status).toBe(409);
  });

  test('can break the token endpoint', async () => {
    course.lms.failNext(1, 500, {}, '', 'token');
    expect((await course.tool.askToken(agsScopes.score)).status).toBe(500);
  });
});
