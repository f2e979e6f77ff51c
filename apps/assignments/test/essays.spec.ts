import { createHash } from 'node:crypto';
import { AttemptSubmitted } from '@parlance/events';
import { AWS_CLIENTS, type AwsClients } from '@parlance/messaging';
import type { TestService } from '@parlance/platform/testing';
import { newId } from '@parlance/kernel';
import {
  answers,
  publishedAssignment,
  save,
  SetClock,
  start,
  startAssignments,
  submit,
  type World,
  world,
} from './builders.js';

const MIB = 1_048_576;
/** The third item of the builders' form is an essay. */
const ESSAY = 3;
let service: TestService;
let here: World;

beforeAll(async () => {
  service = await startAssignments(new SetClock());
  here = await world(service, { length: 30 });
});

afterAll(() => service.stop());

async function begun(): Promise<string> {
  return (await start(here, await publishedAssignment(here))).body.id;
}

interface Stored {
  data: object;
  dataref: { bucket: string; key: string; sha256: string; bytes: number };
}

async function eventOf(attemptId: string) {
  const events = await service.emitted(AttemptSubmitted);
  const event = events.find(({ subject }) => subject === attemptId);
  return event as typeof event & Stored;
}

/** A text with all that JSON has to escape, and letters of two and four bytes. */
function essay(bytes: number): string {
  const line = 'She said: "It\'s a café" \\ 🎓\n\t';
  const times = Math.floor(bytes / Buffer.byteLength(line));
  const text = line.repeat(times);
  return text + 'x'.repeat(bytes - Buffer.byteLength(text));
}

describe('an essay of 1 MiB', () => {
  it('is saved, read again, handed in, and told in an event that points to it', async () => {
    const id = await begun();
    const text = essay(MIB);
    const saved = await save(here, id, [answers(ESSAY, 1, text)]);
    expect(saved.status).toBe(200);
    expect(saved.body.slots).toEqual([{ slot: ESSAY, sequence: 1, outcome: 'saved' }]);
    const read = await service.request('GET', `/attempts/${id}`, { token: here.learner });
    expect(JSON.stringify(read.body)).toContain(JSON.stringify(text));
    expect((await submit(here, id)).status).toBe(201);

    const { data, dataref, id: eventId } = await eventOf(id);
    expect(data).toEqual({});
    expect(dataref.key).toBe(`assignments/${eventId}.json`);
    const url = `${process.env.TEST_AWS_ENDPOINT_URL}/${dataref.bucket}/${dataref.key}`;
    const stored = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(stored.byteLength).toBe(dataref.bytes);
    expect(createHash('sha256').update(stored).digest('hex')).toBe(dataref.sha256);
    const { items } = JSON.parse(stored.toString('utf8'));
    expect(items[ESSAY - 1].responses).toEqual({ RESPONSE: text });
  });

  it('may be written with an escape for every letter', async () => {
    const id = await begun();
    const text = 'é'.repeat(MIB / 2);
    const body = JSON.stringify({ responses: [answers(ESSAY, 1, 'TEXT')] });
    const raw = body.replace('TEXT', '\\u00e9'.repeat(MIB / 2));
    expect(raw.length).toBeGreaterThan(3 * MIB);
    const headers = { 'content-type': 'application/json' };
    const path = `/attempts/${id}/responses`;
    const saved = await service.request('PUT', path, { token: here.learner, raw, headers });
    expect(saved.status).toBe(200);
    const read = await service.request('GET', `/attempts/${id}`, { token: here.learner });
    expect(JSON.stringify(read.body)).toContain(text);
  });

  it('is refused with a sentence when it is a byte longer, and nothing is saved', async () => {
    const id = await begun();
    const batch = [answers(1, 1, 'A'), answers(ESSAY, 1, essay(MIB + 1))];
    const { status, body } = await save(here, id, batch);
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'answer-too-large',
      detail: 'An answer is larger than 1048576 bytes.',
      errors: [{ pointer: '/responses/1/responses/RESPONSE' }],
    });
    const again = await save(here, id, [answers(1, 1, 'B')]);
    expect(again.body.slots[0].outcome).toBe('saved');
  });
});

it('a paste of 10 MB is refused as too large, and the attempt goes on', async () => {
  const id = await begun();
  const { status, body } = await save(here, id, [answers(ESSAY, 1, 'x'.repeat(10_000_000))]);
  expect(status).toBe(413);
  expect(body).toMatchObject({ code: 'body-too-large' });
  expect((await save(here, id, [answers(ESSAY, 1, 'short')])).status).toBe(200);
  expect((await submit(here, id)).status).toBe(201);
  const { data } = await eventOf(id);
  expect(JSON.stringify(data)).toContain('short');
});

it('other routes take 1 MiB as before', async () => {
  const raw = `{"x":"${'x'.repeat(MIB)}"}`;
  const headers = { 'content-type': 'application/json' };
  const answer = await service.request('POST', '/assignments', {
    token: here.teacher,
    raw,
    headers,
  });
  expect(answer.status).toBe(413);
});

it('of many essays those are refused that could not be handed in any more', async () => {
  const id = await begun();
  const statuses: number[] = [];
  const codes: string[] = [];
  for (let slot = ESSAY; slot <= 30; slot += 3) {
    const { status, body } = await save(here, id, [answers(slot, 1, 'x'.repeat(MIB))]);
    statuses.push(status);
    if (status !== 200) codes.push(body.code);
  }
  // Seven and their JSON fit into 8 MiB, an eighth does not.
  expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 200, 422, 422, 422]);
  expect(new Set(codes)).toEqual(new Set(['attempt-too-large']));
  // What replaces an essay counts instead of it.
  expect((await save(here, id, [answers(ESSAY, 2, 'y'.repeat(MIB))])).status).toBe(200);
  expect((await submit(here, id)).status).toBe(201);
  const { dataref } = await eventOf(id);
  expect(dataref.bytes).toBeGreaterThan(7 * MIB);
});

it('while S3 is away a long essay is kept, and handing it in asks to come again', async () => {
  const id = await begun();
  await save(here, id, [answers(ESSAY, 1, essay(MIB))]);
  const { s3 } = service.get<AwsClients>(AWS_CLIENTS as never);
  s3.middlewareStack.add(
    () => () => {
      throw Object.assign(new Error('x'), { name: 'SlowDown' });
    },
    { step: 'initialize', name: 'away' },
  );
  const key = newId();
  const refused = await submit(here, id, key);
  s3.middlewareStack.remove('away');
  expect(refused.status).toBe(503);
  expect(refused.body).toMatchObject({ code: 'large-data-unavailable' });
  expect(refused.headers.get('retry-after')).toBe('5');
  const read = await service.request('GET', `/attempts/${id}`, { token: here.learner });
  expect(read.body.status).toBe('in-progress');
  expect((await submit(here, id, key)).status).toBe(201);
  expect((await eventOf(id)).dataref.bytes).toBeGreaterThan(MIB);
});
