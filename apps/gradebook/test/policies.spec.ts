import { AttemptReopened } from '@parlance/events';
import { newId } from '@parlance/kernel';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { gradebook } from '../src/gradebook.module.js';
import { Classroom } from './builders.js';

let service: TestService;
let room: Classroom;
let learnerId: string;

beforeAll(async () => {
  service = await startTestService(gradebook);
});
beforeEach(async () => {
  room = await Classroom.open(service);
  learnerId = await room.learner('Aino');
});
afterAll(() => service.stop());

const dueAt = '2026-03-02T09:00:00.000Z';
/** 10 % of the points for every day begun. */
const late = {
  policyVersion: 1,
  latePercentPerInterval: 10,
  lateIntervalSeconds: 86_400,
  lateFloorPercent: 0,
  lateGraceSeconds: 60,
} as const;
const inTime = dueAt;
const fiveDaysLate = '2026-03-07T09:00:00.000Z';

async function row(token?: string) {
  const query = token === undefined ? '' : '/learners/me';
  const { body } = await room.read(query, token);
  return token === undefined ? body.items[0] : body;
}
const cell = async () => (await row()).cells[0];

describe('a grade', () => {
  it('keeps the best attempt after lateness: 10 in time and then 10 late is 10', async () => {
    const assignmentId = await room.assign({ dueAt, ...late });
    const attempt = { assignmentId, learnerId, points: 10 };
    await room.scored({ ...attempt, submittedAt: inTime });
    await room.scored({ ...attempt, attemptNumber: 2, submittedAt: fiveDaysLate });
    expect(await cell()).toMatchObject({ points: 10, deduction: 0, version: 1 });
  });

  it('is lowered for lateness of this learner\u2019s own due date', async () => {
    const exceptions = [{ learnerId, dueAt: '2026-03-05T09:00:00.000Z' }];
    const assignmentId = await room.assign({ dueAt, ...late, exceptions });
    await room.scored({ assignmentId, learnerId, points: 8, submittedAt: fiveDaysLate });
    expect(await cell()).toMatchObject({ points: 6, deduction: 2, policyVersion: 1 });
    expect((await room.told()).at(-1)).toMatchObject({ points: 6 });
  });

  it('takes nothing from an override', async () => {
    const assignmentId = await room.assign({ dueAt, ...late });
    const override = { overridden: true, cause: 'overridden', submittedAt: fiveDaysLate };
    await room.scored({ assignmentId, learnerId, points: 9, ...override });
    expect(await cell()).toMatchObject({ points: 9, deduction: 0 });
  });

  it('follows a new policy and a moved due date at once, whichever is heard of first', async () => {
    const assignmentId = newId();
    const attempt = { assignmentId, learnerId, submittedAt: fiveDaysLate };
    await room.scored({ ...attempt, points: 8 });
    await room.scored({ ...attempt, points: 4, attemptNumber: 2 });
    await room.assign({ assignmentId, dueAt, ...late, attemptRule: 'mean' });
    // Five days at 10 % of 10 points are 5: 8 becomes 3, and 4 becomes 0, for no score is negative.
    expect(await cell()).toMatchObject({ points: 1.5, version: 2 });
    await room.assign({ assignmentId, dueAt: fiveDaysLate, ...late, attemptRule: 'last' }, 2);
    expect(await cell()).toMatchObject({ points: 4, deduction: 0, version: 3 });
    // An older version of the assignment changes nothing any more.
    await room.assign({ assignmentId, dueAt, ...late }, 1);
    expect(await cell()).toMatchObject({ points: 4, version: 3 });
    const path = `/gradebooks/${room.classId}/cells/${(await cell()).id}/history`;
    const { body } = await service.request('GET', path, { token: await room.teacher() });
    expect(body.items.map(({ cause }: { cause: string }) => cause)).toEqual([
      'scored',
      'policy',
      'policy',
    ]);
  });

  it('is graded by one set of rules, however scores and policies cross', async () => {
    const assignmentId = await room.assign({ dueAt });
    const learners = await Promise.all(['B', 'C', 'D', 'E'].map((name) => room.learner(name)));
    await Promise.all([
      ...learners.map((one) =>
        room.scored({ assignmentId, learnerId: one, points: 10, submittedAt: fiveDaysLate }),
      ),
      room.assign({ assignmentId, dueAt, ...late }, 2),
    ]);
    const { body } = await room.read();
    const points = body.items.slice(1).map((one: { cells: { points: number }[] }) => one.cells[0]);
    expect(points).toMatchObject([{ points: 5 }, { points: 5 }, { points: 5 }, { points: 5 }]);
  });
});

describe('an attempt that was opened again', () => {
  it('waits until it is handed in anew, whatever comes first', async () => {
    const assignmentId = await room.assign();
    const attemptId = newId();
    const attempt = { attemptId, assignmentId, learnerId };
    const reopened = (reopenedAt: string) =>
      service.deliver(AttemptReopened, {
        institutionId: room.institutionId,
        version: 3,
        data: {
          ...{ ...attempt, classId: room.classId, attemptNumber: 1, kind: 'continue' },
          ...{ actorId: room.teacherId, reopenedAt },
        },
      });
    await reopened('2026-03-03T09:00:00.000Z');
    expect(await cell()).toMatchObject({ status: 'pending-review' });
    await room.scored({ ...attempt, points: 4, submittedAt: '2026-03-02T09:00:00.000Z' });
    expect(await cell()).toMatchObject({ status: 'pending-review', points: null });
    const again = { scoreVersion: 2, submittedAt: '2026-03-04T09:00:00.000Z' };
    await room.scored({ ...attempt, ...again, points: 9, cause: 'resubmitted' });
    expect(await cell()).toMatchObject({ status: 'graded', points: 9 });
  });
});

describe('a simulation', () => {
  it('tells old and new for every learner, and changes nothing', async () => {
    const assignmentId = await room.assign({ dueAt });
    const bo = await room.learner('Bo');
    await room.learner('Cy');
    await room.scored({ assignmentId, learnerId, points: 8, submittedAt: fiveDaysLate });
    await room.scored({ assignmentId, learnerId: bo, points: 8, submittedAt: inTime });
    const policy = {
      attempts: 'best',
      late: { percentPerInterval: 10, intervalSeconds: 86_400, floorPercent: 50 },
      missing: { deductionPercent: 80 },
    };
    const path = `/gradebooks/${room.classId}/policy-simulations`;
    const ask = async (token: string, body: object = { assignmentId, policy }) =>
      service.request('POST', path, { token, body });
    const { status, body } = await ask(await room.teacher());
    expect(status).toBe(200);
    expect(body).toMatchObject({ raised: 1, lowered: 1, unchanged: 1 });
    expect(body.items).toMatchObject([
      { displayName: 'Aino', before: { points: 8 }, after: { points: 5, deduction: 3 } },
      { displayName: 'Bo', before: { points: 8 }, after: { points: 8 } },
      {
        displayName: 'Cy',
        before: { status: 'ungraded', points: null },
        after: { status: 'missing', points: 2 },
      },
    ]);
    expect(await cell()).toMatchObject({ points: 8, version: 1 });
    expect((await ask(await room.as(learnerId, 'learner'))).status).toBe(403);
    const unknown = { assignmentId: newId(), policy };
    expect((await ask(await room.teacher(), unknown)).status).toBe(404);
    const other = await Classroom.open(service);
    expect((await ask(await other.teacher())).status).toBe(404);
  });
});

describe('who is excused', () => {
  it('has no grade there until that is taken back', async () => {
    const assignmentId = await room.assign();
    await room.scored({ assignmentId, learnerId, points: 2 });
    const path = `/gradebooks/${room.classId}/excusals/${assignmentId}/${learnerId}`;
    const token = await room.teacher();
    const body = { reason: 'was ill' };
    for (const _ of [1, 2]) {
      expect((await service.request('PUT', path, { token, body })).status).toBe(204);
    }
    expect(await row()).toMatchObject({
      cells: [{ status: 'excused', points: null }],
      total: { currentPercent: null },
    });
    expect((await service.request('DELETE', path, { token })).status).toBe(204);
    expect(await cell()).toMatchObject({ status: 'graded', points: 2 });
    const learner = await room.as(learnerId, 'learner');
    expect((await service.request('PUT', path, { token: learner, body })).status).toBe(403);
  });
});

it('a score that is not released is the teacher\u2019s alone, and no LMS hears of it', async () => {
  const assignmentId = await room.assign();
  const attempt = { attemptId: newId(), assignmentId, learnerId, points: 8 };
  await room.scored({ ...attempt, scoreReleased: false });
  const learner = await room.as(learnerId, 'learner');
  expect(await cell()).toMatchObject({ status: 'graded', points: 8, isReleased: false });
  expect((await row(learner)).cells[0]).toMatchObject({ status: 'pending-review', points: null });
  expect(await room.told()).toMatchObject([{ status: 'pending-review', points: null }]);
  await room.scored({ ...attempt, scoreVersion: 2, cause: 'released' });
  expect((await row(learner)).cells[0]).toMatchObject({ status: 'graded', points: 8 });
  expect((await room.told()).at(-1)).toMatchObject({ status: 'graded', points: 8 });
});
