import type { TestService } from '@parlance/platform/testing';
import { readPackage } from '../src/qti/index.js';
import { gapPackage, person, startContent } from './content-service.js';
import type { Person } from './content-service.js';
import { FIXTURE_NAMES, fixturePackage } from './qti/fixtures.js';

let service: TestService;

beforeAll(async () => {
  service = await startContent();
});

afterAll(async () => {
  await service.stop();
});

async function download(who: Person, id: string): Promise<{ response: Response; zip: Buffer }> {
  const response = await fetch(`http://127.0.0.1:${service.port}/api/v1/exports/${id}/package`, {
    headers: { authorization: `Bearer ${who.token}` },
  });
  return { response, zip: Buffer.from(await response.arrayBuffer()) };
}

describe('an export', () => {
  it('of a test gives a package with its items, sections and keys', async () => {
    const teacher = await person(service);
    const { body: imported } = await teacher.upload(gapPackage({ q1: 'a', q2: 'b' }));
    const { status, body } = await teacher.post('/exports', {
      format: 'qti-2.2',
      testId: imported.testId,
    });

    expect(status).toBe(201);
    expect(body).toMatchObject({ format: 'qti-2.2', testVersionId: imported.testVersionId });
    expect(body.files.map((one: { file: string }) => one.file)).toEqual([
      'items/q1.xml',
      'items/q2.xml',
      'test.xml',
    ]);
    expect((await teacher.get(`/exports/${body.id}`)).body).toEqual(body);

    const { response, zip } = await download(teacher, body.id);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const reading = await readPackage(zip);
    expect(reading.files.map((one) => one.outcome)).toEqual(Array(4).fill('imported'));
    expect(reading.items.map((one) => [one.version, one.scoring.responses[0]?.correct])).toEqual([
      ['2.2', ['a']],
      ['2.2', ['b']],
    ]);
    expect(reading.test).toMatchObject({ identifier: 'test', title: 'A test', losses: [] });
    expect(reading.test?.sections[0]?.members).toHaveLength(2);
  });

  it('brought to another institution holds its pictures and sounds', async () => {
    const [teacher, other] = [await person(service), await person(service)];
    const { body: imported } = await teacher.upload(fixturePackage());
    const items = await teacher.get('/items?limit=100');
    const { body } = await teacher.post('/exports', {
      format: 'qti-3.0',
      items: items.body.items.map((one: { id: string }) => ({ itemId: one.id })),
    });
    expect(imported.items).toEqual({ imported: FIXTURE_NAMES.length, refused: 0 });
    expect(body.files.flatMap((one: { losses: object[] }) => one.losses)).toEqual([]);

    const { zip } = await download(teacher, body.id);
    const again = await other.upload(zip);
    expect(again.body.items).toEqual({ imported: FIXTURE_NAMES.length, refused: 0 });
    const media = again.body.files.filter((one: { file: string }) => one.file.startsWith('media/'));
    expect(media.map((one: { outcome: string }) => one.outcome)).toEqual(['imported', 'imported']);
  });

  it('of an older version holds that one', async () => {
    const teacher = await person(service);
    await teacher.upload(gapPackage({ q1: 'old' }));
    await teacher.upload(gapPackage({ q1: 'new' }));
    const [item] = (await teacher.get('/items')).body.items;
    const exported = async (versionNumber?: number) => {
      const items = [
        { itemId: item.id, ...(versionNumber === undefined ? {} : { versionNumber }) },
      ];
      const { body } = await teacher.post('/exports', { format: 'qti-3.0', items });
      const { zip } = await download(teacher, body.id);
      return (await readPackage(zip)).items[0]?.scoring.responses[0]?.correct;
    };
    expect(await exported(1)).toEqual(['old']);
    expect(await exported()).toEqual(['new']);
  });

  it('is on record, and so is everybody who fetched it', async () => {
    const teacher = await person(service);
    const admin = await person(service, 'admin', teacher.institutionId);
    const { body: imported } = await teacher.upload(gapPackage({ q1: 'a' }));
    const request = { format: 'qti-3.0', testId: imported.testId };
    const { body } = await teacher.post('/exports', request);
    await download(teacher, body.id);
    await download(admin, body.id);
    const [row] = await service.database.inInstitution(teacher.institutionId, (tx) =>
      tx.query<{ people: number }>(
        `SELECT count(DISTINCT actor_id)::int AS people FROM export_download WHERE export_id = $1`,
        [body.id],
      ),
    );
    expect(row?.people).toBe(2);
  });

  it('with the same Idempotency-Key is one export', async () => {
    const teacher = await person(service);
    const { body: imported } = await teacher.upload(gapPackage({ q1: 'a' }));
    const request = { format: 'qti-3.0', testId: imported.testId };
    const key = '01900000-0000-7000-8000-00000000000a';
    const first = await teacher.post('/exports', request, key);
    expect((await teacher.post('/exports', request, key)).body).toEqual(first.body);
  });

  it('is refused to learners and to other institutions', async () => {
    const teacher = await person(service);
    const { body: imported } = await teacher.upload(gapPackage({ q1: 'a' }));
    const request = { format: 'qti-3.0', testId: imported.testId };
    const { body } = await teacher.post('/exports', request);
    const learner = await person(service, 'learner', teacher.institutionId);
    const stranger = await person(service);

    expect((await learner.post('/exports', request)).status).toBe(403);
    expect((await learner.get(`/exports/${body.id}/package`)).status).toBe(403);
    expect((await stranger.post('/exports', request)).status).toBe(404);
    expect((await stranger.get(`/exports/${body.id}`)).status).toBe(404);
    expect((await stranger.get(`/exports/${body.id}/package`)).status).toBe(404);
  });

  it('of nothing, of both or of what is not there is refused', async () => {
    const teacher = await person(service);
    const id = '01900000-0000-7000-8000-000000000001';
    const ask = async (body: object) => {
      const answer = await teacher.post('/exports', { format: 'qti-3.0', ...body });
      return [answer.status, answer.body.code];
    };
    expect(await ask({})).toEqual([422, 'export-of-nothing']);
    expect(await ask({ testId: id, items: [{ itemId: id }] })).toEqual([422, 'export-of-nothing']);
    expect((await ask({ testId: id }))[0]).toBe(404);
    expect((await ask({ items: [{ itemId: id }] }))[0]).toBe(404);
    expect((await ask({ format: 'qti-1.2', testId: id }))[0]).toBe(400);
  });
});
