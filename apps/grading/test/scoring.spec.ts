import { AttemptSubmitted, EnrolmentChanged } from '@parlance/events';
import { newId } from '@parlance/kernel';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { grading } from '../src/grading.module.js';
import { Classroom } from './builders.js';
import { choiceSpec, essaySpec } from './specs.js';

let service: TestService;
let room: Classroom;

beforeAll(async () => {
  service = await startTestService(grading);
});
beforeEach(async () => {
  room = await Classroom.open(service);
});
afterAll(() => service.stop());

async function read(attemptId: string, token: string) {
  return service.request('GET', `/scores/${attemptId}`, { token });
}

describe('an attempt that was submitted', () => {
  it('is scored with the pinned item versions and told once', async () => {
    const first = await room.publish(choiceSpec('A'), 1);
    const second = await room.publish(choiceSpec('B'), 1);
    const attemptId = await room.submit([
      [first, { RESPONSE: 'A' }],
      [second, { RESPONSE: 'A' }],
    ]);
    const { assignmentId, classId, learnerId } = room;
    expect(await room.told(attemptId)).toEqual([
      {
        attemptId,
        assignmentId,
        classId,
        learnerId,
        attemptNumber: 1,
        scoreVersion: 1,
        status: 'final',
        points: 1,
        computedPoints: 1,
        pointsPossible: 2,
        overridden: false,
        scoreReleased: true,
        cause: 'scored',
        actorId: null,
        submittedAt: '2026-03-02T09:00:00.000Z',
        scoredAt: expect.any(String),
      },
    ]);
    const { status, body, headers } = await read(attemptId, await room.teacher());
    expect(status).toBe(200);
    expect(headers.get('etag')).toBe('"1"');
    expect(body).toMatchObject({ version: 1, status: 'final', points: 1, override: null });
    expect(body.parts).toMatchObject([
      { slot: 1, given: 'A', expected: 'A', points: 1, verdict: 'correct', rule: 'match-correct' },
      { slot: 2, given: 'A', expected: 'B', points: 0, verdict: 'incorrect' },
    ]);
  });

  it('is scored once however often it is delivered, and told by whatever event', async () => {
    const item = await room.publish(choiceSpec('A'), 1);
    const data = room.submission([[item, { RESPONSE: 'A' }]]);
    const { institutionId } = room;
    const eventId = newId();
    await service.deliver(AttemptSubmitted, { institutionId, version: 1, data, eventId });
    await service.deliver(AttemptSubmitted, { institutionId, version: 1, data, eventId });
    await service.deliver(AttemptSubmitted, { institutionId, version: 1, data });
    expect(await room.told(data.attemptId)).toHaveLength(1);
  });

  it('waits for a scoring that has not arrived', async () => {
    const itemVersionId = newId();
    const { institutionId } = room;
    const data = room.submission([[itemVersionId, { RESPONSE: 'A' }]]);
    const eventId = await service.publish(AttemptSubmitted, { institutionId, version: 1, data });
    await room.publishAs(itemVersionId, choiceSpec('A'), 1);
    await service.deliver(AttemptSubmitted, { institutionId, version: 1, data, eventId });
    expect(await room.told(data.attemptId)).toMatchObject([{ points: 1, status: 'final' }]);
  });

  it('does not see the scoring of another institution', async () => {
    const item = await room.publish(choiceSpec('A'), 1);
    const other = await Classroom.open(service);
    await room.submit([[item, { RESPONSE: 'A' }]]);
    const data = other.submission([[item, { RESPONSE: 'A' }]]);
    const { institutionId } = other;
    const eventId = await service.publish(AttemptSubmitted, { institutionId, version: 1, data });
    await other.publishAs(item, choiceSpec('B'), 1);
    await service.deliver(AttemptSubmitted, { institutionId, version: 1, data, eventId });
    expect(await other.told(data.attemptId)).toMatchObject([{ points: 0 }]);
  });

  it('keeps the first scoring of an item version', async () => {
    const item = await room.publish(choiceSpec('A'), 1);
    await room.publishAs(item, choiceSpec('B'), 1);
    const attemptId = await room.submit([[item, { RESPONSE: 'A' }]]);
    expect(await room.told(attemptId)).toMatchObject([{ points: 1 }]);
  });

  it('survives an item that cannot be scored', async () => {
    const broken = await room.publish({ nonsense: true }, 3);
    const good = await room.publish(choiceSpec('A'), 1);
    const attemptId = await room.submit([
      [broken, { RESPONSE: 'x' }],
      [good, { RESPONSE: 'A' }],
    ]);
    expect(await room.told(attemptId)).toMatchObject([
      { status: 'provisional', points: 1, pointsPossible: 4 },
    ]);
    const token = await room.teacher();
    const { body } = await service.request('GET', '/review-tasks', { token });
    expect(body.items).toMatchObject([{ slot: 1, responseId: null, pointsPossible: 3 }]);
  });

  it('is provisional while an essay waits', async () => {
    const essay = await room.publish(essaySpec(5), 5);
    const attemptId = await room.submit([[essay, { RESPONSE: 'Dear Sir' }]]);
    expect(await room.told(attemptId)).toMatchObject([{ status: 'provisional', points: 0 }]);
  });

  it('is traceable to its score versions', async () => {
    const item = await room.publish(choiceSpec('A'), 1);
    const attemptId = await room.submit([[item, { RESPONSE: 'A' }]]);
    const [row] = await service.database.inInstitution(room.institutionId, (tx) =>
      tx.query<{ trace_id: string }>(
        'SELECT trace_id FROM attempt_score_version WHERE attempt_id = $1',
        [attemptId],
      ),
    );
    expect(row?.trace_id).toMatch(/^[0-9a-f]{32}$/);
    const traced = await service.database.inInstitution(room.institutionId, (tx) =>
      tx.query(grading.traceRecords?.[0]?.sql ?? '', [row?.trace_id]),
    );
    expect(traced).toMatchObject([{ id: attemptId, version: 1, cause: 'scored' }]);
  });
});

describe('reading a score', () => {
  it('shows learners their own, without the key', async () => {
    const item = await room.publish(choiceSpec('A'), 1);
    const attemptId = await room.submit([[item, { RESPONSE: 'B' }]]);
    const { status, body } = await read(attemptId, await room.learner());
    expect(status).toBe(200);
    expect(body.parts).toMatchObject([{ given: 'B', points: 0, verdict: 'incorrect' }]);
    expect(JSON.stringify(body)).not.toMatch(/expected|rule|"A"/);
  });

  it('is for the learner, the teachers of the class and admins', async () => {
    const item = await room.publish(choiceSpec('A'), 1);
    const attemptId = await room.submit([[item, { RESPONSE: 'A' }]]);
    const stranger = await room.as(newId(), 'learner');
    const otherTeacher = await room.as(newId(), 'teacher');
    const other = await Classroom.open(service);
    expect((await read(attemptId, stranger)).status).toBe(404);
    expect((await read(attemptId, otherTeacher)).status).toBe(404);
    expect((await read(attemptId, await other.admin())).status).toBe(404);
    expect((await read(attemptId, await room.admin())).status).toBe(200);
    expect((await read(newId(), await room.admin())).body.code).toBe('score-not-found');
    expect((await service.request('GET', `/scores/${attemptId}`)).status).toBe(401);
    expect((await read('nonsense', await room.admin())).status).toBe(404);
  });

  it('ends for a teacher who left the class', async () => {
    const item = await room.publish(choiceSpec('A'), 1);
    const attemptId = await room.submit([[item, { RESPONSE: 'A' }]]);
    const { institutionId, classId } = room;
    const personId = newId();
    const enrolment = { enrolmentId: newId(), classId, personId, role: 'teacher' as const };
    const ended = { ...enrolment, status: 'ended' as const };
    await service.deliver(EnrolmentChanged, { institutionId, version: 2, data: ended });
    const stale = { ...enrolment, status: 'active' as const };
    await service.deliver(EnrolmentChanged, { institutionId, version: 1, data: stale });
    expect((await read(attemptId, await room.as(personId, 'teacher'))).status).toBe(404);
  });
});
