import type { TestService } from '@parlance/platform/testing';
import { Lms, type LmsAnswer, score } from './lms.js';
import { startLti, World } from './world.js';

let service: TestService;
let lms: Lms;
let world: World;

beforeAll(async () => {
  service = await startLti();
});

beforeEach(async () => {
  lms = await Lms.start();
  world = await World.create(service, lms);
  await world.publishAssignment();
});

afterEach(() => lms.stop());
afterAll(() => service.stop());

describe('trouble that passes', () => {
  test.each<[string, LmsAnswer]>([
    ['500', { status: 500 }],
    ['502', { status: 502, body: '<html>' }],
    ['503', { status: 503 }],
    ['429', { status: 429, headers: { 'retry-after': '0' } }],
    ['a spent rate limit', { status: 403, body: '403 Forbidden (Rate Limit Exceeded)\n' }],
    ['a broken connection', { status: 200, cut: true }],
    ['malformed HTTP twice', { status: 0, raw: 'HTTP/1.0 0 \r\n\r\n[]' }],
  ])('%s: the very same body is sent again', async (_name, trouble) => {
    lms.scoresAnswer(trouble, trouble);
    const { personId, cellId } = await world.readyLearner();
    await world.grade(personId, cellId);
    expect(await world.untilStatus('delivered')).toMatchObject({ attempts: 3 });
    const bodies = lms.scores.map(({ body }) => body);
    expect(bodies).toHaveLength(3);
    expect(new Set(bodies).size).toBe(1);
  });

  test('Retry-After is honoured, and for every score to this platform', async () => {
    const [one, two] = [await world.readyLearner(), await world.readyLearner('user-2')];
    lms.scoresAnswer({ status: 429, headers: { 'retry-after': '2' } });
    await world.grade(one.personId, one.cellId);
    await world.untilReason('rate-limited');
    await world.grade(two.personId, two.cellId);
    await lms.until(() => lms.scores.length >= 3, 'both after the wait');
    const [refused, ...later] = lms.scores;
    for (const { atMs } of later) expect(atMs - (refused?.atMs ?? 0)).toBeGreaterThanOrEqual(2000);
    expect(new Set(later.map((sent) => score(sent).userId)).size).toBe(2);
  });

  test('a stale token is renewed once', async () => {
    lms.scoresAnswer({ status: 401 });
    const { personId, cellId } = await world.readyLearner();
    await world.grade(personId, cellId);
    expect(await world.untilStatus('delivered')).toMatchObject({ attempts: 1 });
    expect(lms.to('/token')).toHaveLength(2);
    const [first, second] = lms.scores.map(({ headers }) => headers.authorization);
    expect(first).not.toBe(second);
  });

  test('a token that is refused again waits, in sight', async () => {
    lms.on = ({ path }) => (path.includes('/scores') ? { status: 401 } : undefined);
    const { personId, cellId } = await world.readyLearner();
    await world.grade(personId, cellId);
    await lms.until(() => lms.scores.length === 2, 'two tries');
    const waiting = await world.untilReason('unauthorized');
    expect(waiting).toMatchObject({ status: 'pending', httpStatus: 401 });
    expect(lms.scores).toHaveLength(2);
  });

  test('a token endpoint that refuses us is not asked in a loop', async () => {
    lms.on = ({ path }) => (path === '/token' ? { status: 400, body: '{"error":"x"}' } : undefined);
    const { personId, cellId } = await world.readyLearner();
    await world.grade(personId, cellId);
    expect(await world.untilReason('token-refused')).toMatchObject({
      status: 'pending',
      httpStatus: 400,
    });
    expect(lms.to('/token')).toHaveLength(1);
    expect(lms.scores).toEqual([]);
  });
});

describe('trouble that stays', () => {
  test.each<[string, LmsAnswer, string]>([
    ['400', { status: 400 }, 'refused'],
    ['403', { status: 403, body: 'not enrolled' }, 'not-allowed'],
    ['415', { status: 415 }, 'protocol-mismatch'],
    ['422', { status: 422 }, 'refused'],
    ['a redirect', { status: 302, headers: { location: 'https://evil.example/' } }, 'redirected'],
  ])('%s is shown with its reason and not tried again', async (_name, answer, reason) => {
    lms.scoresAnswer(answer);
    const { personId, cellId } = await world.readyLearner();
    await world.grade(personId, cellId);
    const failed = await world.untilStatus('failed');
    expect(failed).toMatchObject({ reason, httpStatus: answer.status, attempts: 1 });
    expect(lms.scores).toHaveLength(1);
    const retried = await world.post(`/lti/deliveries/${failed.id}/retries`, {});
    expect(retried.status).toBe(202);
    await world.untilStatus('delivered');
    expect(lms.scores[1]?.body).toBe(lms.scores[0]?.body);
    const again = await world.post(`/lti/deliveries/${failed.id}/retries`, {});
    expect([again.status, again.body.code]).toEqual([409, 'delivery-not-retriable']);
  });

  test('malformed HTTP is given up at the third time', async () => {
    const raw = 'HTTP/1.0 0 \r\n\r\n[]';
    lms.on = ({ path }) => (path.includes('/scores') ? { status: 0, raw } : undefined);
    const { personId, cellId } = await world.readyLearner();
    await world.grade(personId, cellId);
    const failed = await world.untilStatus('failed');
    expect(failed).toMatchObject({ reason: 'malformed-answer', httpStatus: null, attempts: 3 });
  });

  test('a line item that is gone is looked for once, then the score is orphaned', async () => {
    lms.on = ({ path }) => (path.includes('/scores') ? { status: 404 } : undefined);
    const { personId, cellId } = await world.readyLearner();
    await world.grade(personId, cellId);
    expect(await world.untilStatus('orphaned')).toMatchObject({ reason: 'no-line-item' });
    expect(lms.to('/lineitems?type_id=1&resource_link_id=link-1')).toHaveLength(1);
    expect(lms.scores).toHaveLength(1);
  });

  test('the search for a line item follows no link to a host that is not named', async () => {
    const foreign = await Lms.start();
    lms.on = ({ path }) => {
      if (path.includes('/scores')) return { status: 404 };
      if (!path.startsWith('/lineitems')) return undefined;
      const link = `<${foreign.issuer}/lineitems>; rel="next"`;
      return { status: 200, headers: { link }, body: '[]' };
    };
    const { personId, cellId } = await world.readyLearner();
    await world.grade(personId, cellId);
    await world.untilReason('unreachable');
    expect(foreign.requests).toEqual([]);
    await foreign.stop();
  });

  test('a line item that was replaced is found and used from then on', async () => {
    const moved = {
      id: `${lms.issuer}/li/9`,
      resourceLinkId: 'link-1',
      scoreMaximum: 10,
      label: 'x',
    };
    const page = { ...moved, id: `${lms.issuer}/li/8`, resourceLinkId: 'link-other' };
    lms.on = ({ path }) => {
      if (path.startsWith('/li/1/')) return { status: 404 };
      if (path.includes('page=2')) return { status: 200, body: JSON.stringify([moved]) };
      if (!path.startsWith('/lineitems')) return undefined;
      // The way Moodle writes it, as Node's parser hands it on.
      const link = `<${lms.issuer}/lineitems?type_id=1&amp;page=2>; rel=\u00e2\u0080\u009cnext\u00e2\u0080\u009d`;
      return { status: 200, headers: { link }, body: JSON.stringify([page]) };
    };
    const { personId, cellId } = await world.readyLearner();
    await world.grade(personId, cellId);
    await world.untilStatus('delivered');
    await world.grade(personId, cellId, { points: 9 });
    await lms.until(() => lms.scores.length === 3, 'the second grade');
    expect(lms.scores.map(({ path }) => path.split('?')[0])).toEqual([
      '/li/1/lineitem/scores',
      '/li/9/scores',
      '/li/9/scores',
    ]);
  });
});

test('what the LMS said is kept as codes only', async () => {
  lms.scoresAnswer({ status: 422, body: '{"errors":"Ana Lima is not enrolled"}' });
  const { personId, cellId } = await world.readyLearner();
  await world.grade(personId, cellId);
  await world.untilStatus('failed');
  const rows = await service.database.inInstitution(world.institutionId, (tx) =>
    tx.query<{ row: string }>('SELECT delivery::text AS row FROM delivery'),
  );
  expect(rows.map(({ row }) => row).join()).not.toContain('Ana');
});
