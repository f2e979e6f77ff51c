import { compileItem, type ScoringSpec } from '@parlance/assessment';
import { AssignmentPublished } from '@parlance/events';
import { newId } from '@parlance/kernel';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { grading } from '../src/grading.module.js';
import { Classroom } from './builders.js';
import { CampaignRoom } from './campaign-room.js';

let service: TestService;
let room: Classroom;
let essay: string;

beforeAll(async () => {
  service = await startTestService(grading);
});
beforeEach(async () => {
  room = await Classroom.open(service);
  essay = await room.publish(essayOf(RUBRIC), 5);
});
afterAll(() => service.stop());

const level = (id: string, points: number) => ({ id, title: `The ${id}`, description: '', points });
const RUBRIC = {
  title: 'Writing B1',
  minPoints: 0,
  maxPoints: 5,
  criteria: [
    { id: 'content', title: 'Content', levels: [level('off', 0), level('on', 2)] },
    { id: 'language', title: 'Language', levels: [level('hard', 0), level('clear', 3)] },
  ],
};
const LETTER = {
  ...{ title: 'Letter', minPoints: 0, maxPoints: 5 },
  criteria: [{ id: 'task', title: 'Task', levels: [level('low', 1), level('high', 5)] }],
};

/** The scoring of an essay as its author wrote it. */
function essayOf(rubric: object): ScoringSpec {
  const about = { type: 'essay', identifier: 'essay', title: 'Essay', prompt: 'A journey.' };
  const compiled = compileItem({ ...about, rubric });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
  return compiled.item.scoring;
}

const claim = (token: string, body: object = {}) =>
  service.request('POST', '/review-tasks/claims', { token, body });
const mark = (token: string, id: string, body: object) =>
  service.request('PUT', `/review-tasks/${id}/mark`, { token, body });
const scoreFor = async (token: string, attemptId: string) =>
  (await service.request('GET', `/scores/${attemptId}`, { token })).body;
const submit = (text = 'Dear Sir') =>
  room.submit([[essay, { R1: text }]], { learnerId: room.learnerId });

const RELEASED = { score: 'immediately', answers: 'immediately', feedback: 'immediately' };
async function settings(rest: object, version = 0) {
  const body = { anonymous: false, slots: [], release: RELEASED, ...rest };
  const headers = { 'if-match': `"${version}"` };
  const path = `/marking-settings/${room.assignmentId}`;
  const token = await room.admin();
  const answer = await service.request('PUT', path, { token, headers, body });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
}

async function publishAssignment(): Promise<void> {
  const { institutionId, classId, assignmentId } = room;
  const data = {
    ...{ assignmentId, classId, title: 'Unit 1', category: 'Homework', pointsPossible: 5 },
    ...{ status: 'published' as const, opensAt: '2026-03-01T08:00:00.000Z', timeZone: 'UTC' },
  };
  await service.deliver(AssignmentPublished, { institutionId, version: 1, data });
}

async function rubricOfSchool(): Promise<{ id: string; rubricId: string }> {
  const token = await room.teacher();
  return (await service.request('POST', '/rubrics', { token, body: LETTER })).body;
}

async function colleague(): Promise<string> {
  const personId = newId();
  await room.enrolTeacher(personId);
  return room.as(personId, 'teacher');
}

const GOOD = { content: 'on', language: 'clear' };

describe('the rubric an item brings', () => {
  it('is what its essay is marked by, criterion by criterion', async () => {
    const attemptId = await submit();
    const token = await room.teacher();
    const { body: task } = await claim(token);
    expect(task.markingRubric).toEqual({ itemVersionId: essay, responseId: 'R1', body: RUBRIC });
    for (const [given, pointer] of [
      [{ points: 4 }, '/choices/content'],
      [{ choices: { content: 'on' } }, '/choices/language'],
      [{ choices: { ...GOOD, style: 'on' } }, '/choices/style'],
      [{ choices: { ...GOOD, language: 'on' } }, '/choices/language'],
      [{ choices: GOOD, points: 5 }, '/points'],
    ] as const) {
      const refused = await mark(token, task.id, given);
      expect(refused).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
      expect(refused.body.errors[0].pointer).toBe(pointer);
    }
    const choices = { content: 'off', language: 'clear' };
    const { status, body } = await mark(token, task.id, { choices, comment: 'Clear.' });
    expect(status).toBe(200);
    expect(body.rubric).toEqual({ itemVersionId: essay, responseId: 'R1', choices });
    expect(await scoreFor(token, attemptId)).toMatchObject({ points: 3, status: 'final' });
    const [kept] = await service.database.inInstitution(room.institutionId, (tx) =>
      tx.query<{ rubric: object }>('SELECT rubric FROM review_mark WHERE task_id = $1', [task.id]),
    );
    expect(kept?.rubric).toEqual({ itemVersionId: essay, responseId: 'R1', choices });
  });

  it('gives way to the one that is attached to the slot', async () => {
    await publishAssignment();
    const { id: versionId, rubricId } = await rubricOfSchool();
    await submit();
    const token = await room.teacher();
    const { body: before } = await claim(token);
    await settings({ slots: [{ slot: 1, rubricVersionId: versionId }] });
    const { body: task } = await service.request('GET', `/review-tasks/${before.id}`, { token });
    expect(task.markingRubric).toEqual({ rubricId, version: 1, versionId, body: LETTER });
    expect((await mark(token, task.id, { choices: GOOD })).status).toBe(400);
    const { body } = await mark(token, task.id, { choices: { task: 'high' } });
    const choices = { task: 'high' };
    expect(body).toMatchObject({ points: 5, rubric: { rubricId, version: 1, versionId, choices } });
  });

  it('asks for its marks again when another is attached, and when that goes', async () => {
    await publishAssignment();
    const attemptId = await submit();
    const token = await room.teacher();
    const { id } = (await claim(token)).body;
    await mark(token, id, { choices: GOOD });
    const remarks = async () =>
      (await service.request('GET', '/review-tasks?status=remark', { token })).body.items.length;
    await settings({ slots: [{ slot: 1, rubricVersionId: (await rubricOfSchool()).id }] });
    expect(await remarks()).toBe(1);
    expect(await scoreFor(token, attemptId)).toMatchObject({ points: 5 });
    await claim(token, { taskId: id });
    await mark(token, id, { choices: { task: 'low' } });
    expect(await scoreFor(token, attemptId)).toMatchObject({ points: 1 });
    await settings({}, 1);
    expect(await remarks()).toBe(1);
    const { body: again } = await claim(token, { taskId: id });
    expect(again.markingRubric).toMatchObject({ itemVersionId: essay });
  });

  it('is for both of two markers, whose mean counts', async () => {
    await publishAssignment();
    await settings({ doubleThreshold: 3 });
    const attemptId = await submit();
    const tokens = [await colleague(), await colleague()];
    for (const [index, token] of tokens.entries()) {
      const { body: task } = await claim(token);
      expect(task.markingRubric).toMatchObject({ itemVersionId: essay });
      expect(task.rubric).toBeNull();
      const choices = index === 0 ? GOOD : { content: 'on', language: 'hard' };
      expect((await mark(token, task.id, { choices })).status).toBe(200);
    }
    const score = await scoreFor(await room.learner(), attemptId);
    expect(score).toMatchObject({ points: 3.5, status: 'final' });
    const [{ level: chosen }] = score.comments[0].rubric.criteria;
    expect(chosen).toEqual({ id: 'on', title: 'The on', description: '' });
  });
});

describe('the levels a marker chose', () => {
  it('are read by the learner when comments are released, with points when the score is', async () => {
    await publishAssignment();
    await settings({ release: { score: 'manual', answers: 'manual', feedback: 'manual' } });
    const attemptId = await submit();
    const token = await room.teacher();
    const { id } = (await claim(token)).body;
    await mark(token, id, { choices: GOOD });
    const learner = await room.learner();
    expect(await scoreFor(learner, attemptId)).not.toHaveProperty('comments');
    const release = async (body: object, version: number) =>
      service.request('PUT', `/marking-settings/${room.assignmentId}/release`, {
        ...{ token, body, headers: { 'if-match': `"${version}"` } },
      });
    await release({ feedback: 'released' }, 1);
    const withheld = await scoreFor(learner, attemptId);
    const words = { id: 'clear', title: 'The clear', description: '' };
    expect(withheld.points).toBeNull();
    expect(withheld.comments[0].rubric).toMatchObject({ title: 'Writing B1' });
    expect(withheld.comments[0].rubric.criteria[1].level).toEqual(words);
    await release({ score: 'released' }, 2);
    const released = await scoreFor(learner, attemptId);
    expect(released.comments[0].rubric.criteria[1].level).toEqual({ ...words, points: 3 });
    expect(JSON.stringify(released)).not.toContain('The hard');
  });
});

describe('a corrected item version with another rubric', () => {
  it('is what open essays are marked by, and leaves finished marks as they are', async () => {
    const campaigns = new CampaignRoom(room);
    const [done, open] = [await submit(), await submit('Dear Madam')];
    const token = await room.teacher();
    const tasks = (await service.request('GET', '/review-tasks', { token })).body.items as {
      id: string;
      attemptId: string;
    }[];
    const idOf = (attemptId: string) => tasks.find((one) => one.attemptId === attemptId)?.id ?? '';
    await claim(token, { taskId: idOf(done) });
    await mark(token, idOf(done), { choices: GOOD });
    const corrected = await room.publish(essayOf(LETTER), 5);
    const campaign = await campaigns.draft(essay, corrected);
    await campaigns.apply(campaign);
    expect(await scoreFor(token, done)).toMatchObject({ points: 5, status: 'final' });
    const { body: task } = await claim(token);
    expect(task).toMatchObject({ id: idOf(open), markingRubric: { itemVersionId: corrected } });
    const choices = { task: 'low' };
    expect((await mark(token, task.id, { choices: GOOD })).status).toBe(400);
    expect((await mark(token, task.id, { choices })).body).toMatchObject({
      ...{ points: 1, rubric: { itemVersionId: corrected, responseId: 'R1', choices } },
    });
    const mended = { choices: { ...GOOD, content: 'off' }, comment: 'On reflection.' };
    const { status, body } = await mark(token, idOf(done), mended);
    expect([status, body.points]).toEqual([200, 3]);
    expect(body.rubric).toMatchObject({ itemVersionId: essay });
    expect(body.needsRemark).toBe(false);
  });
});
