import type { TestService } from '@parlance/platform/testing';
import { countRows, gapPackage, person, startContent } from './content-service.js';
import { zipOf } from './qti/packages.js';

describe('an import', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startContent();
  });
  afterAll(() => service.stop());

  const zipHeaders = { 'content-type': 'application/zip' };

  it('needs a token', async () => {
    const raw = gapPackage({ q1: 'a' });
    const answer = await service.request('POST', '/imports', { raw, headers: zipHeaders });
    expect(answer.status).toBe(401);
  });

  it.each(['learner', 'support'] as const)('is not for a %s', async (role) => {
    const nobody = await person(service, role);
    const { status, body } = await nobody.upload(gapPackage({ q1: 'a' }));
    expect([status, body.code]).toEqual([403, 'role-required']);
    expect(await countRows(service, nobody.institutionId, 'import')).toBe(0);
  });

  it('of another institution does not exist', async () => {
    const teacher = await person(service);
    const stranger = await person(service, 'admin');
    const { body } = await teacher.upload(gapPackage({ q1: 'a' }));
    expect((await stranger.get(`/imports/${body.id}`)).status).toBe(404);
    expect((await stranger.get(`/tests/${body.testId}`)).status).toBe(404);
  });

  it('takes the identifiers of another institution without touching its items', async () => {
    const [one, other] = [await person(service), await person(service)];
    const first = await one.upload(gapPackage({ q1: 'a' }));
    const second = await other.upload(gapPackage({ q1: 'a' }));
    expect(second.body.files[1].change).toBe('created');
    expect(second.body.testId).not.toBe(first.body.testId);
  });

  it.each([
    ['JSON', 'application/json', '{}'],
    ['text', 'text/plain', 'a package'],
    ['something unknown', 'application/octet-stream', 'PK'],
  ])('of %s is 415', async (_, contentType, raw) => {
    const { token } = await person(service);
    const headers = { 'content-type': contentType };
    const answer = await service.request('POST', '/imports', { token, raw, headers });
    expect(answer.status).toBe(415);
  });

  it.each([
    ['text', Buffer.from('this is no zip'), 'not-a-zip'],
    ['half a zip', gapPackage({ q1: 'a' }).subarray(0, 200), 'not-a-zip'],
    ['a zip without a manifest', zipOf({ 'a.txt': 'a' }), 'manifest-missing'],
    ['a zip with a broken manifest', zipOf({ 'imsmanifest.xml': '<' }), 'manifest-unreadable'],
  ])('of %s is 422 and leaves nothing behind', async (_, zip, code) => {
    const teacher = await person(service);
    const { status, body } = await teacher.upload(zip);
    expect([status, body.code]).toEqual([422, code]);
    expect(body.detail).toMatch(/^\w.+\.$/);
    expect(await countRows(service, teacher.institutionId, 'import')).toBe(0);
    expect(await countRows(service, teacher.institutionId, 'item')).toBe(0);
  });

  it('of more items than one transaction should hold is 422', async () => {
    const teacher = await person(service);
    const keys = Object.fromEntries(Array.from({ length: 2_001 }, (_, n) => [`q${n}`, 'a']));
    const { status, body } = await teacher.upload(gapPackage(keys));
    expect([status, body.code]).toEqual([422, 'too-many-items']);
  });

  it('of more than 20 MiB is 413', async () => {
    const teacher = await person(service);
    const { status, body } = await teacher.upload(Buffer.alloc(20 * 1024 * 1024 + 1));
    expect([status, body.code]).toEqual([413, 'body-too-large']);
  });

  it('of just 20 MiB is read', async () => {
    const teacher = await person(service);
    const { body } = await teacher.upload(Buffer.alloc(20 * 1024 * 1024));
    expect(body.code).toBe('not-a-zip');
  });
});
