import { AssignmentPublished, ClassChanged } from '@parlance/events';
import { newId } from '@parlance/kernel';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { assignments } from '../src/assignments.module.js';
import {
  deliverItem,
  deliverTest,
  draft,
  HOUR_MS,
  publishedAssignment,
  SetClock,
  startAssignments,
  type World,
  world,
} from './builders.js';

const clock = new SetClock();
let service: TestService;
let here: World;

beforeAll(async () => {
  service = await startAssignments(clock);
  here = await world(service);
});

afterAll(() => service.stop());

const publication = (method: string, id: string, token = here.teacher) =>
  service.request(method, `/assignments/${id}/publication`, { token });

it('starts as it runs in production', async () => {
  const started = await startTestService(assignments);
  await started.stop();
});

describe('a draft', () => {
  it('has defaults and an ETag', async () => {
    const { status, body, headers } = await draft(here);
    expect(status).toBe(201);
    expect(headers.get('etag')).toBe('"1"');
    expect(body).toEqual({
      id: expect.any(String),
      classId: here.classId,
      testId: here.testId,
      title: 'Homework 3',
      category: 'Assignments',
      timeZone: 'UTC',
      maxAttempts: 1,
      mode: 'self',
      audience: { lateJoiners: true },
      policyVersion: 0,
      status: 'draft',
      version: 1,
      createdAt: clock.in(0),
    });
  });

  it('is made once per Idempotency-Key', async () => {
    const body = {
      classId: here.classId,
      testId: here.testId,
      title: 'T',
      dueAt: clock.in(HOUR_MS),
    };
    const headers = { 'idempotency-key': newId() };
    const request = { token: here.teacher, headers, body };
    const first = await service.request('POST', '/assignments', request);
    const second = await service.request('POST', '/assignments', request);
    expect(second.status).toBe(201);
    expect(second.body).toEqual(first.body);
  });

  it('is not made for a test that has not arrived', async () => {
    const { status, body, headers } = await draft(here, { testId: newId() });
    expect([status, body.code, headers.get('retry-after')]).toEqual([
      409,
      'test-not-available',
      '2',
    ]);
  });

  it.each([
    [{ timeZone: 'Mars/Olympus' }, 422, 'unknown-time-zone'],
    [{ timeZone: '+02:00' }, 422, 'unknown-time-zone'],
    [{ dueAt: '2026-03-01T10:00:00' }, 422, 'invalid-instant'],
    [{ dueAt: 'soon' }, 400, 'invalid-input'],
    [{ dueAt: '2026-02-30T10:00:00Z' }, 400, 'invalid-input'],
    [{ title: '' }, 400, 'invalid-input'],
    [{ maxAttempts: 0 }, 400, 'invalid-input'],
    [{ colour: 'red' }, 400, 'invalid-input'],
    [{ classId: 'none' }, 400, 'invalid-input'],
    [{ opensAt: '2026-03-02T00:00:00Z', closesAt: '2026-03-01T00:00:00Z' }, 422, 'invalid-window'],
  ])('is refused with %j', async (fields, status, code) => {
    const answer = await draft(here, fields);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('takes text with NUL and lone surrogates', async () => {
    const { status, body } = await draft(here, { title: 'a\u0000b\ud800' });
    expect([status, body.title]).toEqual([201, 'ab\ufffd']);
  });
});

describe('a change', () => {
  it('needs the version that was read', async () => {
    const { body } = await draft(here);
    const patch = (headers: Record<string, string>) =>
      service.request('PATCH', `/assignments/${body.id}`, {
        token: here.teacher,
        headers,
        body: { title: 'Homework 3b', dueAt: clock.in(HOUR_MS) },
      });
    expect((await patch({})).status).toBe(428);
    const changed = await patch({ 'if-match': '"1"' });
    expect(changed.body).toMatchObject({ title: 'Homework 3b', version: 2 });
    expect((await patch({ 'if-match': '"1"' })).body.code).toBe('version-changed');
  });

  it('leaves alone what it does not mention, and null takes away', async () => {
    const fields = { dueAt: clock.in(1000), closesAt: clock.in(2000), maxAttempts: 3 };
    const { body } = await draft(here, fields);
    const changed = await service.request('PATCH', `/assignments/${body.id}`, {
      token: here.teacher,
      headers: { 'if-match': '"1"' },
      body: { dueAt: null },
    });
    expect(changed.body).toMatchObject({ closesAt: fields.closesAt, maxAttempts: 3 });
    expect(changed.body).not.toHaveProperty('dueAt');
  });

  it('of a published assignment is told to others', async () => {
    const id = await publishedAssignment(here);
    await service.request('PATCH', `/assignments/${id}`, {
      token: here.teacher,
      headers: { 'if-match': '"2"' },
      body: { closesAt: clock.in(HOUR_MS) },
    });
    const told = (await service.emitted(AssignmentPublished)).filter((e) => e.subject === id);
    expect(told.map(({ sequence, data }) => [sequence, data.closesAt])).toEqual([
      [2, undefined],
      [3, clock.in(HOUR_MS)],
    ]);
  });
});

describe('publication', () => {
  it('pins the test version, opens at once and is told once', async () => {
    const { body } = await draft(here, { timeZone: 'Europe/Helsinki', category: 'Homework' });
    await publication('PUT', body.id);
    const again = await publication('PUT', body.id);
    expect(again.body).toMatchObject({
      status: 'published',
      version: 2,
      testVersionId: here.testVersionId,
      pointsPossible: 3,
      opensAt: clock.in(0),
    });
    const told = (await service.emitted(AssignmentPublished)).filter((e) => e.subject === body.id);
    expect(told.map(({ sequence, tenant, data }) => ({ sequence, tenant, data }))).toEqual([
      {
        sequence: 2,
        tenant: here.institutionId,
        data: {
          attemptRule: 'best',
          policyVersion: 0,
          assignmentId: body.id,
          classId: here.classId,
          title: 'Homework 3',
          category: 'Homework',
          pointsPossible: 3,
          status: 'published',
          opensAt: clock.in(0),
          timeZone: 'Europe/Helsinki',
        },
      },
    ]);
  });

  it('waits for every item of the test, and takes the newest version', async () => {
    const there = await world(service, { length: 2 });
    const { body } = await draft(there);
    const itemVersionIds = [...there.itemVersionIds, newId()];
    const newest = { ...there, itemVersionIds, testVersionId: newId() };
    await deliverTest(newest, { versionNumber: 2 });
    const early = await publication('PUT', body.id, there.teacher);
    expect([early.status, early.body.code]).toEqual([409, 'test-not-available']);
    await deliverItem(there, itemVersionIds[2] as string, 2);
    const answer = await publication('PUT', body.id, there.teacher);
    expect(answer.body).toMatchObject({ testVersionId: newest.testVersionId, pointsPossible: 3 });
  });

  it.each([
    [0, 'test-empty'],
    [501, 'test-too-long'],
  ])('refuses a test of %d items', async (length, code) => {
    const odd = {
      ...here,
      testId: newId(),
      testVersionId: newId(),
      itemVersionIds: Array.from({ length }, () => newId()),
    };
    await deliverTest(odd);
    const { body } = await draft(odd);
    const answer = await publication('PUT', body.id);
    expect([answer.status, answer.body.code]).toEqual([422, code]);
  });

  it('can be taken back and given again', async () => {
    const id = await publishedAssignment(here);
    expect((await publication('DELETE', id)).body).toMatchObject({
      status: 'withdrawn',
      version: 3,
    });
    expect((await publication('DELETE', id)).body.version).toBe(3);
    expect((await publication('PUT', id)).body).toMatchObject({ status: 'published', version: 4 });
    const told = (await service.emitted(AssignmentPublished)).filter((e) => e.subject === id);
    expect(told.map(({ data }) => data.status)).toEqual(['published', 'withdrawn', 'published']);
  });

  it('of a draft cannot be taken back', async () => {
    const { body } = await draft(here);
    const answer = await publication('DELETE', body.id);
    expect([answer.status, answer.body.code]).toEqual([409, 'assignment-not-published']);
  });

  it('is refused for an archived class', async () => {
    const there = await world(service, { length: 1 });
    const { body } = await draft(there);
    await service.deliver(ClassChanged, {
      institutionId: there.institutionId,
      version: 2,
      data: { classId: there.classId, name: 'B1', status: 'archived' },
    });
    const answer = await publication('PUT', body.id, there.teacher);
    expect([answer.status, answer.body.code]).toEqual([409, 'class-archived']);
    expect((await draft(there)).body.code).toBe('class-archived');
  });
});

describe('a list', () => {
  it('comes in pages, newest first, of one class', async () => {
    const there = await world(service, { length: 1 });
    const made: string[] = [];
    for (let count = 0; count < 3; count += 1) made.unshift((await draft(there)).body.id);
    const page = (query: string) =>
      service.request('GET', `/assignments?limit=2&${query}`, { token: there.teacher });
    const first = await page(`classId=${there.classId}`);
    const second = await page(`cursor=${first.body.nextCursor}`);
    const ids = [...first.body.items, ...second.body.items].map((one: { id: string }) => one.id);
    expect(ids).toEqual(made);
    expect(second.body.nextCursor).toBeNull();
    expect((await page(`classId=${newId()}`)).body.items).toEqual([]);
  });

  it.each(['x', Buffer.from('["no id"]').toString('base64url'), ''])(
    'refuses the cursor %j',
    async (cursor) => {
      const path = `/assignments?cursor=${cursor}`;
      const answer = await service.request('GET', path, { token: here.teacher });
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid-cursor']);
    },
  );
});
