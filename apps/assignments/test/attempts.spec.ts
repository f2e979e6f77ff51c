import { EnrolmentChanged } from '@parlance/events';
import { newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import {
  answers,
  deliverTest,
  enrol,
  HOUR_MS,
  publishedAssignment,
  save,
  SetClock,
  start,
  startAssignments,
  submit,
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

const get = (id: string, token: string) => service.request('GET', `/attempts/${id}`, { token });

describe('an attempt', () => {
  it('shows every item in its section, and nothing is answered yet', async () => {
    const id = await publishedAssignment(here, { closesAt: clock.in(HOUR_MS) });
    const { status, body } = await start(here, id);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      assignmentId: id,
      learnerId: here.learnerId,
      attemptNumber: 1,
      status: 'in-progress',
      startedAt: clock.in(0),
      closesAt: clock.in(HOUR_MS),
      sections: [
        { id: 'S1', title: 'Warm-up', instructions: [], items: [{ slot: 1 }] },
        { id: 'S2', title: 'Main part', items: [{ slot: 2 }, { slot: 3 }] },
      ],
    });
    expect(body.sections[1].items[0]).toMatchObject({
      itemVersionId: here.itemVersionIds[1],
      identifier: 'item-1',
      pointsPossible: 1,
      responses: {},
      sequence: 0,
    });
  });

  it('is returned again, with what was saved and in the same order', async () => {
    const id = await publishedAssignment(here);
    const first = await start(here, id);
    await save(here, first.body.id, [answers(2, 7, 'went')]);
    const again = await start(here, id);
    expect(again.status).toBe(201);
    expect(again.body.id).toBe(first.body.id);
    expect(again.body.sections[1].items[0]).toMatchObject({
      responses: { RESPONSE: 'went' },
      sequence: 7,
    });
    const choices = (body: { sections: { items: { delivery: unknown }[] }[] }) =>
      body.sections[0]?.items[0]?.delivery;
    expect(choices(again.body)).toEqual(choices(first.body));
  });

  it('is one, however many requests start it at once', async () => {
    const id = await publishedAssignment(here, { maxAttempts: 5 });
    const started = await Promise.all(Array.from({ length: 12 }, () => start(here, id)));
    expect(new Set(started.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(started.map(({ body }) => body.id)).size).toBe(1);
    expect(started[0]?.body.attemptNumber).toBe(1);
  });

  it('is followed by others up to the number allowed', async () => {
    const id = await publishedAssignment(here, { maxAttempts: 2 });
    for (const attemptNumber of [1, 2]) {
      const { body } = await start(here, id);
      expect(body.attemptNumber).toBe(attemptNumber);
      await submit(here, body.id);
    }
    const third = await start(here, id);
    expect([third.status, third.body.code]).toEqual([409, 'no-attempts-left']);
  });

  it('keeps its test version when a newer one is published', async () => {
    const there = await world(service, { length: 2 });
    const id = await publishedAssignment(there);
    const shorter = there.itemVersionIds.slice(0, 1);
    const newest = { ...there, testVersionId: newId(), itemVersionIds: shorter };
    await deliverTest(newest, { versionNumber: 2 });
    const [before, after] = [
      await start(there, id),
      await start(there, await publishedAssignment(there)),
    ];
    expect([before.body.sections.length, after.body.sections.length]).toEqual([2, 1]);
  });
});

describe('starting is refused', () => {
  it('before the assignment opens', async () => {
    const id = await publishedAssignment(here, { opensAt: clock.in(1) });
    expect((await start(here, id)).body.code).toBe('assignment-not-open');
    clock.move(1);
    expect((await start(here, id)).status).toBe(201);
  });

  it('once it is closed', async () => {
    const id = await publishedAssignment(here, { closesAt: clock.in(1000) });
    clock.move(1000);
    const answer = await start(here, id);
    expect([answer.status, answer.body.code]).toEqual([409, 'assignment-closed']);
  });

  it('once it is withdrawn', async () => {
    const id = await publishedAssignment(here);
    await service.request('DELETE', `/assignments/${id}/publication`, { token: here.teacher });
    expect((await start(here, id)).body.code).toBe('assignment-withdrawn');
  });

  it('to whoever is no learner of the class', async () => {
    const id = await publishedAssignment(here);
    const { institutionId } = here;
    const stranger = await service.token({ institutionId, roles: ['learner'] });
    expect((await start(here, id, stranger)).status).toBe(404);
    expect((await start(here, id, here.teacher)).status).toBe(403);
    expect((await start(here, newId())).status).toBe(404);
    expect((await start(here, 'nothing')).status).toBe(404);
    const both = await service.token({
      personId: here.teacherId,
      institutionId,
      roles: ['teacher', 'learner'],
    });
    expect((await start(here, id, both)).status).toBe(404);
  });

  it('to a learner of another institution', async () => {
    const there = await world(service, { length: 1 });
    const id = await publishedAssignment(here);
    expect((await start(here, id, there.learner)).status).toBe(404);
  });

  it('to a learner whose enrolment ended, even when its beginning arrives last', async () => {
    const id = await publishedAssignment(here);
    const { institutionId, classId } = here;
    const personId = newId();
    const token = await service.token({ personId, institutionId, roles: ['learner'] });
    const enrolment = { enrolmentId: newId(), classId, personId, role: 'learner' as const };
    for (const [version, status] of [
      [2, 'ended'],
      [1, 'active'],
    ] as const) {
      const data = { ...enrolment, status };
      await service.deliver(EnrolmentChanged, { institutionId, version, data });
    }
    expect((await start(here, id, token)).status).toBe(404);
    await enrol(here, personId, 'learner', 'Back Again');
    expect((await start(here, id, token)).status).toBe(201);
  });
});

describe('a time limit', () => {
  it('stops saving, but not handing in what was saved', async () => {
    const timed = await world(service, { length: 2, timeLimitSeconds: 60 });
    const id = await publishedAssignment(timed, { closesAt: clock.in(HOUR_MS) });
    const { body } = await start(timed, id);
    expect(body.closesAt).toBe(clock.in(60_000));
    await save(timed, body.id, [answers(2, 1, 'went')]);
    clock.move(60_000);
    const late = await save(timed, body.id, [answers(2, 2, 'gone')]);
    expect([late.status, late.body.code]).toEqual([409, 'attempt-time-over']);
    expect((await submit(timed, body.id)).status).toBe(201);
    const seen = await get(body.id, timed.learner);
    expect(seen.body.sections[1].items[0].responses).toEqual({ RESPONSE: 'went' });
  });
});

describe('looking at an attempt', () => {
  it('is for its learner and for teachers of the class', async () => {
    const id = await publishedAssignment(here);
    const { body } = await start(here, id);
    const { institutionId } = here;
    for (const token of [here.learner, here.teacher, here.admin]) {
      const seen = await get(body.id, token);
      expect([seen.status, seen.body.id]).toEqual([200, body.id]);
    }
    const classmateId = newId();
    await enrol(here, classmateId, 'learner', 'Class Mate');
    const there = await world(service, { length: 1 });
    const others = [
      await service.token({ personId: classmateId, institutionId, roles: ['learner'] }),
      await service.token({ institutionId, roles: ['teacher'] }),
      there.admin,
    ];
    for (const token of others) expect((await get(body.id, token)).status).toBe(404);
  });

  it('never lets a teacher write into it', async () => {
    const id = await publishedAssignment(here);
    const { body } = await start(here, id);
    const saved = await save(here, body.id, [answers(2, 1, 'x')], here.teacher);
    expect([saved.status, saved.body.code]).toEqual([404, 'attempt-not-found']);
    expect((await submit(here, body.id, newId(), here.teacher)).status).toBe(404);
  });
});
