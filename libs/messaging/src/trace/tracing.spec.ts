import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { isTracingSuppressed, W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { newId } from '@parlance/kernel';
import { startDatabase, type TestDatabase } from '../../test/database.js';
import { CellWritten, score, Scored, uniquePrefix } from '../../test/fixtures.js';
import { EFFECTS, onScored, writeEffect } from '../../test/handlers.js';
import { makeProducer } from '../../test/producer.js';
import { makeService } from '../../test/service.js';
import { type Emulator, eventually, startEmulator } from '../testing/index.js';

const exporter = new InMemorySpanExporter();
const stops: (() => Promise<unknown>)[] = [];
let db: TestDatabase;
let emulator: Emulator;
let unsuppressedCalls = 0;
const prefix = uniquePrefix();

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }),
  );
  db = await startDatabase(EFFECTS);
  emulator = await startEmulator();
  for (const client of [emulator.clients.sns, emulator.clients.sqs]) {
    (client as typeof emulator.clients.sqs).middlewareStack.add(
      (next) => (args) => {
        if (!isTracingSuppressed(context.active())) unsuppressedCalls += 1;
        return next(args);
      },
      { step: 'initialize' },
    );
  }
}, 60_000);

afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
  await emulator?.stop();
  await db?.stop();
});

const named = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name);

function only(name: string): ReadableSpan {
  const [span, ...more] = named(name);
  if (!span || more.length > 0) throw new Error(`${more.length + (span ? 1 : 0)} of ${name}`);
  return span;
}

const linked = (span: ReadableSpan) => span.links.map((link) => link.context.spanId);

test('one trace leads from the request through every hand to what follows from it', async () => {
  const producer = makeProducer({
    prefix,
    clients: emulator.clients,
    transactions: db.transactions,
  });
  producer.relay.start();
  stops.push(() => producer.relay.stop());
  const seen: (string | undefined)[] = [];
  const service = await makeService({
    service: 'gradebook',
    prefix,
    clients: emulator.clients,
    transactions: db.transactions,
    controllers: [
      onScored(async (event, handled) => {
        await writeEffect(event, handled);
        seen.push(handled.traceId, trace.getActiveSpan()?.spanContext().spanId);
        await service.outbox.add(handled.tx, CellWritten, {
          version: 1,
          institutionId: handled.institutionId,
          data: score(),
        });
      }),
    ],
  });
  stops.push(() => service.app.close());
  await service.app.startAllMicroservices();
  const institutionId = newId();

  const request = trace.getTracer('test').startSpan('POST /scores');
  await context.with(trace.setSpan(context.active(), request), () =>
    db.transactions.inInstitution(institutionId, (tx) =>
      producer.outbox.add(tx, Scored, { version: 1, institutionId, data: score() }),
    ),
  );
  request.end();
  const queue = `${prefix}-gradebook-from-grading`;
  await eventually(() => (named(`delete ${queue}`).length > 0 ? true : undefined));
  const { traceId } = request.spanContext();

  const create = only(`create ${prefix}-grading-events`);
  expect(create.kind).toBe(SpanKind.PRODUCER);
  expect(create.parentSpanContext?.spanId).toBe(request.spanContext().spanId);

  const publish = only(`publish ${prefix}-grading-events`);
  expect(publish.kind).toBe(SpanKind.CLIENT);
  expect(publish.parentSpanContext).toBeUndefined();
  expect(linked(publish)).toEqual([create.spanContext().spanId]);
  expect(publish.attributes).toMatchObject({
    'messaging.system': 'aws.sns',
    'messaging.operation.name': 'publish',
    'messaging.operation.type': 'send',
    'messaging.batch.message_count': 1,
    'aws.sns.topic.arn': expect.stringContaining(`${prefix}-grading-events`),
  });

  const receive = only(`receive ${queue}`);
  expect(receive.kind).toBe(SpanKind.CLIENT);
  expect(linked(receive)).toEqual([create.spanContext().spanId]);

  const process = only(`process ${queue}`);
  expect(process.kind).toBe(SpanKind.CONSUMER);
  expect(process.spanContext().traceId).toBe(traceId);
  expect(process.parentSpanContext?.spanId).toBe(create.spanContext().spanId);
  expect(linked(process)).toEqual([create.spanContext().spanId, receive.spanContext().spanId]);
  expect(process.attributes).toMatchObject({
    'messaging.system': 'aws_sqs',
    'messaging.operation.type': 'process',
    'messaging.message.conversation_id': traceId,
    'app.consumer': 'gradebook',
    'app.receive_count': 1,
    'app.tenant': institutionId,
    'app.outcome': 'applied',
  });
  expect(seen).toEqual([traceId, process.spanContext().spanId]);

  const follow = only(`create ${prefix}-gradebook-events`);
  expect(follow.spanContext().traceId).toBe(traceId);
  expect(follow.parentSpanContext?.spanId).toBe(process.spanContext().spanId);

  const settled = only(`delete ${queue}`);
  expect(settled.kind).toBe(SpanKind.CLIENT);
  expect(linked(settled)).toEqual([process.spanContext().spanId]);

  const { rows } = await db.owner.query(
    `SELECT trace_id FROM outbox UNION ALL SELECT trace_id FROM inbox`,
  );
  expect(rows.map((row) => row.trace_id)).toEqual([traceId, traceId, traceId]);
  expect(unsuppressedCalls).toBe(0);
});
