import { AttemptSubmitted, ClassChanged, EnrolmentChanged } from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import {
  answers,
  draft,
  enrol,
  publishedAssignment,
  save,
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
  here = await world(service);
});
afterAll(() => service.stop());

const byTeacher = (method: string, path: string, body?: object) =>
  service.request(method, path, {
    ...{ token: here.teacher, headers: { 'idempotency-key': newId() } },
    ...(body && { body }),
  });
const slots = (body: { sections: { items: { slot: number }[] }[] }) =>
  body.sections.flatMap(({ items }) => items.map(({ slot }) => slot));

describe('a live assignment', () => {
  it('shows and takes what the class has come to', async () => {
    const id = await publishedAssignment(here, { mode: 'live' });
    const { body } = await start(here, id);
    expect([body.liveSlot, slots(body)]).toEqual([0, []]);
    expect((await save(here, body.id, [answers(1, 1, 'A')])).body.code).toBe('slot-not-open');
    expect((await byTeacher('PUT', `/assignments/${id}/live-cursor`, { slot: 2 })).status).toBe(
      200,
    );
    const seen = await service.request('GET', `/attempts/${body.id}`, { token: here.learner });
    expect([seen.body.liveSlot, slots(seen.body)]).toEqual([2, [1, 2]]);
    expect((await save(here, body.id, [answers(2, 1, 'went')])).status).toBe(200);
    expect((await save(here, body.id, [answers(3, 1, 'x')])).body.code).toBe('slot-not-open');
  });

  it('is paced by its teacher alone, and no other kind is', async () => {
    const live = await publishedAssignment(here, { mode: 'live' });
    const path = `/assignments/${live}/live-cursor`;
    const byLearner = { token: here.learner, body: { slot: 3 } };
    expect((await service.request('PUT', path, byLearner)).status).toBe(403);
    const self = await publishedAssignment(here);
    const answer = await byTeacher('PUT', `/assignments/${self}/live-cursor`, { slot: 1 });
    expect(answer.body.code).toBe('assignment-not-live');
  });
});

describe('work in class or on paper', () => {
  it('is marked as done by a teacher, once, and goes to grading without answers', async () => {
    const id = await publishedAssignment(here, { mode: 'paper' });
    expect((await start(here, id)).body.code).toBe('assignment-off-screen');
    const path = `/assignments/${id}/completions/${here.learnerId}`;
    const both = await Promise.all([byTeacher('PUT', path), byTeacher('PUT', path)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(both[0]?.body.attemptId).toBe(both[1]?.body.attemptId);
    const told = (await service.emitted(AttemptSubmitted)).filter(
      ({ data }) => data.assignmentId === id,
    );
    expect(told).toHaveLength(1);
    expect(told[0]?.data).toMatchObject({ handedInBy: 'teacher', learnerId: here.learnerId });
    const stranger = await byTeacher('PUT', `/assignments/${id}/completions/${newId()}`);
    expect(stranger.body.code).toBe('learner-not-found');
    const self = await publishedAssignment(here);
    const wrong = await byTeacher('PUT', `/assignments/${self}/completions/${here.learnerId}`);
    expect(wrong.body.code).toBe('assignment-on-screen');
  });
});

describe('an assignment made of another', () => {
  const schedule = {
    timeZone: 'Europe/Helsinki',
    opensLocal: '2030-10-20T08:00',
    dueLocal: '2030-10-25T18:00',
  };

  async function anotherClass(): Promise<Id> {
    const { institutionId, teacherId: personId } = here;
    const classId = newId();
    const room = { classId, name: 'B1 morning', status: 'active' as const };
    await service.deliver(ClassChanged, { institutionId, version: 1, data: room });
    const data = { enrolmentId: newId(), classId, personId, role: 'teacher' as const };
    await service.deliver(EnrolmentChanged, {
      ...{ institutionId, version: 1, data: { ...data, status: 'active' } },
    });
    return classId;
  }

  it('is a draft in another class, days later at the same time of day', async () => {
    const audience = { learnerIds: [here.learnerId] };
    const { body } = await draft(here, { ...schedule, maxAttempts: 3, audience });
    const classId = await anotherClass();
    const copy = await byTeacher('POST', `/assignments/${body.id}/copies`, {
      ...{ classId, shiftDays: 7 },
    });
    expect(copy.status).toBe(201);
    // Summer time is over by then, so the instant is an hour later.
    expect(copy.body).toMatchObject({
      ...{ classId, status: 'draft', maxAttempts: 3, dueLocal: '2030-11-01T18:00:00' },
      ...{ dueAt: '2030-11-01T16:00:00.000Z', audience: { lateJoiners: true } },
    });
    expect(copy.body.audience.learnerIds).toBeUndefined();
    const strange = { classId: newId() };
    const answer = await byTeacher('POST', `/assignments/${body.id}/copies`, strange);
    expect(answer.status).toBe(404);
  });

  it('comes of a template, beginning on a day', async () => {
    const { body } = await draft(here, schedule);
    const kept = await byTeacher('POST', '/assignment-templates', {
      ...{ assignmentId: body.id, name: 'Weekly homework' },
    });
    expect(kept.status).toBe(201);
    const listed = await byTeacher('GET', '/assignment-templates');
    expect(listed.body.items.map(({ id }: { id: Id }) => id)).toContain(kept.body.id);
    const use = (startsOn: string) =>
      byTeacher('POST', `/assignment-templates/${kept.body.id}/assignments`, {
        ...{ classId: here.classId, startsOn },
      });
    expect((await use('2031-01-06')).body).toMatchObject({
      ...{ opensLocal: '2031-01-06T08:00:00', dueLocal: '2031-01-11T18:00:00' },
      dueAt: '2031-01-11T16:00:00.000Z',
    });
    expect((await use('2031-02-30')).body.code).toBe('invalid-wall-time');
    const other = await world(service, { length: 1 });
    const mine = await service.request('GET', '/assignment-templates', { token: other.teacher });
    expect(mine.body.items).toEqual([]);
    const path = `/assignment-templates/${kept.body.id}`;
    expect((await byTeacher('DELETE', path)).status).toBe(204);
    expect((await byTeacher('DELETE', path)).status).toBe(404);
  });
});

describe('a class at a glance', () => {
  it('says who is at work, how far, and what was granted, with the counts', async () => {
    const there = await world(service, { length: 3, timeLimitSeconds: 600 });
    const { institutionId } = there;
    const otherId = newId();
    await enrol(there, otherId, 'learner', 'Otto Other');
    const id = await publishedAssignment(there);
    const { body } = await start(there, id);
    await save(there, body.id, [answers(1, 1, 'A'), answers(2, 1, 'goed')]);
    clock.move(60_000);
    await save(there, body.id, [answers(2, 2, 'went')]);
    const granted = { timeMultiplier: 1, extraSeconds: 0, extraAttempts: 1, extraDays: 0 };
    await service.request('PUT', `/accommodations/${there.learnerId}`, {
      ...{ token: there.teacher, headers: { 'if-match': '"0"' }, body: granted },
    });
    const glance = await service.request('GET', `/assignments/${id}/attempts`, {
      token: there.teacher,
    });
    expect(glance.body.counts).toMatchObject({ learners: 2, notStarted: 1, inProgress: 1 });
    expect(glance.body.items).toMatchObject([
      {
        ...{ displayName: 'Lea Learner', status: 'in-progress', answeredSlots: 2 },
        ...{ lastSavedAt: clock.in(0), secondsLeft: 540, hasAccommodation: true },
        ...{ hasOverride: false, endsAt: clock.in(540_000) },
      },
      { displayName: 'Otto Other', status: 'not-started', answeredSlots: 0 },
    ]);
    const token = await service.token({ institutionId, roles: ['teacher'] });
    const stranger = await service.request('GET', `/assignments/${id}/attempts`, { token });
    expect(stranger.status).toBe(404);
  });
});
