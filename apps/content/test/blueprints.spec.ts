import type { TestService } from '@parlance/platform/testing';
import { newId } from '@parlance/kernel';
import {
  choiceSource,
  countRows,
  type Person,
  person,
  publishedItem,
  startContent,
} from './content-service.js';

let service: TestService;
let author: Person;
let reviewer: Person;

beforeAll(async () => {
  service = await startContent();
  author = await person(service);
  reviewer = await person(service, 'teacher', author.institutionId);
  for (let n = 0; n < 6; n += 1) {
    const tags = { cefrLevel: n < 3 ? 'A2' : 'B1', skills: ['grammar'], topics: ['School'] };
    await publishedItem(author, reviewer, choiceSource(`q${n}`), tags);
  }
});
afterAll(() => service.stop());

const made = async (...pools: object[]) => {
  const { status, body } = await author.post('/blueprints', { title: 'Quiz', pools });
  expect(status).toBe(201);
  return `/blueprints/${body.id}`;
};
const pool = (id: string, count: number, more: object = {}) => ({ id, count, ...more });
type Drawn = { body: { tests: { testId: string; itemVersionIds: string[] }[] } };
const formsOf = ({ body }: Drawn) => body.tests.map((test) => test.itemVersionIds);

describe('a blueprint', () => {
  it('has versions, and pools that do not contradict themselves', async () => {
    const path = await made(pool('a2', 2, { cefrLevels: ['A2'], topics: [' SCHOOL '] }));
    const { body } = await author.get(path);
    expect(body).toMatchObject({
      ...{ version: 1, title: 'Quiz' },
      pools: [{ id: 'a2', title: 'a2', common: 0, topics: ['school'], pointsEach: null }],
    });
    const next = { title: 'Quiz', pools: [pool('b1', 1)] };
    expect((await author.put(path, next, 1)).body.version).toBe(2);
    expect((await author.put(path, next, 1)).status).toBe(412);
    const wrong = { title: 'Quiz', pools: [pool('x', 1, { common: 2 }), pool('x', 1)] };
    const refused = await author.put(path, wrong, 2);
    expect([refused.status, refused.body.errors.length]).toEqual([400, 2]);
    expect((await author.get('/blueprints')).body.items[0].pools).toHaveLength(1);
  });

  it('gives parallel forms that are tests, the same ones for the same bank and seed', async () => {
    const path = await made(pool('a2', 2, { cefrLevels: ['A2'], common: 1 }), pool('any', 1));
    const drawn = await author.post(`${path}/forms`, { title: 'Form', forms: 2, seed: 's' });
    expect(drawn.status).toBe(201);
    const [one = [], two = []] = formsOf(drawn);
    expect([one.length, two.length]).toEqual([3, 3]);
    expect(one.filter((id) => two.includes(id))).toHaveLength(1);
    expect(drawn.body.tests.map((test: { title: string }) => test.title)).toEqual([
      ...['Form 1', 'Form 2'],
    ]);
    const test = await author.get(`/tests/${drawn.body.tests[0].testId}`);
    expect(test.body.structure.sections.map(({ id }: { id: string }) => id)).toEqual([
      ...['a2', 'any'],
    ]);
    expect(drawn.body.snapshotHash).toMatch(/^[0-9a-f]{64}$/);
    const again = await author.post(`${path}/forms`, { title: 'Form', forms: 2, seed: 's' });
    // What was drawn before has been exposed since, which is another bank.
    expect(again.body.snapshotHash).not.toBe(drawn.body.snapshotHash);
  });

  it('takes what is least exposed, and leaves out what reached the limit', async () => {
    const own = await person(service);
    const other = await person(service, 'teacher', own.institutionId);
    for (const name of ['a', 'b', 'c']) await publishedItem(own, other, choiceSource(name));
    const { body } = await own.post('/blueprints', { title: 'Q', pools: [pool('p', 1)] });
    const path = `/blueprints/${body.id}/forms`;
    const draw = () => own.post(path, { title: 'F', forms: 1, maxExposure: 1 });
    const drawn = await Promise.all([draw(), draw(), draw()]);
    expect(new Set(drawn.flatMap(formsOf).flat()).size).toBe(3);
    const tests = await countRows(service, own.institutionId, 'test_version');
    const fourth = await draw();
    expect([fourth.status, fourth.body.code]).toEqual([422, 'blueprint-infeasible']);
    expect(fourth.body.errors).toEqual([
      {
        pointer: '/pools/0',
        detail: 'p needs 1 items and 0 fit: 1 short; 3 more were used too often',
      },
    ]);
    expect(await countRows(service, own.institutionId, 'test_version')).toBe(tests);
  });

  it('takes first what a class has not seen', async () => {
    const own = await person(service);
    const other = await person(service, 'teacher', own.institutionId);
    for (const name of ['a', 'b', 'c', 'd']) await publishedItem(own, other, choiceSource(name));
    const { body } = await own.post('/blueprints', { title: 'Q', pools: [pool('p', 2)] });
    const path = `/blueprints/${body.id}/forms`;
    const first = await own.post(path, { title: 'F', forms: 1 });
    const seenInTestIds = [first.body.tests[0].testId];
    const second = await own.post(path, { title: 'F', forms: 1, seenInTestIds });
    const ids = [...formsOf(first), ...formsOf(second)].flat();
    expect(new Set(ids).size).toBe(4);
    const key = newId();
    const third = await own.post(path, { title: 'F', forms: 1, seenInTestIds }, key);
    expect((await own.post(path, { title: 'F', forms: 1, seenInTestIds }, key)).body).toEqual(
      third.body,
    );
  });

  it('says which pools cannot be filled', async () => {
    const path = await made(
      pool('b1', 2, { cefrLevels: ['B1'] }),
      pool('grammar', 2, { cefrLevels: ['B1'], skills: ['grammar'] }),
    );
    const { status, body } = await author.post(`${path}/forms`, { title: 'F', forms: 1 });
    expect(status).toBe(422);
    expect(body.errors).toEqual(
      [0, 1].map((at) => ({
        pointer: `/pools/${at}`,
        detail: 'b1, grammar together need 4 items and 3 fit: 1 short',
      })),
    );
  });

  it.each([
    [{ title: 'F', forms: 0 }],
    [{ title: 'F', forms: 21 }],
    [{ title: 'F', forms: 1, maxExposure: 0 }],
    [{ title: 'F', forms: 1, seenInTestIds: ['x'] }],
  ])('draws nothing for %j', async (body) => {
    const path = await made(pool('p', 1));
    expect((await author.post(`${path}/forms`, body)).status).toBe(400);
  });

  it('is for teachers of its institution', async () => {
    const path = await made(pool('p', 1));
    const learner = await person(service, 'learner', author.institutionId);
    const stranger = await person(service);
    const body = { title: 'F', forms: 1 };
    for (const [who, status] of [
      [learner, 403],
      [stranger, 404],
    ] as const) {
      expect((await who.get(path)).status).toBe(status);
      expect((await who.post(`${path}/forms`, body)).status).toBe(status);
      const change = { title: 'x', pools: [pool('p', 1)] };
      expect((await who.put(path, change, 1)).status).toBe(status);
    }
  });
});
