import { newId } from '@parlance/kernel';
import {
  startTestService,
  TEST_OPERATOR_SECRET,
  type TestService,
} from '@parlance/platform/testing';
import { Intake } from '../src/intake.js';
import { oncall } from '../src/oncall.module.js';
import { logExport, spanExport, spanId, traceId } from './exports.js';
import { FakeService, nothing } from './fake-services.js';
import { send } from './sender.js';

const T = traceId();
const ATTEMPT = newId();
const EVENT = newId();
const INSTITUTION = newId();
const [request, create, publish, handle] = [spanId(), spanId(), spanId(), spanId()];
const at = 1_795_405_137_000;
const iso = (offsetMs: number) => new Date(at + offsetMs).toISOString();

const authorization = `Operator ${TEST_OPERATOR_SECRET}`;
const fakes: FakeService[] = [];
let service: TestService;

beforeAll(async () => {
  const assignments = await FakeService.start({
    [`internal/records/${ATTEMPT}`]: { traces: [{ traceId: T, at: iso(2) }] },
    [`internal/traces/${T}`]: {
      outbox: [
        {
          event_id: EVENT,
          institution_id: INSTITUTION,
          type: 'assignments.attempt-submitted.v1',
          subject: ATTEMPT,
          version: '2',
          created_at: iso(3),
          published_at: iso(33),
          failed_at: null,
          attempts: 0,
        },
      ],
      inbox: [],
      records: [{ noun: 'attempt', rows: [{ id: ATTEMPT, status: 'submitted' }] }],
    },
  });
  const grading = await FakeService.start({
    [`internal/records/${ATTEMPT}`]: { traces: [{ traceId: T, at: iso(60) }] },
    [`internal/traces/${T}`]: {
      outbox: [],
      inbox: [
        {
          event_id: EVENT,
          institution_id: INSTITUTION,
          consumer: 'grading',
          type: 'assignments.attempt-submitted.v1',
          receive_count: 2,
          processed_at: iso(60),
        },
      ],
      records: [],
    },
  });
  const identity = await FakeService.start({ [`internal/traces/${T}`]: nothing });
  const broken = await FakeService.start({ [`internal/traces/${T}`]: '<html>' });
  const silent = await FakeService.start({ [`internal/traces/${T}`]: 'silence' });
  fakes.push(assignments, grading, identity, broken, silent);
  service = await startTestService(oncall, {
    env: {
      ONCALL_PATIENCE_MS: '500',
      ASSIGNMENTS_URL: assignments.url,
      GRADING_URL: grading.url,
      IDENTITY_URL: identity.url,
      CONTENT_URL: broken.url,
      GRADEBOOK_URL: silent.url,
      LTI_URL: 'http://127.0.0.1:1',
    },
  });
  const consumer = {
    traceId: T,
    spanId: handle,
    parentSpanId: create,
    name: 'process parlance-grading-from-assignments',
    kind: 5,
    startMs: at + 50,
    durationMs: 10,
    attributes: {
      'messaging.message.id': EVENT,
      'app.receive_count': 2,
      'app.outcome': 'applied',
    },
  };
  const submission = {
    traceId: T,
    spanId: request,
    name: 'POST /api/v1/attempts/:id/submission',
    startMs: at,
    durationMs: 20,
    attributes: { 'http.response.status_code': 201 },
  };
  const creation = {
    traceId: T,
    spanId: create,
    parentSpanId: request,
    name: 'create parlance-assignments-events',
    kind: 4,
    startMs: at + 3,
    durationMs: 1,
    attributes: { 'messaging.message.id': EVENT },
  };
  const publication = {
    traceId: traceId(),
    spanId: publish,
    name: 'publish parlance-assignments-events',
    kind: 3,
    startMs: at + 30,
    durationMs: 4,
    links: [{ traceId: T, spanId: create }],
  };
  // Out of order, as batches of several processes arrive.
  await send(service, '/v1/traces', spanExport('grading', [consumer]));
  await send(service, '/v1/traces', spanExport('assignments', [publication, creation]));
  await send(service, '/v1/traces', spanExport('assignments', [submission]));
  await send(service, '/v1/traces', spanExport('assignments', [submission]));
  const line = { traceId: T, spanId: handle, message: 'scored' };
  await send(service, '/v1/logs', logExport('grading', [line]));
  await service.get(Intake).settled();
});

afterAll(async () => {
  await service.stop();
  await Promise.all(fakes.map((fake) => fake.stop()));
});

const ask = (id: string) => service.request('GET', `/traces/${id}`, { headers: { authorization } });

describe('the view of a trace', () => {
  it('is one tree of its spans and of those that link to it, each once', async () => {
    const { status, body } = await ask(T);
    expect(status).toBe(200);
    const spans = body.spans as { spanId: string; depth: number; relation: string }[];
    expect(spans.map((span) => [span.spanId, span.depth, span.relation])).toEqual([
      [request, 0, 'own'],
      [create, 1, 'own'],
      [publish, 2, 'linked'],
      [handle, 2, 'own'],
    ]);
    expect(body).toMatchObject({ traceIds: [T], startedAt: iso(0), durationMs: 60 });
    expect(body.spans[3]).toMatchObject({ offsetMs: 50, durationMs: 10, service: 'grading' });
  });

  it('joins logs, the outbox with its lag, deliveries and rows of all services', async () => {
    const { body } = await ask(T);
    expect(body.logs).toMatchObject([{ spanId: handle, message: 'scored', service: 'grading' }]);
    expect(body.hops).toEqual([
      {
        eventId: EVENT,
        type: 'assignments.attempt-submitted.v1',
        from: 'assignments',
        createdAt: iso(3),
        publishedAt: iso(33),
        failedAt: null,
        lagMs: 30,
        deliveries: [
          { service: 'grading', receiveCount: 2, outcome: 'applied', at: iso(50), durationMs: 10 },
        ],
      },
    ]);
    expect(body.outbox).toMatchObject([{ service: 'assignments', version: 2, attempts: 0 }]);
    expect(body.inbox).toMatchObject([{ service: 'grading', receiveCount: 2 }]);
    expect(body.records).toEqual([
      { service: 'assignments', noun: 'attempt', rows: [{ id: ATTEMPT, status: 'submitted' }] },
    ]);
  });

  it('says who could not be asked, within a few seconds', async () => {
    const { body } = await ask(T);
    expect(body.services).toEqual([
      { service: 'identity', status: 'answered' },
      { service: 'content', status: 'not-reachable' },
      { service: 'assignments', status: 'answered' },
      { service: 'grading', status: 'answered' },
      { service: 'gradebook', status: 'not-reachable' },
      { service: 'lti', status: 'not-reachable' },
    ]);
  });

  it('is found by the id of the submission, in any case of letters', async () => {
    const { status, body } = await ask(ATTEMPT.toUpperCase());
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: ATTEMPT, traceIds: [T] });
    expect(body.spans).toHaveLength(4);
  });

  it('asks the services as an operator', () => {
    expect(fakes[0]?.asked.every((asked) => asked.authorization === authorization)).toBe(true);
  });
});

describe('who asks for a trace', () => {
  it('that nobody knows is told so, and that telemetry may lag', async () => {
    for (const id of [traceId(), newId()]) {
      const { status, body } = await ask(id);
      expect(status).toBe(404);
      expect(body.code).toBe('trace-not-found');
      expect(body.detail).toContain(id);
      expect(body.detail).toContain('some seconds after');
      expect(body.detail).toContain('Could not be asked: ');
    }
  });

  it.each(['x', 'f'.repeat(31), '%00', encodeURIComponent("' OR 1=1")])(
    'by what is no id (%s) gets 400',
    async (id) => {
      expect(await ask(id)).toMatchObject({ status: 400, body: { code: 'invalid-trace-id' } });
    },
  );

  it('must be an operator', async () => {
    const institutionId = service.institution();
    const token = await service.token({ institutionId, roles: ['admin'] });
    for (const path of [`/traces/${T}`, '/dead-letters']) {
      expect((await service.request('GET', path)).status).toBe(401);
      expect((await service.request('GET', path, { token })).status).toBe(401);
      const headers = { authorization: 'Operator wrong' };
      expect((await service.request('GET', path, { headers })).status).toBe(401);
    }
  });
});

it('without its own database the services still tell what they know', async () => {
  await service.database.close();
  const { status, body } = await ask(T);
  expect(status).toBe(200);
  expect(body.spans).toEqual([]);
  expect(body.outbox).toHaveLength(1);
  expect(body.services).toContainEqual({ service: 'telemetry store', status: 'not-reachable' });
});
