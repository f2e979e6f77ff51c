import { AssignmentPublished, EnrolmentChanged } from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import {
  draft,
  enrol,
  HOUR_MS,
  publishedAssignment,
  SetClock,
  start,
  startAssignments,
  type World,
  world,
} from './builders.js';

const clock = new SetClock();
let service: TestService;
let here: World;

beforeAll(async () => {
  service = await startAssignments(clock);
  here = await world(service, { length: 3, timeLimitSeconds: 600 });
});
afterAll(() => service.stop());

const byTeacher = (method: string, path: string, body?: object, headers = {}) =>
  service.request(method, path, { token: here.teacher, headers, ...(body && { body }) });
const seen = (version: number) => ({ 'if-match': `"${version}"` });
const attempt = async (id: Id) =>
  (await service.request('GET', `/attempts/${id}`, { token: here.learner })).body;
const told = async (assignmentId: Id) =>
  (await service.emitted(AssignmentPublished)).filter(({ subject }) => subject === assignmentId);
const none = { timeMultiplier: 1, extraSeconds: 0, extraAttempts: 0, extraDays: 0 };

describe('a window in local time', () => {
  it('falls at the instant of its zone, over a change of clocks too', async () => {
    const { body } = await draft(here, {
      timeZone: 'Europe/Helsinki',
      opensLocal: '2030-10-20T08:00',
      dueLocal: '2030-10-25T18:00',
      closesLocal: '2030-11-01T18:00',
    });
    // Clocks go back on 2030-10-27: 18:00 is 15:00Z before and 16:00Z after.
    expect(body).toMatchObject({
      dueAt: '2030-10-25T15:00:00.000Z',
      closesAt: '2030-11-01T16:00:00.000Z',
      closesLocal: '2030-11-01T18:00',
    });
    const moved = await byTeacher(
      'PATCH',
      `/assignments/${body.id}`,
      { timeZone: 'Europe/Berlin' },
      seen(1),
    );
    expect(moved.body).toMatchObject({
      dueLocal: '2030-10-25T18:00',
      dueAt: '2030-10-25T16:00:00.000Z',
    });
  });

  it('of an hour that clocks show twice is due at the second, and in a gap after it', async () => {
    const at = async (dueLocal: string) =>
      (await draft(here, { timeZone: 'Europe/Berlin', dueLocal })).body.dueAt;
    expect(await at('2026-10-25T02:30')).toBe('2026-10-25T01:30:00.000Z');
    expect(await at('2026-03-29T02:30')).toBe('2026-03-29T01:30:00.000Z');
  });

  it.each([
    [{ dueLocal: '2026-02-30T10:00' }, 'invalid-wall-time'],
    [{ dueLocal: '2026-02-20T10:00Z' }, 'invalid-wall-time'],
    [{ dueLocal: '2026-02-20T10:00', dueAt: '2026-02-20T10:00:00Z' }, 'moment-twice'],
  ])('%j is refused', async (fields, code) => {
    const { status, body } = await draft(here, fields);
    expect([status, body.code]).toEqual([422, code]);
  });
});

describe('what is granted to a learner', () => {
  it('lengthens the attempt in progress at once, is audited and explained', async () => {
    const there = await world(service, { length: 2, timeLimitSeconds: 600 });
    const as = (method: string, path: string, body?: object, headers = {}) =>
      service.request(method, path, { token: there.teacher, headers, ...(body && { body }) });
    const id = await publishedAssignment(there, { closesAt: clock.in(HOUR_MS) });
    const { body } = await start(there, id);
    expect(body.closesAt).toBe(clock.in(600_000));
    const path = `/accommodations/${there.learnerId}`;
    const granted = { ...none, timeMultiplier: 1.5, extraSeconds: 60, reason: 'dyslexia' };
    expect((await as('PUT', path, granted)).status).toBe(428);
    expect((await as('PUT', path, granted, seen(0))).body).toMatchObject({ version: 1 });
    expect((await as('PUT', path, granted, seen(0))).status).toBe(412);
    const after = await service.request('GET', `/attempts/${body.id}`, { token: there.learner });
    expect(after.body.closesAt).toBe(clock.in(960_000));
    const changes = (await as('GET', `${path}/changes`)).body.items;
    expect(changes).toMatchObject([
      { after: { timeMultiplier: 1.5 }, reason: 'dyslexia', actorId: there.teacherId },
    ]);
    const explained = await service.request('GET', `/assignments/${id}/due-date-explanation`, {
      token: there.learner,
    });
    expect(explained.body).toMatchObject({ timeLimitSeconds: 960, isAudience: true });
    expect(explained.body.trace.map(({ rule }: { rule: string }) => rule)).toEqual([
      'base',
      'accommodation',
    ]);
  });

  it('is for teachers of the learner to grant, and for the learner to see', async () => {
    const path = `/accommodations/${here.learnerId}`;
    const stranger = await service.token({
      institutionId: here.institutionId,
      roles: ['teacher'],
    });
    const put = (token: string) =>
      service.request('PUT', path, { token, headers: seen(0), body: none });
    expect((await put(stranger)).status).toBe(404);
    expect((await put(here.learner)).status).toBe(403);
    expect((await service.request('GET', path, { token: here.learner })).body.version).toBe(0);
    const other = await service.request('GET', `/accommodations/${here.teacherId}`, {
      token: here.learner,
    });
    expect(other.status).toBe(404);
  });
});

describe('an override', () => {
  it('of a group and of a learner moves dates at once, and others hear of them', async () => {
    const dueAt = clock.in(HOUR_MS);
    const id = await publishedAssignment(here, { dueAt });
    const { body: begun } = await start(here, id);
    const { body: group } = await byTeacher('POST', '/class-groups', {
      classId: here.classId,
      name: 'B1+',
      learnerIds: [here.learnerId],
    });
    const at = `/assignments/${id}/overrides`;
    const set = await byTeacher('PUT', `${at}/${group.id}`, { scope: 'group', extensionDays: 7 });
    expect(set.body).toMatchObject({ scope: 'group', targetId: group.id, extensionDays: 7 });
    const later = new Date(new Date(dueAt).getTime() + 7 * 86_400_000).toISOString();
    expect((await attempt(begun.id)).dueAt).toBe(later);
    expect((await told(id)).at(-1)?.data.exceptions).toEqual([
      { learnerId: here.learnerId, dueAt: later },
    ]);
    // Out of the group, out of the extension.
    const empty = { name: 'B1+', learnerIds: [] };
    await byTeacher('PUT', `/class-groups/${group.id}`, empty, seen(1));
    expect((await attempt(begun.id)).dueAt).toBe(dueAt);
    expect((await byTeacher('DELETE', `/class-groups/${group.id}`)).body.code).toBe('group-in-use');
    expect((await byTeacher('DELETE', `${at}/${group.id}`)).status).toBe(204);
    expect((await byTeacher('DELETE', `/class-groups/${group.id}`)).status).toBe(204);
  });

  it('is refused for whoever is not in the class', async () => {
    const id = await publishedAssignment(here);
    const put = (scope: string) =>
      byTeacher('PUT', `/assignments/${id}/overrides/${newId()}`, { scope, extensionDays: 1 });
    expect((await put('learner')).body.code).toBe('not-in-class');
    expect((await put('group')).body.code).toBe('no-such-group');
    expect((await put('class')).body.code).toBe('not-its-class');
  });
});

describe('an audience', () => {
  it('hides the assignment from whoever is not in it', async () => {
    const otherId = newId();
    await enrol(here, otherId, 'learner', 'Otto Other');
    const { institutionId } = here;
    const other = await service.token({ personId: otherId, institutionId, roles: ['learner'] });
    const id = await publishedAssignment(here, { audience: { learnerIds: [otherId] } });
    expect((await start(here, id)).status).toBe(404);
    const read = (token: string) => service.request('GET', `/assignments/${id}`, { token });
    expect((await read(here.learner)).status).toBe(404);
    const mine = await read(other);
    expect([mine.status, mine.body.audience]).toEqual([200, undefined]);
    expect((await start(here, id, other)).status).toBe(201);
    expect((await told(id)).at(-1)?.data.learnerIds).toEqual([otherId]);
    const { body } = await byTeacher('GET', `/assignments/${id}/attempts`);
    expect(body.counts.learners).toBe(1);
  });

  it('gives late joiners their days, and others hear of it', async () => {
    const there = await world(service, { length: 1 });
    const id = await publishedAssignment(there, {
      opensAt: clock.in(-HOUR_MS),
      dueAt: clock.in(HOUR_MS),
      audience: { lateJoiners: true, lateJoinerDays: 7 },
    });
    const personId = newId();
    await enrol(there, personId, 'learner', 'Late Lou');
    const own = (await told(id)).at(-1)?.data.exceptions?.find((one) => one.learnerId === personId);
    const due = new Date(own?.dueAt ?? 0).getTime();
    const joined = Date.now();
    // At the usual time of day, seven days on: a week from the assignment's own due date, or a day
    // more or less when the tests run about midnight.
    expect(Math.abs(due - joined - 7 * 24 * HOUR_MS)).toBeLessThan(25 * HOUR_MS);
    const closed = await publishedAssignment(there, {
      opensAt: clock.in(-HOUR_MS),
      audience: { lateJoiners: false },
    });
    const token = await service.token({
      ...{ personId, institutionId: there.institutionId, roles: ['learner'] },
    });
    expect((await start(there, closed, token)).status).toBe(404);
  });

  it.each([
    [{ groupIds: [] }, 'audience-empty'],
    [{ learnerIds: [newId()] }, 'not-in-class'],
    [{ groupIds: [newId()] }, 'no-such-group'],
  ])('%j is refused', async (audience, code) => {
    expect((await draft(here, { audience })).body.code).toBe(code);
  });
});

describe('a grade policy', () => {
  it('has versions that stay, and attempts know theirs', async () => {
    const id = await publishedAssignment(here);
    const late = { percentPerInterval: 10, intervalSeconds: 86_400, floorPercent: 50 };
    const put = (version: number, attempts: string) =>
      byTeacher('PUT', `/assignments/${id}/policy`, { attempts, late }, seen(version));
    expect((await put(2, 'mean')).body).toMatchObject({ policyVersion: 1, version: 3 });
    expect((await put(2, 'last')).status).toBe(412);
    expect((await start(here, id)).body.policyVersion).toBe(1);
    await put(3, 'last');
    const { body } = await byTeacher('GET', `/assignments/${id}/policy-versions`);
    expect(body.items).toMatchObject([
      { version: 1, policy: { attempts: 'mean', late: { ...late, graceSeconds: 60 } } },
      { version: 2, policy: { attempts: 'last' } },
    ]);
    expect((await told(id)).at(-1)?.data).toMatchObject({
      policyVersion: 2,
      attemptRule: 'last',
      latePercentPerInterval: 10,
      lateGraceSeconds: 60,
    });
    expect((await byTeacher('PUT', `/assignments/${id}/policy`, {}, seen(4))).status).toBe(400);
  });
});

it('an enrolment that ended is no audience', async () => {
  const { institutionId, classId } = here;
  const personId = newId();
  const enrolmentId = await enrol(here, personId, 'learner', 'Gone Gil');
  const data = {
    enrolmentId,
    classId,
    personId,
    role: 'learner' as const,
    status: 'ended' as const,
  };
  await service.deliver(EnrolmentChanged, { institutionId, version: 2, data });
  const id = await publishedAssignment(here, { audience: { learnerIds: [here.learnerId] } });
  const token = await service.token({ personId, institutionId, roles: ['learner'] });
  const path = `/assignments/${id}/due-date-explanation`;
  expect((await service.request('GET', path, { token })).status).toBe(404);
});
