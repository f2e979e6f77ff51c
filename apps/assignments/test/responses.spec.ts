import type { TestService } from '@parlance/platform/testing';
import {
  answers,
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

async function begun(fields: object = {}): Promise<string> {
  return (await start(here, await publishedAssignment(here, fields))).body.id;
}

async function shown(attemptId: string): Promise<unknown[]> {
  const { body } = await service.request('GET', `/attempts/${attemptId}`, { token: here.learner });
  return body.sections.flatMap((section: { items: { responses: unknown }[] }) =>
    section.items.map(({ responses }) => responses),
  );
}

describe('saving', () => {
  it('says what was saved and when', async () => {
    const id = await begun();
    const { status, body } = await save(here, id, [answers(1, 1, 'B'), answers(2, 1, 'went')]);
    expect(status).toBe(200);
    expect(body).toEqual({
      savedAt: clock.in(0),
      slots: [
        { slot: 1, sequence: 1, outcome: 'saved' },
        { slot: 2, sequence: 1, outcome: 'saved' },
      ],
    });
  });

  it('keeps the highest sequence and calls lower ones stale', async () => {
    const id = await begun();
    await save(here, id, [answers(2, 5, 'went')]);
    const late = await save(here, id, [answers(2, 4, 'goed'), answers(3, 1, 'An essay.')]);
    expect(late.body.slots).toEqual([
      { slot: 2, sequence: 4, outcome: 'stale' },
      { slot: 3, sequence: 1, outcome: 'saved' },
    ]);
    const other = await save(here, id, [answers(2, 5, 'gone')]);
    expect(other.body.slots[0].outcome).toBe('stale');
    expect(await shown(id)).toEqual([{}, { RESPONSE: 'went' }, { RESPONSE: 'An essay.' }]);
  });

  it('calls a repetition of what is saved saved', async () => {
    const id = await begun();
    const batch = [answers(2, 5, 'went')];
    await save(here, id, batch);
    expect((await save(here, id, batch)).body.slots[0].outcome).toBe('saved');
  });

  it('takes parallel saves of one slot in any order', async () => {
    const id = await begun();
    const saves = Array.from({ length: 10 }, (_, index) =>
      save(here, id, [answers(2, index + 1, `try ${index + 1}`)]),
    );
    const statuses = (await Promise.all(saves)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect((await shown(id))[1]).toEqual({ RESPONSE: 'try 10' });
  });

  it('takes an answer back with null', async () => {
    const id = await begun();
    await save(here, id, [answers(2, 1, 'went')]);
    await save(here, id, [answers(2, 2, null)]);
    expect((await shown(id))[1]).toEqual({ RESPONSE: null });
  });

  it('takes what learners paste', async () => {
    const id = await begun();
    const essay = 'Don\u2019t\u0000 panic \ud83d\ude00 \udfff \u202e';
    expect((await save(here, id, [answers(3, 1, essay)])).status).toBe(200);
    expect((await shown(id))[2]).toEqual({
      RESPONSE: 'Don\u2019t panic \ud83d\ude00 \ufffd \u202e',
    });
  });

  it.each([
    [[answers(4, 1, 'x')], 422, 'invalid-responses', '/responses/0/slot'],
    [[answers(1, 1, 'E')], 422, 'invalid-responses', '/responses/0/responses/RESPONSE'],
    [[answers(2, 1, ['a'])], 422, 'invalid-responses', '/responses/0/responses/RESPONSE'],
    [
      [{ slot: 2, sequence: 1, responses: { KEY: 'x' } }],
      422,
      'invalid-responses',
      '/responses/0/responses/KEY',
    ],
    [[answers(2, 1, 'a'), answers(2, 2, 'b')], 422, 'invalid-responses', '/responses/1/slot'],
    [
      [answers(3, 1, 'x'.repeat(1_048_577))],
      422,
      'answer-too-large',
      '/responses/0/responses/RESPONSE',
    ],
    [[answers(2, 0, 'a')], 400, 'invalid-input', '/responses/0/sequence'],
    [[answers(2, 1.5, 'a')], 400, 'invalid-input', '/responses/0/sequence'],
    [[{ slot: 2, sequence: 1, responses: null }], 400, 'invalid-input', '/responses/0/responses'],
    [[{ slot: 2, sequence: 1, responses: ['a'] }], 400, 'invalid-input', '/responses/0/responses'],
    [[], 400, 'invalid-input', '/responses'],
    [[null], 400, 'invalid-input', '/responses/0'],
    [[{ ...answers(2, 1, 'a'), points: 1 }], 400, 'invalid-input', '/responses/0/points'],
    [Array.from({ length: 501 }, () => answers(2, 1, 'a')), 400, 'invalid-input', '/responses'],
  ])('refuses a body with a fault and saves none of it (%#)', async (batch, status, code, at) => {
    const id = await begun();
    const answer = await save(here, id, batch);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.errors[0].pointer).toBe(at);
    expect(await shown(id)).toEqual([{}, {}, {}]);
  });

  it('refuses a body larger than the route takes', async () => {
    const id = await begun();
    const answer = await save(here, id, [answers(3, 1, 'x'.repeat(4_200_000))]);
    expect([answer.status, answer.body.code]).toEqual([413, 'body-too-large']);
  });

  it('takes a sequence made of a clock', async () => {
    const id = await begun();
    const sequence = Number.MAX_SAFE_INTEGER;
    const { body } = await save(here, id, [answers(2, sequence, 'went')]);
    expect(body.slots).toEqual([{ slot: 2, sequence, outcome: 'saved' }]);
  });

  it('is over with the close and with the submission', async () => {
    const closing = await begun({ closesAt: clock.in(1000) });
    clock.move(1000);
    expect((await save(here, closing, [answers(2, 1, 'x')])).body.code).toBe('assignment-closed');
    const handedIn = await begun();
    await submit(here, handedIn);
    const answer = await save(here, handedIn, [answers(2, 1, 'x')]);
    expect([answer.status, answer.body.code]).toEqual([409, 'attempt-submitted']);
  });
});
