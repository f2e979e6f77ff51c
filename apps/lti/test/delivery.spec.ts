import { CellChanged } from '@parlance/events';
import { newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import { startTelemetry } from '@parlance/telemetry';
import { Lms, score } from './lms.js';
import { AGS_CLAIM, lti13, SCOPES, startLti, World } from './world.js';

let service: TestService;
let lms: Lms;
let world: World;

interface SeenSpan {
  name: string;
  spanContext(): { traceId: string };
}

const spans: SeenSpan[] = [];

beforeAll(async () => {
  const record = {
    onStart: () => undefined,
    onEnd: (span: SeenSpan) => void spans.push(span),
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  startTelemetry({ service: 'test', spanProcessors: [record] });
  service = await startLti();
});

beforeEach(async () => {
  lms = await Lms.start();
  world = await World.create(service, lms);
  await world.publishAssignment();
});

afterEach(() => lms.stop());
afterAll(() => service.stop());

const learner = () => ({ personId: newId(), cellId: newId() });

describe('a final grade', () => {
  test('reaches the LMS as AGS asks for, with a token for scores alone', async () => {
    const { personId, cellId } = await world.readyLearner();
    await world.grade(personId, cellId);
    const shown = await world.untilStatus('delivered');
    const [sent] = lms.scores;
    expect(sent?.path).toBe('/li/1/lineitem/scores?type_id=1');
    expect(sent?.headers['content-type']).toBe('application/vnd.ims.lis.v1.score+json');
    expect(sent?.headers['user-agent']).toMatch(/^Parlance\//);
    expect(sent?.headers.authorization).toMatch(/^Bearer t[0-9a-f]{16}$/);
    expect(score(sent)).toEqual({
      userId: 'user-1',
      timestamp: shown.scoredAt,
      activityProgress: 'Completed',
      gradingProgress: 'FullyGraded',
      scoreGiven: 7.5,
      scoreMaximum: 10,
    });
    expect(Date.parse(String(score(sent).timestamp))).toBeLessThanOrEqual(sent?.atMs ?? 0);
    expect(shown).toMatchObject({ status: 'delivered', httpStatus: 204, attempts: 1, points: 7.5 });
    const [token] = lms.to('/token');
    const form = new URLSearchParams(token?.body);
    expect(form.get('scope')).toBe(SCOPES[0]);
    const [, payload = ''] = (form.get('client_assertion') ?? '').split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    expect(claims).toMatchObject({
      iss: world.clientId,
      sub: world.clientId,
      aud: lms.registration.tokenUrl,
      [lti13('deployment_id')]: world.deploymentId,
    });
    expect(claims.iat).toBeLessThan(Date.now() / 1000);
    expect(claims.exp - claims.iat).toBeLessThanOrEqual(300);
  });

  test('is delivered in the trace of the change of the grade', async () => {
    const { personId, cellId } = await world.readyLearner();
    spans.length = 0;
    await world.grade(personId, cellId);
    const { id } = await world.untilStatus('delivered');
    const [row] = await service.database.inInstitution(world.institutionId, (tx) =>
      tx.query<{ trace_id: string }>('SELECT trace_id FROM delivery WHERE id = $1', [id]),
    );
    const traceOf = (name: string) =>
      spans.filter((span) => span.name.startsWith(name)).map((span) => span.spanContext().traceId);
    expect(row?.trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(traceOf('deliver score')).toEqual([row?.trace_id]);
    expect(traceOf('send score')).toEqual([row?.trace_id]);
    expect(traceOf('request LMS access token')).toEqual([row?.trace_id]);
    expect(traceOf('process ')).toContain(row?.trace_id);
  });

  test('waits for the person to be linked', async () => {
    const { personId, cellId } = learner();
    await world.launch();
    await world.grade(personId, cellId);
    expect(await world.deliveries()).toEqual([]);
    await world.link('user-1', personId);
    await world.untilStatus('delivered');
  });

  test('waits for the line item', async () => {
    const { personId, cellId } = learner();
    await world.launch({ [AGS_CLAIM]: undefined });
    await world.link('user-1', personId);
    await world.grade(personId, cellId);
    expect(await world.deliveries()).toEqual([]);
    await world.launch();
    await world.untilStatus('delivered');
  });

  test('waits for the admin to bind the link', async () => {
    const { personId, cellId } = learner();
    await world.launch({ [lti13('custom')]: undefined });
    await world.link('user-1', personId);
    await world.grade(personId, cellId);
    const bound = await world.post('/lti/resource-links', {
      registrationId: world.registrationId,
      deploymentId: world.deploymentId,
      resourceLinkId: 'link-1',
      assignmentId: world.assignmentId,
    });
    expect(bound.status).toBe(201);
    await world.untilStatus('delivered');
  });

  test('is sent for the courses the learner came from and no other', async () => {
    const { personId, cellId } = await world.readyLearner();
    const elsewhere = {
      scope: SCOPES,
      lineitem: `${lms.issuer}/li/2/lineitem`,
    };
    const other = { [lti13('resource_link')]: { id: 'link-2' }, [AGS_CLAIM]: elsewhere };
    await world.launch({ ...other, sub: 'somebody-else' });
    await world.grade(personId, cellId);
    await world.untilStatus('delivered');
    expect(lms.scores.map(({ path }) => path)).toEqual(['/li/1/lineitem/scores?type_id=1']);
  });

  test('delivered twice by the queue is sent once; an older one not at all', async () => {
    const { personId, cellId } = await world.readyLearner();
    const data = [1, 2].map((points) => world.cell(personId, cellId, { points }));
    const { institutionId } = world;
    const eventId = newId();
    const [older, newer] = data;
    if (older === undefined || newer === undefined) throw new Error('unreachable');
    const deliver = (cell: typeof older, id?: string) =>
      service.deliver(CellChanged, {
        institutionId,
        version: cell.cellVersion,
        data: cell,
        ...(id === undefined ? {} : { eventId: id }),
      });
    await deliver(newer, eventId);
    await deliver(newer, eventId);
    await deliver(older);
    await world.untilStatus('delivered');
    expect(lms.scores.map((sent) => score(sent).scoreGiven)).toEqual([2]);
    expect(await world.deliveries()).toHaveLength(1);
  });
});

describe('what is not sent', () => {
  test('a grade that waits for a review', async () => {
    const { personId, cellId } = await world.readyLearner();
    await world.grade(personId, cellId, { status: 'pending-review', points: 3 });
    expect(await world.deliveries()).toEqual([]);
    await world.grade(personId, cellId, { points: 8 });
    await world.untilStatus('delivered');
    expect(lms.scores.map((sent) => score(sent).scoreGiven)).toEqual([8]);
  });

  test('a score out of nothing', async () => {
    const { personId, cellId } = await world.readyLearner();
    await world.grade(personId, cellId, { points: 0, pointsPossible: 0 });
    expect(await world.untilStatus('failed')).toMatchObject({ reason: 'no-points-possible' });
    expect(lms.scores).toEqual([]);
  });

  test('anything to a host that the registration does not name', async () => {
    const foreign = await Lms.start();
    const claim = { scope: SCOPES, lineitem: `${foreign.issuer}/li/1` };
    const { personId, cellId } = learner();
    await world.launch({ [AGS_CLAIM]: claim });
    await world.link('user-1', personId);
    await world.grade(personId, cellId);
    expect(await world.deliveries()).toEqual([]);
    expect(foreign.requests).toEqual([]);
    await foreign.stop();
  });

  test('anything when the platform offers no score scope', async () => {
    const claim = { scope: [SCOPES[1]], lineitem: `${lms.issuer}/li/1` };
    const { personId, cellId } = learner();
    await world.launch({ [AGS_CLAIM]: claim });
    await world.link('user-1', personId);
    await world.grade(personId, cellId);
    expect(await world.deliveries()).toEqual([]);
  });
});
