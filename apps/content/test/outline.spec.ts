import { newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import { gapPackage, type Person, person, startContent } from './content-service.js';

const titles = (body: { items: { title: string }[] }) => body.items.map((part) => part.title);

describe('series, courses and what is in them', () => {
  let service: TestService;
  let teacher: Person;
  beforeAll(async () => {
    service = await startContent();
    teacher = await person(service);
  });
  afterAll(() => service.stop());

  const made = async (path: string, body: object): Promise<string> => {
    const answer = await teacher.post(path, body);
    expect(answer.status).toBe(201);
    return answer.body.id as string;
  };
  const newCourse = async () => {
    const series = await made('/series', { title: 'Gateway to English' });
    return made(`/series/${series}/courses`, { title: 'Course 1', cefrLevel: 'A2' });
  };

  it('make an outline, which learners may read too', async () => {
    const { body: imported } = await teacher.upload(gapPackage({ q1: 'a' }));
    const course = await newCourse();
    const unit = await made(`/courses/${course}/units`, { title: 'Unit 1', skills: ['reading'] });
    const lesson = await made(`/units/${unit}/lessons`, { title: 'Lesson 1' });
    await made(`/lessons/${lesson}/activities`, { title: 'Talk', mode: 'in-class' });
    const test = { title: 'Quiz', testId: imported.testId, position: 1 };
    await made(`/lessons/${lesson}/activities`, test);

    const learner = await person(service, 'learner', teacher.institutionId);
    const { status, body, headers } = await learner.get(`/courses/${course}`);
    expect(status).toBe(200);
    expect(headers.get('etag')).toBe('"1"');
    expect(body).toMatchObject({
      level: 'course',
      cefrLevel: 'A2',
      children: [
        {
          level: 'unit',
          skills: ['reading'],
          children: [
            {
              level: 'lesson',
              children: [
                { title: 'Quiz', position: 1, mode: 'self', testId: imported.testId },
                { title: 'Talk', position: 2, mode: 'in-class', testId: null },
              ],
            },
          ],
        },
      ],
    });
  });

  it('are not for learners but for the outline', async () => {
    const learner = await person(service, 'learner', teacher.institutionId);
    const course = await newCourse();
    expect((await learner.get('/series')).status).toBe(403);
    expect((await learner.post('/series', { title: 'Mine' })).status).toBe(403);
    expect((await learner.get(`/courses/${course}/units`)).status).toBe(403);
    expect((await learner.post(`/courses/${course}/units`, { title: 'x' })).status).toBe(403);
    expect((await learner.patch(`/courses/${course}`, 1, { title: 'x' })).status).toBe(403);
    expect((await service.request('GET', `/courses/${course}`)).status).toBe(401);
  });

  it('of another institution do not exist', async () => {
    const stranger = await person(service, 'admin');
    const course = await newCourse();
    expect((await stranger.get(`/courses/${course}`)).status).toBe(404);
    expect((await stranger.get(`/courses/${course}/units`)).status).toBe(404);
    expect((await stranger.post(`/courses/${course}/units`, { title: 'x' })).status).toBe(404);
    expect((await stranger.patch(`/courses/${course}`, 1, { title: 'x' })).status).toBe(404);
    expect((await stranger.get('/series')).body.items).toEqual([]);
  });

  it('cannot use the test of another institution', async () => {
    const stranger = await person(service);
    const { body } = await stranger.upload(gapPackage({ q1: 'a' }));
    const unit = await made(`/courses/${await newCourse()}/units`, { title: 'Unit' });
    const lesson = await made(`/units/${unit}/lessons`, { title: 'Lesson' });
    const activity = { title: 'Quiz', testId: body.testId };
    const answer = await teacher.post(`/lessons/${lesson}/activities`, activity);
    expect([answer.status, answer.body.code]).toEqual([422, 'test-not-found']);
  });

  it('keep their order when one is put in or moved', async () => {
    const course = await newCourse();
    const path = `/courses/${course}/units`;
    const ids: Record<string, string> = {};
    for (const title of ['A', 'B', 'C']) ids[title] = await made(path, { title });
    ids.D = await made(path, { title: 'D', position: 2 });
    expect(titles((await teacher.get(path)).body)).toEqual(['A', 'D', 'B', 'C']);

    const moved = await teacher.patch(`/units/${ids.A}`, 1, { position: 3 });
    expect(moved.body).toMatchObject({ position: 3, version: 2 });
    await teacher.patch(`/units/${ids.C}`, 1, { position: 1 });
    await teacher.patch(`/units/${ids.D}`, 1, { position: 99 });
    const first = await teacher.get(`${path}?limit=3`);
    const second = await teacher.get(`${path}?limit=3&cursor=${first.body.nextCursor}`);
    expect([...titles(first.body), ...titles(second.body)]).toEqual(['C', 'B', 'A', 'D']);
    expect(second.body.items[0].position).toBe(4);
  });

  it('keep their order when many are added at once', async () => {
    const path = `/courses/${await newCourse()}/units`;
    const adds = Array.from({ length: 12 }, (_, n) =>
      teacher.post(path, { title: `${n}`, position: 1 }),
    );
    for (const answer of await Promise.all(adds)) expect(answer.status).toBe(201);
    const { body } = await teacher.get(path);
    expect(body.items.map((unit: { position: number }) => unit.position)).toEqual(
      Array.from({ length: 12 }, (_, n) => n + 1),
    );
  });

  it('are changed by whoever saw the latest version', async () => {
    const course = await newCourse();
    const patch = { title: 'Course One', cefrLevel: null, skills: ['writing', 'reading'] };
    const changed = await teacher.patch(`/courses/${course}`, 1, patch);
    expect(changed.body).toMatchObject({
      title: 'Course One',
      cefrLevel: null,
      skills: ['reading', 'writing'],
      version: 2,
    });
    expect((await teacher.patch(`/courses/${course}`, 1, { title: 'x' })).status).toBe(412);
  });

  it('are made once for one Idempotency-Key', async () => {
    const key = newId();
    const first = await teacher.post('/series', { title: 'Once' }, key);
    const again = await teacher.post('/series', { title: 'Once' }, key);
    expect(again.body).toEqual(first.body);
    const unitsOf = `/courses/${await newCourse()}/units`;
    const one = await teacher.post(unitsOf, { title: 'Unit' }, key);
    expect((await teacher.post(unitsOf, { title: 'Unit' }, key)).body).toEqual(one.body);
    expect((await teacher.get(unitsOf)).body.items).toHaveLength(1);
  });

  it('can be read and renamed one by one', async () => {
    const series = await made('/series', { title: 'Old' });
    const course = await made(`/series/${series}/courses`, { title: 'C' });
    const unit = await made(`/courses/${course}/units`, { title: 'U' });
    const lesson = await made(`/units/${unit}/lessons`, { title: 'L' });
    const activity = await made(`/lessons/${lesson}/activities`, { title: 'A' });
    const paths = [
      `/series/${series}`,
      `/units/${unit}`,
      `/lessons/${lesson}`,
      `/activities/${activity}`,
    ];
    for (const path of paths) {
      const { headers } = await teacher.get(path);
      expect(headers.get('etag')).toBe('"1"');
      const renamed = await teacher.patch(path, 1, { title: 'New' });
      expect(renamed.body).toMatchObject({ title: 'New', version: 2 });
      expect((await teacher.get(path)).body).toEqual(renamed.body);
    }
    const changed = await teacher.patch(`/activities/${activity}`, 2, { mode: 'paper' });
    expect(changed.body).toMatchObject({ title: 'New', mode: 'paper', testId: null });
    const { body } = await teacher.get(`/series/${series}/courses`);
    expect(titles(body)).toEqual(['C']);
  });

  it.each([
    ['/series', { title: '' }],
    ['/series', { title: ' \u0000 ' }],
    ['/series', { title: 'x'.repeat(501) }],
    ['/series', {}],
    ['units', { title: 'x', position: 0 }],
    ['units', { title: 'x', cefrLevel: 'B7' }],
    ['units', { title: 'x', mode: 'live' }],
  ])('refuse %s of %j', async (path, body) => {
    const at = path === 'units' ? `/courses/${await newCourse()}/units` : path;
    const answer = await teacher.post(at, body);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid-input']);
    expect(answer.body.errors[0].pointer).toMatch(/^\/\w+/);
  });
});
