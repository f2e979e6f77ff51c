import { AssignmentPublished, AttemptSubmitted, EnrolmentChanged } from '@parlance/events';
import { newId } from '@parlance/kernel';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { grading } from '../src/grading.module.js';
import { Classroom } from './builders.js';
import { choiceSpec, essaySpec } from './specs.js';

let service: TestService;
let room: Classroom;

beforeAll(async () => {
  service = await startTestService(grading);
});
beforeEach(async () => {
  room = await Classroom.open(service);
});
afterAll(() => service.stop());

const scoreFor = async (token: string, attemptId: string) =>
  (await service.request('GET', `/scores/${attemptId}`, { token })).body;
const post = (token: string, path: string, body: object) =>
  service.request('POST', path, { token, body });
const submitAgain = (data: object, version: number) =>
  service.deliver(AttemptSubmitted, {
    institutionId: room.institutionId,
    version,
    data: data as ReturnType<Classroom['submission']>,
  });

describe('an attempt that is handed in again', () => {
  it('gets its next score version; marks stay where the answer did', async () => {
    const choice = await room.publish(choiceSpec('A'), 1);
    const essay = await room.publish(essaySpec(5), 5);
    const answers = (letter: string, text: string): [string, { RESPONSE: string }][] => [
      [choice, { RESPONSE: letter }],
      [essay, { RESPONSE: text }],
      [essay, { RESPONSE: 'the same' }],
    ];
    const first = room.submission(answers('B', 'draft'));
    await submitAgain(first, 1);
    const token = await room.teacher();
    for (const [slot, points] of [
      [2, 2],
      [3, 4],
    ]) {
      const { body } = await post(token, '/review-tasks/claims', { slot });
      await service.request('PUT', `/review-tasks/${body.id}/mark`, { token, body: { points } });
    }
    const { attemptId } = first;
    expect(await scoreFor(token, attemptId)).toMatchObject({ version: 3, points: 6 });
    const second = room.submission(answers('A', 'better'), {
      attemptId,
      submittedAt: '2026-03-03T09:00:00.000Z',
    });
    await submitAgain(second, 5);
    expect(await scoreFor(token, attemptId)).toMatchObject({
      ...{ version: 4, points: 5, status: 'provisional' },
    });
    const { body: task } = await post(token, '/review-tasks/claims', {});
    expect(task).toMatchObject({ slot: 2, response: 'better' });
    await submitAgain(first, 4);
    expect(await scoreFor(token, attemptId)).toMatchObject({ version: 4 });
    const causes = (await room.told(attemptId)).map(({ cause }) => cause);
    expect(causes).toEqual(['scored', 'reviewed', 'reviewed', 'resubmitted']);
  });

  it('is only graded anew when it is told as it was', async () => {
    const choice = await room.publish(choiceSpec('A'), 1);
    const data = room.submission([[choice, { RESPONSE: 'A' }]]);
    await submitAgain(data, 2);
    await submitAgain(data, 3);
    const { attemptId } = data;
    expect(await scoreFor(await room.teacher(), attemptId)).toMatchObject({
      version: 2,
      points: 1,
    });
    expect((await room.told(attemptId)).at(-1)).toMatchObject({ cause: 'rescored' });
  });
});

describe('points from paper', () => {
  const enrol = (personId: string) =>
    service.deliver(EnrolmentChanged, {
      institutionId: room.institutionId,
      version: 1,
      data: {
        ...{ enrolmentId: newId(), classId: room.classId, personId },
        ...{ role: 'learner' as const, status: 'active' as const },
      },
    });

  it('are a mark like any other', async () => {
    const { assignmentId, classId, institutionId, learnerId } = room;
    const data = {
      ...{ assignmentId, classId, title: 'Dictation', category: 'Class', pointsPossible: 20 },
      ...{ status: 'published' as const, opensAt: '2026-03-01T08:00:00.000Z', timeZone: 'UTC' },
    };
    await service.deliver(AssignmentPublished, { institutionId, version: 1, data });
    await enrol(learnerId);
    const token = await room.teacher();
    const entry = { assignmentId, learnerId, points: 15, evidenceUploadId: newId() };
    const strangers = await room.as(newId(), 'teacher');
    expect((await post(strangers, '/score-entries', entry)).status).toBe(404);
    expect((await post(token, '/score-entries', { ...entry, learnerId: newId() })).status).toBe(
      404,
    );
    expect((await post(token, '/score-entries', { ...entry, points: 21 })).status).toBe(400);
    const { status, body } = await post(token, '/score-entries', entry);
    expect(status).toBe(201);
    expect((await post(token, '/score-entries', entry)).body.code).toBe('score-entry-exists');
    expect(await scoreFor(await room.learner(), body.attemptId)).toMatchObject({
      ...{ points: 15, pointsPossible: 20, status: 'final' },
    });
    const path = `/review-tasks/${body.taskId}/mark`;
    await service.request('PUT', path, { token, body: { points: 16 } });
    expect((await room.told(body.attemptId)).map(({ points }) => points)).toEqual([15, 16]);
  });
});

describe('a dispute', () => {
  it('is opened by the learner, answered and decided by the teacher', async () => {
    const essay = await room.publish(essaySpec(5), 5);
    const attemptId = await room.submit([[essay, { RESPONSE: 'text' }]]);
    const [teacher, learner] = [await room.teacher(), await room.learner()];
    const { body: task } = await post(teacher, '/review-tasks/claims', {});
    await service.request('PUT', `/review-tasks/${task.id}/mark`, {
      token: teacher,
      body: { points: 2 },
    });
    const input = { attemptId, slot: 1, text: 'I answered all of it.' };
    expect((await post(await room.as(newId(), 'learner'), '/score-disputes', input)).status).toBe(
      404,
    );
    expect((await post(learner, '/score-disputes', { ...input, slot: 9 })).status).toBe(400);
    const { body: opened } = await post(learner, '/score-disputes', input);
    expect(opened).toMatchObject({ state: 'open', slot: 1 });
    expect((await post(learner, '/score-disputes', input)).body.code).toBe('dispute-exists');
    const say = (token: string, body: object) =>
      post(token, `/score-disputes/${opened.id}/messages`, body);
    expect((await say(learner, { text: 'Please', decision: 'upheld' })).body.code).toBe(
      'teacher-decides',
    );
    expect((await say(await room.as(newId(), 'teacher'), { text: 'Hm' })).status).toBe(404);
    expect((await say(teacher, { text: 'I will look.' })).body.state).toBe('answered');
    expect((await say(learner, { text: 'Thank you' })).body.state).toBe('open');
    const decided = await say(teacher, { text: 'You are right.', decision: 'upheld' });
    expect(decided.body).toMatchObject({ state: 'upheld', version: 4 });
    expect(decided.body.messages).toHaveLength(4);
    expect((await say(learner, { text: 'More' })).body.code).toBe('dispute-decided');
    const again = await post(teacher, '/review-tasks/claims', { taskId: task.id });
    expect(again.status).toBe(201);
    const path = `/review-tasks/${task.id}/mark`;
    await service.request('PUT', path, { token: teacher, body: { points: 5 } });
    expect(await scoreFor(learner, attemptId)).toMatchObject({ points: 5 });
  });
});
