import { AttemptSubmitted } from '@parlance/events';
import { newId } from '@parlance/kernel';
import type { TraceView } from '@parlance/platform';
import { TEST_OPERATOR_SECRET, type TestService } from '@parlance/platform/testing';
import {
  answers,
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

async function begun(fields: object = {}, there = here): Promise<string> {
  return (await start(there, await publishedAssignment(there, fields))).body.id;
}

async function submitted(attemptId: string) {
  const told = await service.emitted(AttemptSubmitted);
  return told.filter(({ subject }) => subject === attemptId);
}

describe('submitting', () => {
  it('hands in the latest answers of every slot, in one event', async () => {
    const id = await begun({ dueAt: clock.in(HOUR_MS) });
    await save(here, id, [answers(1, 1, 'B'), answers(2, 1, 'goed')]);
    await save(here, id, [answers(2, 2, 'went')]);
    const { status, body } = await submit(here, id);
    expect(status).toBe(201);
    expect(body).toEqual({
      attemptId: id,
      status: 'submitted',
      submittedAt: clock.in(0),
      late: false,
    });
    const told = await submitted(id);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ sequence: 2, tenant: here.institutionId, subject: id });
    expect(told[0]?.data).toMatchObject({
      learnerId: here.learnerId,
      classId: here.classId,
      attemptNumber: 1,
      submittedAt: clock.in(0),
      dueAt: clock.in(HOUR_MS),
      items: [
        { slot: 1, itemVersionId: here.itemVersionIds[0], responses: { RESPONSE: 'B' } },
        { slot: 2, itemVersionId: here.itemVersionIds[1], responses: { RESPONSE: 'went' } },
        { slot: 3, itemVersionId: here.itemVersionIds[2], responses: { RESPONSE: null } },
      ],
    });
  });

  it('works without any answer', async () => {
    const id = await begun();
    expect((await submit(here, id)).status).toBe(201);
    const [told] = await submitted(id);
    expect(told?.data.items.map(({ responses }) => responses)).toEqual([
      { RESPONSE: null },
      { RESPONSE: null },
      { RESPONSE: null },
    ]);
  });

  it('gives a retry the same answer, even after the close', async () => {
    const id = await begun({ closesAt: clock.in(1000) });
    const key = newId();
    const first = await submit(here, id, key);
    clock.move(2000);
    const retry = await submit(here, id, key);
    expect([retry.status, retry.body]).toEqual([201, first.body]);
    expect(await submitted(id)).toHaveLength(1);
  });

  it('refuses a second submission and says when the first was', async () => {
    const id = await begun();
    const first = await submit(here, id);
    clock.move(1000);
    const second = await submit(here, id);
    expect([second.status, second.body.code]).toEqual([409, 'already-submitted']);
    expect(second.body.detail).toContain(first.body.submittedAt);
  });

  it('happens once when many requests do it at once', async () => {
    const id = await begun();
    const key = newId();
    const same = await Promise.all(Array.from({ length: 8 }, () => submit(here, id, key)));
    expect(new Set(same.map(({ status }) => status))).toEqual(new Set([201]));
    const other = await begun();
    const different = await Promise.all(Array.from({ length: 8 }, () => submit(here, other)));
    expect(different.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(409)]);
    expect([await submitted(id), await submitted(other)].map((told) => told.length)).toEqual([
      1, 1,
    ]);
  });

  it('loses no answer to a save at the same time', async () => {
    const id = await begun();
    const [saved] = await Promise.all([save(here, id, [answers(2, 1, 'went')]), submit(here, id)]);
    const [told] = await submitted(id);
    const expected = saved.status === 200 ? 'went' : null;
    expect(told?.data.items[1]?.responses).toEqual({ RESPONSE: expected });
  });

  it('is late after the due instant; after the close it is what the close handed in', async () => {
    const times = { dueAt: clock.in(1000), closesAt: clock.in(2000) };
    const inTime = await begun(times);
    const [late, closed] = [await begun(times), await begun(times)];
    clock.move(1000);
    expect((await submit(here, inTime)).body.late).toBe(false);
    clock.move(1);
    expect((await submit(here, late)).body.late).toBe(true);
    clock.move(999);
    await submit(here, closed);
    const [told] = await submitted(closed);
    // In the very millisecond of the close it is over, and was handed in at that instant.
    expect(told?.data).toMatchObject({ submittedAt: clock.in(0), handedInBy: 'learner' });
  });

  it('needs an Idempotency-Key', async () => {
    const id = await begun();
    const path = `/attempts/${id}/submission`;
    const answer = await service.request('POST', path, { token: here.learner, body: {} });
    expect([answer.status, answer.body.code]).toEqual([400, 'idempotency-key-required']);
  });

  it('does not exist for others', async () => {
    const id = await begun();
    const there = await world(service, { length: 1 });
    for (const token of [here.teacher, here.admin, there.learner, there.admin]) {
      const answer = await submit(here, id, newId(), token);
      expect([answer.status, answer.body.code]).toEqual([404, 'attempt-not-found']);
    }
    expect((await submit(here, newId())).status).toBe(404);
    expect(await submitted(id)).toEqual([]);
  });

  it('is found by the trace of its request', async () => {
    const id = await begun();
    const { headers } = await submit(here, id);
    const url = `http://127.0.0.1:${service.port}/internal/traces/${headers.get('x-request-id')}`;
    const operator = { authorization: `Operator ${TEST_OPERATOR_SECRET}` };
    const body = (await (await fetch(url, { headers: operator })).json()) as TraceView;
    expect(body.outbox).toHaveLength(1);
    expect(body.records).toEqual([
      { noun: 'attempt', rows: [expect.objectContaining({ id, status: 'submitted', version: 2 })] },
    ]);
  });
});

describe('a form of 28 items', () => {
  it('is saved in one request and handed in whole', async () => {
    const long = await world(service, { length: 28 });
    const id = await begun({}, long);
    const batch = Array.from({ length: 28 }, (_, index) =>
      answers(index + 1, 1, index % 3 === 0 ? 'C' : `answer ${index + 1}`),
    );
    const saved = await save(long, id, batch);
    expect(saved.body.slots).toHaveLength(28);
    expect((await submit(long, id)).status).toBe(201);
    const [told] = await submitted(id);
    expect(told?.data.items.map(({ slot, responses }) => ({ slot, responses }))).toEqual(
      batch.map(({ slot, responses }) => ({ slot, responses })),
    );
  });

  it('hands in essays larger than a message can carry', async () => {
    const long = await world(service, { length: 12 });
    const id = await begun({}, long);
    for (const slot of [3, 6, 9, 12]) {
      await save(long, id, [answers(slot, 1, 'x'.repeat(65_536))]);
    }
    expect((await submit(long, id)).status).toBe(201);
  });
});

describe('tracking', () => {
  it('shows every learner by name, with counts, in pages', async () => {
    const there = await world(service, { length: 1 });
    const { institutionId } = there;
    const people = ['Ada', 'Bo', 'Cy', 'Ada'].map((name) => ({ name, id: newId() }));
    for (const { id, name } of people) await enrol(there, id, 'learner', name);
    const assignmentId = await publishedAssignment(there, { dueAt: clock.in(0) });
    const token = (personId = '') => service.token({ personId, institutionId, roles: ['learner'] });
    const first = await start(there, assignmentId, await token(people[1]?.id));
    const second = await start(there, assignmentId, await token(people[2]?.id));
    clock.move(1);
    await submit(there, second.body.id, newId(), await token(people[2]?.id));

    const page = (query: string) =>
      service.request('GET', `/assignments/${assignmentId}/attempts?limit=2${query}`, {
        token: there.teacher,
      });
    const items: { displayName: string; learnerId: string; status: string }[] = [];
    let cursor = '';
    do {
      const { body } = await page(cursor);
      expect(body.counts).toEqual({
        learners: 5,
        notStarted: 3,
        inProgress: 1,
        submitted: 1,
        late: 1,
      });
      items.push(...body.items);
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(items.map(({ displayName, status }) => [displayName, status])).toEqual([
      ['Ada', 'not-started'],
      ['Ada', 'not-started'],
      ['Bo', 'in-progress'],
      ['Cy', 'submitted'],
      ['Lea Learner', 'not-started'],
    ]);
    expect(items[2]).toMatchObject({ attemptId: first.body.id, startedAt: expect.any(String) });
    expect(items[3]).toMatchObject({ submittedAt: clock.in(0), late: true });
    expect(new Set(items.map(({ learnerId }) => learnerId)).size).toBe(5);
  });
});
