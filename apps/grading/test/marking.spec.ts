import { AssignmentPublished } from '@parlance/events';
import { idTimeMs, newId } from '@parlance/kernel';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { grading } from '../src/grading.module.js';
import { Classroom } from './builders.js';
import { choiceSpec, essaySpec } from './specs.js';

let service: TestService;
let room: Classroom;
let essay: string;
let choice: string;

const DUE = '2026-03-06T16:00:00.000Z';

beforeAll(async () => {
  service = await startTestService(grading);
});
beforeEach(async () => {
  room = await Classroom.open(service);
  essay = await room.publish(essaySpec(10), 10);
  choice = await room.publish(choiceSpec('A'), 1);
  await publishAssignment();
});
afterAll(() => service.stop());

function publishAssignment(rest: object = {}, version = 1) {
  const { institutionId, classId, assignmentId } = room;
  const data = {
    ...{ assignmentId, classId, title: 'Unit 1', category: 'Homework', pointsPossible: 10 },
    ...{ status: 'published' as const, opensAt: '2026-03-01T08:00:00.000Z' },
    ...{ timeZone: 'Europe/Helsinki', ...rest },
  };
  return service.deliver(AssignmentPublished, { institutionId, version, data });
}

const POLICIES = { score: 'immediately', answers: 'immediately', feedback: 'immediately' };

async function settings(rest: object = {}, version = 0) {
  const body = { anonymous: false, slots: [], release: POLICIES, ...rest };
  const headers = { 'if-match': `"${version}"` };
  const path = `/marking-settings/${room.assignmentId}`;
  return service.request('PUT', path, { token: await room.teacher(), headers, body });
}

async function teacher(): Promise<string> {
  const personId = newId();
  await room.enrolTeacher(personId);
  return room.as(personId, 'teacher');
}

const claim = (token: string, body: object = {}) =>
  service.request('POST', '/review-tasks/claims', { token, body });
const mark = (token: string, id: string, body: object) =>
  service.request('PUT', `/review-tasks/${id}/mark`, { token, body });
async function claimAndMark(token: string, body: object) {
  const { body: task } = await claim(token);
  return mark(token, task.id, body);
}
const scoreFor = async (token: string, attemptId: string) =>
  (await service.request('GET', `/scores/${attemptId}`, { token })).body;
const submitEssay = (text = 'Dear Sir', rest = {}) =>
  room.submit([[essay, { RESPONSE: text }]], rest);

describe('the queue', () => {
  it('is counted and claimed by slot, and a skipped task goes to others', async () => {
    await room.submit([
      [essay, { RESPONSE: 'one' }],
      [essay, { RESPONSE: 'two' }],
    ]);
    await submitEssay('three');
    const token = await room.teacher();
    const { body } = await service.request('GET', '/review-tasks/counts', { token });
    expect(body.items).toMatchObject([
      { slot: 1, open: 2, claimed: 0, done: 0 },
      { slot: 2, open: 1 },
    ]);
    const second = await claim(token, { slot: 2 });
    expect(second.body).toMatchObject({ slot: 2, response: 'two' });
    const skipped = await service.request('PUT', `/review-tasks/${second.body.id}/skip`, { token });
    expect(skipped.status).toBe(204);
    expect((await claim(token, { slot: 2 })).status).toBe(404);
    expect((await claim(await teacher(), { slot: 2 })).body.id).toBe(second.body.id);
    const list = await service.request('GET', '/review-tasks?slot=1', { token });
    expect(list.body.items).toHaveLength(2);
  });
});

describe('double marking', () => {
  it('takes the mean of two people who do not see each other', async () => {
    await settings({ doubleThreshold: 2 });
    const attemptId = await submitEssay();
    const [one, two] = [await teacher(), await teacher()];
    await claimAndMark(one, { points: 6 });
    expect((await claim(one)).status).toBe(404);
    expect(await scoreFor(one, attemptId)).toMatchObject({ status: 'provisional', points: 0 });
    const list = await service.request('GET', '/review-tasks?status=done', { token: two });
    expect(list.body.items).toMatchObject([{ points: null, markedBy: null, comment: null }]);
    await claimAndMark(two, { points: 8 });
    expect(await scoreFor(one, attemptId)).toMatchObject({ status: 'final', points: 7 });
    const path = `/marking-settings/${room.assignmentId}/agreement`;
    const { body } = await service.request('GET', path, { token: one });
    expect(body.items.map((item: { severity: number }) => item.severity).sort()).toEqual([-2, 2]);
  });

  it('asks a third person beyond the threshold, whose word counts', async () => {
    await settings({ doubleThreshold: 1 });
    const attemptId = await submitEssay();
    const [one, two, three] = [await teacher(), await teacher(), await teacher()];
    await claimAndMark(one, { points: 3 });
    await claimAndMark(two, { points: 8 });
    expect((await claim(one)).status).toBe(404);
    expect((await claim(two)).status).toBe(404);
    const third = await claim(three);
    expect(third.body).toMatchObject({ round: 3 });
    await mark(three, third.body.id, { points: 5 });
    expect(await scoreFor(three, attemptId)).toMatchObject({ status: 'final', points: 5 });
    expect((await room.told(attemptId)).at(-1)).toMatchObject({ cause: 'adjudicated', points: 5 });
  });

  it('begins for what nobody has marked yet when it is switched on, and ends with it', async () => {
    await submitEssay();
    await settings({ doubleThreshold: 1 });
    const token = await room.teacher();
    const ids = async () =>
      (await service.request('GET', '/review-tasks', { token })).body.items.map(
        ({ id }: { id: string }) => id,
      );
    // Neither the first nor the second round says when in the day it came to be.
    const both = await ids();
    expect(both.map((id: string) => idTimeMs(id) % 86_400_000)).toEqual([0, 0]);
    await settings({}, 1);
    expect(await ids()).toHaveLength(1);
  });
});

describe('anonymous marking', () => {
  it('hides the attempt behind a label until the score is final', async () => {
    await settings({ anonymous: true });
    const attemptId = await submitEssay();
    const token = await room.teacher();
    const { body: task } = await claim(token);
    expect(task).toMatchObject({
      attemptId: null,
      label: expect.stringMatching(/^Learner [0-9A-F]{8}$/),
    });
    expect(JSON.stringify(task)).not.toContain(room.learnerId);
    expect(await scoreFor(token, attemptId)).toMatchObject({
      status: 403,
      code: 'anonymous-until-final',
    });
    await mark(token, task.id, { points: 5 });
    expect(await scoreFor(token, attemptId)).toMatchObject({
      learnerId: room.learnerId,
      points: 5,
    });
  });
});

describe('comments on pieces of an answer', () => {
  it('are counted in code points and checked', async () => {
    await submitEssay('I 😀 went');
    const token = await room.teacher();
    const { body: task } = await claim(token);
    const wrong = { points: 1, annotations: [{ start: 2, end: 99, comment: 'far out' }] };
    expect((await mark(token, task.id, wrong)).body).toMatchObject({
      status: 400,
      errors: [{ pointer: '/annotations/0' }],
    });
    const neither = { points: 1, annotations: [{ start: 2, comment: 'half' }] };
    expect((await mark(token, task.id, neither)).status).toBe(400);
    const right = { points: 1, annotations: [{ start: 2, end: 3, comment: 'no emoji' }] };
    expect((await mark(token, task.id, right)).body.annotations).toEqual(right.annotations);
    const learner = await room.learner();
    expect((await scoreFor(learner, task.attemptId)).comments).toMatchObject([
      { slot: 1, annotations: right.annotations },
    ]);
  });
});

describe('rubrics', () => {
  const level = (id: string, points: number) => ({ id, title: id, description: '', points });
  const rubric = (levels: object[]) => ({
    ...{ title: 'Letter', minPoints: 0, maxPoints: 10 },
    criteria: [{ id: 'task', title: 'Task', levels }],
  });

  it('give the points, in versions; a mark follows to the next one or is to be made again', async () => {
    const token = await room.teacher();
    const body = rubric([level('low', 2), level('high', 5)]);
    const first = await service.request('POST', '/rubrics', { token, body });
    expect(first.body).toMatchObject({ version: 1 });
    await settings({ slots: [{ slot: 1, rubricVersionId: first.body.id }] });
    const [kept, lost] = [await submitEssay(), await submitEssay('x', { learnerId: newId() })];
    for (let left = 2; left > 0; left -= 1) {
      const { body: task } = await claim(token);
      expect((await mark(token, task.id, { points: 3 })).body.errors).toMatchObject([
        { pointer: '/choices/task' },
      ]);
      const choices = { task: task.attemptId === kept ? 'high' : 'low' };
      await mark(token, task.id, { choices });
    }
    expect(await scoreFor(token, kept)).toMatchObject({ points: 5 });
    const path = `/rubrics/${first.body.rubricId}/versions`;
    const second = await service.request('POST', path, {
      token,
      body: { body: rubric([level('top', 8)]), mapping: { task: { high: 'top' } } },
    });
    await settings({ slots: [{ slot: 1, rubricVersionId: second.body.id }] }, 1);
    expect(await scoreFor(token, kept)).toMatchObject({ points: 8 });
    expect(await scoreFor(token, lost)).toMatchObject({ points: 2 });
    const remark = await service.request('GET', '/review-tasks?status=remark', { token });
    expect(remark.body.items).toMatchObject([{ attemptId: lost, needsRemark: true }]);
    const again = await claim(token, { taskId: remark.body.items[0].id });
    await mark(token, again.body.id, { choices: { task: 'top' } });
    expect(await scoreFor(token, lost)).toMatchObject({ points: 8 });
  });
});

describe('the release', () => {
  const release = async (body: object, version: number) =>
    service.request('PUT', `/marking-settings/${room.assignmentId}/release`, {
      token: await room.teacher(),
      headers: { 'if-match': `"${version}"` },
      body,
    });

  it('keeps a score, its answers and its comments from the learner until a teacher says so', async () => {
    await settings({ release: { score: 'manual', answers: 'manual', feedback: 'manual' } });
    const attemptId = await room.submit([[choice, { RESPONSE: 'A' }]]);
    const learner = await room.learner();
    expect(await scoreFor(learner, attemptId)).toMatchObject({
      ...{ points: null, computedPoints: null, items: [], parts: [] },
      released: { score: false, answers: false, feedback: false },
    });
    expect(await scoreFor(await room.teacher(), attemptId)).toMatchObject({ points: 1 });
    await release({ score: 'released' }, 1);
    expect(await scoreFor(learner, attemptId)).toMatchObject({ points: 1, parts: [] });
    await release({ answers: 'released' }, 2);
    const { parts } = await scoreFor(learner, attemptId);
    expect(parts).toMatchObject([{ given: 'A', verdict: 'correct' }]);
    expect(parts[0]).not.toHaveProperty('expected');
    await release({ score: 'withheld' }, 3);
    expect(await scoreFor(learner, attemptId)).toMatchObject({ points: null, parts: [] });
    const told = await room.told(attemptId);
    expect(told.map(({ cause, scoreReleased }) => [cause, scoreReleased])).toEqual([
      ['scored', false],
      ['released', true],
      ['withheld', false],
    ]);
  });

  it('follows the due date, also when it moves', async () => {
    await publishAssignment({ dueAt: '2999-01-01T00:00:00.000Z' }, 2);
    await settings({ release: { ...POLICIES, score: 'after-due' } });
    const attemptId = await room.submit([[choice, { RESPONSE: 'A' }]], { dueAt: DUE });
    expect((await room.told(attemptId))[0]).toMatchObject({
      ...{ dueAt: DUE, scoreReleased: false, scoreReleasesAt: '2999-01-01T00:00:00.000Z' },
    });
    await publishAssignment({ dueAt: DUE }, 3);
    expect((await room.told(attemptId))[1]).toMatchObject({
      scoreReleased: true,
      cause: 'released',
    });
    expect(await scoreFor(await room.learner(), attemptId)).toMatchObject({ points: 1 });
  });

  it('is the teacher’s of the class alone', async () => {
    const path = `/marking-settings/${room.assignmentId}`;
    const read = (token: string) => service.request('GET', path, { token });
    expect((await read(await room.as(newId(), 'teacher'))).status).toBe(404);
    expect((await read(await room.learner())).status).toBe(403);
    expect((await read(await (await Classroom.open(service)).admin())).status).toBe(404);
    expect((await read(await room.admin())).body).toMatchObject({ version: 0, anonymous: false });
  });
});
