import { createServer, type Server, type ServerResponse } from 'node:http';
import { context, logs, metrics, propagation, trace } from '@opentelemetry/api';
import { MAX_BATCH, MAX_QUEUE } from './exports.js';
import { startTelemetry, STOP_MS, type Telemetry } from './telemetry.js';

type Answer = (response: ServerResponse) => void;

/** A telemetry backend that answers as the test says, and keeps what it was sent. */
class Backend {
  readonly received = new Map<string, string[]>();
  answer: Answer = ok;
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bodies = this.received.get(request.url ?? '') ?? [];
      this.received.set(request.url ?? '', [...bodies, Buffer.concat(chunks).toString('utf8')]);
      this.answer(response);
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

function ok(response: ServerResponse): void {
  response.setHeader('content-type', 'application/json');
  response.end('{}');
}

const RECORDS = 50_000;
let backend: Backend;
let url: string;

beforeEach(async () => {
  backend = new Backend();
  url = await backend.start();
});

afterEach(async () => {
  for (const api of [trace, metrics, logs, context, propagation]) api.disable();
  await backend.stop();
});

/** Ends spans, writes log lines and counts, letting the event loop turn as a service does. */
async function produce(telemetry: Telemetry, records: number): Promise<number> {
  const tracer = trace.getTracer('test');
  const logger = logs.getLogger('test');
  const counter = metrics.getMeter('test').createCounter('test.records');
  let mostWaiting = 0;
  for (let made = 0; made < records; made += 500) {
    for (let index = 0; index < 500; index += 1) {
      tracer.startSpan('work', { attributes: { index } }).end();
      logger.emit({ body: 'a line', attributes: { index } });
      counter.add(1);
    }
    await new Promise((resolve) => setImmediate(resolve));
    const { spans, logs: lines } = telemetry.state();
    mostWaiting = Math.max(mostWaiting, spans?.waiting ?? 0, lines?.waiting ?? 0);
  }
  return mostWaiting;
}

test('everything reaches a healthy backend, as OTLP/JSON, with the process it came from', async () => {
  const telemetry = startTelemetry({ service: 'grading', endpoint: url });
  await produce(telemetry, 5_000);
  await telemetry.stop();
  const whole = { waiting: 0, exporting: 0, sent: 5_000, queueFull: 0, notDelivered: 0 };
  expect(telemetry.state()).toMatchObject({ spans: whole, logs: whole });
  const [exported] = backend.received.get('/v1/metrics') ?? [];
  const { resourceMetrics } = JSON.parse(exported ?? '{}');
  const attributes = resourceMetrics[0].resource.attributes as { key: string; value: object }[];
  expect(attributes).toEqual(
    expect.arrayContaining([
      { key: 'service.name', value: { stringValue: 'grading' } },
      { key: 'service.instance.id', value: { stringValue: expect.stringMatching(/^[\w-]{36}$/) } },
    ]),
  );
  const names = resourceMetrics[0].scopeMetrics.flatMap((scope: { metrics: { name: string }[] }) =>
    scope.metrics.map(({ name }) => name),
  );
  expect(names.sort()).toEqual(['telemetry.dropped', 'test.records']);
});

describe.each<[string, Answer | 'absent']>([
  ['refuses connections', 'absent'],
  ['never answers', () => undefined],
  ['says 503', (response) => response.writeHead(503, { 'retry-after': '1' }).end()],
  ['answers slowly', (response) => void setTimeout(() => ok(response), 400)],
])('while the backend %s', (_, answer) => {
  test('queues stay bounded, every loss is counted and told, and stopping is soon done', async () => {
    if (answer === 'absent') await backend.stop();
    else backend.answer = answer;
    const lines: [object, string][] = [];
    const telemetry = startTelemetry({ service: 'test', endpoint: url, metricIntervalMs: 200 });
    telemetry.reportLosses({ warn: (fields, message) => void lines.push([fields, message]) });

    const mostWaiting = await produce(telemetry, RECORDS);
    expect(mostWaiting).toBeLessThanOrEqual(MAX_QUEUE);
    const startedMs = performance.now();
    await telemetry.stop();
    expect(performance.now() - startedMs).toBeLessThan(STOP_MS + 1_500);

    const lost: Record<string, number> = {};
    for (const signal of ['spans', 'logs'] as const) {
      const flow = telemetry.state()[signal];
      if (flow === undefined) throw new Error(`Nothing is known of ${signal}.`);
      expect(flow.waiting + flow.exporting).toBeLessThanOrEqual(MAX_QUEUE + MAX_BATCH);
      expect(flow.queueFull).toBeGreaterThan(0);
      expect(Object.values(flow).reduce((sum, count) => sum + count, 0)).toBe(RECORDS);
      lost[signal] = RECORDS - flow.sent;
    }
    expect(lines).toEqual([
      [{ lost: expect.objectContaining(lost) }, expect.stringContaining('telemetry was lost')],
    ]);
  });
});

test('without a backend nothing is kept and contexts still propagate', async () => {
  const telemetry = startTelemetry({ service: 'test' });
  await produce(telemetry, 500);
  expect(telemetry.state()).toEqual({});
  trace.getTracer('test').startActiveSpan('work', (span) => {
    expect(trace.getActiveSpan()?.spanContext().traceId).toMatch(/^[0-9a-f]{32}$/);
    span.end();
  });
  await telemetry.stop();
});
