import { ItemVersionPublished, ScoringSpecPublished, TestVersionPublished } from '@parlance/events';
import { newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import {
  countRows,
  gapItem,
  gapPackage,
  person,
  startContent,
  textsIn,
} from './content-service.js';
import { packageOf, testXml } from './qti/packages.js';

interface FileReport {
  file: string;
  outcome: string;
  itemVersionId?: string;
  change?: string;
  reason?: string;
  line?: number;
  warnings: string[];
}

const fileIn = (report: { files: FileReport[] }, file: string) =>
  report.files.find((one) => one.file === file);

describe('importing a package', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startContent();
  });
  afterAll(() => service.stop());

  const emittedFor = async (institutionId: string) => {
    const own = { tenant: institutionId };
    const of = <T extends { tenant: string }>(events: T[]) =>
      events.filter((event) => event.tenant === own.tenant);
    return {
      items: of(await service.emitted(ItemVersionPublished)),
      specs: of(await service.emitted(ScoringSpecPublished)),
      tests: of(await service.emitted(TestVersionPublished)),
    };
  };

  it('stores items and test, and tells the others what each may know', async () => {
    const teacher = await person(service);
    const keys = { q1: 'ornithorhynchus', q2: 'quetzalcoatlus' };
    const { status, body } = await teacher.upload(gapPackage(keys));

    expect(status).toBe(201);
    expect(body.items).toEqual({ imported: 2, refused: 0 });
    expect(fileIn(body, 'q1.xml')).toMatchObject({
      outcome: 'imported',
      identifier: 'q1',
      change: 'created',
    });
    const { items, specs, tests } = await emittedFor(teacher.institutionId);
    const ids = ['q1.xml', 'q2.xml'].map((file) => fileIn(body, file)?.itemVersionId);
    expect(items.map((event) => event.data.itemVersionId).sort()).toEqual([...ids].sort());
    expect(items[0]?.data).toMatchObject({ versionNumber: 1, pointsPossible: 1 });
    expect(items[0]?.data.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(specs.map((event) => event.data.itemVersionId).sort()).toEqual([...ids].sort());
    expect(tests).toHaveLength(1);
    expect(tests[0]?.data).toMatchObject({
      testId: body.testId,
      testVersionId: body.testVersionId,
      versionNumber: 1,
      title: 'A test',
      pointsPossible: 2,
    });
    const structure = JSON.stringify(tests[0]?.data.structure);
    for (const id of ids) expect(structure).toContain(id);
    expect((await teacher.get(`/imports/${body.id}`)).body).toEqual(body);
  });

  it('lets the key out to grading alone', async () => {
    const teacher = await person(service);
    const key = 'ankylosaurus';
    const { body } = await teacher.upload(gapPackage({ q1: key }));
    const { items, specs, tests } = await emittedFor(teacher.institutionId);
    const item = await teacher.get(`/items/${items[0]?.data.itemId}`);
    const versions = await teacher.get(`/items/${items[0]?.data.itemId}/versions`);
    const test = await teacher.get(`/tests/${body.testId}`);

    expect(textsIn(specs).join()).toContain(key);
    expect(item.status).toBe(200);
    for (const told of [items, tests, body, item.body, versions.body, test.body]) {
      expect(textsIn(told).join()).not.toContain(key);
    }
  });

  it('of the same package again gives the same versions and tells nobody', async () => {
    const teacher = await person(service);
    const zip = gapPackage({ q1: 'a', q2: 'b' });
    const first = await teacher.upload(zip);
    const again = await teacher.upload(zip);

    expect(again.status).toBe(201);
    expect(again.body.id).not.toBe(first.body.id);
    expect(again.body.testVersionId).toBe(first.body.testVersionId);
    expect(fileIn(again.body, 'q1.xml')).toMatchObject({
      change: 'unchanged',
      itemVersionId: fileIn(first.body, 'q1.xml')?.itemVersionId,
    });
    const { items, specs, tests } = await emittedFor(teacher.institutionId);
    expect([items.length, specs.length, tests.length]).toEqual([2, 2, 1]);
  });

  it('of a changed item gives version 2 of it and of the test, and leaves the rest', async () => {
    const teacher = await person(service);
    const first = await teacher.upload(gapPackage({ q1: 'a', q2: 'b' }));
    const second = await teacher.upload(gapPackage({ q1: 'a', q2: 'B' }));

    expect(fileIn(second.body, 'q1.xml')).toMatchObject({ change: 'unchanged' });
    expect(fileIn(second.body, 'q2.xml')).toMatchObject({ change: 'new-version' });
    expect(second.body.testId).toBe(first.body.testId);
    expect(second.body.testVersionId).not.toBe(first.body.testVersionId);
    const { items, tests } = await emittedFor(teacher.institutionId);
    expect(items.map((event) => event.data.versionNumber)).toEqual([1, 1, 2]);
    expect(tests.map((event) => event.data.versionNumber)).toEqual([1, 2]);
    const { body } = await teacher.get(`/items/${items[2]?.data.itemId}/versions`);
    expect(body.items.map((row: { versionNumber: number }) => row.versionNumber)).toEqual([2, 1]);
  });

  it('back to an older content is a version of its own', async () => {
    const teacher = await person(service);
    for (const key of ['a', 'b', 'a']) await teacher.upload(gapPackage({ q1: key }));
    const { items } = await emittedFor(teacher.institutionId);
    expect(items.map((event) => event.data.versionNumber)).toEqual([1, 2, 3]);
    expect(items[2]?.data.hash).toBe(items[0]?.data.hash);
  });

  it('at the same time by four teachers makes every version once', async () => {
    const institutionId = service.institution();
    const zip = gapPackage(
      Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`q${n}`, 'x'])),
    );
    const teachers = await Promise.all(
      [1, 2, 3, 4].map(() => person(service, 'teacher', institutionId)),
    );
    const answers = await Promise.all(teachers.map((teacher) => teacher.upload(zip)));

    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201]);
    expect(new Set(answers.map((answer) => answer.body.testVersionId)).size).toBe(1);
    const { items, specs, tests } = await emittedFor(institutionId);
    expect([items.length, specs.length, tests.length]).toEqual([30, 30, 1]);
    expect(await countRows(service, institutionId, 'item_version')).toBe(30);
  });

  it('with the same Idempotency-Key is one import', async () => {
    const teacher = await person(service);
    const key = newId();
    const zip = gapPackage({ q1: 'a' });
    const first = await teacher.upload(zip, key);
    const again = await teacher.upload(zip, key);
    const other = await teacher.upload(gapPackage({ q1: 'b' }), key);

    expect(again.body).toEqual(first.body);
    expect(other.status).toBe(422);
    expect(other.body.code).toBe('idempotency-key-reused');
    expect(await countRows(service, teacher.institutionId, 'import')).toBe(1);
  });

  it('reports a file it refuses and imports the rest', async () => {
    const teacher = await person(service);
    const { status, body } = await teacher.upload(
      packageOf({
        'good.xml': gapItem('good', 'a'),
        'broken.xml': '<qti-assessment-item>\n<unclosed>',
        'test.xml': testXml(['good.xml', 'broken.xml']),
      }),
    );

    expect(status).toBe(201);
    expect(body.items).toEqual({ imported: 1, refused: 1 });
    expect(fileIn(body, 'broken.xml')).toMatchObject({ outcome: 'refused', warnings: [] });
    expect(fileIn(body, 'broken.xml')?.reason).toMatch(/\w+.*\.$/);
    expect(fileIn(body, 'test.xml')?.warnings.join()).toContain('broken.xml was not imported');
    const test = await teacher.get(`/tests/${body.testId}`);
    expect(test.body.structure.sections[0].items).toHaveLength(1);
  });

  it('refuses an item too large for an event, and a test of nothing else', async () => {
    const teacher = await person(service);
    const { status, body } = await teacher.upload(
      packageOf({
        'small.xml': gapItem('small', 'a'),
        'large.xml': gapItem('large', 'a', 'x'.repeat(210 * 1024)),
        'test.xml': testXml(['large.xml']),
      }),
    );

    expect(status).toBe(201);
    expect(body.items.imported).toBe(1);
    expect(fileIn(body, 'large.xml')).toMatchObject({ outcome: 'refused' });
    expect(fileIn(body, 'large.xml')?.reason).toContain('at most 196 KiB');
    expect(fileIn(body, 'test.xml')).toMatchObject({ outcome: 'refused' });
    expect(body.testId).toBeUndefined();
  });

  it('of 500 items stores and tells every one', async () => {
    const teacher = await person(service);
    const keys = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`q${n}`, `k${n}`]));
    const { status, body } = await teacher.upload(gapPackage(keys));

    expect(status).toBe(201);
    expect(body.items).toEqual({ imported: 500, refused: 0 });
    const { items, specs } = await emittedFor(teacher.institutionId);
    expect([items.length, specs.length]).toEqual([500, 500]);
  });
});
