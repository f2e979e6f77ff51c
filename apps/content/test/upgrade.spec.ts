import { compileItem } from '@parlance/assessment';
import { type Id, newId } from '@parlance/kernel';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { content } from '../src/content.module.js';
import { plannedItem } from '../src/import-plan.js';
import { choiceSource, person } from './content-service.js';
import type { Person } from './content-service.js';

/** Those of the first release, which knew imports and outlines alone. */
const FIRST_RELEASE = 2;

const institutionId = newId();
const [importId, itemId, oldVersionId, versionId, testId, testVersionId] = [
  newId(),
  newId(),
  newId(),
  newId(),
  newId(),
  newId(),
];
const [seriesId, courseId, unitId, lessonId, activityId] = [
  newId(),
  newId(),
  newId(),
  newId(),
  newId(),
];

function planned(right: string) {
  const compiled = compileItem(choiceSource('every-day', right));
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
  const identifier = 'every-day';
  return plannedItem({ file: '', identifier, title: 'Every day', ...compiled.item });
}

const structure = {
  title: 'An old test',
  sections: [
    {
      ...{ id: 'S1', title: 'One', instructions: [], select: null, shuffle: false },
      items: [{ identifier: 'every-day', itemVersionId: versionId, fixed: false }],
    },
  ],
};

let service: TestService;
let teacher: Person;

beforeAll(async () => {
  const [old, latest] = [planned('go'), planned('goes')];
  service = await startTestService(content, {
    upgrade: {
      migrations: FIRST_RELEASE,
      rows: async (query) => {
        await query(`SELECT set_config('app.institution', $1, false)`, [institutionId]);
        await query('BEGIN');
        await query(
          `INSERT INTO item (id, identifier, title, cefr_level, skills, version, latest_version_id,
                             latest_version_number, latest_hash)
           VALUES ($1, 'every-day', 'Every day', 'A2', '{reading}', 2, $2, 2, $3)`,
          [itemId, versionId, latest.hash],
        );
        for (const [id, number, item] of [
          [oldVersionId, 1, old],
          [versionId, 2, latest],
        ] as const) {
          await query(
            `INSERT INTO item_version (id, item_id, version_number, hash, title, delivery, scoring,
                                       points_possible, import_id)
             VALUES ($1, $2, $3, $4, 'Every day', $5, $6, 1, $7)`,
            [id, itemId, number, item.hash, item.delivery, item.scoring, importId],
          );
        }
        await query(
          `INSERT INTO test (id, identifier, title, version, latest_version_id,
                             latest_version_number, latest_hash)
           VALUES ($1, 'old-test', 'An old test', 1, $2, 1, $3)`,
          [testId, testVersionId, 'b'.repeat(64)],
        );
        await query(
          `INSERT INTO test_version (id, test_id, version_number, hash, title, structure,
                                     points_possible, import_id)
           VALUES ($1, $2, 1, $3, 'An old test', $4, 1, $5)`,
          [testVersionId, testId, 'b'.repeat(64), JSON.stringify(structure), importId],
        );
        await query(`INSERT INTO import (id, actor_id, report) VALUES ($1, $2, '{}')`, [
          importId,
          newId(),
        ]);
        await query(`INSERT INTO series (id, title) VALUES ($1, 'An old book')`, [seriesId]);
        const levels: [string, string, Id, Id][] = [
          ['course', 'series', courseId, seriesId],
          ['unit', 'course', unitId, courseId],
          ['lesson', 'unit', lessonId, unitId],
        ];
        for (const [level, parent, id, parentId] of levels) {
          await query(
            `INSERT INTO ${level} (id, ${parent}_id, title, position) VALUES ($1, $2, 'x', 1)`,
            [id, parentId],
          );
        }
        await query(
          `INSERT INTO activity (id, lesson_id, title, position, mode, test_id)
           VALUES ($1, $2, 'Quiz', 1, 'self', $3)`,
          [activityId, lessonId, testId],
        );
        await query('COMMIT');
      },
    },
  });
  teacher = await person(service, 'teacher', institutionId);
});
afterAll(() => service.stop());

describe('a database of the first release, brought to this one with all that is in it', () => {
  it('has its items published, found by what they are, and with their keys', async () => {
    const found = await teacher.get('/items?type=choice&cefrLevel=A2&skill=reading&used=yes');
    expect(found.body.items).toMatchObject([
      { id: itemId, status: 'published', latestVersionId: versionId, latestVersionNumber: 2 },
    ]);
    const words = await teacher.get('/items?search=every');
    expect(words.body.items).toMatchObject([{ id: itemId }]);
    const keys = await Promise.all(
      [1, 2].map((number) => teacher.get(`/items/${itemId}/versions/${number}/key`)),
    );
    expect(keys.map(({ body }) => [body.pointsPossible, body.source])).toEqual([
      [1, null],
      [1, null],
    ]);
    expect(keys[0]?.body.correct).not.toEqual(keys[1]?.body.correct);
  });

  it('has its tests, which can be exported, and changed', async () => {
    const test = await teacher.get(`/tests/${testId}`);
    expect(test.body).toMatchObject({ latestVersionId: testVersionId, structure });
    const exported = await teacher.post('/exports', { format: 'qti-3.0', testId });
    expect([exported.status, exported.body.files[0].losses]).toEqual([201, []]);
    const sections = [{ title: 'One', items: [{ itemId }] }];
    const changed = await teacher.put(`/tests/${testId}`, { title: 'Newer', sections }, 1);
    expect([changed.status, changed.body.latestVersionNumber]).toEqual([200, 2]);
  });

  it('has its outline, in a live series that is the first of its family', async () => {
    expect((await teacher.get(`/series/${seriesId}`)).body).toMatchObject({
      ...{ title: 'An old book', status: 'live', edition: '', familyId: seriesId },
    });
    const { body } = await teacher.get(`/courses/${courseId}`);
    expect(body.children[0].children[0].children).toMatchObject([{ id: activityId, testId }]);
  });

  it('takes drafts of its items', async () => {
    const source = choiceSource('every-day', 'going');
    const draft = await teacher.put(`/items/${itemId}/draft`, { source }, 0);
    expect([draft.status, draft.body.faults]).toEqual([200, []]);
  });
});
