import { newId } from '@parlance/kernel';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { gradebook } from '../src/gradebook.module.js';
import { Classroom } from './builders.js';

let service: TestService;
let room: Classroom;
let token: string;

beforeAll(async () => {
  service = await startTestService(gradebook);
});
beforeEach(async () => {
  room = await Classroom.open(service);
  token = await room.teacher();
});
afterAll(() => service.stop());

function read(as = token) {
  return service.request('GET', `/gradebooks/${room.classId}/categories`, { token: as });
}

function put(version: number | null, categories: unknown, as = token) {
  const headers: Record<string, string> = version === null ? {} : { 'if-match': `"${version}"` };
  const path = `/gradebooks/${room.classId}/categories`;
  return service.request('PUT', path, { token: as, body: { categories }, headers });
}

/** Columns with the points a learner got in them, or null for nothing. */
async function total(...columns: [category: string, possible: number, points: number | null][]) {
  const learnerId = await room.learner('Aino');
  for (const [category, pointsPossible, points] of columns) {
    const assignmentId = await room.assign({ category, pointsPossible });
    if (points !== null) await room.scored({ assignmentId, learnerId, points, pointsPossible });
  }
  return (await room.read()).body.items[0];
}

describe('categories', () => {
  it('are none until they are set', async () => {
    const { body, headers } = await read();
    expect(body).toEqual({ version: 0, categories: [] });
    expect(headers.get('etag')).toBe('"0"');
    const set = await put(0, [{ name: 'Homework', weight: 40 }, { name: 'Tests' }]);
    expect(set.status).toBe(200);
    expect(set.headers.get('etag')).toBe('"1"');
    expect((await read()).body).toEqual({
      version: 1,
      categories: [
        { name: 'Homework', weight: 40, dropLowest: 0, dropHighest: 0 },
        { name: 'Tests', weight: null, dropLowest: 0, dropHighest: 0 },
      ],
    });
  });

  it('are changed only by who has seen the present ones', async () => {
    expect((await put(null, [])).status).toBe(428);
    expect((await put(1, [])).status).toBe(412);
    await put(0, [{ name: 'Homework', weight: 40 }]);
    const late = await put(0, []);
    expect(late).toMatchObject({ status: 412, body: { code: 'version-changed' } });
    const both = await Promise.all([put(1, []), put(1, [{ name: 'B', weight: 1 }])]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 412]);
  });

  it.each([
    [[{ name: 'A', weight: -1 }]],
    [[{ name: 'A', weight: 1001 }]],
    [[{ name: '', weight: 1 }]],
    [[{ weight: 1 }]],
    [[{ name: 'A' }, { name: 'A' }]],
    [Array.from({ length: 51 }, (_, n) => ({ name: `C${n}` }))],
    ['A'],
    [undefined],
  ])('refuse %j', async (categories) => {
    expect(await put(0, categories)).toMatchObject({
      status: 400,
      body: { code: 'invalid-input' },
    });
  });

  it('are for teachers of the class and admins', async () => {
    const learner = await room.as(newId(), 'learner');
    const stranger = await room.as(newId(), 'teacher');
    const other = await Classroom.open(service);
    expect((await put(0, [], learner)).status).toBe(403);
    expect((await put(0, [], stranger)).status).toBe(404);
    expect((await put(0, [], await other.admin())).status).toBe(404);
    expect((await read(learner)).status).toBe(403);
    expect((await read(stranger)).status).toBe(404);
    expect((await put(0, [], await room.admin())).status).toBe(200);
  });
});

describe('weighted totals', () => {
  it('leave out what has nothing graded, and count it in the end (G5)', async () => {
    await put(0, [
      { name: 'Homework', weight: 40 },
      { name: 'Tests', weight: 60 },
    ]);
    const row = await total(['Homework', 50, 45], ['Tests', 100, null]);
    expect(row.total).toMatchObject({ currentPercent: 90, finalPercent: 36 });
    expect(row.categories).toMatchObject([
      { name: 'Homework', weight: 40, points: 45, pointsPossible: 50, percent: 90 },
      { name: 'Tests', weight: 60, points: 0, percent: null },
    ]);
  });

  it('may reach beyond 100 (G6)', async () => {
    await put(0, [
      { name: 'Homework', weight: 60 },
      { name: 'Tests', weight: 60 },
    ]);
    const row = await total(['Homework', 50, 50], ['Tests', 50, 40]);
    expect(row.total.currentPercent).toBe(108);
  });

  it('are none when only what weighs nothing is graded (G7)', async () => {
    await put(0, [
      { name: 'Homework', weight: 0 },
      { name: 'Tests', weight: 100 },
    ]);
    const row = await total(['Homework', 50, 50], ['Tests', 50, null]);
    expect(row.total.currentPercent).toBeNull();
  });

  it('drop the lowest when asked (G4)', async () => {
    await put(0, [{ name: 'Quiz', dropLowest: 1 }]);
    const row = await total(['Quiz', 10, 8], ['Quiz', 20, null], ['Quiz', 10, 0]);
    expect(row.total).toMatchObject({ currentPercent: 80, finalPercent: 40 });
  });
});
