import { AttemptScored, AttemptsRescored } from '@parlance/events';
import { newId } from '@parlance/kernel';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { gradebook } from '../src/gradebook.module.js';
import { Classroom } from './builders.js';

let service: TestService;
let room: Classroom;
let assignmentId: string;
let learnerId: string;

beforeAll(async () => {
  service = await startTestService(gradebook);
});
beforeEach(async () => {
  room = await Classroom.open(service);
  assignmentId = await room.assign();
  learnerId = await room.learner('Aino');
});
afterAll(() => service.stop());

async function cell() {
  const { body } = await room.read();
  return body.items[0].cells[0];
}

describe('a cell', () => {
  it('shows a score and tells of it', async () => {
    await room.scored({ assignmentId, learnerId, points: 8 });
    const shown = await cell();
    expect(shown).toEqual({
      id: expect.any(String),
      assignmentId,
      status: 'graded',
      points: 8,
      pointsPossible: 10,
      overridden: false,
      version: 1,
      submittedAt: '2026-03-02T09:00:00.000Z',
      firstScoredAt: expect.any(String),
      deduction: 0,
      isReleased: true,
      policyVersion: 0,
    });
    expect(await room.told()).toEqual([
      {
        cellId: shown.id,
        assignmentId,
        classId: room.classId,
        learnerId,
        cellVersion: 1,
        status: 'graded',
        points: 8,
        pointsPossible: 10,
        overridden: false,
        submittedAt: '2026-03-02T09:00:00.000Z',
        changedAt: expect.any(String),
      },
    ]);
  });

  it('ignores duplicates and versions older than the one it has', async () => {
    const attemptId = newId();
    const eventId = newId();
    const second = { attemptId, assignmentId, learnerId, points: 9, scoreVersion: 2 };
    await room.scored(second, eventId);
    await room.scored(second, eventId);
    await room.scored(second);
    await room.scored({ ...second, scoreVersion: 1, points: 3 });
    expect(await cell()).toMatchObject({ points: 9, version: 1 });
    expect(await room.told()).toHaveLength(1);
  });

  it('waits for a review and follows it', async () => {
    const attempt = { attemptId: newId(), assignmentId, learnerId };
    await room.scored({ ...attempt, status: 'provisional', points: 4 });
    expect(await cell()).toMatchObject({ status: 'pending-review', points: null, version: 1 });
    await room.scored({ ...attempt, scoreVersion: 2, points: 7, cause: 'reviewed' });
    expect(await cell()).toMatchObject({ status: 'graded', points: 7, version: 2 });
    expect(await room.told()).toMatchObject([
      { cellVersion: 1, status: 'pending-review', points: null },
      { cellVersion: 2, status: 'graded', points: 7 },
    ]);
  });

  it('shows the best of several attempts, and says nothing when that stays', async () => {
    const attempt = { assignmentId, learnerId };
    await room.scored({ ...attempt, attemptNumber: 1, points: 6 });
    await room.scored({ ...attempt, attemptNumber: 2, points: 4 });
    expect(await cell()).toMatchObject({ points: 6, version: 1 });
    await room.scored({ ...attempt, attemptNumber: 3, points: 9 });
    expect(await cell()).toMatchObject({ points: 9, version: 2 });
    expect(await room.told()).toHaveLength(2);
  });

  it('falls back to another attempt when the best is lowered', async () => {
    const attempt = { assignmentId, learnerId };
    const best = newId();
    await room.scored({ ...attempt, attemptId: best, points: 9 });
    await room.scored({ ...attempt, attemptNumber: 2, points: 5 });
    const lowered = { scoreVersion: 2, points: 0, computedPoints: 9, overridden: true };
    await room.scored({ ...attempt, attemptId: best, ...lowered, cause: 'overridden' });
    expect(await cell()).toMatchObject({ points: 5, overridden: false, version: 2 });
  });

  it('is one, however many attempts arrive at the same moment', async () => {
    const attempts = Array.from({ length: 12 }, (_, index) =>
      room.score({ assignmentId, learnerId, attemptNumber: index + 1, points: index }),
    );
    const { institutionId } = room;
    await Promise.all(
      attempts.map((data) => service.deliver(AttemptScored, { institutionId, version: 1, data })),
    );
    expect(await cell()).toMatchObject({ points: 11 });
    const versions = (await room.told()).map((event) => event.cellVersion);
    expect(versions.toSorted((a, b) => a - b)).toEqual(versions.map((_, index) => index + 1));
  });

  it('appears once class, learner and assignment are known, in whatever order', async () => {
    const late = { assignmentId: newId(), learnerId: newId() };
    await room.scored({ ...late, points: 3 });
    expect((await room.read()).body.items).toHaveLength(1);
    await room.enrol(late.learnerId, 'learner');
    await room.assign({ assignmentId: late.assignmentId, title: 'Late' });
    await room.person(late.learnerId, 'Zoe');
    const { body } = await room.read();
    const row = body.items.find((one: { learnerId: string }) => one.learnerId === late.learnerId);
    const at = body.columns.findIndex((one: { title: string }) => one.title === 'Late');
    expect(row).toMatchObject({ displayName: 'Zoe' });
    expect(row.cells[at]).toMatchObject({ points: 3, status: 'graded' });
  });
});

describe('a campaign that scored many attempts again', () => {
  const rescored = (scores: Parameters<Classroom['score']>[0][], eventId?: string) =>
    service.deliver(AttemptsRescored, {
      ...{ institutionId: room.institutionId, version: 1 },
      ...(eventId !== undefined && { eventId }),
      data: {
        campaignId: newId(),
        scores: scores.map((score) => ({ ...room.score(score), cause: 'rescored' })),
      },
    });

  it('changes each cell once for each new version, and says so', async () => {
    const other = await room.learner('Bert');
    const [first, second, theirs] = [newId(), newId(), newId()];
    await room.scored({ assignmentId, learnerId, attemptId: first, points: 4 });
    const newer = { scoreVersion: 3, points: 2, overridden: true, computedPoints: 6 };
    await room.scored({ assignmentId, learnerId: other, attemptId: theirs, ...newer });
    const attempt = { assignmentId, learnerId };
    const eventId = newId();
    const scores = [
      { ...attempt, attemptId: first, scoreVersion: 2, points: 5 },
      { assignmentId, learnerId: other, attemptId: theirs, scoreVersion: 2, points: 9 },
      { ...attempt, attemptId: second, attemptNumber: 2, scoreVersion: 2, points: 7 },
    ];
    await rescored(scores, eventId);
    await rescored(scores, eventId);
    await rescored(scores);
    const { body } = await room.read();
    const cells = body.items.map((row: { cells: unknown[] }) => row.cells[0]);
    expect(cells).toMatchObject([
      { points: 7, version: 3 },
      { points: 2, version: 1, overridden: true },
    ]);
    const told = await room.told();
    expect(told.map(({ points, cellVersion }) => [points, cellVersion])).toEqual([
      ...[
        [4, 1],
        [2, 1],
      ],
      ...[
        [5, 2],
        [7, 3],
      ],
    ]);
    const history = await service.request(
      'GET',
      `/gradebooks/${room.classId}/cells/${cells[0].id}/history`,
      { token: await room.teacher() },
    );
    expect(history.body.items).toMatchObject([
      { version: 1, points: 4, cause: 'scored', attemptId: first },
      { version: 2, points: 5, cause: 'rescored', attemptId: first },
      { version: 3, points: 7, cause: 'rescored', attemptId: second },
    ]);
  });

  it('and scores that come meanwhile in another order leave every cell right', async () => {
    const learners = Array.from({ length: 20 }, () => newId());
    const attempts = learners.map((learner) => ({ learner, attemptId: newId() }));
    const score = ({ learner, attemptId }: (typeof attempts)[0], scoreVersion: number) => ({
      ...{ assignmentId, learnerId: learner, attemptId, scoreVersion, points: scoreVersion },
    });
    await Promise.all([
      rescored(attempts.map((one) => score(one, 2))),
      rescored(attempts.toReversed().map((one) => score(one, 4))),
      ...attempts.toReversed().map((one) => room.scored(score(one, 3))),
    ]);
    const known = await service.database.inInstitution(room.institutionId, (tx) =>
      tx.query('SELECT DISTINCT points::int FROM cell WHERE learner_id = ANY($1::uuid[])', [
        learners,
      ]),
    );
    expect(known).toEqual([{ points: 4 }]);
  });
});

describe('the history of a cell', () => {
  it('tells every version, its cause and who', async () => {
    const actorId = newId();
    const attemptId = newId();
    const attempt = { attemptId, assignmentId, learnerId };
    await room.scored({ ...attempt, points: 4 });
    const override = { points: 9, overridden: true, cause: 'overridden', actorId } as const;
    await room.scored({ ...attempt, ...override, scoreVersion: 2 });
    await room.scored({ ...attempt, points: 4, cause: 'override-removed', scoreVersion: 3 });
    const { id } = await cell();
    const path = `/gradebooks/${room.classId}/cells/${id}/history`;
    const token = await room.teacher();
    const first = await service.request('GET', `${path}?limit=2`, { token });
    expect(first.body.items).toMatchObject([
      { version: 1, points: 4, cause: 'scored', actorId: null, attemptId },
      { version: 2, points: 9, cause: 'overridden', actorId, overridden: true },
    ]);
    const cursor = first.body.nextCursor;
    const rest = await service.request('GET', `${path}?limit=2&cursor=${cursor}`, { token });
    expect(rest.body).toMatchObject({ items: [{ version: 3, points: 4 }], nextCursor: null });
    const other = await Classroom.open(service);
    const elsewhere = `/gradebooks/${other.classId}/cells/${id}/history`;
    const byOther = { token: await other.teacher() };
    expect((await service.request('GET', elsewhere, byOther)).status).toBe(404);
    expect((await service.request('GET', path, byOther)).status).toBe(404);
    const byLearner = { token: await room.as(learnerId, 'learner') };
    expect((await service.request('GET', path, byLearner)).status).toBe(403);
  });

  it('cannot be changed by the service itself and is found by its trace', async () => {
    await room.scored({ assignmentId, learnerId });
    const inRoom = <T>(sql: string, params: unknown[] = []) =>
      service.database.inInstitution(room.institutionId, (tx) => tx.query<T>(sql, params));
    await expect(inRoom('DELETE FROM cell_history')).rejects.toThrow(/permission denied/);
    const [row] = await inRoom<{ trace_id: string }>('SELECT trace_id FROM cell_history');
    expect(row?.trace_id).toMatch(/^[0-9a-f]{32}$/);
    const { id } = await cell();
    const traced = await inRoom(gradebook.traceRecords?.[0]?.sql ?? '', [row?.trace_id]);
    expect(traced).toMatchObject([{ id, version: 1, cause: 'scored' }]);
  });
});
