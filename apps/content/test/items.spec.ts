import { ItemVersionPublished } from '@parlance/events';
import type { TestService } from '@parlance/platform/testing';
import { gapItem, gapPackage, type Person, person, startContent } from './content-service.js';
import { packageOf } from './qti/packages.js';

const identifiers = (body: { items: { identifier: string }[] }) =>
  body.items.map((item) => item.identifier);

describe('the item bank', () => {
  let service: TestService;
  let teacher: Person;
  let byIdentifier: Map<string, string>;
  beforeAll(async () => {
    service = await startContent();
    teacher = await person(service);
    await teacher.upload(gapPackage({ past_1: 'a', 'past-2': 'b', 'future%1': 'c' }));
    const { body } = await teacher.get('/items');
    byIdentifier = new Map(
      body.items.map((item: { identifier: string; id: string }) => [item.identifier, item.id]),
    );
  });
  afterAll(() => service.stop());

  const idOf = (identifier: string) => byIdentifier.get(identifier) ?? 'missing';

  it('is not for learners, and not without a token', async () => {
    const learner = await person(service, 'learner', teacher.institutionId);
    const id = idOf('past_1');
    for (const path of ['/items', `/items/${id}`, `/items/${id}/versions`, '/tests']) {
      expect((await learner.get(path)).status).toBe(403);
      expect((await service.request('GET', path)).status).toBe(401);
    }
    expect((await learner.get(`/items/${id}/versions/1/key`)).status).toBe(403);
    expect((await learner.patch(`/items/${id}`, 1, { skills: [] })).status).toBe(403);
  });

  it('of another institution is empty', async () => {
    const stranger = await person(service, 'admin');
    expect((await stranger.get('/items')).body).toEqual({ items: [], nextCursor: null });
    const id = idOf('past_1');
    for (const path of [`/items/${id}`, `/items/${id}/versions`, `/items/${id}/versions/1/key`]) {
      expect((await stranger.get(path)).status).toBe(404);
    }
    expect((await stranger.patch(`/items/${id}`, 1, { skills: [] })).status).toBe(404);
  });

  it('is listed page by page', async () => {
    const first = await teacher.get('/items?limit=2');
    const second = await teacher.get(`/items?limit=2&cursor=${first.body.nextCursor}`);
    expect(first.body.items).toHaveLength(2);
    expect(second.body.nextCursor).toBeNull();
    expect([...identifiers(first.body), ...identifiers(second.body)].sort()).toEqual([
      'future%1',
      'past-2',
      'past_1',
    ]);
  });

  it.each([
    ['past', ['past-2', 'past_1']],
    ['PAST_', ['past_1']],
    ['%', ['future%1']],
    ['past\\', []],
    ['\u0000future', ['future%1']],
  ])('searched for %j gives %j', async (search, expected) => {
    const { status, body } = await teacher.get(`/items?search=${encodeURIComponent(search)}`);
    expect(status).toBe(200);
    expect(identifiers(body).sort()).toEqual(expected);
  });

  it('is tagged, and found by its tags', async () => {
    const id = idOf('past_1');
    const { body: seen, headers } = await teacher.get(`/items/${id}`);
    expect(headers.get('etag')).toBe(`"${seen.version}"`);
    const tags = { cefrLevel: 'B1', skills: ['vocabulary', 'grammar', 'grammar'] };
    const tagged = await teacher.patch(`/items/${id}`, seen.version, tags);
    expect(tagged.status).toBe(200);
    expect(tagged.body).toMatchObject({ cefrLevel: 'B1', skills: ['grammar', 'vocabulary'] });
    expect(identifiers((await teacher.get('/items?cefrLevel=B1&skill=grammar')).body)).toEqual([
      'past_1',
    ]);
    expect((await teacher.get('/items?cefrLevel=B1&skill=reading')).body.items).toEqual([]);

    const stale = await teacher.patch(`/items/${id}`, seen.version, { cefrLevel: 'C1' });
    expect([stale.status, stale.body.code]).toEqual([412, 'version-changed']);
    const cleared = await teacher.patch(`/items/${id}`, tagged.body.version, { cefrLevel: null });
    expect(cleared.body).toMatchObject({ cefrLevel: null, skills: ['grammar', 'vocabulary'] });
  });

  it('gives the level of an item to the version that comes after', async () => {
    const id = idOf('past-2');
    const { body } = await teacher.get(`/items/${id}`);
    await teacher.patch(`/items/${id}`, body.version, { cefrLevel: 'A2' });
    await teacher.upload(packageOf({ 'p.xml': gapItem('past-2', 'changed') }));
    const after = await teacher.get(`/items/${id}`);
    expect(after.body).toMatchObject({ cefrLevel: 'A2', latestVersionNumber: 2 });
    expect(after.body.latest.versionNumber).toBe(2);
    const events = await service.emitted(ItemVersionPublished);
    expect(events.at(-1)?.data).toMatchObject({ itemId: id, cefrLevel: 'A2' });
  });

  it.each([
    ['GET', '/items?cefrLevel=B3', undefined],
    ['GET', '/items?limit=0', undefined],
    ['GET', '/items?colour=red', undefined],
    ['GET', '/items?cursor=WyJ4Il0', undefined],
    ['PATCH', 'tags', { cefrLevel: 'Z9' }],
    ['PATCH', 'tags', { skills: ['juggling'] }],
    ['PATCH', 'tags', { title: 'mine' }],
  ])('refuses %s %s %j', async (method, path, body) => {
    const { status } = await service.request(
      method,
      path === 'tags' ? `/items/${idOf('past_1')}` : path,
      { token: teacher.token, body, headers: { 'if-match': '"1"' } },
    );
    expect(status).toBe(400);
  });

  it('needs If-Match for a change', async () => {
    const { status } = await service.request('PATCH', `/items/${idOf('past_1')}`, {
      token: teacher.token,
      body: { skills: [] },
    });
    expect(status).toBe(428);
  });

  it('tells the key of a version to a teacher who asks for it, and to no cache', async () => {
    const path = `/items/${idOf('past-2')}/versions`;
    const { body, headers } = await teacher.get(`${path}/1/key`);
    expect(body).toMatchObject({ versionNumber: 1, correct: { RESPONSE: 'b' } });
    expect(headers.get('cache-control')).toBe('no-store');
    for (const version of ['9', '0', 'x', '99999999999']) {
      expect((await teacher.get(`${path}/${version}/key`)).status).toBe(404);
    }
  });

  it('lists tests with what they are worth', async () => {
    const { body } = await teacher.get('/tests?search=a%20TEST');
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({ title: 'A test', pointsPossible: 3 });
    expect((await teacher.get('/tests?search=nothing')).body.items).toEqual([]);
    const { status } = await teacher.get('/tests/not-an-id');
    expect(status).toBe(404);
  });
});
