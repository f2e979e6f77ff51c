import { newId } from '@parlance/kernel';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { grading } from '../src/grading.module.js';
import { Classroom } from './builders.js';
import { choiceSpec, essaySpec } from './specs.js';

let service: TestService;
let room: Classroom;
let essay: string;

beforeAll(async () => {
  service = await startTestService(grading);
});
beforeEach(async () => {
  room = await Classroom.open(service);
  essay = await room.publish(essaySpec(5), 5);
});
afterAll(() => service.stop());

const claim = (token: string, body: object = {}, headers = {}) =>
  service.request('POST', '/review-tasks/claims', { token, body, headers });
const mark = (token: string, id: string, body: object) =>
  service.request('PUT', `/review-tasks/${id}/mark`, { token, body });
const lease = (token: string, id: string, method = 'PUT') =>
  service.request(method, `/review-tasks/${id}/lease`, { token });
const list = (token: string, query = '') =>
  service.request('GET', `/review-tasks${query}`, { token });

function expireLeases(): Promise<unknown> {
  return service.database.inInstitution(room.institutionId, (tx) =>
    tx.query(`UPDATE review_task SET lease_until = now() - interval '1 second'
              WHERE lease_until IS NOT NULL`),
  );
}

describe('claiming', () => {
  it('gives the task with the answer, for ten minutes', async () => {
    const attemptId = await room.submit([[essay, { RESPONSE: 'Dear Sir' }]]);
    const { status, body } = await claim(await room.teacher());
    expect(status).toBe(201);
    expect(body).toMatchObject({
      attemptId,
      assignmentId: room.assignmentId,
      slot: 1,
      responseId: 'RESPONSE',
      pointsPossible: 5,
      response: 'Dear Sir',
      claimedBy: room.teacherId,
      status: 'claimed',
    });
    const minutes = (Date.parse(body.leaseUntil) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(9);
    expect(minutes).toBeLessThanOrEqual(10.1);
    const again = await service.request('POST', '/review-tasks/claims', {
      token: await room.teacher(),
    });
    expect(again.body).toMatchObject({ status: 404, code: 'no-review-task' });
  });

  it('never gives one task to two of many who claim at once', async () => {
    const teachers = Array.from({ length: 8 }, () => newId());
    for (const teacher of teachers) await room.enrolTeacher(teacher);
    const answers = Array.from({ length: 20 }, () => essay);
    await room.submit(answers.map((item) => [item, { RESPONSE: 'text' }]));
    const tokens = await Promise.all(teachers.map((id) => room.as(id, 'teacher')));
    const claims = Array.from({ length: 40 }, (_, n) => claim(tokens[n % 8] as string));
    const answersGiven = await Promise.all(claims);
    const given = answersGiven.filter(({ status }) => status === 201).map(({ body }) => body.id);
    expect(new Set(given).size).toBe(given.length);
    const rest: string[] = [];
    for (;;) {
      const { status, body } = await claim(tokens[0] as string);
      if (status === 404) break;
      rest.push(body.id);
    }
    expect(new Set([...given, ...rest]).size).toBe(20);
    expect(given.length + rest.length).toBe(20);
  });

  it('gives the same task for the same key', async () => {
    await room.submit([
      [essay, { RESPONSE: 'one' }],
      [essay, { RESPONSE: 'two' }],
    ]);
    const token = await room.teacher();
    const headers = { 'idempotency-key': 'claim-key-1' };
    const first = await claim(token, {}, headers);
    const second = await claim(token, {}, headers);
    expect(second.body).toEqual(first.body);
  });

  it('gives a task again when its lease ran out', async () => {
    await room.submit([[essay, { RESPONSE: 'text' }]]);
    const first = await claim(await room.teacher());
    await expireLeases();
    const colleague = newId();
    await room.enrolTeacher(colleague);
    const second = await claim(await room.as(colleague, 'teacher'));
    expect(second.body.id).toBe(first.body.id);
    const lost = await mark(await room.teacher(), first.body.id, { points: 1 });
    expect(lost.body).toMatchObject({ status: 409, code: 'claimed-by-other' });
    const renewed = await lease(await room.teacher(), first.body.id);
    expect(renewed.body).toMatchObject({ status: 409, code: 'claimed-by-other' });
  });

  it('is for teachers of the class and admins', async () => {
    await room.submit([[essay, { RESPONSE: 'text' }]]);
    const other = await Classroom.open(service);
    expect((await claim(await room.learner())).status).toBe(403);
    expect((await list(await room.learner())).status).toBe(403);
    expect((await claim(await room.as(newId(), 'teacher'))).status).toBe(404);
    expect((await claim(await other.admin())).status).toBe(404);
    expect((await list(await other.admin())).body.items).toEqual([]);
    expect((await service.request('POST', '/review-tasks/claims')).status).toBe(401);
    const byAdmin = await claim(await room.admin());
    expect(byAdmin.status).toBe(201);
    const { id } = byAdmin.body;
    const stranger = await room.as(newId(), 'teacher');
    expect((await mark(stranger, id, { points: 1 })).status).toBe(404);
    expect((await lease(await other.admin(), id)).status).toBe(404);
    expect((await service.request('GET', `/review-tasks/${id}`, { token: stranger })).status).toBe(
      404,
    );
  });

  it('keeps to one assignment when asked', async () => {
    const assignmentId = newId();
    await room.submit([[essay, { RESPONSE: 'text' }]]);
    await room.submit([[essay, { RESPONSE: 'other' }]], { assignmentId });
    const token = await room.teacher();
    expect((await claim(token, { assignmentId })).body.response).toBe('other');
    expect((await claim(token, { assignmentId })).status).toBe(404);
    expect((await claim(token, { assignmentId: 'nonsense' })).status).toBe(400);
  });
});

describe('a lease', () => {
  it('is renewed by its holder, even after it ran out, while nobody took the task', async () => {
    await room.submit([[essay, { RESPONSE: 'text' }]]);
    const token = await room.teacher();
    const { body } = await claim(token);
    await expireLeases();
    const late = await mark(token, body.id, { points: 1 });
    expect(late.body).toMatchObject({ status: 409, code: 'lease-lost' });
    expect((await lease(token, body.id)).status).toBe(200);
    expect((await mark(token, body.id, { points: 1 })).status).toBe(200);
  });

  it('is given back', async () => {
    await room.submit([[essay, { RESPONSE: 'text' }]]);
    const token = await room.teacher();
    const { body } = await claim(token);
    expect((await lease(token, body.id, 'DELETE')).status).toBe(204);
    expect((await mark(token, body.id, { points: 1 })).body.code).toBe('lease-lost');
    expect((await lease(token, body.id, 'DELETE')).body.code).toBe('lease-lost');
    expect((await claim(token)).body.id).toBe(body.id);
  });
});

describe('marking', () => {
  it('makes a new score version, final with the last mark', async () => {
    const choice = await room.publish(choiceSpec('A'), 1);
    const attemptId = await room.submit([
      [choice, { RESPONSE: 'A' }],
      [essay, { RESPONSE: 'one' }],
      [essay, { RESPONSE: 'two' }],
    ]);
    const token = await room.teacher();
    const first = (await claim(token, { slot: 2 })).body;
    const marked = await mark(token, first.id, { points: 3.5, comment: 'Nice\u0000 ending' });
    expect(marked.status).toBe(200);
    expect(marked.body).toMatchObject({ status: 'done', points: 3.5, scoreVersion: 2 });
    const second = (await claim(token)).body;
    await mark(token, second.id, { points: 0 });
    expect(await room.told(attemptId)).toMatchObject([
      { scoreVersion: 1, status: 'provisional', points: 1, cause: 'scored' },
      { scoreVersion: 2, status: 'provisional', points: 4.5, cause: 'reviewed' },
      { scoreVersion: 3, status: 'final', points: 4.5, actorId: room.teacherId },
    ]);
    const { body } = await service.request('GET', `/scores/${attemptId}`, {
      token: await room.learner(),
    });
    expect(body).toMatchObject({ version: 3, status: 'final', points: 4.5, pointsPossible: 11 });
    expect(body.parts[1]).toMatchObject({ points: 3.5, comment: 'Nice ending' });
    expect(body.parts[2]).toMatchObject({ points: 0, verdict: 'incorrect' });
  });

  it('may be mended by who marked, and by nobody else', async () => {
    const attemptId = await room.submit([[essay, { RESPONSE: 'text' }]]);
    const token = await room.teacher();
    const { id } = (await claim(token)).body;
    await mark(token, id, { points: 2 });
    await mark(token, id, { points: 2 });
    expect((await mark(token, id, { points: 4, comment: 'On reflection' })).status).toBe(200);
    expect(await room.told(attemptId)).toMatchObject([
      { scoreVersion: 1 },
      { scoreVersion: 2, points: 2 },
      { scoreVersion: 3, points: 4, status: 'final' },
    ]);
    const other = await mark(await room.admin(), id, { points: 1 });
    expect(other.body).toMatchObject({ status: 409, code: 'review-task-done' });
    expect((await lease(token, id)).body.code).toBe('review-task-done');
  });

  it.each([
    { points: 5.5 },
    { points: -1 },
    { points: '3' },
    { comment: 'x' },
    { points: 1, x: 1 },
  ])('refuses %j of 5 points', async (body) => {
    await room.submit([[essay, { RESPONSE: 'text' }]]);
    const token = await room.teacher();
    const { id } = (await claim(token)).body;
    const refused = await mark(token, id, body);
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
  });

  it('adds up when two teachers mark parts of one attempt at once', async () => {
    const count = 6;
    const items = Array.from({ length: count }, () => [essay, { RESPONSE: 'text' }] as const);
    const attemptId = await room.submit(items.map(([id, answers]) => [id, { ...answers }]));
    const token = await room.teacher();
    const ids: string[] = [];
    for (let n = 0; n < count; n += 1) ids.push((await claim(token)).body.id);
    const marks = await Promise.all(ids.map((id) => mark(token, id, { points: 1 })));
    expect(marks.map(({ status }) => status)).toEqual(Array(count).fill(200));
    const told = await room.told(attemptId);
    expect(told.map((event) => event.scoreVersion).toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(told.find((event) => event.scoreVersion === 7)).toMatchObject({
      status: 'final',
      points: count,
    });
  });

  it('takes a mark of a whole item that could not be scored', async () => {
    const broken = await room.publish({ nonsense: true }, 3);
    const attemptId = await room.submit([[broken, { RESPONSE: 'x', OTHER: ['y'] }]]);
    const token = await room.teacher();
    const { body } = await claim(token);
    expect(body).toMatchObject({
      responseId: null,
      response: null,
      responses: { RESPONSE: 'x', OTHER: ['y'] },
    });
    await mark(token, body.id, { points: 3 });
    expect((await room.told(attemptId)).at(-1)).toMatchObject({ status: 'final', points: 3 });
  });
});

describe('the list of tasks', () => {
  it('is paged and filtered', async () => {
    await room.submit(Array.from({ length: 5 }, () => [essay, { RESPONSE: 'text' }]));
    const token = await room.teacher();
    const claimed = (await claim(token)).body.id;
    const done = (await claim(token)).body.id;
    await mark(token, done, { points: 1 });
    const ids = async (query: string) =>
      (await list(token, query)).body.items.map((task: { id: string }) => task.id);
    expect(await ids('?status=claimed')).toEqual([claimed]);
    expect(await ids('?status=done')).toEqual([done]);
    expect(await ids('?status=open')).toHaveLength(3);
    expect(await ids(`?assignmentId=${newId()}`)).toEqual([]);
    const first = await list(token, '?limit=2');
    const second = await list(token, `?limit=3&cursor=${first.body.nextCursor}`);
    expect(first.body.items).toHaveLength(2);
    expect(second.body.items).toHaveLength(3);
    expect(second.body.nextCursor).toBeNull();
    expect(JSON.stringify(first.body)).not.toContain('text');
    expect((await list(token, '?status=nonsense')).status).toBe(400);
    expect((await list(token, '?cursor=nonsense')).body.code).toBe('invalid-cursor');
    const foreign = Buffer.from(JSON.stringify(['x'])).toString('base64url');
    expect((await list(token, `?cursor=${foreign}`)).body.code).toBe('invalid-cursor');
  });
});
