import { call, itemUrl, openTestCourse, postScore } from './test-course.js';
import type { TestCourse } from './test-course.js';

let course: TestCourse;

beforeEach(async () => {
  course = await openTestCourse('canvas');
});

afterEach(() => course.close());

test('Canvas throttles with a 403 that names the rate limit', async () => {
  course.lms.throttle(1);
  const response = await postScore(course);
  expect([response.status, response.headers.get('x-rate-limit-remaining')]).toEqual([403, '0.0']);
  expect(await response.text()).toContain('Forbidden (Rate Limit Exceeded)');
  expect((await postScore(course)).status).toBe(200);
});

test('Canvas insists on a User-Agent', async () => {
  const response = await postScore(course, {}, { 'user-agent': '' });
  expect(response.status).toBe(403);
  expect(await response.text()).not.toMatch(/rate limit/i);
});

test('Canvas has its own statuses for stale scores, unknown users and missing maxima', async () => {
  await postScore(course);
  expect((await postScore(course)).status).toBe(400);
  expect((await postScore(course, { userId: '99' })).status).toBe(422);
  expect((await postScore(course, { scoreMaximum: undefined })).status).toBe(422);
});

test('Canvas keeps the grade under a pending score only when told to preserve it', async () => {
  await postScore(course);
  const pending = { gradingProgress: 'PendingManual' };
  const extension = { 'https://canvas.instructure.com/lti/submission': { preserve_score: true } };
  await postScore(course, { ...pending, ...extension, timestamp: '2026-01-05T10:00:01.000Z' });
  expect(course.lms.results()[0]?.resultScore).toBe(45);
  await postScore(course, { ...pending, timestamp: '2026-01-05T10:00:02.000Z' });
  expect(course.lms.results()[0]?.resultScore).toBeUndefined();
});

test('Canvas does not delete the line item of a link', async () => {
  const response = await call(course, itemUrl(course.lms), { method: 'DELETE' });
  expect(response.status).toBe(401);
});

test('Canvas names azp and its own deployment and login fields', () => {
  const { clientId, deploymentId } = course.registration;
  expect(course.lms.claimsFor('7', 'essay')['azp']).toBe(clientId);
  expect(deploymentId).toMatch(/^1:[0-9a-f]{40}$/);
  expect(course.lms.launchForm('7', 'essay').fields).toHaveProperty('canvas_environment');
});

test('a submission from the future is refused', async () => {
  const submittedAt = new Date(Date.now() + 120_000).toISOString();
  expect((await postScore(course, { submission: { submittedAt } })).status).toBe(400);
});
