import { createHash } from 'node:crypto';
import { mediaKey, ObjectStore } from '@parlance/platform';
import type { TestService } from '@parlance/platform/testing';
import { MediaFiles } from '../src/media-files.js';
import { choiceSource, type Person, person, startContent } from './content-service.js';

let service: TestService;
let teacher: Person;

beforeAll(async () => {
  service = await startContent();
  teacher = await person(service);
});
afterAll(() => service.stop());

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const sha256Of = (body: Uint8Array) => createHash('sha256').update(body).digest('hex');
const picture = (text: string) => Buffer.concat([PNG, Buffer.from(text)]);
const said = (body: Buffer, mediaType = 'image/png') => ({
  sha256: sha256Of(body),
  mediaType,
  bytes: body.byteLength,
});
const codeOf = (answer: { status: number; body: { code?: string } }) => [
  answer.status,
  answer.body.code,
];

/** Announced as one file, sent as another, if the store lets it. */
async function sent(file: ReturnType<typeof said>, body: Buffer): Promise<string> {
  const { upload } = (await teacher.post('/media', file)).body;
  const { method, url, headers } = upload;
  await fetch(url, { method, headers, body: new Uint8Array(body) });
  return `/media/${file.sha256}`;
}

describe('a file of an item', () => {
  it('is announced, sent past us, checked, and read by a link', async () => {
    const body = picture('a cat');
    const path = await sent(said(body), body);
    expect((await teacher.get(path)).status).toBe(404);
    const done = await teacher.put(`${path}/completion`, undefined);
    expect(done.body).toEqual({ ...said(body), isReady: true });
    expect((await teacher.put(`${path}/completion`, undefined)).body).toEqual(done.body);
    const link = await teacher.get(path);
    expect(link.headers.get('cache-control')).toBe('no-store');
    const read = await fetch(link.body.url);
    expect(Buffer.from(await read.arrayBuffer()).equals(body)).toBe(true);
    expect(read.headers.get('content-type')).toBe('image/png');
    const again = await teacher.post('/media', said(body));
    expect([again.body.isReady, again.body.upload]).toEqual([true, undefined]);
  });

  it.each([
    ['another size', said(picture('one')), picture('other one')],
    ['another checksum', said(picture('one')), picture('two')],
    [
      'another kind',
      said(Buffer.from('<svg onload="alert(1)"/>')),
      Buffer.from('<svg onload="alert(1)"/>'),
    ],
  ])('is thrown away when it has %s', async (_, file, body) => {
    const path = await sent(file, body);
    const done = await teacher.put(`${path}/completion`, undefined);
    expect(codeOf(done)).toEqual([422, 'media-differs']);
    const objects = service.get(ObjectStore);
    expect(await objects.head(mediaKey(teacher.institutionId, file.sha256))).toBeUndefined();
    expect(codeOf(await teacher.put(`${path}/completion`, undefined))).toEqual([
      ...[409, 'media-not-uploaded'],
    ]);
  });

  it.each([
    [415, { ...said(PNG), mediaType: 'image/svg+xml' }],
    [415, { ...said(PNG), mediaType: 'constructor' }],
    [413, { ...said(PNG), bytes: 11 * 1024 * 1024 }],
    [400, { ...said(PNG), bytes: 0 }],
    [400, { ...said(PNG), sha256: 'A'.repeat(64) }],
    [400, { ...said(PNG), sha256: '../../etc/passwd' }],
    [400, { mediaType: 'image/png' }],
  ])('is refused with %p: %j', async (status, file) => {
    expect((await teacher.post('/media', file)).status).toBe(status);
  });

  it('belongs to one institution, and learners get it elsewhere', async () => {
    const body = picture('ours');
    const path = await sent(said(body), body);
    const stranger = await person(service);
    const learner = await person(service, 'learner', teacher.institutionId);
    expect((await stranger.put(`${path}/completion`, undefined)).status).toBe(404);
    await teacher.put(`${path}/completion`, undefined);
    expect((await stranger.get(path)).status).toBe(404);
    expect((await stranger.post('/media', said(body))).body.isReady).toBe(false);
    expect((await learner.get(path)).status).toBe(403);
    expect((await learner.post('/media', said(body))).status).toBe(403);
    for (const odd of ['x', 'A'.repeat(64), '..%2f']) {
      expect((await teacher.get(`/media/${odd}`)).status).toBe(404);
    }
  });

  it('can be used by an item once it is here', async () => {
    const body = picture('shown');
    const path = await sent(said(body), body);
    await teacher.put(`${path}/completion`, undefined);
    const { sha256, mediaType, bytes: sizeBytes } = said(body);
    const media = [{ sha256, mediaType, sizeBytes, alt: 'A cat' }];
    const source = choiceSource('with-picture', 'goes', { media });
    expect((await teacher.post('/items', { source })).body.faults).toEqual([]);
  });

  it('of a package is kept without a detour', async () => {
    const files = service.get(MediaFiles);
    const actor = { ...teacher, roles: ['teacher' as const] };
    const body = picture('packed');
    expect(await files.keep(actor, body, 'image/png')).toEqual({ ...said(body), isReady: true });
    expect((await teacher.get(`/media/${sha256Of(body)}`)).status).toBe(200);
    const script = Buffer.from('<script>alert(1)</script>');
    await expect(files.keep(actor, script, 'image/png')).rejects.toThrow('not image/png');
  });
});
