import { ItemVersionPublished, ScoringSpecPublished, TestVersionPublished } from '@parlance/events';
import type { Id } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import { choiceSource, person, publishedItem, startContent } from './content-service.js';
import type { Person } from './content-service.js';

let service: TestService;
let author: Person;
let reviewer: Person;

beforeAll(async () => {
  service = await startContent();
  author = await person(service);
  reviewer = await person(service, 'teacher', author.institutionId);
});
afterAll(() => service.stop());

const testOf = (itemId: Id) => ({
  title: 'A test',
  sections: [{ title: 'One', items: [{ itemId }] }],
});

async function pinned(identifier: string) {
  const item = await publishedItem(author, reviewer, choiceSource(identifier));
  const test = (await author.post('/tests', testOf(item.itemId))).body;
  return { ...item, test };
}

/** How much assignments and grading have been told so far. */
async function toldCount(): Promise<number> {
  const items = await service.emitted(ItemVersionPublished);
  const scorings = await service.emitted(ScoringSpecPublished);
  const tests = await service.emitted(TestVersionPublished);
  return items.length + scorings.length + tests.length;
}

const holds = [
  { path: 'retirement', status: 'retired' },
  { path: 'quarantine', status: 'quarantined' },
];

describe.each(holds)('an item that is $status while a test pins it', ({ path, status }) => {
  it('stays in the test, which can be read and exported as it was', async () => {
    const { itemId, itemVersionId, test } = await pinned(`kept-${status}`);
    const before = await toldCount();
    const held = await author.put(`/items/${itemId}/${path}`, { reason: 'It leaked.' });
    expect(held.body.status).toBe(status);
    // Nobody who has it under way is told anything: what attempts pin stays as it is.
    expect(await toldCount()).toBe(before);

    const { structure, latestVersionNumber } = (await author.get(`/tests/${test.id}`)).body;
    expect(latestVersionNumber).toBe(1);
    expect(structure.sections[0].items[0].itemVersionId).toBe(itemVersionId);
    const key = await author.get(`/items/${itemId}/versions/1/key`);
    expect(key.body).toMatchObject({ itemVersionId, pointsPossible: 1 });
    const exported = await author.post('/exports', { format: 'qti-3.0', testId: test.id });
    expect([exported.status, exported.body.files[0].itemVersionId]).toEqual([201, itemVersionId]);
  });

  it('is refused to a new test and to the next version of that one, with the reason', async () => {
    const { itemId, itemVersionId, test } = await pinned(`refused-${status}`);
    await author.put(`/items/${itemId}/${path}`, { reason: 'It leaked.' });
    const byVersion = {
      title: 'By version',
      sections: [{ title: 'One', items: [{ itemVersionId }] }],
    };
    const answers = [
      await author.post('/tests', testOf(itemId)),
      await author.post('/tests', byVersion),
      await author.put(`/tests/${test.id}`, testOf(itemId), 1),
    ];
    for (const { status: code, body } of answers) {
      expect([code, body.code]).toEqual([422, 'items-not-usable']);
      expect(body.errors).toEqual([
        { pointer: '/sections/0/items/0', detail: `the item is ${status}` },
      ]);
    }
    expect((await author.get(`/tests/${test.id}`)).body.latestVersionNumber).toBe(1);
  });
});

describe('a version of an item', () => {
  it('cannot be deleted or changed: not by the API, and not by the service itself', async () => {
    const { itemId, itemVersionId, test } = await pinned('undeletable');
    for (const path of [`/items/${itemId}`, `/items/${itemId}/versions/1`, `/tests/${test.id}`]) {
      expect((await author.remove(path, 1)).status).toBe(404);
    }
    for (const sql of [
      'DELETE FROM item WHERE id = $1',
      'DELETE FROM item_version WHERE item_id = $1',
      `UPDATE item_version SET title = 'x' WHERE item_id = $1`,
    ]) {
      const tried = service.database.inInstitution(author.institutionId, (tx) =>
        tx.query(sql, [itemId]),
      );
      await expect(tried).rejects.toThrow(/permission denied/);
    }
    const { body } = await author.get(`/items/${itemId}/versions`);
    expect(body.items.map((one: { id: Id }) => one.id)).toEqual([itemVersionId]);
  });
});
