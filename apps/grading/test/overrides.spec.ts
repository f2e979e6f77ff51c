import { newId } from '@parlance/kernel';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { grading } from '../src/grading.module.js';
import { Classroom } from './builders.js';
import { choiceSpec, essaySpec } from './specs.js';

let service: TestService;
let room: Classroom;
let attemptId: string;
let token: string;

beforeAll(async () => {
  service = await startTestService(grading);
});
beforeEach(async () => {
  room = await Classroom.open(service);
  const choice = await room.publish(choiceSpec('A'), 1);
  const essay = await room.publish(essaySpec(9), 9);
  attemptId = await room.submit([
    [choice, { RESPONSE: 'A' }],
    [essay, { RESPONSE: 'text' }],
  ]);
  token = await room.teacher();
});
afterAll(() => service.stop());

function override(version: number | null, body: object, as = token) {
  const headers: Record<string, string> = version === null ? {} : { 'if-match': `"${version}"` };
  return service.request('PUT', `/scores/${attemptId}/override`, { token: as, body, headers });
}

function remove(version: number | null, as = token) {
  const headers: Record<string, string> = version === null ? {} : { 'if-match': `"${version}"` };
  return service.request('DELETE', `/scores/${attemptId}/override`, { token: as, headers });
}

async function markEssay(points: number) {
  const claimed = await service.request('POST', '/review-tasks/claims', { token, body: {} });
  const { id } = claimed.body;
  return service.request('PUT', `/review-tasks/${id}/mark`, { token, body: { points } });
}

const why = { points: 9.5, reason: 'Read out in class' };

describe('an override', () => {
  it('counts above the computed score and says why', async () => {
    const { status, body, headers } = await override(1, why);
    expect(status).toBe(200);
    expect(headers.get('etag')).toBe('"2"');
    expect(body).toMatchObject({
      version: 2,
      points: 9.5,
      computedPoints: 1,
      override: { points: 9.5, reason: 'Read out in class', actorId: room.teacherId },
    });
    expect((await room.told(attemptId)).at(-1)).toMatchObject({
      scoreVersion: 2,
      points: 9.5,
      computedPoints: 1,
      overridden: true,
      cause: 'overridden',
      actorId: room.teacherId,
    });
  });

  it('survives a later review, and shows it when it is removed', async () => {
    await override(1, why);
    await markEssay(7);
    const told = await room.told(attemptId);
    expect(told.at(-1)).toMatchObject({
      scoreVersion: 3,
      status: 'final',
      points: 9.5,
      computedPoints: 8,
      overridden: true,
      cause: 'reviewed',
    });
    const removed = await remove(3);
    expect(removed.body).toMatchObject({ version: 4, points: 8, override: null });
    expect((await room.told(attemptId)).at(-1)).toMatchObject({
      points: 8,
      overridden: false,
      cause: 'override-removed',
    });
    expect((await remove(4)).body.code).toBe('override-not-found');
  });

  it('needs to have seen the present version', async () => {
    expect(await override(null, why)).toMatchObject({
      status: 428,
      body: { code: 'if-match-required' },
    });
    expect((await remove(null)).status).toBe(428);
    await override(1, why);
    const late = await override(1, { points: 1, reason: 'Late' });
    expect(late).toMatchObject({ status: 412, body: { code: 'version-changed' } });
    expect((await remove(1)).status).toBe(412);
    expect(await room.told(attemptId)).toHaveLength(2);
  });

  it('lets one of two who saw the same version through', async () => {
    const both = await Promise.all([override(1, why), override(1, { ...why, points: 2 })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 412]);
  });

  it('may be 0 or more than the points possible', async () => {
    expect((await override(1, { points: 0, reason: 'Copied' })).body.points).toBe(0);
    expect((await override(2, { points: 12, reason: 'Extra' })).body.points).toBe(12);
  });

  it.each([
    { points: 1 },
    { points: 1, reason: '' },
    { points: -1, reason: 'x' },
    { points: 1e300, reason: 'x' },
    { points: null, reason: 'x' },
    {},
  ])('refuses %j', async (body) => {
    expect(await override(1, body)).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
  });

  it('is for teachers of the class and admins', async () => {
    const other = await Classroom.open(service);
    expect((await override(1, why, await room.learner())).status).toBe(403);
    expect((await remove(1, await room.learner())).status).toBe(403);
    expect((await override(1, why, await room.as(newId(), 'teacher'))).status).toBe(404);
    expect((await override(1, why, await other.admin())).status).toBe(404);
    expect((await override(1, why, await room.admin())).status).toBe(200);
  });

  it('hides the reason from the learner', async () => {
    await override(1, why);
    const { body } = await service.request('GET', `/scores/${attemptId}`, {
      token: await room.learner(),
    });
    expect(body.override).toEqual({ points: 9.5, at: expect.any(String) });
  });
});

describe('the history of a score', () => {
  it('tells every version, who and why', async () => {
    await override(1, why);
    await markEssay(7);
    await remove(3);
    const path = `/scores/${attemptId}/history`;
    const first = await service.request('GET', `${path}?limit=3`, { token });
    expect(first.body.items).toMatchObject([
      { version: 1, cause: 'scored', status: 'provisional', actorId: null, reason: null },
      { version: 2, cause: 'overridden', points: 9.5, reason: 'Read out in class' },
      { version: 3, cause: 'reviewed', points: 9.5, computedPoints: 8, status: 'final' },
    ]);
    const cursor = first.body.nextCursor;
    const second = await service.request('GET', `${path}?limit=3&cursor=${cursor}`, { token });
    expect(second.body).toMatchObject({
      items: [{ version: 4, cause: 'override-removed', points: 8, actorId: room.teacherId }],
      nextCursor: null,
    });
    const as = (who: string) => service.request('GET', path, { token: who });
    expect((await as(await room.learner())).status).toBe(403);
    expect((await as(await room.as(newId(), 'teacher'))).status).toBe(404);
  });

  it('cannot be changed by the service itself', async () => {
    for (const table of ['attempt_score_version', 'score_override', 'review_mark']) {
      const change = service.database.inInstitution(room.institutionId, (tx) =>
        tx.query(`UPDATE ${table} SET points = 0`),
      );
      await expect(change).rejects.toThrow(/permission denied/);
    }
  });
});
