import { newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import { gapPackage, type Person, person, startContent } from './content-service.js';

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
type Node = { id: string; title: string; children: Node[] };
const titlesIn = (node: Node): unknown => [node.title, node.children.map(titlesIn)];
const idsIn = (node: Node): string[] => [node.id, ...node.children.flatMap(idsIn)];
const titles = (body: { items: { title: string }[] }) => body.items.map(({ title }) => title);

async function wholeSeries(title: string) {
  const { body: imported } = await teacher.upload(gapPackage({ q1: 'a' }));
  const series = await made('/series', {
    ...{ title, edition: '1st', cefrLevels: ['B1', 'A2', 'B1'], skills: ['reading'] },
  });
  const course = await made(`/series/${series}/courses`, { title: 'Course', cefrLevel: 'A2' });
  for (const name of ['One', 'Two']) {
    const unit = await made(`/courses/${course}/units`, { title: name, skills: ['listening'] });
    const lesson = await made(`/units/${unit}/lessons`, { title: `${name}.1` });
    const activity = { title: 'Quiz', mode: 'live', testId: imported.testId };
    await made(`/lessons/${lesson}/activities`, activity);
  }
  return { series, course, testId: imported.testId as string };
}

describe('an edition', () => {
  it('is a copy of all that is below, live beside the other, and changes by itself', async () => {
    const { series, course, testId } = await wholeSeries('Gateway');
    const key = newId();
    const body = { edition: ' 2nd ' };
    const { body: copy, status } = await teacher.post(`/series/${series}/editions`, body, key);
    expect([status, copy.edition, copy.status, copy.familyId]).toEqual([
      ...[201, '2nd', 'live', series],
    ]);
    expect(copy).toMatchObject({ title: 'Gateway', cefrLevels: ['A2', 'B1'], skills: ['reading'] });
    const again = await teacher.post(`/series/${series}/editions`, body, key);
    expect(again.body).toEqual(copy);

    const [{ id: copied }] = (await teacher.get(`/series/${copy.id}/courses`)).body.items;
    const [before, after] = [
      (await teacher.get(`/courses/${course}`)).body,
      (await teacher.get(`/courses/${copied}`)).body,
    ];
    expect(titlesIn(after)).toEqual(titlesIn(before));
    expect(idsIn(after).filter((id) => idsIn(before).includes(id))).toEqual([]);
    expect(after).toMatchObject({ cefrLevel: 'A2', version: 1 });
    expect(after.children[1]).toMatchObject({ skills: ['listening'] });
    expect(after.children[1].children[0].children[0]).toMatchObject({ mode: 'live', testId });
    await teacher.patch(`/units/${after.children[0].id}`, 1, { title: 'Changed' });
    expect(titlesIn((await teacher.get(`/courses/${course}`)).body)).toEqual(titlesIn(before));
  });

  it('has a label of its own, even when two are made at once', async () => {
    const { series } = await wholeSeries('Twice');
    const copies = await Promise.all(
      [1, 2].map(() => teacher.post(`/series/${series}/editions`, { edition: '2nd' })),
    );
    expect(copies.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    const same = await teacher.post(`/series/${series}/editions`, { edition: '1st' });
    expect([same.status, same.body.code]).toEqual([409, 'edition-exists']);
    expect((await teacher.patch(`/series/${series}`, 1, { edition: '2nd' })).status).toBe(409);
    const { body } = await teacher.get(`/series?familyId=${series}`);
    expect(body.items.map((one: { edition: string }) => one.edition)).toEqual(['1st', '2nd']);
  });

  it('can be archived, and is told from live ones', async () => {
    const series = await made('/series', { title: 'Old book' });
    const archived = await teacher.patch(`/series/${series}`, 1, { status: 'archived' });
    expect(archived.body).toMatchObject({ status: 'archived', edition: '', familyId: series });
    const listed = await teacher.get('/series?status=archived');
    expect(titles(listed.body)).toEqual(['Old book']);
    expect(titles((await teacher.get('/series?status=live')).body)).not.toContain('Old book');
    expect((await teacher.patch(`/series/${series}`, 2, { status: 'burnt' })).status).toBe(400);
  });

  it('that is archived is read by whoever teaches with it, and nothing in it changes', async () => {
    const { series, course } = await wholeSeries('Shelved');
    const outline = (await teacher.get(`/courses/${course}`)).body;
    const [unit] = outline.children;
    const [lesson] = unit.children;
    const [activity] = lesson.children;
    const { course: live } = await wholeSeries('Live');
    const [other] = (await teacher.get(`/courses/${live}`)).body.children;
    await teacher.patch(`/series/${series}`, 1, { status: 'archived' });

    const body = { title: 'New' };
    const answers = [
      await teacher.post(`/series/${series}/courses`, body),
      await teacher.post(`/courses/${course}/units`, body),
      await teacher.post(`/units/${unit.id}/lessons`, body),
      await teacher.post(`/lessons/${lesson.id}/activities`, body),
      await teacher.patch(`/courses/${course}`, 1, body),
      await teacher.patch(`/units/${unit.id}`, 1, { position: 2 }),
      await teacher.patch(`/lessons/${lesson.id}`, 1, body),
      await teacher.patch(`/activities/${activity.id}`, 1, { mode: 'live' }),
      // Neither out of it nor into it.
      await teacher.patch(`/units/${unit.id}`, 1, { parentId: live }),
      await teacher.patch(`/units/${other.id}`, 1, { parentId: course }),
      await teacher.patch(`/series/${series}`, 2, { title: 'Renamed' }),
    ];
    for (const { status, body: problem } of answers) {
      expect([status, problem.code]).toEqual([409, 'series-archived']);
    }
    expect((await teacher.get(`/courses/${course}`)).body).toEqual(outline);
    expect((await teacher.get(`/activities/${activity.id}`)).body).toMatchObject({ version: 1 });
    expect((await teacher.get(`/series/${series}/courses`)).body.items).toHaveLength(1);

    const again = { status: 'live', title: 'Back' };
    expect((await teacher.patch(`/series/${series}`, 2, again)).body).toMatchObject(again);
    expect((await teacher.patch(`/courses/${course}`, 1, body)).status).toBe(200);
  });

  it('is for teachers of its institution', async () => {
    const { series } = await wholeSeries('Ours');
    const learner = await person(service, 'learner', teacher.institutionId);
    const stranger = await person(service);
    const body = { edition: '9th' };
    expect((await learner.post(`/series/${series}/editions`, body)).status).toBe(403);
    expect((await stranger.post(`/series/${series}/editions`, body)).status).toBe(404);
    expect((await teacher.post(`/series/${series}/editions`, {})).status).toBe(400);
  });
});

describe('a part that moves to another parent', () => {
  it('takes all below with it, and both parents keep their order', async () => {
    const { course } = await wholeSeries('From');
    const { course: other } = await wholeSeries('To');
    const [first, second] = (await teacher.get(`/courses/${course}`)).body.children;
    const moved = await teacher.patch(`/units/${first.id}`, 1, { parentId: other, position: 2 });
    expect(moved.body).toMatchObject({ parentId: other, position: 2, version: 2 });
    expect((await teacher.get(`/courses/${course}/units`)).body.items).toMatchObject([
      ...[{ id: second.id, position: 1 }],
    ]);
    const { body } = await teacher.get(`/courses/${other}`);
    expect(titlesIn(body)).toEqual([
      'Course',
      ['One', 'One', 'Two'].map((name) => [name, [[`${name}.1`, [['Quiz', []]]]]]),
    ]);
  });

  it('goes nowhere when there is no such parent', async () => {
    const { course } = await wholeSeries('Stays');
    const [unit] = (await teacher.get(`/courses/${course}`)).body.children;
    const stranger = await person(service);
    const foreign = (await stranger.post('/series', { title: 'x' })).body.id;
    for (const parentId of [newId(), foreign]) {
      const answer = await teacher.patch(`/units/${unit.id}`, 1, { parentId });
      expect([answer.status, answer.body.code]).toEqual([422, 'course-not-found']);
    }
    expect((await teacher.patch(`/units/${unit.id}`, 1, { parentId: 'x' })).status).toBe(400);
    expect((await teacher.get(`/units/${unit.id}`)).body).toMatchObject({ parentId: course });
  });

  it('meets one that goes the other way without a deadlock', async () => {
    const { course } = await wholeSeries('Here');
    const { course: other } = await wholeSeries('There');
    const units = async (id: string) => (await teacher.get(`/courses/${id}/units`)).body.items;
    const [here, there] = [await units(course), await units(other)];
    const answers = await Promise.all([
      ...here.map(({ id }: Node) => teacher.patch(`/units/${id}`, 1, { parentId: other })),
      ...there.map(({ id }: Node) => teacher.patch(`/units/${id}`, 1, { parentId: course })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    for (const id of [course, other]) {
      const positions = (await units(id)).map(({ position }: { position: number }) => position);
      expect(positions).toEqual([1, 2]);
    }
  });
});
