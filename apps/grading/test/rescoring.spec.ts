import { newId } from '@parlance/kernel';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { grading } from '../src/grading.module.js';
import { Classroom } from './builders.js';
import { CampaignRoom } from './campaign-room.js';
import { choiceSpec, essaySpec } from './specs.js';

let service: TestService;
let room: Classroom;
let campaigns: CampaignRoom;
/** One question with a wrong key, and as it was corrected. */
let faulty: string;
let corrected: string;
let other: string;

beforeAll(async () => {
  service = await startTestService(grading);
});
beforeEach(async () => {
  room = await Classroom.open(service);
  campaigns = new CampaignRoom(room);
  faulty = await room.publish(choiceSpec('A'), 1);
  corrected = await room.publish(choiceSpec('B'), 1);
  other = await room.publish(choiceSpec('A'), 1);
});
afterAll(() => service.stop());

const answered = (response: string, rest = {}) =>
  room.submit(
    [
      [faulty, { RESPONSE: response }],
      [other, { RESPONSE: 'A' }],
    ],
    { learnerId: newId(), ...rest },
  );

async function causes(attemptId: string): Promise<string[]> {
  return (await room.told(attemptId)).map(({ cause }) => cause);
}

async function versionsOf(attemptId: string) {
  const token = await room.teacher();
  const { body } = await service.request('GET', `/scores/${attemptId}/history`, { token });
  return body.items;
}

describe('the dry run', () => {
  it('says for each class what would happen, and changes nothing', async () => {
    const [wrong, right] = [await answered('A'), await answered('B')];
    await answered('B', { classId: newId() });
    await room.submit([[other, { RESPONSE: 'A' }]], { assignmentId: newId() });
    const draft = await campaigns.draft(faulty, corrected);
    expect(draft.progress).toMatchObject({ attempts: 3, rescored: 3, raised: 2, lowered: 1 });
    const { body } = await campaigns.get(`${draft.id}/impact`);
    const own = body.items.find((one: { classId: string }) => one.classId === room.classId);
    expect(body.items).toHaveLength(2);
    expect(own).toMatchObject({ attempts: 2, raised: 1, lowered: 1, same: 0, meanChange: 0 });
    expect(own.samples).toEqual(
      [
        { attemptId: wrong, before: 2, after: 1 },
        { attemptId: right, before: 1, after: 2 },
      ].sort((a, b) => (a.attemptId < b.attemptId ? -1 : 1)),
    );
    expect(await causes(wrong)).toEqual(['scored']);
  });

  it('begins again when the draft changes', async () => {
    await answered('A');
    const draft = await campaigns.draft(faulty, corrected);
    const token = await campaigns.opener();
    const headers = { 'if-match': `"${draft.version}"` };
    await service.request('PATCH', `/rescore-campaigns/${draft.id}`, {
      token,
      headers,
      body: { neverLower: true },
    });
    const again = await campaigns.until(draft.id, 'draft');
    expect(again).toMatchObject({ neverLower: true, progress: { kept: 1, rescored: 0 } });
    const { body } = await campaigns.get(`${draft.id}/impact`);
    expect(body.items).toMatchObject([{ attempts: 1, untouched: 1, meanChange: null }]);
  });
});

describe('a campaign', () => {
  it('gives every attempt exactly one new version and tells of it', async () => {
    const [wrong, right] = [await answered('A'), await answered('B')];
    const applied = await campaigns.apply(await campaigns.draft(faulty, corrected));
    expect(applied.progress).toMatchObject({ attempts: 2, rescored: 2, raised: 1, lowered: 1 });
    expect(await campaigns.score(wrong)).toMatchObject({ version: 2, points: 1 });
    expect(await campaigns.score(right)).toMatchObject({ version: 2, points: 2 });
    expect(await causes(right)).toEqual(['scored', 'rescored']);
    expect((await room.told(right))[1]).toMatchObject({ points: 2, scoreVersion: 2 });
    expect((await versionsOf(right)).map((one: { points: number }) => one.points)).toEqual([1, 2]);
    const { body } = await campaigns.get(`${applied.id}/outcomes`);
    expect(body.items).toHaveLength(2);
  });

  it('never lowers when it was told not to', async () => {
    const [wrong, right] = [await answered('A'), await answered('B')];
    await campaigns.apply(await campaigns.draft(faulty, corrected, { neverLower: true }));
    expect(await campaigns.score(wrong)).toMatchObject({ version: 1, points: 2 });
    expect(await campaigns.score(right)).toMatchObject({ version: 2, points: 2 });
  });

  it('leaves an override standing, with the new score beneath it (G11)', async () => {
    const hundred = { ...choiceSpec('A'), pointsPossible: 100 };
    const at = (key: string, points: number) => ({
      ...hundred,
      responses: [
        {
          ...choiceSpec('A').responses[0]!,
          mapping: { entries: [{ key, value: points, caseSensitive: true }], defaultValue: 0 },
        },
      ],
      processing: { kind: 'template', name: 'map_response', responseId: 'RESPONSE' },
    });
    const [from, to] = [await room.publish(at('A', 80), 100), await room.publish(at('A', 85), 100)];
    const attemptId = await room.submit([[from, { RESPONSE: 'A' }]]);
    const token = await room.teacher();
    const override = (method: string, version: number) =>
      service.request(method, `/scores/${attemptId}/override`, {
        token,
        headers: { 'if-match': `"${version}"` },
        ...(method === 'PUT' && { body: { points: 95, reason: 'Oral exam' } }),
      });
    await override('PUT', 1);
    await campaigns.apply(await campaigns.draft(from, to));
    expect(await campaigns.score(attemptId)).toMatchObject({ points: 95, computedPoints: 85 });
    const removed = await override('DELETE', 3);
    expect(removed.body).toMatchObject({ points: 85, computedPoints: 85, override: null });
  });

  it('scores what is handed in after the correction with it at once', async () => {
    await campaigns.apply(await campaigns.draft(faulty, corrected));
    const late = await answered('B');
    expect(await campaigns.score(late)).toMatchObject({ version: 1, points: 2 });
    const { parts } = await campaigns.score(late);
    expect(parts[0]).toMatchObject({ itemVersionId: faulty, expected: 'B' });
  });

  it('is reverted with one more version each, and later submissions with it', async () => {
    const wrong = await answered('A');
    const applied = await campaigns.apply(await campaigns.draft(faulty, corrected));
    const late = await answered('A');
    const reverted = await campaigns.revert(applied);
    expect(reverted.counts).toMatchObject({ apply: { rescored: 1 }, revert: { rescored: 2 } });
    expect(await campaigns.score(wrong)).toMatchObject({ version: 3, points: 2 });
    expect(await campaigns.score(late)).toMatchObject({ version: 2, points: 2 });
    expect(await causes(wrong)).toEqual(['scored', 'rescored', 'rescore-reverted']);
    const after = await answered('A');
    expect(await campaigns.score(after)).toMatchObject({ version: 1, points: 2 });
  });

  it('does not revert what a later campaign has changed since', async () => {
    const attemptId = await answered('B');
    const first = await campaigns.apply(await campaigns.draft(faulty, corrected));
    const third = await room.publish(choiceSpec('C'), 1);
    await campaigns.apply(await campaigns.draft(corrected, third));
    expect(await campaigns.score(attemptId)).toMatchObject({ version: 3, points: 1 });
    await campaigns.revert(first);
    expect(await campaigns.score(attemptId)).toMatchObject({ version: 3, points: 1 });
  });
});

describe('what people have marked', () => {
  const claimed = async () => {
    const token = await room.teacher();
    return (await service.request('POST', '/review-tasks/claims', { token })).body;
  };
  const mark = async (taskId: string, points: number) => {
    const token = await room.teacher();
    return service.request('PUT', `/review-tasks/${taskId}/mark`, { token, body: { points } });
  };

  it('stays, and counts with what was scored again', async () => {
    const essay = await room.publish(essaySpec(5), 5);
    const attemptId = await room.submit([
      [faulty, { RESPONSE: 'B' }],
      [essay, { RESPONSE: 'Dear Sir' }],
    ]);
    await mark((await claimed()).id, 4);
    await campaigns.apply(await campaigns.draft(faulty, corrected));
    const score = await campaigns.score(attemptId);
    expect(score).toMatchObject({ version: 3, points: 5, status: 'final' });
  });

  it('wins over a version that no longer asks for it, and is counted', async () => {
    const essay = await room.publish(essaySpec(1), 1);
    const attemptId = await room.submit([[essay, { RESPONSE: 'A' }]]);
    await mark((await claimed()).id, 1);
    const applied = await campaigns.apply(await campaigns.draft(essay, corrected));
    expect(applied.progress).toMatchObject({ marked: 1, rescored: 0 });
    expect(await campaigns.score(attemptId)).toMatchObject({ version: 2, points: 1 });
    const { body } = await campaigns.get(`${applied.id}/outcomes?outcome=marked`);
    expect(body.items).toMatchObject([{ attemptId, outcome: 'marked' }]);
  });

  it('is asked for when the corrected version needs a person, and no more after a revert', async () => {
    const essay = await room.publish(essaySpec(5), 5);
    const attemptId = await room.submit([[faulty, { RESPONSE: 'A' }]]);
    const applied = await campaigns.apply(await campaigns.draft(faulty, essay));
    expect(await campaigns.score(attemptId)).toMatchObject({
      status: 'provisional',
      points: 0,
      pointsPossible: 5,
    });
    await campaigns.revert(applied);
    expect(await campaigns.score(attemptId)).toMatchObject({ status: 'final', points: 1 });
    expect((await claimed()).code).toBe('no-review-task');
  });

  it('and a rescore at the same time both count', async () => {
    const essay = await room.publish(essaySpec(5), 5);
    const attempts = [];
    for (let index = 0; index < 12; index += 1) {
      attempts.push(
        await room.submit(
          [
            [faulty, { RESPONSE: 'B' }],
            [essay, { RESPONSE: 'text' }],
          ],
          { learnerId: newId() },
        ),
      );
    }
    const draft = await campaigns.draft(faulty, corrected);
    const tasks = [];
    for (const _ of attempts) tasks.push((await claimed()).id);
    const [marks] = await Promise.all([
      Promise.all(tasks.map((id) => mark(id, 3))),
      campaigns.apply(draft),
    ]);
    expect(marks.map(({ status }) => status)).toEqual(attempts.map(() => 200));
    for (const attemptId of attempts) {
      expect(await campaigns.score(attemptId)).toMatchObject({ version: 3, points: 4 });
    }
  });
});

describe('who may', () => {
  it('needs a second person to approve', async () => {
    const draft = await campaigns.draft(faulty, corrected);
    const headers = { 'if-match': `"${draft.version}"` };
    const approve = (token: string) =>
      service.request('PUT', `/rescore-campaigns/${draft.id}/approval`, { token, headers });
    expect((await approve(await campaigns.opener())).body).toMatchObject({
      status: 403,
      code: 'second-person-required',
    });
    expect((await approve(await room.teacher())).status).toBe(403);
    const stranger = await Classroom.open(service);
    expect((await approve(await stranger.admin())).status).toBe(404);
    expect((await approve(await campaigns.approver())).status).toBe(200);
  });

  it('shows a campaign to admins and to the teacher who opened it', async () => {
    const body = { fromVersionId: faulty, toVersionId: corrected, reason: 'Wrong key' };
    const token = await room.teacher();
    const { body: own } = await service.request('POST', '/rescore-campaigns', { token, body });
    const read = (by: string) => campaigns.get(own.id, by);
    expect((await read(token)).status).toBe(200);
    expect((await read(await campaigns.opener())).status).toBe(200);
    expect((await read(await room.as(newId(), 'teacher'))).status).toBe(404);
    expect((await read(await room.learner())).status).toBe(403);
    const stranger = await room.as(newId(), 'teacher');
    const list = await service.request('GET', '/rescore-campaigns', { token: stranger });
    expect(list.body.items).toEqual([]);
  });

  it('refuses versions nobody knows, a second campaign for two versions, and wrong steps', async () => {
    expect((await campaigns.open(faulty, newId())).body).toMatchObject({
      status: 422,
      code: 'unknown-item-version',
      errors: [{ pointer: '/toVersionId' }],
    });
    expect((await campaigns.open(faulty, faulty)).status).toBe(422);
    const draft = await campaigns.draft(faulty, corrected);
    expect((await campaigns.open(faulty, corrected)).body.code).toBe('campaign-exists');
    const pause = await campaigns.put(draft, 'state', { state: 'paused' });
    expect(pause.body).toMatchObject({ status: 409, code: 'wrong-campaign-state' });
    const stale = await campaigns.put({ ...draft, version: 1 }, 'approval');
    expect(stale.status).toBe(412);
  });
});
