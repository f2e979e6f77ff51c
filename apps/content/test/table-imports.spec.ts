import type { TestService } from '@parlance/platform/testing';
import { countRows, person, startContent } from './content-service.js';
import type { Person } from './content-service.js';

let service: TestService;

beforeAll(async () => {
  service = await startContent();
});

afterAll(async () => {
  await service.stop();
});

const send = (who: Person, table: string, type = 'text/csv; charset=utf-8') =>
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
