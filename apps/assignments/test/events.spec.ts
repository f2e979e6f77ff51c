import {
  ClassChanged,
  ItemVersionPublished,
  PersonChanged,
  TestVersionPublished,
} from '@parlance/events';
import { newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import { publishedAssignment, SetClock, startAssignments, type World, world } from './builders.js';

let service: TestService;
let here: World;

beforeAll(async () => {
  service = await startAssignments(new SetClock());
  here = await world(service);
});

afterAll(() => service.stop());

const rows = (sql: string, params: unknown[], institutionId = here.institutionId) =>
  service.database.inInstitution(institutionId, (tx) => tx.query(sql, params));

it('keeps the newest name of a person and of a class, whatever arrives last', async () => {
  const { institutionId } = here;
  const [personId, classId] = [newId(), newId()];
  for (const version of [2, 1]) {
    await service.deliver(PersonChanged, {
      institutionId,
      version,
      data: { personId, displayName: `Name ${version}`, status: 'active' },
    });
    await service.deliver(ClassChanged, {
      institutionId,
      version,
      data: { classId, name: `Class ${version}`, status: 'active' },
    });
  }
  expect(await rows('SELECT display_name FROM person WHERE id = $1', [personId])).toEqual([
    { display_name: 'Name 2' },
  ]);
  expect(await rows('SELECT name FROM class WHERE id = $1', [classId])).toEqual([
    { name: 'Class 2' },
  ]);
});

it('never changes an item or test version once it is here', async () => {
  const { institutionId } = here;
  const itemVersionId = here.itemVersionIds[0] as string;
  const delivery = { schema: 1, identifier: 'other', title: 'Other', body: [], interactions: [] };
  await service.deliver(ItemVersionPublished, {
    institutionId,
    version: 2,
    data: {
      itemId: newId(),
      itemVersionId,
      versionNumber: 1,
      hash: 'b',
      title: 'Other',
      delivery,
      pointsPossible: 9,
    },
  });
  const [item] = await rows(
    'SELECT points_possible::int AS points FROM item_version WHERE id = $1',
    [itemVersionId],
  );
  expect(item).toEqual({ points: 1 });
});

it('sends what it cannot read to the dead letters, with the reason', async () => {
  const { institutionId } = here;
  const item = { itemId: newId(), itemVersionId: newId(), versionNumber: 1, hash: 'c', title: 'T' };
  await expect(
    service.deliver(ItemVersionPublished, {
      institutionId,
      version: 1,
      data: { ...item, delivery: { schema: 2 }, pointsPossible: 1 },
    }),
  ).rejects.toThrow('unprocessable');
  const test = { testId: newId(), testVersionId: newId(), versionNumber: 1, title: 'T' };
  await expect(
    service.deliver(TestVersionPublished, {
      institutionId,
      version: 1,
      data: { ...test, structure: { sections: [{ id: 'S' }] }, pointsPossible: 1 },
    }),
  ).rejects.toThrow('unprocessable');
});

it('gives no row to another institution, even to a statement without a filter', async () => {
  await publishedAssignment(here);
  const there = service.institution();
  for (const table of ['class', 'person', 'enrolment', 'item_version', 'test_version']) {
    const mine = await rows(`SELECT 1 FROM ${table}`, []);
    expect(mine.length).toBeGreaterThan(0);
    expect(await rows(`SELECT 1 FROM ${table}`, [], there)).toEqual([]);
  }
  const assignments = await rows('SELECT 1 FROM assignment', [], there);
  expect(assignments).toEqual([]);
});

it('keeps the same ids of two institutions apart', async () => {
  const there = { ...here, institutionId: service.institution() };
  await service.deliver(ClassChanged, {
    institutionId: there.institutionId,
    version: 1,
    data: { classId: here.classId, name: 'Another', status: 'active' },
  });
  expect(await rows('SELECT name FROM class WHERE id = $1', [here.classId])).toEqual([
    { name: 'B1 evening' },
  ]);
});

it('lets nobody change or delete answers, items or tests', async () => {
  for (const table of ['response', 'item_version', 'test_version']) {
    await expect(rows(`DELETE FROM ${table}`, [])).rejects.toThrow('permission denied');
    await expect(rows(`UPDATE ${table} SET institution_id = institution_id`, [])).rejects.toThrow(
      'permission denied',
    );
  }
});
