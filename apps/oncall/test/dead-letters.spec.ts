import { newId } from '@parlance/kernel';
import { idOfDaysAgo, SCORED } from './letter-queues.js';
import { OncallBench, refusedEvent, TRACE, unique } from './oncall-bench.js';

const REFUSED = newId();
const bench = new OncallBench().install();

describe('looking at dead letters', () => {
  test('groups them by queue, type and fingerprint', async () => {
    const [fingerprint, institutionId] = [unique(), newId()];
    for (let n = 0; n < 3; n += 1) await bench.queues.put({ fingerprint, institutionId });
    await bench.queues.put({ fingerprint, eventId: idOfDaysAgo(50) });
    const { status, body } = await bench.get(`?fingerprint=${fingerprint}`);
    expect(status).toBe(200);
    expect(body.isComplete).toBe(true);
    expect(body.groups).toHaveLength(1);
    expect(body.groups[0]).toMatchObject({
      queue: bench.queues.deadLetters,
      kind: 'unhandled',
      service: 'gradebook',
      type: SCORED,
      errorCode: 'schema',
      count: 4,
      tooOld: 1,
      institutions: 2,
    });
    expect(body.queues).toContainEqual(
      expect.objectContaining({ name: bench.queues.deadLetters, state: 'looked' }),
    );
  });

  test('lists those that fit a filter, up to a bound', async () => {
    const [fingerprint, institutionId] = [unique(), newId()];
    const eventId = await bench.queues.put({ fingerprint, institutionId });
    for (let n = 0; n < 3; n += 1) await bench.queues.put({ fingerprint });
    const all = (await bench.get(`/letters?fingerprint=${fingerprint}&limit=2`)).body;
    expect(all.matched).toBe(4);
    expect(all.letters).toHaveLength(2);
    for (const query of [
      `institutionId=${institutionId}`,
      `id=${eventId}`,
      `type=${SCORED}&queue=${bench.queues.source}&institutionId=${institutionId}`,
    ]) {
      const { letters } = (await bench.get(`/letters?${query}`)).body;
      expect(letters.map((letter: { eventId: string }) => letter.eventId)).toEqual([eventId]);
    }
    const later = new Date(Date.now() + 60_000).toISOString();
    expect(
      (await bench.get(`/letters?fingerprint=${fingerprint}&since=${later}`)).body.matched,
    ).toBe(0);
  });

  test('shows one with its trace, and never what people wrote', async () => {
    const eventId = await bench.queues.put({ traceId: TRACE, data: { essay: 'by Ada Lovelace' } });
    const { letters } = (await bench.get(`/letters?id=${eventId}`)).body;
    const path = `/letters/${letters[0].id}?queue=${bench.queues.deadLetters}`;
    const { status, body } = await bench.get(path);
    expect(status).toBe(200);
    expect(body.letter).toMatchObject({ eventId, traceId: TRACE, receiveCount: 1 });
    expect(body.data).toEqual([{ name: 'essay', bytes: 15, value: null }]);
    expect(JSON.stringify(body)).not.toContain('Ada');
    expect((await bench.get(`/letters/${newId()}?queue=${bench.queues.deadLetters}`)).status).toBe(
      404,
    );
  });

  test('tells of events SNS refused as of any other', async () => {
    bench.failedEvents = [refusedEvent(REFUSED)];
    const { groups, total } = (await bench.get('?queue=grading-outbox')).body;
    expect(total).toBe(1);
    expect(groups).toMatchObject([
      { queue: 'grading-outbox', kind: 'unpublished', errorCode: 'refused-by-sns', count: 1 },
    ]);
    const { body } = await bench.get(`/letters/${REFUSED}?queue=grading-outbox`);
    expect(body.waitingBehind).toBe(3);
    expect(body.data).toEqual([{ name: 'essay', bytes: 400, value: null }]);
  });
});

describe('paused types', () => {
  test('are bench.told of, with who could not be asked, and resumed', async () => {
    const { pauses, away } = (await bench.get('/pauses')).body;
    expect(pauses).toMatchObject([{ service: 'grading', type: SCORED, messages: 5 }]);
    expect(away).toContain('lti');
    const resumed = await bench.post('/resumes', { type: SCORED, operator: 'Ada' });
    expect(resumed).toMatchObject({ status: 200, body: { services: ['grading'] } });
    const other = await bench.post('/resumes', { type: 'grading.other.v1', operator: 'Ada' });
    expect(other).toMatchObject({ status: 404, body: { code: 'paused-type-not-found' } });
  });
});

test('everything is for operators alone', async () => {
  const token = await bench.service.token({
    institutionId: bench.service.institution(),
    roles: ['admin'],
  });
  const order = { filter: { type: SCORED }, dryRun: true, operator: 'Ada', reason: 'x' };
  const routes: [string, string, unknown][] = [
    ...['', '/letters', `/letters/${newId()}`, '/audit', '/pauses', `/redrives/${newId()}`].map(
      (path): [string, string, unknown] => ['GET', path, undefined],
    ),
    ['POST', '/redrives', order],
    ['POST', '/discards', order],
    ['POST', '/resumes', { type: SCORED, operator: 'Ada' }],
  ];
  for (const [method, path, body] of routes) {
    for (const options of [{}, { token }, { headers: { authorization: 'Operator wrong' } }]) {
      const answer = await bench.service.request(method, `/dead-letters${path}`, {
        ...options,
        body,
      });
      expect([path, answer.status]).toEqual([path, 401]);
    }
  }
});

test('without its database on-call moves nothing', async () => {
  const fingerprint = unique();
  await bench.queues.put({ fingerprint });
  await bench.service.database.close();
  const order = { filter: { fingerprint }, dryRun: false, operator: 'Ada' };
  const { status } = await bench.post('/redrives', order);
  expect(status).toBeGreaterThanOrEqual(500);
  const { body } = await bench.get(`/letters?fingerprint=${fingerprint}`);
  expect(body.matched).toBe(1);
});
