import { GetQueueUrlCommand, type Message, SendMessageCommand } from '@aws-sdk/client-sqs';
import { SpanKind } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace';
import { AttemptScored } from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import { AWS_CLIENTS, type AwsClients } from '@parlance/messaging';
import { eventually, waitForMessage } from '@parlance/messaging/testing';
import { startTelemetry } from '@parlance/telemetry';
import { startTestService, type TestService } from '../src/testing/index.js';
import { type Fault, faults, GradebookModule, GradingModule } from './scoring-services.js';

const prefix = `trace-${newId().slice(-12)}`;
const env = { TOPOLOGY_PREFIX: prefix };
const QUEUE = `${prefix}-gradebook-from-grading`;
const exporter = new InMemorySpanExporter();
let grading: TestService;
let gradebook: TestService;
let sqs: AwsClients['sqs'];

beforeAll(async () => {
  // Before the services, so that their spans come here.
  startTelemetry({ service: 'test', spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const parts = { title: 'Test', migrations: [] };
  grading = await startTestService({ ...parts, name: 'grading', module: GradingModule }, { env });
  gradebook = await startTestService(
    { ...parts, name: 'gradebook', module: GradebookModule },
    { env },
  );
  sqs = gradebook.get<AwsClients>(AWS_CLIENTS as never).sqs;
});

afterAll(async () => {
  await grading?.stop();
  await gradebook?.stop();
});

beforeEach(() => exporter.reset());

interface Posted {
  eventId: Id;
  requestId: string;
  institutionId: Id;
}

async function post(traceparent?: string, fault?: Fault): Promise<Posted> {
  const [attemptId, institutionId] = [newId(), newId()];
  if (fault) faults.set(attemptId, fault);
  const headers: Record<string, string> = traceparent === undefined ? {} : { traceparent };
  const body = { attemptId, institutionId };
  const answer = await grading.request('POST', '/scores', { body, headers });
  expect(answer.status).toBe(201);
  const requestId = answer.headers.get('x-request-id') ?? '';
  return { eventId: answer.body.eventId, requestId, institutionId };
}

type Row = Record<string, string>;

const rowsOf = (service: TestService, sql: string, id: Id) =>
  service.database.asMessaging((tx) => tx.query<Row>(sql, [id]));

/** The trace ids in the databases: of the event, of its inbox row, of the event after it. */
async function storedTraceIds({ eventId, institutionId }: Posted): Promise<(string | undefined)[]> {
  const next = await eventually(async () => {
    const sql = `SELECT trace_id, published_at FROM outbox WHERE institution_id = $1`;
    const [row] = await rowsOf(gradebook, sql, institutionId);
    return row?.published_at ? row : undefined;
  });
  const sent = 'SELECT trace_id FROM outbox WHERE event_id = $1';
  const entered = 'SELECT trace_id FROM inbox WHERE event_id = $1';
  const [outbox] = await rowsOf(grading, sent, eventId);
  const [inbox] = await rowsOf(gradebook, entered, eventId);
  return [outbox?.trace_id, inbox?.trace_id, next.trace_id];
}

const inTrace = (traceId: string) =>
  exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);

function only(spans: ReadableSpan[], name: string | RegExp): ReadableSpan {
  const isMeant = ({ name: own }: ReadableSpan) =>
    typeof name === 'string' ? own === name : name.test(own);
  const [span, ...more] = spans.filter(isMeant);
  if (span === undefined || more.length > 0) {
    throw new Error(`${name} in: ${spans.map(({ name: own }) => own).join(', ')}`);
  }
  return span;
}

const idOf = (span: ReadableSpan) => span.spanContext().spanId;
const parentOf = (span: ReadableSpan) => span.parentSpanContext?.spanId;
const linksOf = (span: ReadableSpan) => span.links.map(({ context }) => context.spanId);

/** Spans of one trace once the try number `tries` at handling the event has ended. */
function handled(traceId: string, tries: number): Promise<ReadableSpan[]> {
  return eventually(() => {
    const spans = inTrace(traceId);
    const ended = spans.filter(({ name }) => name === `process ${QUEUE}`).length;
    return ended === tries ? spans : undefined;
  });
}

/** Asserts the way of an event up to its creation, and returns that span. */
function requireBeginning(spans: ReadableSpan[], { eventId, institutionId, requestId }: Posted) {
  const request = only(spans, 'POST /api/v1/scores');
  expect(request.kind).toBe(SpanKind.SERVER);
  const create = only(spans, `create ${prefix}-grading-events`);
  const write = spans.find((span) => idOf(span) === parentOf(create)) as ReadableSpan;
  expect(write.name).toBe('transaction');
  expect(parentOf(write)).toBe(idOf(request));
  expect(create.kind).toBe(SpanKind.PRODUCER);
  expect(create.attributes).toEqual({
    'messaging.system': 'aws.sns',
    'messaging.operation.name': 'create',
    'messaging.operation.type': 'create',
    'messaging.destination.name': `${prefix}-grading-events`,
    'messaging.message.id': eventId,
    'messaging.message.conversation_id': requestId,
    'app.event_type': AttemptScored.type,
    'app.tenant': institutionId,
  });
  return create;
}

function requireTry(
  process: ReadableSpan,
  create: ReadableSpan,
  { eventId, institutionId, requestId }: Posted,
  own: { receiveCount: number; outcome: string },
): void {
  expect(process.kind).toBe(SpanKind.CONSUMER);
  expect(parentOf(process)).toBe(idOf(create));
  const [creation, receive = ''] = linksOf(process);
  expect(creation).toBe(idOf(create));
  const received = exporter.getFinishedSpans().find((span) => idOf(span) === receive);
  expect(received?.name).toBe(`receive ${QUEUE}`);
  expect(received?.kind).toBe(SpanKind.CLIENT);
  expect(received?.spanContext().traceId).not.toBe(requestId);
  expect(linksOf(received as ReadableSpan)).toContain(idOf(create));
  expect(process.attributes).toMatchObject({
    'messaging.system': 'aws_sqs',
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': QUEUE,
    'messaging.message.id': eventId,
    'messaging.message.conversation_id': requestId,
    'app.consumer': 'gradebook',
    'app.tenant': institutionId,
    'app.receive_count': own.receiveCount,
    'app.outcome': own.outcome,
  });
}

/** The effects of a try: a transaction beneath it, and in that the next event. */
function requireEffects(spans: ReadableSpan[], process: ReadableSpan): void {
  const next = only(spans, `create ${prefix}-gradebook-events`);
  const write = spans.find((span) => idOf(span) === parentOf(next)) as ReadableSpan;
  expect(write.name).toBe('transaction');
  expect(write.attributes['db.query.summary']).toContain('INSERT inbox');
  expect(parentOf(write)).toBe(idOf(process));
}

const tries = (spans: ReadableSpan[]) =>
  spans
    .filter(({ name }) => name === `process ${QUEUE}`)
    .sort((a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1]);

const CALLER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

test('one trace leads over HTTP, outbox, SNS, SQS and the database to the next event', async () => {
  const posted = await post(`00-${CALLER.traceId}-${CALLER.spanId}-01`);
  expect(posted.requestId).toBe(CALLER.traceId);
  const spans = await handled(CALLER.traceId, 1);
  expect(parentOf(only(spans, 'POST /api/v1/scores'))).toBe(CALLER.spanId);
  const create = requireBeginning(spans, posted);
  const [process] = tries(spans) as [ReadableSpan];
  requireTry(process, create, posted, { receiveCount: 1, outcome: 'applied' });
  requireEffects(spans, process);
  expect(await storedTraceIds(posted)).toEqual(Array(3).fill(CALLER.traceId));
  const publish = await eventually(() =>
    exporter.getFinishedSpans().find((span) => linksOf(span).includes(idOf(create))),
  );
  expect(publish.name).toBe(`publish ${prefix}-grading-events`);
  expect(publish.spanContext().traceId).not.toBe(CALLER.traceId);
});

test('a redelivery is another try in the same trace', async () => {
  const posted = await post(undefined, 'throws once');
  const spans = await handled(posted.requestId, 2);
  const create = requireBeginning(spans, posted);
  const [first, second] = tries(spans) as [ReadableSpan, ReadableSpan];
  requireTry(first, create, posted, { receiveCount: 1, outcome: 'retry' });
  expect(first.attributes['error.type']).toBe('Error');
  requireTry(second, create, posted, { receiveCount: 2, outcome: 'applied' });
  requireEffects(spans, second);
  expect(await storedTraceIds(posted)).toEqual(Array(3).fill(posted.requestId));
});

test('a redrive from the dead-letter queue goes on with the same trace', async () => {
  const posted = await post(undefined, 'is refused');
  const letter = await letterOf(posted.eventId);
  expect(letter.MessageAttributes?.error_code?.StringValue).toBe('unprocessable');
  const [outbox] = await rowsOf(
    grading,
    'SELECT envelope::text AS body FROM outbox WHERE event_id = $1',
    posted.eventId,
  );
  expect(JSON.parse(letter.Body ?? '')).toEqual(JSON.parse(outbox?.body ?? '{}'));

  await redrive(letter);

  const spans = await handled(posted.requestId, 2);
  const create = requireBeginning(spans, posted);
  const [first, second] = tries(spans) as [ReadableSpan, ReadableSpan];
  requireTry(first, create, posted, { receiveCount: 1, outcome: 'dead' });
  expect(first.attributes['app.error_code']).toBe('unprocessable');
  // SQS counts anew, for it is another message; the event and its trace are the same.
  requireTry(second, create, posted, { receiveCount: 1, outcome: 'applied' });
  requireEffects(spans, second);
  expect(await storedTraceIds(posted)).toEqual(Array(3).fill(posted.requestId));
});

test('a trace that is not sampled travels all the way, and leaves no spans', async () => {
  const traceId = newId().replaceAll('-', '');
  const posted = await post(`00-${traceId}-${CALLER.spanId}-00`, 'is refused');
  expect(posted.requestId).toBe(traceId);
  const letter = await letterOf(posted.eventId);
  const pattern = new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`);
  expect(letter.MessageAttributes?.traceparent?.StringValue).toMatch(pattern);
  expect(JSON.parse(letter.Body ?? '{}').traceparent).toMatch(pattern);
  await redrive(letter);
  expect(await storedTraceIds(posted)).toEqual(Array(3).fill(traceId));
  expect(inTrace(traceId)).toEqual([]);
});

test.each([
  ['all zeros', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`],
  ['nonsense', 'my trace'],
  ['too long', `00-${CALLER.traceId}-${CALLER.spanId}-01-${'x'.repeat(3000)}`],
])('a traceparent of %s begins a new trace and refuses nothing', async (_, traceparent) => {
  const posted = await post(traceparent);
  expect(posted.requestId).toMatch(/^(?!0+$)[0-9a-f]{32}$/);
  expect(posted.requestId).not.toBe(CALLER.traceId);
  const spans = await handled(posted.requestId, 1);
  expect(parentOf(only(spans, 'POST /api/v1/scores'))).toBeUndefined();
  expect(await storedTraceIds(posted)).toEqual(Array(3).fill(posted.requestId));
});

async function letterOf(eventId: Id): Promise<Message> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: `${QUEUE}-dlq` }));
  const matches = ({ Body = '' }: Message) => Body.includes(eventId);
  return waitForMessage({ sqs, queueUrl: QueueUrl ?? '', matches });
}

/** Body and attributes byte by byte, to the one queue the letter came from. */
async function redrive({ Body: MessageBody, MessageAttributes }: Message): Promise<void> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: QUEUE }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
}
