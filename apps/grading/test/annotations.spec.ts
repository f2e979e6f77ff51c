import { newId } from '@parlance/kernel';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { grading } from '../src/grading.module.js';
import { Classroom } from './builders.js';
import { essaySpec } from './specs.js';

/** Comments on seconds of a recording; those on pieces of a text are in marking.spec. */
let service: TestService;
let room: Classroom;
let token: string;

beforeAll(async () => {
  service = await startTestService(grading);
  room = await Classroom.open(service);
  token = await room.teacher();
});
afterAll(() => service.stop());

async function claimed(response: string): Promise<{ id: string; attemptId: string }> {
  const item = await room.publish(essaySpec(5), 5);
  await room.submit([[item, { RESPONSE: response }]]);
  return (await service.request('POST', '/review-tasks/claims', { token, body: {} })).body;
}

const mark = (id: string, annotations: object[]) =>
  service.request('PUT', `/review-tasks/${id}/mark`, { token, body: { points: 3, annotations } });

const time = (startSeconds: unknown, endSeconds: unknown) => ({
  ...{ startSeconds, endSeconds, comment: 'Here.' },
});

it('seconds of a recording are kept as they were given, and read by the learner', async () => {
  const task = await claimed(newId());
  const annotations = [time(0, 1), time(12.25, 13.5), time(12.5, 90)];
  const { status, body } = await mark(task.id, annotations);
  expect([status, body.annotations]).toEqual([200, annotations]);
  const learner = await room.learner();
  const path = `/scores/${task.attemptId}`;
  const { body: score } = await service.request('GET', path, { token: learner });
  expect(score.comments).toMatchObject([{ slot: 1, annotations }]);
});

it.each([
  ['a negative start', time(-1, 2)],
  ['an end before the start', time(9, 3)],
  ['no length', time(4, 4)],
  ['more than a day, which no recording is', time(0, 86_401)],
  ['text for a number', time('1', '2')],
  ['a start without an end', { startSeconds: 1, comment: 'Here.' }],
  ['seconds and letters', { ...time(1, 2), start: 1, end: 2 }],
  ['letters of what was spoken', { start: 0, end: 4, comment: 'Here.' }],
])('%s is refused, and nothing is marked', async (_, annotation) => {
  const task = await claimed(newId());
  const refused = await mark(task.id, [time(1, 2), annotation]);
  expect(refused).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
  expect(refused.body.errors[0].pointer).toMatch(/^\/annotations\/1/);
  const { body } = await service.request('GET', `/review-tasks/${task.id}`, { token });
  expect(body).toMatchObject({ status: 'claimed', points: null, annotations: [] });
  await service.request('PUT', `/review-tasks/${task.id}/mark`, { token, body: { points: 1 } });
});

it('a text has no seconds', async () => {
  const task = await claimed('Last summer we went to Wales.');
  const refused = await mark(task.id, [time(1, 2)]);
  expect(refused.body.errors).toMatchObject([{ pointer: '/annotations/0' }]);
});
