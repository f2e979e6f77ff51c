import { createHash, randomBytes } from 'node:crypto';
import { type Emulator, startEmulator } from '@parlance/messaging/testing';
import { s3Client } from '@parlance/messaging';
import { ObjectStore } from './object-store.js';
import { MIN_PART_BYTES, type UploadRequest } from './stored-objects.js';

let emulator: Emulator;
let store: ObjectStore;

const settings = { requestChecksumCalculation: 'WHEN_REQUIRED' } as const;
const clientOf = (endpoint: string) => s3Client({ AWS_ENDPOINT_URL: endpoint }, settings);
const bucket = () => `objects-${randomBytes(6).toString('hex')}`;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

beforeAll(async () => {
  emulator = await startEmulator();
  const made = { bucket: bucket(), createsBucket: true };
  store = new ObjectStore(made, clientOf(emulator.endpoint));
});

afterAll(async () => {
  store.close();
  await emulator.stop();
});

async function send(request: UploadRequest, body: Uint8Array): Promise<Response> {
  const { method, url, headers } = request;
  return fetch(url, { method, headers, body: body as Uint8Array<ArrayBuffer> });
}

const refused = (code: string) => expect.objectContaining({ code });

describe('the object store', () => {
  it('makes its bucket, and keeps what is put', async () => {
    await store.put('a/one', Buffer.from('hello'), 'audio/ogg');
    expect(await store.head('a/one')).toEqual({ bytes: 5, mediaType: 'audio/ogg' });
    expect(await store.contents('a/one')).toEqual({
      bytes: 5,
      sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
      start: Buffer.from('hello'),
    });
  });

  it('finds a bucket that others made at the same time', async () => {
    const shared = { bucket: bucket(), createsBucket: true };
    const stores = [1, 2].map(() => new ObjectStore(shared, clientOf(emulator.endpoint)));
    await Promise.all(stores.map((one, at) => one.put(`${at}`, Buffer.from('x'), 'text/plain')));
    expect(await stores[0]?.head('1')).toMatchObject({ bytes: 1 });
    for (const one of stores) one.close();
  });

  it('copies an object with its type, whatever its key holds', async () => {
    await store.put('a/two words+ä', Buffer.from('hello'), 'audio/ogg');
    await store.copy('a/two words+ä', 'b/copy');
    expect(await store.head('b/copy')).toEqual({ bytes: 5, mediaType: 'audio/ogg' });
    await expect(store.copy('a/nothing', 'b/none')).rejects.toEqual(refused('object-not-found'));
  });

  it('knows what is not there, and forgets without complaint', async () => {
    expect(await store.head('nothing')).toBeUndefined();
    await expect(store.contents('nothing')).rejects.toEqual(refused('object-not-found'));
    await store.put('b', Buffer.from('x'), 'text/plain');
    await store.delete('b');
    await store.delete('b');
    expect(await store.head('b')).toBeUndefined();
  });

  it('lets a client upload and read by URL alone', async () => {
    const bytes = randomBytes(100_000);
    const upload = { bytes: bytes.length, mediaType: 'image/png', sha256: sha256(bytes) };
    const request = await store.presignedPut('c/image', { ...upload, seconds: 60 });
    expect((await send(request, bytes)).status).toBe(200);
    expect(await store.contents('c/image')).toMatchObject({ sha256: upload.sha256 });
    const url = await store.presignedGet('c/image', { seconds: 60, mediaType: 'image/png' });
    const read = await fetch(url);
    expect(Buffer.from(await read.arrayBuffer()).equals(bytes)).toBe(true);
    expect(read.headers.get('content-type')).toBe('image/png');
  });

  it('signs for size, type and checksum, for a short time', async () => {
    const upload = { bytes: 7, mediaType: 'image/gif', sha256: 'ab'.repeat(32), seconds: 300 };
    const { url, headers } = await store.presignedPut('d', upload);
    const query = new URL(url).searchParams;
    expect(query.get('X-Amz-SignedHeaders')).toBe(
      'content-length;content-type;host;x-amz-checksum-sha256',
    );
    expect(query.get('X-Amz-Expires')).toBe('300');
    expect(headers).toEqual({
      'content-type': 'image/gif',
      'x-amz-checksum-sha256': Buffer.from('ab'.repeat(32), 'hex').toString('base64'),
    });
    expect([...query.keys()].filter((name) => /checksum/i.test(name))).toEqual([]);
  });

  it('puts an upload of parts together, whatever came twice or in another order', async () => {
    const first = randomBytes(MIN_PART_BYTES);
    const second = randomBytes(1000);
    const uploadId = await store.createMultipart('e', 'audio/webm');
    const sendPart = async (partNumber: number, body: Buffer) => {
      const part = { uploadId, partNumber, bytes: body.length, seconds: 60 };
      const answer = await send(await store.presignedPart('e', part), body);
      return { partNumber, etag: String(answer.headers.get('etag')) };
    };
    const last = await sendPart(2, second);
    await sendPart(1, randomBytes(MIN_PART_BYTES));
    const parts = [last, await sendPart(1, first)];
    await store.completeMultipart('e', uploadId, parts);
    await store.completeMultipart('e', uploadId, parts);
    expect(await store.contents('e')).toMatchObject({
      bytes: MIN_PART_BYTES + 1000,
      sha256: sha256(Buffer.concat([first, second])),
    });
    expect(await store.head('e')).toMatchObject({ mediaType: 'audio/webm' });
  });

  it('refuses parts that are too small, or not those sent, and can be given up', async () => {
    const uploadId = await store.createMultipart('f', 'audio/webm');
    const etags = await Promise.all(
      [1, 2].map(async (partNumber) => {
        const part = { uploadId, partNumber, bytes: 3, seconds: 60 };
        const answer = await send(await store.presignedPart('f', part), Buffer.from('abc'));
        return { partNumber, etag: String(answer.headers.get('etag')) };
      }),
    );
    const small = store.completeMultipart('f', uploadId, etags);
    await expect(small).rejects.toEqual(refused('upload-part-too-small'));
    const foreign = store.completeMultipart('f', uploadId, [{ partNumber: 1, etag: '"x"' }]);
    await expect(foreign).rejects.toEqual(refused('upload-parts-differ'));
    await store.abortMultipart('f', uploadId);
    await store.abortMultipart('f', uploadId);
    const gone = store.completeMultipart('f', uploadId, etags);
    await expect(gone).rejects.toEqual(refused('upload-gone'));
  });

  it('says 503 while S3 is away, and when there is no bucket', async () => {
    const away = new ObjectStore(
      { bucket: 'away', createsBucket: true },
      clientOf('http://127.0.0.1:9'),
    );
    await expect(away.head('x')).rejects.toEqual(refused('object-store-unavailable'));
    away.close();
    const none = new ObjectStore({ bucket: undefined, createsBucket: true });
    await expect(none.head('x')).rejects.toEqual(refused('object-store-missing'));
  });
});
