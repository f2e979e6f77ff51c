import type { TestService } from '@parlance/platform/testing';
import {
  publishedAssignment,
  SetClock,
  start,
  startAssignments,
  submit,
  type World,
  world,
} from './builders.js';
import { begun, readTries, toldTries, TRIED, tryingWorld, tryWith } from './trying.js';

const clock = new SetClock();
let service: TestService;
let here: World;

beforeAll(async () => {
  service = await startAssignments(clock);
  here = await tryingWorld(service);
});
afterAll(() => service.stop());

describe('trying is for', () => {
  it('the learner of the attempt alone', async () => {
    const id = await begun(here);
    await tryWith(here, id, 1, 'tea');
    const there = await world(service, { length: 1 });
    const { institutionId } = here;
    const classmate = await service.token({ institutionId, roles: ['learner'] });
    for (const token of [classmate, there.learner]) {
      const made = await tryWith(here, id, 2, 'x', { token });
      expect([made.status, made.body.code]).toEqual([404, 'attempt-not-found']);
      expect((await readTries(here, id, token)).status).toBe(404);
    }
    expect((await tryWith(here, id, 2, 'x', { token: here.teacher })).status).toBe(403);
    expect((await readTries(here, id, here.teacher)).status).toBe(403);
    const nobody = await service.request('POST', `/attempts/${id}/items/1/tries`, { body: {} });
    expect(nobody.status).toBe(401);
    const rows = await service.database.inInstitution(there.institutionId, (tx) =>
      tx.query('SELECT 1 FROM item_try WHERE attempt_id = $1', [id]),
    );
    expect(rows).toEqual([]);
    expect(await toldTries(here, id)).toHaveLength(1);
  });

  it('attempts that are open', async () => {
    const id = await begun(here);
    await submit(here, id);
    const { status, body } = await tryWith(here, id, 1, 'tea');
    expect([status, body.code]).toEqual([409, 'attempt-submitted']);
    expect((await readTries(here, id)).body).toEqual({ maxTries: 3, triesLeft: 0, items: [] });
    const withdrawn = await publishedAssignment(here);
    const attempt = (await start(here, withdrawn)).body.id;
    const path = `/assignments/${withdrawn}/publication`;
    await service.request('DELETE', path, { token: here.teacher });
    expect((await tryWith(here, attempt, 1, 'tea')).body.code).toBe('assignment-withdrawn');
  });

  it('the device that writes', async () => {
    const id = await begun(here);
    const claim = (deviceId: string) =>
      service.request('PUT', `/attempts/${id}/writer`, {
        ...{ token: here.learner, body: { deviceId, takeOver: true } },
      });
    const [phone, tablet] = [(await claim('phone')).body, (await claim('tablet')).body];
    const by = (lease?: string) => tryWith(here, id, 1, 'tea', { more: { lease } });
    expect((await by()).body.code).toBe('attempt-on-another-device');
    expect((await by(phone.lease)).body.code).toBe('attempt-taken-over');
    expect((await by(tablet.lease)).status).toBe(202);
  });

  it('items with tries', async () => {
    const id = await begun(here);
    const once = await tryWith(here, id, 1, 'A', { slot: 2 });
    expect([once.status, once.body.code]).toEqual([409, 'item-answered-once']);
    expect((await readTries(here, id, here.learner, 2)).body.code).toBe('item-answered-once');
    for (const slot of [0, 3, 99]) {
      expect((await tryWith(here, id, 1, 'A', { slot })).body.code).toBe('item-not-found');
    }
    expect((await tryWith(here, id, 1, 'A', { slot: 'one' })).status).toBe(400);
  });
});

describe('a try is refused, and nothing of it kept,', () => {
  it.each<[string, number, unknown, object, number, string, string | undefined]>([
    ['of 10 MB', 1, 'x'.repeat(10_000_000), {}, 413, 'body-too-large', undefined],
    [
      'with an answer too large',
      ...([1, 'x'.repeat(1_048_577), {}, 422, 'answer-too-large', '/responses/RESPONSE'] as const),
    ],
    ['of a wrong type', 1, ['a'], {}, 422, 'invalid-responses', '/responses/RESPONSE'],
    ['without a count', 0, 'a', {}, 400, 'invalid-input', '/sequence'],
    ['with points', 1, 'a', { points: 1 }, 400, 'invalid-input', '/points'],
    ['with a list of answers', 1, 'a', { responses: [] }, 400, 'invalid-input', '/responses'],
    [
      'of an answer not asked for',
      ...([
        1,
        'a',
        { responses: { KEY: 'x' } },
        422,
        'invalid-responses',
        '/responses/KEY',
      ] as const),
    ],
  ])('%s', async (_, sequence, value, more, status, code, pointer) => {
    const id = await begun(here);
    const answer = await tryWith(here, id, sequence, value, { more });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.errors?.[0]?.pointer).toBe(pointer);
    expect((await readTries(here, id)).body.items).toEqual([]);
  });

  it('when all of the attempt becomes too much', async () => {
    const there = await tryingWorld(service, { ...TRIED, tries: 20 });
    const id = await begun(there);
    const large = 'x'.repeat(1_048_000);
    const statuses = [];
    for (let sequence = 1; sequence <= 8; sequence += 1) {
      const given = { token: there.learner, more: { responses: { WHY: large } } };
      statuses.push((await tryWith(here, id, sequence, null, given)).status);
    }
    // A try and what is saved of it count both, and 8 MiB hold eight such answers.
    expect(statuses).toEqual([...Array(7).fill(202), 422]);
    expect((await readTries(here, id, there.learner)).body.items).toHaveLength(7);
  });
});
