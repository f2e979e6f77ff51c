import { newId } from '@parlance/kernel';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { gradebook } from '../src/gradebook.module.js';
import { Classroom } from './builders.js';

let service: TestService;
let room: Classroom;

beforeAll(async () => {
  service = await startTestService(gradebook);
});
beforeEach(async () => {
  room = await Classroom.open(service);
});
afterAll(() => service.stop());

const names = (body: { items: { displayName: string }[] }) =>
  body.items.map((row) => row.displayName);

describe('the gradebook of a class', () => {
  it('has a row for every learner and a cell for every column', async () => {
    const first = await room.assign({ title: 'Unit 1', opensAt: '2026-03-01T08:00:00Z' });
    const second = await room.assign({
      title: 'Test',
      category: 'Tests',
      pointsPossible: 20,
      opensAt: '2026-03-08T08:00:00Z',
    });
    const aino = await room.learner('Aino');
    await room.learner('Bao');
    await room.scored({ assignmentId: first, learnerId: aino, points: 7.5 });
    const { status, body } = await room.read();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      classId: room.classId,
      name: 'Class 7b',
      nextCursor: null,
      columns: [
        { assignmentId: first, title: 'Unit 1', category: 'Homework', pointsPossible: 10 },
        { assignmentId: second, title: 'Test', category: 'Tests', pointsPossible: 20 },
      ],
    });
    expect(names(body)).toEqual(['Aino', 'Bao']);
    const [row, other] = body.items;
    expect(row.cells).toMatchObject([
      { assignmentId: first, status: 'graded', points: 7.5 },
      { assignmentId: second, status: 'ungraded', points: null, pointsPossible: 20 },
    ]);
    expect(row.total).toEqual({
      points: 7.5,
      pointsPossible: 10,
      currentPercent: 75,
      finalPercent: 25,
    });
    expect(row.categories).toMatchObject([
      { name: 'Homework', percent: 75 },
      { name: 'Tests', percent: null },
    ]);
    expect(other.cells.map((cell: { status: string }) => cell.status)).toEqual([
      'ungraded',
      'ungraded',
    ]);
    expect(other.total).toMatchObject({ currentPercent: null, finalPercent: 0 });
  });

  it('is paged by name, across equal names, without gaps', async () => {
    const given = ['Zoë', 'Åsa', 'adam', 'Bea', 'Bea', 'Bea', 'Émile', ''];
    for (const name of given.slice(0, 7)) await room.learner(name);
    await room.enrol(newId(), 'learner');
    const all = (await room.read()).body;
    expect(names(all)).toEqual(['', 'adam', 'Åsa', 'Bea', 'Bea', 'Bea', 'Émile', 'Zoë']);
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor === null ? '?limit=2' : `?limit=2&cursor=${cursor}`;
      const { body } = await room.read(query);
      paged.push(...body.items.map((row: { learnerId: string }) => row.learnerId));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(paged).toEqual(all.items.map((row: { learnerId: string }) => row.learnerId));
  });

  it('puts no name into a cursor', async () => {
    await room.learner('Aino');
    await room.learner('Bao');
    const { nextCursor } = (await room.read('?limit=1')).body;
    expect(Buffer.from(nextCursor, 'base64url').toString()).not.toContain('Aino');
  });

  it.each(['?limit=0', '?limit=201', '?limit=x', '?cursor=nonsense', '?colour=red'])(
    'refuses %s',
    async (query) => {
      expect((await room.read(query)).status).toBe(400);
    },
  );

  it('follows names, and forgets whoever left', async () => {
    const aino = await room.learner('Aino');
    await room.person(aino, 'Aino K.', 3);
    await room.person(aino, 'Old name', 2);
    await room.name('Class 8b', 2);
    const enrolmentId = newId();
    const gone = newId();
    await room.enrol(gone, 'learner', { enrolmentId, status: 'ended', version: 2 });
    await room.enrol(gone, 'learner', { enrolmentId, status: 'active', version: 1 });
    const { body } = await room.read();
    expect(body.name).toBe('Class 8b');
    expect(names(body)).toEqual(['Aino K.']);
  });

  it('has one row for a learner enrolled twice, and none for teachers', async () => {
    const aino = await room.learner('Aino');
    await room.enrol(aino, 'learner');
    expect(names((await room.read()).body)).toEqual(['Aino']);
  });

  it('loses the column of a withdrawn assignment, and its points', async () => {
    const assignmentId = await room.assign();
    const learnerId = await room.learner('Aino');
    await room.scored({ assignmentId, learnerId });
    await room.assign({ assignmentId, status: 'withdrawn' }, 3);
    await room.assign({ assignmentId, title: 'Stale' }, 2);
    const { body } = await room.read();
    expect(body.columns).toEqual([]);
    expect(body.items[0]).toMatchObject({ cells: [], total: { currentPercent: null } });
    await room.assign({ assignmentId, title: 'Back' }, 4);
    expect((await room.read()).body.items[0].cells).toMatchObject([{ points: 8 }]);
  });

  it('is for teachers of the class and admins', async () => {
    const aino = await room.learner('Aino');
    const other = await Classroom.open(service);
    const status = async (token: string) => (await room.read('', token)).status;
    expect(await status(await room.admin())).toBe(200);
    expect(await status(await room.as(aino, 'learner'))).toBe(403);
    expect(await status(await room.as(newId(), 'teacher'))).toBe(404);
    expect(await status(await other.admin())).toBe(404);
    const none = await service.request('GET', `/gradebooks/${room.classId}`);
    expect(none).toMatchObject({ status: 401, body: { code: 'token-required' } });
    const token = await room.admin();
    expect((await service.request('GET', `/gradebooks/${newId()}`, { token })).status).toBe(404);
    expect((await service.request('GET', '/gradebooks/nonsense', { token })).status).toBe(404);
  });
});

describe('the grades of one learner', () => {
  const learners = (who: string, token: string) =>
    service.request('GET', `/gradebooks/${room.classId}/learners/${who}`, { token });

  it('are theirs to read, and nobody else’s', async () => {
    const assignmentId = await room.assign();
    const aino = await room.learner('Aino');
    const bao = await room.learner('Bao');
    await room.scored({ assignmentId, learnerId: aino });
    const token = await room.as(aino, 'learner');
    const me = await learners('me', token);
    expect(me.body).toMatchObject({
      classId: room.classId,
      name: 'Class 7b',
      learnerId: aino,
      columns: [{ assignmentId }],
      cells: [{ points: 8 }],
      total: { currentPercent: 80 },
    });
    expect((await learners(aino, token)).body).toEqual(me.body);
    expect((await learners(bao, token)).status).toBe(404);
    expect((await learners(bao, await room.teacher())).body.displayName).toBe('Bao');
    expect((await learners(bao, await room.as(newId(), 'teacher'))).status).toBe(404);
    expect((await learners('me', await room.as(newId(), 'learner'))).status).toBe(404);
    expect((await learners(newId(), await room.teacher())).body.code).toBe('learner-not-found');
    const other = await Classroom.open(service);
    expect((await learners(aino, await other.admin())).status).toBe(404);
  });
});
