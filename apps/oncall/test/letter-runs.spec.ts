import { newId } from '@parlance/kernel';
import { eventually } from '@parlance/messaging/testing';
import { LetterRuns } from '../src/letter-runs.js';
import { idOfDaysAgo, SCORED } from './letter-queues.js';
import { OncallBench, OPERATOR, refusedEvent, unique } from './oncall-bench.js';

const bench = new OncallBench().install();

test('a dry run counts and touches nothing', async () => {
  const fingerprint = unique();
  await bench.queues.put({ fingerprint });
  await bench.queues.put({ fingerprint, eventId: idOfDaysAgo(46) });
  const before = (await bench.get('/audit')).body.runs.length;
  for (const path of ['redrives', 'discards']) {
    const order = { filter: { fingerprint }, dryRun: true, operator: 'Ada', reason: 'why' };
    const { status, body } = await bench.post(`/${path}`, order);
    expect(status).toBe(200);
    expect(body).toMatchObject({ matched: 2, tooOld: 1, isComplete: true });
    expect(body.groups).toMatchObject([{ fingerprint, type: SCORED, count: 2 }]);
  }
  expect(await bench.countOf(fingerprint)).toBe(2);
  expect(await bench.queues.depth(bench.queues.source)).toBe(0);
  expect((await bench.get('/audit')).body.runs).toHaveLength(before);
});

test('a redrive is recorded: who, when, which, and what became of each letter', async () => {
  const fingerprint = unique();
  const good = await bench.queues.put({ fingerprint });
  const old = await bench.queues.put({ fingerprint, eventId: idOfDaysAgo(46) });
  const { run, letters } = await bench.finished('redrives', {
    filter: { fingerprint, queue: bench.queues.deadLetters },
    ratePerSecond: 100,
    reason: 'the schema is mended',
  });
  expect(run).toMatchObject({
    action: 'redrive',
    operator: 'Ada',
    reason: 'the schema is mended',
    filter: { fingerprint, queue: bench.queues.deadLetters },
    ratePerSecond: 100,
    state: 'done',
    counts: { redriven: 1, 'too-old': 1, failed: 0 },
    isComplete: true,
    fault: null,
  });
  expect(Date.parse(run.finishedAt)).toBeGreaterThanOrEqual(Date.parse(run.startedAt));
  const outcomes = letters.map((entry: Record<string, unknown>) => [
    entry.eventId,
    entry.outcome,
    entry.type,
    entry.fingerprint,
  ]);
  expect(outcomes.sort()).toEqual(
    [
      [good, 'redriven', SCORED, fingerprint],
      [old, 'too-old', SCORED, fingerprint],
    ].sort(),
  );
  expect((await bench.queues.redriven()).map((body) => JSON.parse(body).id)).toEqual([good]);
  expect((await bench.get(`/redrives/${run.id}`)).body).toEqual(run);
  expect((await bench.get('/audit')).body.runs[0].id).toBe(run.id);
});

test('a discard deletes, and is recorded with its reason', async () => {
  const fingerprint = unique();
  await bench.queues.put({ fingerprint, body: 'not JSON', type: SCORED });
  const { run, letters } = await bench.finished('discards', {
    filter: { fingerprint },
    reason: 'a stranger sent it',
  });
  expect(run).toMatchObject({ action: 'discard', counts: { discarded: 1 } });
  expect(letters).toMatchObject([{ outcome: 'discarded', fingerprint }]);
  expect(await bench.countOf(fingerprint)).toBe(0);
});

test('events SNS refused are requeued, or skipped with the reason', async () => {
  const [again, away] = [refusedEvent(), refusedEvent()];
  bench.failedEvents = [again, away];
  const filter = { queue: 'grading-outbox', id: again.eventId };
  const redriven = await bench.finished('redrives', { filter });
  expect(redriven.run.counts).toMatchObject({ redriven: 1, failed: 0 });
  const discarded = await bench.finished('discards', {
    filter: { queue: 'grading-outbox' },
    reason: 'of no use',
  });
  expect(discarded.letters).toMatchObject([{ eventId: away.eventId, outcome: 'discarded' }]);
  expect(bench.told).toEqual([
    ['requeue', { eventIds: [again.eventId] }],
    ['skip', { eventIds: [away.eventId], reason: 'of no use' }],
  ]);
});

test('one run at a time has a queue, and others are bench.told so', async () => {
  const fingerprint = unique();
  for (let n = 0; n < 4; n += 1) await bench.queues.put({ fingerprint });
  const order = {
    filter: { fingerprint, queue: bench.queues.deadLetters },
    dryRun: false,
    operator: 'Ada',
    ratePerSecond: 2,
  };
  const [one, other] = await Promise.all([
    bench.post('/redrives', order),
    bench.post('/redrives', order),
  ]);
  expect([one.status, other.status].sort()).toEqual([202, 409]);
  expect(one.status === 409 ? one.body.code : other.body.code).toBe('queue-busy');
  const { queues: places } = (await bench.get(`?queue=${bench.queues.deadLetters}`)).body;
  expect(places).toMatchObject([{ state: 'busy' }]);
  await bench.service.get(LetterRuns).settled();
  expect(await bench.countOf(fingerprint)).toBe(0);
});

test.each([
  ['redrives', {}, 'invalid-input'],
  ['redrives', { filter: {}, dryRun: true, operator: 'Ada' }, 'filter-required'],
  ['redrives', { filter: { type: SCORED }, operator: 'Ada' }, 'invalid-input'],
  ['redrives', { filter: { type: SCORED }, dryRun: true }, 'invalid-input'],
  ['redrives', { filter: { kind: 'x' }, dryRun: true, operator: 'Ada' }, 'invalid-input'],
  ['redrives', { filter: { queue: 'x' }, dryRun: true, operator: 'Ada' }, 'unknown-queue'],
  ['redrives', { filter: { fingerprint: 'x' }, dryRun: true, operator: 'A' }, 'invalid-input'],
  ['redrives', { filter: { since: '2h' }, dryRun: true, operator: 'Ada' }, 'invalid-input'],
  [
    'redrives',
    { filter: { type: SCORED }, dryRun: true, operator: 'Ada', ratePerSecond: 0 },
    'invalid-input',
  ],
  ['discards', { filter: { type: SCORED }, dryRun: false, operator: 'Ada' }, 'invalid-input'],
  ['resumes', { type: SCORED }, 'invalid-input'],
])('%s refuses %j', async (path, body, code) => {
  expect(await bench.post(`/${path}`, body)).toMatchObject({ status: 400, body: { code } });
});

test('what is no JSON is refused', async () => {
  const json = { ...OPERATOR, 'content-type': 'application/json' };
  const send = (raw: string, headers: Record<string, string>) =>
    bench.service.request('POST', '/dead-letters/redrives', { raw, headers });
  expect(await send('{', json)).toMatchObject({ status: 400, body: { code: 'malformed-json' } });
  expect((await send(`"${'x'.repeat(40_000)}"`, json)).status).toBe(413);
  const form = { ...OPERATOR, 'content-type': 'application/x-www-form-urlencoded' };
  expect((await send('filter=x', form)).status).toBe(415);
  for (const query of ['?queue=x', '?since=yesterday', '?kind=x', '/letters?limit=0']) {
    expect((await bench.get(query)).status).toBe(400);
  }
  expect((await bench.get('/redrives/x')).status).toBe(404);
  expect((await bench.get(`/redrives/${newId()}`)).status).toBe(404);
});

test('a run that a dead process left behind is told as broken off', async () => {
  const id = newId();
  await bench.service.database.outsideInstitutions((tx) =>
    tx.query(
      `INSERT INTO letter_run (id, action, operator, filter, rate_per_second, counts)
       VALUES ($1, 'redrive', 'Ada', '{"type":"x"}', 50, '{"redriven":7}')`,
      [id],
    ),
  );
  expect((await bench.get(`/redrives/${id}`)).body.state).toBe('running');
  await bench.service.get(LetterRuns).onApplicationBootstrap();
  const { body } = await bench.get(`/redrives/${id}`);
  expect(body).toMatchObject({ state: 'interrupted', counts: { redriven: 7 } });
  expect(body.finishedAt).not.toBeNull();
});

// Last, for it ends all runs.
test('closing ends a run between two batches, with what it did written down', async () => {
  const fingerprint = unique();
  for (let n = 0; n < 6; n += 1) await bench.queues.put({ fingerprint });
  const order = { filter: { fingerprint }, dryRun: false, operator: 'Ada', ratePerSecond: 1 };
  const { body: begun } = await bench.post('/redrives', order);
  await eventually(async () => {
    const { counts } = (await bench.get(`/redrives/${begun.id}`)).body;
    return counts.redriven > 0 ? true : undefined;
  });
  await bench.service.get(LetterRuns).onModuleDestroy();
  const { run, letters } = (await bench.get(`/audit/${begun.id}`)).body;
  expect(run).toMatchObject({ state: 'stopped', isComplete: false });
  expect(run.counts.redriven).toBeLessThan(6);
  expect(letters).toHaveLength(run.counts.redriven);
  expect(await bench.countOf(fingerprint)).toBe(6 - run.counts.redriven);
  expect((await bench.post('/redrives', order)).status).toBe(429);
});
