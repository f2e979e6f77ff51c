import { createHash, randomBytes } from 'node:crypto';
import type { Interaction, ItemDelivery } from '@parlance/assessment';
import { AttemptSubmitted, ItemVersionPublished } from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import { mediaKey, ObjectStore } from '@parlance/platform';
import type { TestService } from '@parlance/platform/testing';
import {
  answers,
  deliverTest,
  enrol,
  publishedAssignment,
  save,
  SetClock,
  start,
  startAssignments,
  submit,
  type World,
  world,
} from './builders.js';

const clock = new SetClock();
const sound = Buffer.from('ID3 a short sound');
const sha256 = createHash('sha256').update(sound).digest('hex');
const picture = { sha256: 'a'.repeat(64), mediaType: 'image/png', sizeBytes: 10 };
const PART_BYTES = 5 * 1024 * 1024;
const WEBM = Buffer.from('1a45dfa3', 'hex');

let service: TestService;
let here: World;

beforeAll(async () => {
  service = await startAssignments(clock);
  const classroom = await world(service, { length: 1 });
  here = await withMedia(classroom);
  const key = mediaKey(here.institutionId, sha256);
  await service.get(ObjectStore).put(key, sound, 'audio/mpeg');
});
afterAll(() => service.stop());

/** A test of one item to listen to, one to speak, and a file to hand in. */
async function withMedia(classroom: World): Promise<World> {
  const interactions: Interaction[] = [
    {
      ...{ kind: 'media', responseId: 'MEDIA', minPlays: 0, maxPlays: 2 },
      media: { sha256, mediaType: 'audio/mpeg', sizeBytes: sound.length },
    },
    {
      ...{ kind: 'recording', responseId: 'SPEECH', minSeconds: 1, maxSeconds: 60 },
      ...{ maxBytes: 8_000_000, maxTakes: 1 },
    },
    { kind: 'upload', responseId: 'FILE', mediaTypes: ['application/pdf'], maxBytes: 1000 },
  ];
  const delivery: ItemDelivery = {
    ...{ schema: 1, identifier: 'listening', title: 'Listening', interactions },
    body: [{ kind: 'media', media: picture }],
  };
  const { institutionId } = classroom;
  const itemVersionId = newId();
  const item = { itemId: newId(), itemVersionId, versionNumber: 1, hash: 'a'.repeat(64) };
  const data = { ...item, title: 'Listening', delivery: { ...delivery }, pointsPossible: 1 };
  await service.deliver(ItemVersionPublished, { institutionId, version: 1, data });
  const ids = { testId: newId(), testVersionId: newId(), itemVersionIds: [itemVersionId] };
  await deliverTest({ ...classroom, ...ids });
  return { ...classroom, ...ids };
}

const begun = async () => (await start(here, await publishedAssignment(here))).body.id as Id;
const ask = (method: string, path: string, body?: object, headers = {}, token = here.learner) =>
  service.request(method, `/attempts/${path}`, { token, headers, ...(body && { body }) });
const key = () => ({ 'idempotency-key': newId() });

async function classmate(): Promise<string> {
  const personId = newId();
  await enrol(here, personId, 'learner', 'Class Mate');
  const { institutionId } = here;
  return service.token({ personId, institutionId, roles: ['learner'] });
}

describe('a recording with a limited number of plays', () => {
  const play = (id: Id, headers = key(), token = here.learner) =>
    ask('POST', `${id}/slots/1/plays`, { responseId: 'MEDIA' }, headers, token);

  it('is counted by the server, once for a retry, and refused beyond the limit', async () => {
    const id = await begun();
    const once = key();
    const first = await play(id, once);
    expect(first.body).toMatchObject({ plays: 1, playsLeft: 1 });
    const heard = await fetch(first.body.media.url);
    expect(Buffer.from(await heard.arrayBuffer()).equals(sound)).toBe(true);
    expect((await play(id, once)).body.plays).toBe(1);
    const more = await Promise.all([play(id), play(id), play(id)]);
    expect(more.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(more.find(({ status }) => status === 409)?.body.code).toBe('no-plays-left');
    await submit(here, id);
    const told = await service.emitted(AttemptSubmitted);
    const items = told.find(({ subject }) => subject === id)?.data.items;
    expect(items?.[0]?.responses).toMatchObject({ MEDIA: '2' });
  });

  it('cannot be answered, nor played by others or in other slots', async () => {
    const id = await begun();
    const said = { slot: 1, sequence: 1, responses: { MEDIA: '0' } };
    expect((await save(here, id, [said])).body.code).toBe('invalid-responses');
    expect((await play(id, key(), await classmate())).body.code).toBe('attempt-not-found');
    const other = await ask('POST', `${id}/slots/9/plays`, { responseId: 'MEDIA' }, key());
    expect(other.body.code).toBe('media-not-found');
  });

  it('is not among the media that are free', async () => {
    const id = await begun();
    const { body } = await ask('GET', `${id}/media`);
    expect(body.items).toMatchObject([{ sha256: picture.sha256, mediaType: 'image/png' }]);
    expect((await ask('GET', `${id}/media`, undefined, {}, await classmate())).status).toBe(404);
  });
});

describe('an upload', () => {
  const speech = { slot: 1, responseId: 'SPEECH', mediaType: 'audio/webm;codecs=opus' };
  const begin = (id: Id, fields: object, headers = key()) =>
    ask('POST', `${id}/uploads`, fields, headers);

  /** Sends a part and keeps its receipt. */
  async function send(id: Id, uploadId: Id, partNumber: number, bytes: Buffer): Promise<void> {
    const at = `${id}/uploads/${uploadId}/parts/${partNumber}`;
    const { body } = await ask('POST', at);
    const { method, url, headers } = body;
    const sent = await fetch(url, { method, headers, body: new Uint8Array(bytes) });
    expect((await ask('PUT', at, { etag: sent.headers.get('etag') })).status).toBe(200);
  }

  it('comes in parts, is gone on with, and is an answer once it is complete', async () => {
    const id = await begun();
    const bytes = Buffer.concat([WEBM, randomBytes(PART_BYTES)]);
    const fields = { ...speech, sizeBytes: bytes.length, durationSeconds: 30 };
    const once = key();
    const { status, body } = await begin(id, fields, once);
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'open', partBytes: PART_BYTES, partCount: 2, parts: [] });
    expect((await begin(id, fields, once)).body.id).toBe(body.id);
    const answer = [{ slot: 1, sequence: 1, responses: { SPEECH: body.id } }];
    expect((await save(here, id, answer)).body.code).toBe('upload-not-finished');
    await send(id, body.id, 2, bytes.subarray(PART_BYTES));
    const completion = `${id}/uploads/${body.id}/completion`;
    expect((await ask('PUT', completion)).body.code).toBe('upload-incomplete');
    expect((await ask('GET', `${id}/uploads/${body.id}`)).body.parts).toEqual([{ partNumber: 2 }]);
    await send(id, body.id, 1, bytes.subarray(0, PART_BYTES));
    const done = await ask('PUT', completion);
    expect([done.status, done.body.status]).toEqual([200, 'completed']);
    expect((await ask('PUT', completion)).body.status).toBe('completed');
    expect((await save(here, id, answer)).status).toBe(200);
    expect((await begin(id, fields)).body.code).toBe('no-takes-left');
  });

  it.each([
    [{ ...speech, sizeBytes: 8_000_001, durationSeconds: 9 }, '/sizeBytes'],
    [{ ...speech, sizeBytes: 100, durationSeconds: 63 }, '/durationSeconds'],
    [{ ...speech, sizeBytes: 100 }, '/durationSeconds'],
    [{ ...speech, sizeBytes: 100, durationSeconds: 9, mediaType: 'text/html' }, '/mediaType'],
    [{ ...speech, sizeBytes: 100, durationSeconds: 9, responseId: 'MEDIA' }, '/responseId'],
    [{ slot: 1, responseId: 'FILE', mediaType: 'image/png', sizeBytes: 100 }, '/mediaType'],
  ])('%j is refused', async (fields, pointer) => {
    const { status, body } = await begin(await begun(), fields);
    expect([status, body.code, body.errors[0].pointer]).toEqual([422, 'upload-refused', pointer]);
  });

  it('that is not what it says is refused by its bytes and kept nowhere', async () => {
    const id = await begun();
    const bytes = Buffer.from('<script>alert(1)</script>');
    const file = { slot: 1, responseId: 'FILE', mediaType: 'application/pdf' };
    const { body } = await begin(id, { ...file, sizeBytes: bytes.length });
    await send(id, body.id, 1, bytes);
    const done = await ask('PUT', `${id}/uploads/${body.id}/completion`);
    expect([done.status, done.body.code]).toEqual([422, 'upload-refused']);
    const answer = [{ slot: 1, sequence: 1, responses: { FILE: body.id } }];
    expect((await save(here, id, answer)).body.code).toBe('upload-not-finished');
  });

  it('is nobody else\u2019s', async () => {
    const id = await begun();
    const { body } = await begin(id, { ...speech, sizeBytes: 100, durationSeconds: 9 });
    const other = await classmate();
    const at = `${id}/uploads/${body.id}`;
    expect((await ask('GET', at, undefined, {}, other)).status).toBe(404);
    expect((await ask('POST', `${at}/parts/1`, undefined, {}, other)).status).toBe(404);
    const elsewhere = await begun();
    expect((await ask('GET', `${elsewhere}/uploads/${body.id}`)).status).toBe(404);
    const foreign = [{ slot: 1, sequence: 1, responses: { SPEECH: body.id } }];
    expect((await save(here, elsewhere, foreign)).body.code).toBe('upload-not-finished');
    expect((await save(here, id, [answers(1, 1, 'x')])).body.code).toBe('invalid-responses');
  });
});
