import { AttemptReopened, AttemptSubmitted } from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import { compactVerify, createLocalJWKSet } from 'jose';
import { Sweeper } from '../src/sweeper.js';
import {
  answers,
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

const ask = (method: string, path: string, body?: object, token = here.learner) =>
  service.request(method, `/attempts/${path}`, { token, ...(body && { body }) });
const begun = async (fields: object = {}) =>
  (await start(here, await publishedAssignment(here, fields))).body.id as Id;
const claim = (id: Id, deviceId: string, takeOver = false) =>
  ask('PUT', `${id}/writer`, { deviceId, takeOver });
const saveWith = (id: Id, lease: Id | undefined, batch: object[], more: object = {}) =>
  ask('PUT', `${id}/responses`, { responses: batch, ...(lease && { lease }), ...more });
const shown = async (id: Id) =>
  (await ask('GET', id)).body.sections
    .flatMap(({ items }: { items: { responses: { RESPONSE?: unknown } }[] }) => items)
    .map(({ responses }: { responses: { RESPONSE?: unknown } }) => responses.RESPONSE);
const submitted = async (id: Id) =>
  (await service.emitted(AttemptSubmitted)).filter(({ subject }) => subject === id);

describe('two devices', () => {
  it('take turns: the one that took over writes, the other reads', async () => {
    const id = await begun();
    const { lease: phone } = (await claim(id, 'phone')).body;
    expect((await saveWith(id, phone, [answers(2, 1, 'went')])).status).toBe(200);
    expect((await claim(id, 'tablet')).body.code).toBe('attempt-on-another-device');
    expect((await save(here, id, [answers(2, 2, 'x')])).body.code).toBe(
      'attempt-on-another-device',
    );
    const { lease: tablet } = (await claim(id, 'tablet', true)).body;
    const old = await saveWith(id, phone, [answers(2, 2, 'goed')]);
    expect([old.status, old.body.code]).toEqual([409, 'attempt-taken-over']);
    expect((await saveWith(id, tablet, [answers(2, 3, 'gone')])).status).toBe(200);
    expect((await ask('GET', id)).body.writerDeviceId).toBe('tablet');
    expect(await shown(id)).toEqual([undefined, 'gone', undefined]);
    const stale = await submit(here, id);
    expect(stale.body.code).toBe('attempt-on-another-device');
  });

  it('that answer at the same moment are told apart, and one of them is kept', async () => {
    const id = await begun();
    const leases = await Promise.all(
      ['a', 'b', 'c'].map(async (device) => (await claim(id, device, true)).body.lease as Id),
    );
    const saves = await Promise.all(
      leases.map((lease, index) => saveWith(id, lease, [answers(2, index + 1, `answer ${index}`)])),
    );
    const kept = saves.flatMap(({ status }, index) => (status === 200 ? [`answer ${index}`] : []));
    expect(kept).toHaveLength(1);
    expect((await shown(id))[1]).toBe(kept[0]);
  });

  it('keep the claims of their clocks, however wrong, and go by the server', async () => {
    const id = await begun({ closesAt: clock.in(HOUR_MS) });
    for (const [index, deviceTime] of [
      '2019-01-01T00:00:00Z',
      '2099-01-01T00:00:00Z',
      'x',
    ].entries()) {
      const batch = [answers(2, index + 1, `answer ${index}`)];
      const { status, body } = await saveWith(id, undefined, batch, { deviceId: 'd', deviceTime });
      expect([status, body.savedAt]).toEqual([200, clock.in(0)]);
    }
    clock.move(HOUR_MS);
    const late = await saveWith(id, undefined, [answers(2, 9, 'x')], {
      deviceTime: clock.in(-HOUR_MS),
    });
    expect(late.body.code).toBe('assignment-closed');
  });
});

describe('work without a connection', () => {
  const take = (id: Id, deviceId: string, takeOver = false) =>
    ask('POST', `${id}/bundles`, { deviceId, takeOver });
  const bringBack = (id: Id, evidence: string, given: object[]) =>
    ask('POST', `${id}/offline-responses`, { evidence, answers: given });
  const outcomes = ({ body }: { body: { answers: { outcome: string }[] } }) =>
    body.answers.map(({ outcome }) => outcome);

  it('goes by a signed bundle without a key, and comes back merged by slot', async () => {
    const id = await begun({ closesAt: clock.in(HOUR_MS) });
    await save(here, id, [answers(1, 1, 'A')]);
    const { status, body } = await take(id, 'tablet');
    expect(status).toBe(201);
    const keys = await service.request('GET', '/offline-keys');
    const { payload } = await compactVerify(body.bundle, createLocalJWKSet(keys.body));
    const bundle = JSON.parse(Buffer.from(payload).toString());
    expect(bundle).toMatchObject({ attemptId: id, deviceId: 'tablet', lease: body.lease });
    expect(bundle.sections[1].items).toHaveLength(2);
    expect(JSON.stringify(bundle)).not.toMatch(/correct|scoring|mapping/i);
    clock.move(2 * HOUR_MS);
    await service.get(Sweeper).sweep();
    expect((await ask('GET', id)).body).toMatchObject({ status: 'in-progress', ended: true });
    const back = await bringBack(id, body.evidence, [
      { ...answers(2, 1, 'goed'), elapsedMs: 60_000 },
      { ...answers(2, 2, 'went'), elapsedMs: 90_000, deviceTime: '2001-01-01T00:00:00Z' },
      { ...answers(1, 1, 'B'), elapsedMs: 90_000 },
      { ...answers(3, 1, 'An essay.'), elapsedMs: HOUR_MS },
      { ...answers(3, 2, 'Another.') },
      { ...answers(9, 1, 'x'), elapsedMs: 1 },
    ]);
    expect(outcomes(back)).toEqual([
      'stale',
      'saved',
      'stale',
      'answered-after-end',
      'answered-after-end',
      'invalid',
    ]);
    expect(await shown(id)).toEqual(['A', 'went', undefined]);
    expect((await submit(here, id)).body.code).toBe('attempt-on-another-device');
    clock.move(24 * HOUR_MS);
    await service.get(Sweeper).sweep();
    const [told] = await submitted(id);
    expect(told?.data).toMatchObject({ handedInBy: 'time', submittedAt: clock.in(-25 * HOUR_MS) });
    const late = await bringBack(id, body.evidence, [{ ...answers(2, 7, 'x'), elapsedMs: 1 }]);
    expect(outcomes(late)).toEqual(['attempt-submitted']);
    const rows = await service.database.inInstitution(here.institutionId, (tx) =>
      tx.query('SELECT outcome FROM offline_response WHERE attempt_id = $1', [id]),
    );
    expect(rows).toHaveLength(6);
  });

  it('of a device that was taken over keeps what the other has not touched', async () => {
    const id = await begun();
    const { evidence } = (await take(id, 'tablet')).body;
    clock.move(1000);
    const { lease } = (await claim(id, 'phone', true)).body;
    await saveWith(id, lease, [answers(2, 1, 'went')]);
    const back = await bringBack(id, evidence, [
      { ...answers(2, 50, 'goed'), elapsedMs: 10 },
      { ...answers(3, 1, 'An essay.'), elapsedMs: 10 },
    ]);
    expect(outcomes(back)).toEqual(['superseded', 'saved']);
    expect(await shown(id)).toEqual([undefined, 'went', 'An essay.']);
  });

  it('is refused with the evidence of another attempt, or none of ours', async () => {
    const [one, other] = [await begun(), await begun()];
    const { evidence, bundle } = (await take(one, 'tablet')).body;
    for (const [id, proof] of [
      [other, evidence],
      [one, bundle.slice(0, 3000)],
      [one, 'x'],
    ] as const) {
      const answer = await bringBack(id, proof, [{ ...answers(2, 1, 'x'), elapsedMs: 1 }]);
      expect([answer.status, answer.body.code]).toEqual([422, 'invalid-evidence']);
    }
    expect((await ask('POST', `${one}/bundles`, { deviceId: 'd' }, here.teacher)).status).toBe(403);
  });
});

describe('opening again', () => {
  const reopen = (id: Id, body: object, token = here.teacher) =>
    service.request('POST', `/attempts/${id}/reopenings`, {
      ...{ token, body, headers: { 'idempotency-key': newId() } },
    });

  it('lets the learner work on with what was there, and hands in anew', async () => {
    const id = await begun({ closesAt: clock.in(1000) });
    await save(here, id, [answers(2, 1, 'goed')]);
    await submit(here, id);
    clock.move(HOUR_MS);
    expect((await reopen(id, { kind: 'continue', minutes: 30 }, here.learner)).status).toBe(403);
    expect((await reopen(id, { kind: 'continue', minutes: 30 })).status).toBe(201);
    expect((await ask('GET', id)).body).toMatchObject({
      ...{ status: 'in-progress', closesAt: clock.in(1_800_000) },
    });
    expect((await reopen(id, { kind: 'continue' })).body.code).toBe('attempt-not-submitted');
    expect((await save(here, id, [answers(2, 2, 'went')])).status).toBe(200);
    await submit(here, id);
    const told = await submitted(id);
    expect(told.map(({ sequence }) => sequence)).toEqual([2, 4]);
    expect(told[1]?.data.items[1]?.responses).toEqual({ RESPONSE: 'went' });
    const events = await service.emitted(AttemptReopened);
    const [event] = events.filter(({ subject }) => subject === id);
    expect(event).toMatchObject({ sequence: 3, data: { kind: 'continue' } });
  });

  it('gives an attempt more, or tells again what was handed in', async () => {
    const assignmentId = await publishedAssignment(here);
    const { id } = (await start(here, assignmentId)).body;
    await save(here, id, [answers(2, 1, 'went')]);
    await submit(here, id);
    expect((await start(here, assignmentId)).body.code).toBe('no-attempts-left');
    await reopen(id, { kind: 'regrade-only' });
    const told = await submitted(id);
    expect(told).toHaveLength(2);
    expect(told[1]?.data).toEqual(told[0]?.data);
    await reopen(id, { kind: 'new-attempt', reason: 'sound was broken' });
    expect((await start(here, assignmentId)).body.attemptNumber).toBe(2);
  });
});
