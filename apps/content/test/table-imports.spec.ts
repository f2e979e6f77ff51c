import type { TestService } from '@parlance/platform/testing';
import { TABLE_LIMITS } from '../src/csv/read-table.js';
import { countRows, person, startContent } from './content-service.js';
import type { Person } from './content-service.js';

let service: TestService;

beforeAll(async () => {
  service = await startContent();
});

afterAll(async () => {
  await service.stop();
});

const send = (who: Person, table: string | Buffer, type = 'text/csv; charset=utf-8') =>
  service.request('POST', '/imports', {
    token: who.token,
    raw: table,
    headers: { 'content-type': type },
  });

describe('a table of simple items', () => {
  it('makes an item of every good row and reports every other', async () => {
    const teacher = await person(service);
    const key = 'ornithorhynchus';
    const { status, body } = await send(
      teacher,
      `type,question,answer\nshort answer,Which animal?,${key}\nshort answer,Nothing?,\n`,
    );
    expect(status).toBe(201);
    expect(body.items).toEqual({ imported: 1, refused: 1 });
    expect(body.files).toMatchObject([
      { file: 'row 2', outcome: 'imported', change: 'created' },
      { file: 'row 3', outcome: 'refused', line: 3, reason: 'The row answer is missing.' },
    ]);
    expect(JSON.stringify(body)).not.toContain(key);
    expect((await teacher.get(`/imports/${body.id}`)).body).toEqual(body);
  });

  it('gives items that are edited on as those that were written here', async () => {
    const teacher = await person(service);
    const reviewer = await person(service, 'teacher', teacher.institutionId);
    const { body } = await send(
      teacher,
      'identifier,type,question,answer,A,B\nq1,single choice,She ___ tea.,A,likes,like\n',
    );
    expect(body.items).toEqual({ imported: 1, refused: 0 });
    const [item] = (await teacher.get('/items?type=single-choice')).body.items;
    const key = await teacher.get(`/items/${item.id}/versions/1/key`);
    expect(key.body.source).toMatchObject({
      type: 'single-choice',
      identifier: 'q1',
      prompt: 'She ___ tea.',
    });

    const source = { ...key.body.source, prompt: 'She ___ coffee.' };
    const draft = await teacher.put(`/items/${item.id}/draft`, { source }, 0);
    expect([draft.status, draft.body.faults]).toEqual([200, []]);
    await teacher.put(`/items/${item.id}/review-request`, undefined, 1);
    await reviewer.review(`/items/${item.id}/reviews`, 1, { verdict: 'approve' });
    const published = await teacher.put(`/items/${item.id}/publication`, {}, 1);
    expect([published.status, published.body.latestVersionNumber]).toEqual([200, 2]);
    const again = await teacher.get(`/items/${item.id}/versions/2/key`);
    expect(again.body.source).toEqual(source);
    expect(again.body.correct).toEqual(key.body.correct);
  });

  it.each([
    // Excel in Germany or France saves "CSV UTF-8" so.
    [
      'semicolons, with a mark',
      '\ufefftype;question;answer;points\r\ngap;"Café; ___?";thé;0,5\r\n',
    ],
    ['tabs, as cells are pasted', 'type\tquestion\tanswer\tpoints\ngap\tCafé; ___?\tthé\t0.5\n'],
  ])('is read when it is parted by %s', async (_, table) => {
    const teacher = await person(service);
    const { status, body } = await send(teacher, table);
    expect([status, body.items]).toEqual([201, { imported: 1, refused: 0 }]);
    const [item] = (await teacher.get('/items')).body.items;
    expect(item).toMatchObject({ title: 'Café; ___?', type: 'gap-fill' });
    const key = await teacher.get(`/items/${item.id}/versions/1/key`);
    expect(key.body.pointsPossible).toBe(0.5);
    expect(Object.values(key.body.correct)).toEqual(['thé']);
  });

  it('of more than 5 MiB is 413, of more rows than 2,000 is 422, and nothing is kept', async () => {
    const teacher = await person(service);
    const table = (rows: number, text: string) =>
      `type,question,answer\n${`short answer,${text},a\n`.repeat(rows)}`;
    const large = Buffer.alloc(TABLE_LIMITS.bytes + 1, 'x');
    const many = table(TABLE_LIMITS.rows + 1, 'q');
    const answers = [await send(teacher, large), await send(teacher, many)];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [413, 'body-too-large'],
      [422, 'table-too-large'],
    ]);
    expect(await countRows(service, teacher.institutionId, 'import')).toBe(0);
    expect(await countRows(service, teacher.institutionId, 'item')).toBe(0);
    // As many bytes as may be sent are read: they are one heading without a needed column.
    const largest = await send(teacher, Buffer.alloc(TABLE_LIMITS.bytes, 'x'));
    expect([largest.status, largest.body.code]).toEqual([422, 'table-malformed']);
  });

  it('that cannot be read leaves nothing behind', async () => {
    const teacher = await person(service);
    const { status, body } = await send(teacher, 'type,question\n"open');
    expect([status, body.code]).toEqual([422, 'table-malformed']);
    expect(await countRows(service, teacher.institutionId, 'import')).toBe(0);
  });

  it('is not taken from learners', async () => {
    const learner = await person(service, 'learner');
    expect((await send(learner, 'type,question,answer\n')).status).toBe(403);
  });
});
