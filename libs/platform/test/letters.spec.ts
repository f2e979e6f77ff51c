import { Module } from '@nestjs/common';
import { newId } from '@parlance/kernel';
import { OutboxRelay } from '@parlance/messaging';
import { startTestService, TEST_OPERATOR_SECRET, type TestService } from '../src/testing/index.js';

@Module({})
class NothingModule {}

const OPERATOR = { authorization: `Operator ${TEST_OPERATOR_SECRET}` };
const institutionId = newId();
let service: TestService;

beforeAll(async () => {
  // Content consumes nothing, so it needs no handlers.
  const parts = { name: 'content', title: 'Nothing', module: NothingModule, migrations: [] };
  service = await startTestService(parts);
  // The events of this spec stay as they are put: nobody sends them.
  await service.get(OutboxRelay).stop();
});

afterAll(() => service?.stop());

async function ask(
  method: string,
  path: string,
  body?: unknown,
  headers = OPERATOR,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- its shape is what tests assert
): Promise<{ status: number; body: any }> {
  const response = await fetch(`http://127.0.0.1:${service.port}/internal/${path}`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

async function refusedEvent(): Promise<string> {
  const eventId = newId();
  await service.database.asMessaging((tx) =>
    tx.query(
      `INSERT INTO outbox (event_id, institution_id, topic, type, agg_key, agg_version, shard,
                           envelope, headers, attempts, failed_at, last_error)
       VALUES ($1, $2, 't', 'content.x.v1', 'k', 1, 3, '{"data":{"name":"Ada"}}', '{}', 1, now(),
               'InvalidParameter')`,
      [eventId, institutionId],
    ),
  );
  return eventId;
}

const idsIn = (answer: { body: { events: { eventId: string }[] } }) =>
  answer.body.events.map(({ eventId }) => eventId);

test('refused events are told of without their data, requeued, and skipped with a reason', async () => {
  const [one, two] = [await refusedEvent(), await refusedEvent()];
  const told = await ask('GET', 'outbox/failed');
  expect(told).toMatchObject({ status: 200, body: { isComplete: true } });
  expect(idsIn(told)).toEqual([one, two]);
  expect(told.body.events[0]).toMatchObject({
    type: 'content.x.v1',
    key: 'k',
    institutionId,
    lastError: 'InvalidParameter',
    dataFields: { name: 5 },
  });
  expect(JSON.stringify(told.body)).not.toContain('Ada');
  expect(await ask('POST', 'outbox/requeue', { eventIds: [one, newId()] })).toEqual({
    status: 200,
    body: { events: 1 },
  });
  expect(idsIn(await ask('GET', 'outbox/failed'))).toEqual([two]);
  const skipped = await ask('POST', 'outbox/skip', { eventIds: [two], reason: 'a test' });
  expect(skipped.body).toEqual({ events: 1 });
  expect(idsIn(await ask('GET', 'outbox/failed'))).toEqual([]);
});

test('no type is paused, and resuming one that is not says so', async () => {
  expect((await ask('GET', 'consumer/pauses')).body).toEqual({ pauses: [] });
  const resumed = await ask('POST', 'consumer/resume', { type: 'grading.attempt-scored.v2' });
  expect(resumed).toEqual({ status: 200, body: { resumed: false } });
});

const ROUTES: [string, string, unknown][] = [
  ['GET', 'outbox/failed', undefined],
  ['POST', 'outbox/requeue', { eventIds: [newId()] }],
  ['POST', 'outbox/skip', { eventIds: [newId()], reason: 'x' }],
  ['GET', 'consumer/pauses', undefined],
  ['POST', 'consumer/resume', { type: 'x' }],
];

test.each(ROUTES)('%s %s is for operators', async (method, path, body) => {
  const token = await service.token({ institutionId, roles: ['admin'] });
  for (const authorization of ['Operator wrong', `Bearer ${token}`]) {
    expect((await ask(method, path, body, { authorization })).status).toBe(401);
  }
});

test.each([
  ['outbox/requeue', {}],
  ['outbox/requeue', { eventIds: [] }],
  ['outbox/requeue', { eventIds: ['x'] }],
  ['outbox/requeue', { eventIds: Array.from({ length: 201 }, () => newId()) }],
  ['outbox/skip', { eventIds: [newId()] }],
  ['outbox/skip', { eventIds: [newId()], reason: '' }],
  ['consumer/resume', { type: 7 }],
])('%s refuses %j', async (path, body) => {
  expect(await ask('POST', path, body)).toMatchObject({
    status: 400,
    body: { code: 'invalid-input' },
  });
});
