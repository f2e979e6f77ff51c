import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { context, trace } from '@opentelemetry/api';
import type { InMemorySpanExporter } from '@opentelemetry/sdk-trace';
import { newId } from '@parlance/kernel';
import { eventually, startEmulator } from '../../src/testing/index.js';
import { traceHeaders, unobserved } from '../../src/trace/trace-context.js';
import { startDatabase } from '../database.js';
import { drainQueue } from '../drain-queue.js';
import { score, Scored, uniquePrefix } from '../fixtures.js';
import { EFFECTS, onScored, writeEffect } from '../handlers.js';
import { makeProducer } from '../producer.js';
import { makeService } from '../service.js';

/**
 * A process of its own: publishes and consumes with the AWS instrumentation at work, makes one
 * call of its own beside it, and prints what came of both as JSON.
 */
const { spanExporter } = globalThis as unknown as { spanExporter: InMemorySpanExporter };
const emulator = await startEmulator();
const { clients } = emulator;
const db = await startDatabase(EFFECTS);
const prefix = uniquePrefix();
const { transactions } = db;
const config = { claimCheckBucket: `${prefix}-checks` };
const parts = { prefix, clients, transactions, config };
const producer = makeProducer(parts);
const institutionId = newId();

async function inRequest(work: () => Promise<unknown>): Promise<string | undefined> {
  const request = trace.getTracer('test').startSpan('request');
  await context.with(trace.setSpan(context.active(), request), work);
  request.end();
  return traceHeaders(request.spanContext()).traceparent;
}

const add = (remark: string) => () =>
  transactions.inInstitution(institutionId, (tx) =>
    producer.outbox.add(tx, Scored, { version: 1, institutionId, data: score({ remark }) }),
  );

async function arrivedRaw(url: string) {
  const [arrived] = await unobserved(() => drainQueue(clients.sqs, url));
  return arrived && { event: arrived.event, attributes: arrived.attributes };
}

/** Written before the consumer starts, so that it can be looked at in the queue. */
producer.relay.start();
const { queues } = await producer.addresses.all();
const url = queues.get(`${prefix}-gradebook-from-grading`)?.url ?? '';
const request = await inRequest(add('x'.repeat(250 * 1024)));
const ours = await eventually(() => arrivedRaw(url));

const consumer = await makeService({
  ...parts,
  service: 'gradebook',
  controllers: [onScored(writeEffect)],
});
await consumer.app.startAllMicroservices();
await inRequest(add('short'));
await inRequest(add('y'.repeat(250 * 1024)));
await eventually(async () => {
  const { rows } = await db.owner.query('SELECT 1 FROM effect');
  return rows.length === 2 ? true : undefined;
});
await consumer.app.close();
await producer.relay.stop();
const ourSpans = spanExporter.getFinishedSpans().map(shown);

/** The same SDK, unprotected: the caller's trace context does not survive it. */
spanExporter.reset();
const mine = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
const traceparent = { DataType: 'String', StringValue: mine };
await inRequest(() =>
  clients.sqs.send(
    new SendMessageCommand({
      QueueUrl: url,
      MessageBody: '{}',
      MessageAttributes: { traceparent },
    }),
  ),
);
const unprotected = await eventually(() => arrivedRaw(url));
const otherSpans = spanExporter.getFinishedSpans().map(shown);

function shown(span: ReturnType<InMemorySpanExporter['getFinishedSpans']>[number]) {
  return {
    name: span.name,
    scope: span.instrumentationScope.name,
    ...span.spanContext(),
    parentId: span.parentSpanContext?.spanId,
  };
}

process.stdout.write(
  `${JSON.stringify({ request, ours, ourSpans, mine, unprotected, otherSpans })}\n`,
);
await emulator.stop();
await db.stop();
process.exit(0);
