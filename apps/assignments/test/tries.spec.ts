import { AttemptSubmitted } from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import {
  answers,
  HOUR_MS,
  save,
  SetClock,
  startAssignments,
  submit,
  type World,
} from './builders.js';
import { answerTry, begun, readTries, toldTries, tryingWorld, tryWith } from './trying.js';

const clock = new SetClock();
let service: TestService;
let here: World;

beforeAll(async () => {
  service = await startAssignments(clock);
  here = await tryingWorld(service);
});
afterAll(() => service.stop());

describe('a try', () => {
  it('is taken, told to grading with those before it, and shown with its result', async () => {
    const id = await begun(here);
    const first = await tryWith(here, id, 1, 'tea');
    const resultAt = `/api/v1/attempts/${id}/items/1/tries`;
    expect([first.status, first.body]).toEqual([202, { number: 1, triesLeft: 2, resultAt }]);
    expect((await tryWith(here, id, 2, 'She tea.')).body).toMatchObject({
      number: 2,
      triesLeft: 1,
    });
    const of = { attemptId: id, slot: 1, itemVersionId: here.itemVersionIds[0] };
    expect(await toldTries(here, id)).toMatchObject([
      { ...of, tries: [{ RESPONSE: 'tea', WHY: null }] },
      { ...of, tries: [{ RESPONSE: 'tea' }, { RESPONSE: 'She tea.', WHY: null }] },
    ]);
    const waiting = await readTries(here, id);
    expect(waiting.body).toMatchObject({ maxTries: 3, triesLeft: 1 });
    expect(waiting.body.items[0]).toEqual({
      ...{ number: 1, sequence: 1, responses: { RESPONSE: 'tea', WHY: null } },
      triedAt: clock.in(0),
    });
    // The second may be answered before the first; each finds its own.
    await answerTry(here, id, 2, { points: 0.5, pointsPossible: 1 });
    const content = [{ kind: 'text', text: 'Write a full sentence.' }];
    await answerTry(here, id, 1, { feedback: [{ responseId: 'RESPONSE', content }] });
    const { items } = (await readTries(here, id)).body;
    const scoredAt = '2026-03-02T09:00:00.000Z';
    const said = { completed: false, counted: true, scoredAt };
    expect(items.map(({ result }: { result: unknown }) => result)).toEqual([
      { ...said, feedback: [{ responseId: 'RESPONSE', content }] },
      { ...said, feedback: [], points: 0.5, pointsPossible: 1 },
    ]);
  });

  it('saves its answers too', async () => {
    const id = await begun(here);
    await tryWith(here, id, 3, 'tea');
    const { body } = await service.request('GET', `/attempts/${id}`, { token: here.learner });
    const [item] = body.sections[0].items;
    expect(item).toMatchObject({ responses: { RESPONSE: 'tea' }, sequence: 3 });
    expect(item.delivery.tries).toBe(3);
    expect((await save(here, id, [answers(1, 3, 'x')])).body.slots[0].outcome).toBe('stale');
  });

  it('is made once for a key, at once or later, also after the end', async () => {
    const id = await begun(here, { closesAt: clock.in(HOUR_MS) });
    const key = newId();
    const same = await Promise.all([1, 2, 3].map(() => tryWith(here, id, 1, 'tea', { key })));
    expect(same.map(({ body }) => body.number)).toEqual([1, 1, 1]);
    const other = await tryWith(here, id, 1, 'coffee', { key });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
    clock.move(HOUR_MS);
    const late = await tryWith(here, id, 1, 'tea', { key });
    expect([late.status, late.body.number]).toEqual([202, 1]);
    expect((await tryWith(here, id, 2, 'late')).body.code).toBe('assignment-closed');
    expect(await toldTries(here, id)).toHaveLength(1);
    const keyless = await service.request('POST', `/attempts/${id}/items/1/tries`, {
      ...{ token: here.learner, body: { sequence: 5, responses: {} } },
    });
    expect([keyless.status, keyless.body.code]).toEqual([400, 'idempotency-key-required']);
  });

  it('that repeats the last one under another key is that one; an older one is refused', async () => {
    const id = await begun(here);
    await tryWith(here, id, 5, 'tea');
    expect((await tryWith(here, id, 5, 'tea')).body).toMatchObject({ number: 1, triesLeft: 2 });
    for (const [sequence, value] of [
      [5, 'coffee'],
      [4, 'tea'],
    ] as const) {
      const { status, body } = await tryWith(here, id, sequence, value);
      expect([status, body.code]).toEqual([409, 'try-out-of-order']);
    }
    expect(await toldTries(here, id)).toHaveLength(1);
  });

  it('is one of as many as the item allows, however many come at once', async () => {
    const id = await begun(here);
    const all = await Promise.all(
      [1, 2, 3, 4, 5, 6].map((one) => tryWith(here, id, 7, `tea ${one}`)),
    );
    const statuses = all.map(({ status }) => status).sort();
    expect(statuses).toEqual([202, 409, 409, 409, 409, 409]);
    await tryWith(here, id, 8, 'b');
    expect((await tryWith(here, id, 9, 'c')).body).toMatchObject({ number: 3, triesLeft: 0 });
    const { status, body } = await tryWith(here, id, 10, 'd');
    expect([status, body.code]).toEqual([409, 'no-tries-left']);
  });

  it('is refused once the item is completed, and does not count before that is known', async () => {
    const id = await begun(here);
    await tryWith(here, id, 1, 'She likes tea.');
    await tryWith(here, id, 2, 'coffee');
    await answerTry(here, id, 1, { completed: true });
    await answerTry(here, id, 2, { completed: true, triesCounted: 1 });
    const { body } = await readTries(here, id);
    expect(body.triesLeft).toBe(0);
    const counted = body.items.map(
      ({ result }: { result: { counted: boolean } }) => result.counted,
    );
    expect(counted).toEqual([true, false]);
    const more = await tryWith(here, id, 3, 'tea');
    expect([more.status, more.body.code]).toEqual([409, 'item-completed']);
  });

  it('keeps its first result when another comes', async () => {
    const id = await begun(here);
    await tryWith(here, id, 1, 'tea');
    await answerTry(here, id, 1, { completed: true });
    await answerTry(here, id, 1, { completed: false });
    expect((await readTries(here, id)).body.items[0].result.completed).toBe(true);
  });

  it('that is not known makes its result a dead letter', async () => {
    await expect(answerTry(here, newId(), 1)).rejects.toThrow('dead letter');
  });
});

describe('what is handed in', () => {
  const handedIn = async (id: Id) => {
    await submit(here, id);
    const events = await service.emitted(AttemptSubmitted);
    return events.find(({ subject }) => subject === id)?.data.items[0];
  };

  it('is the last try, with those before it', async () => {
    const id = await begun(here);
    await tryWith(here, id, 1, 'tea', { more: { deviceTime: 'yesterday' } });
    await tryWith(here, id, 2, 'She likes tea\u0000.');
    expect(await handedIn(id)).toMatchObject({
      responses: { RESPONSE: 'She likes tea.', WHY: null },
      tries: [{ RESPONSE: 'tea', WHY: null }],
    });
  });

  it('is what was saved after the last try, as one try more', async () => {
    const id = await begun(here);
    await tryWith(here, id, 1, 'tea');
    await save(here, id, [answers(1, 2, 'She likes')]);
    expect(await handedIn(id)).toMatchObject({
      responses: { RESPONSE: 'She likes', WHY: null },
      tries: [{ RESPONSE: 'tea', WHY: null }],
    });
  });

  it('is what was saved, where nothing was tried', async () => {
    const id = await begun(here);
    await save(here, id, [answers(1, 2, 'She likes')]);
    const item = await handedIn(id);
    expect(item?.responses).toEqual({ RESPONSE: 'She likes', WHY: null });
    expect(item).not.toHaveProperty('tries');
  });
});
