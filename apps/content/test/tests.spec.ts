import { TestVersionPublished } from '@parlance/events';
import { newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import {
  choiceSource,
  countRows,
  gapPackage,
  type Person,
  person,
  publishedItem,
  startContent,
} from './content-service.js';

let service: TestService;
let author: Person;
let reviewer: Person;
let items: { itemId: string; itemVersionId: string }[];

beforeAll(async () => {
  service = await startContent();
  author = await person(service);
  reviewer = await person(service, 'teacher', author.institutionId);
  items = [];
  for (const name of ['a', 'b', 'c', 'd']) {
    items.push(await publishedItem(author, reviewer, choiceSource(name)));
  }
});
afterAll(() => service.stop());

const faultsOf = (answer: { body: { errors?: { pointer: string; detail: string }[] } }) =>
  (answer.body.errors ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`);
const testOf = (...chosen: object[]) => ({
  title: 'Built by hand',
  sections: [{ title: 'Part 1', items: chosen }],
});

describe('a test built by hand', () => {
  it('pins the latest versions, is told, and is another version when it changes', async () => {
    const key = newId();
    const [a, b, c] = items;
    const body = {
      title: 'Mixed',
      timeLimitSeconds: 600,
      sections: [
        {
          ...{ title: 'Part 1', instructions: 'Choose.', select: 1, shuffle: true },
          items: [{ itemId: a?.itemId, required: true }, { itemVersionId: b?.itemVersionId }],
        },
        { title: '', items: [{ itemId: c?.itemId, fixed: true }] },
      ],
    };
    const made = await author.post('/tests', body, key);
    expect([made.status, made.body.pointsPossible, made.body.timeLimitSeconds]).toEqual([
      ...[201, 2, 600],
    ]);
    expect(made.body.structure.sections[0]).toMatchObject({
      ...{ id: 'S1', select: 1, shuffle: true },
      items: [
        { itemVersionId: a?.itemVersionId, required: true, fixed: false },
        { itemVersionId: b?.itemVersionId },
      ],
    });
    expect((await author.post('/tests', body, key)).body).toEqual(made.body);
    const changed = await author.put(`/tests/${made.body.id}`, { ...body, title: 'Two' }, 1);
    expect(changed.body).toMatchObject({ title: 'Two', version: 2, latestVersionNumber: 2 });
    expect((await author.put(`/tests/${made.body.id}`, body, 1)).status).toBe(412);
    const told = (await service.emitted(TestVersionPublished)).filter(
      ({ data }) => data.testId === made.body.id,
    );
    expect(told.map(({ data }) => data.versionNumber)).toEqual([1, 2]);
    expect(told[0]?.data.testVersionId).toBe(made.body.latestVersionId);
  });

  it('refuses what cannot be in it, place by place, and keeps nothing', async () => {
    const { body: draft } = await author.post('/items', { source: choiceSource('unripe') });
    const { itemId: held } = await publishedItem(author, reviewer, choiceSource('leaked'));
    await author.put(`/items/${held}/quarantine`, { reason: 'It leaked.' });
    const stranger = await person(service);
    await stranger.upload(gapPackage({ q1: 'a' }));
    const [foreign] = (await stranger.get('/items')).body.items;
    const before = await countRows(service, author.institutionId, 'test_version');
    const [a] = items;
    const answer = await author.post(
      '/tests',
      testOf(
        ...[{ itemId: a?.itemId }, { itemVersionId: a?.itemVersionId }, { itemId: held }],
        ...[{ itemId: draft.itemId }, { itemId: foreign.id }, {}, { itemId: newId() }],
      ),
    );
    expect([answer.status, answer.body.code]).toEqual([422, 'items-not-usable']);
    const missing = 'must name one published item or one version';
    expect(faultsOf(answer)).toEqual([
      '/sections/0/items/1 the item is in the test already',
      '/sections/0/items/2 the item is quarantined',
      ...[3, 4, 5, 6].map((place) => `/sections/0/items/${place} ${missing}`),
    ]);
    const few = {
      title: 'x',
      sections: [{ title: '', select: 2, items: [{ itemId: a?.itemId }] }],
    };
    expect(faultsOf(await author.post('/tests', few))).toEqual([
      '/sections/0/select must not be more than its items',
    ]);
    expect(await countRows(service, author.institutionId, 'test_version')).toBe(before);
  });

  it('keeps an item that is retired afterwards', async () => {
    const { itemId, itemVersionId } = await publishedItem(author, reviewer, choiceSource('kept'));
    const { body } = await author.post('/tests', testOf({ itemId }));
    await author.put(`/items/${itemId}/retirement`, { reason: 'Old.' });
    const test = await author.get(`/tests/${body.id}`);
    expect(test.body.structure.sections[0].items[0].itemVersionId).toBe(itemVersionId);
    expect((await author.put(`/tests/${body.id}`, testOf({ itemId }), 1)).status).toBe(422);
    expect((await author.get('/items?used=yes&status=retired')).body.items).toHaveLength(1);
  });

  it.each([
    [{ title: 'x', sections: [] }],
    [{ title: 'x', sections: [{ title: '', items: [] }] }],
    [{ title: ' ', sections: [{ title: '', items: [{ itemId: 'x' }] }] }],
  ])('refuses %j', async (body) => {
    expect((await author.post('/tests', body)).status).toBe(400);
  });

  it('is not for learners', async () => {
    const learner = await person(service, 'learner', author.institutionId);
    const body = testOf({ itemId: items[0]?.itemId });
    expect((await learner.post('/tests', body)).status).toBe(403);
    expect((await learner.put(`/tests/${newId()}`, body, 1)).status).toBe(403);
    const stranger = await person(service);
    expect((await stranger.put(`/tests/${newId()}`, body, 1)).status).toBe(404);
    expect((await stranger.post('/tests', body)).status).toBe(422);
  });
});
