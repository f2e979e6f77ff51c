import { gzipSync } from 'node:zlib';
import {
  startTestService,
  TEST_OPERATOR_SECRET,
  type TestService,
} from '@parlance/platform/testing';
import { oncall } from '../src/oncall.module.js';
import { metricExport, type TestMetric } from './exports.js';
import { send } from './sender.js';

const QUEUE = 'parlance-gradebook-from-grading';
const operator = { authorization: `Operator ${TEST_OPERATOR_SECRET}` };
let service: TestService;

beforeAll(async () => {
  service = await startTestService(oncall, { env: { ONCALL_MAX_SERIES: '60' } });
  delete process.env.ONCALL_MAX_SERIES;
});

afterAll(() => service.stop());

async function listed(query: string) {
  const { status, body } = await service.request('GET', `/metrics${query}`, { headers: operator });
  expect(status).toBe(200);
  return body;
}

async function page(
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const answer = await fetch(`http://127.0.0.1:${service.port}/messaging`, { headers });
  return { status: answer.status, text: await answer.text() };
}

async function signIn(): Promise<string> {
  const body = new URLSearchParams({ secret: TEST_OPERATOR_SECRET, to: '/messaging' });
  const url = `http://127.0.0.1:${service.port}/sign-in`;
  const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' });
  expect(answer.headers.get('location')).toBe('/messaging');
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

/** Text of the page as a reader would hear it: no markup, one space. */
const plain = (text: string) =>
  text.replace(/<style[^]*?<\/style>|<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('the page before anything was reported', () => {
  it('says so instead of showing zeros', async () => {
    const { status, text } = await page({ cookie: await signIn() });
    expect(status).toBe(200);
    expect(plain(text)).toContain('No service has reported metrics');
  });
});

describe('the receiver', () => {
  it('keeps gauges, totals and histograms, and says how they grew', async () => {
    const now = Date.now();
    const attributes = { 'app.consumer': 'gradebook', 'messaging.destination.name': QUEUE };
    const counter = (value: number, atMs: number): TestMetric => ({
      name: 'inbox.duplicates',
      unit: '{event}',
      counter: value,
      attributes,
      startMs: now - 600_000,
      atMs,
    });
    await send(service, '/v1/metrics', metricExport('a', [counter(100, now - 100_000)]));
    const answer = await send(service, '/v1/metrics', metricExport('a', [counter(150, now)]));
    expect(answer).toMatchObject({ status: 200, body: {} });
    const { items } = await listed('?service=a');
    expect(items).toEqual([
      {
        service: 'a',
        instance: 'one',
        name: 'inbox.duplicates',
        unit: '{event}',
        kind: 'counter',
        attributes,
        at: new Date(now).toISOString(),
        value: 150,
        count: null,
        perSecond: expect.closeTo(0.5, 1),
        p50: null,
        p99: null,
      },
    ]);
  });

  it('takes gzip, and numbers as text', async () => {
    const packed = gzipSync(JSON.stringify(metricExport('b', [{ name: 'x', counter: 7 }])));
    const answer = await send(service, '/v1/metrics', packed, { 'content-encoding': 'gzip' });
    expect(answer.status).toBe(200);
    expect((await listed('?service=b')).items[0].value).toBe(7);
  });

  it('keeps no attribute that may hold what is private', async () => {
    const attributes = { 'http.request.body': 'my essay', 'app.consumer': 'lti' };
    await send(service, '/v1/metrics', metricExport('c', [{ name: 'x', gauge: 1, attributes }]));
    expect((await listed('?service=c')).items[0].attributes).toEqual({ 'app.consumer': 'lti' });
  });

  it('keeps what it understands of an export and tells how much it does not', async () => {
    const body = metricExport('d', [
      { name: 'x', gauge: 1 },
      { name: 'y', counter: 1 },
    ]);
    const metrics = body.resourceMetrics[0]?.scopeMetrics[0]?.metrics as object[];
    const dataPoints = [{ timeUnixNano: `${Date.now()}000000`, asInt: 1 }];
    metrics.push(
      { name: 'delta', sum: { aggregationTemporality: 1, isMonotonic: true, dataPoints } },
      { name: 'summary', summary: { dataPoints } },
      { name: 'no value', gauge: { dataPoints: [{ ...dataPoints[0], asInt: 'x' }] } },
    );
    const answer = await send(service, '/v1/metrics', body);
    expect(answer).toMatchObject({
      status: 200,
      body: { partialSuccess: { rejectedDataPoints: 3 } },
    });
    expect((await listed('?service=d')).items).toHaveLength(2);
  });

  it('does not believe times of another day', async () => {
    const atMs = Date.now() - 86_400_000;
    const before = (await listed('')).strayPoints;
    await send(service, '/v1/metrics', metricExport('e', [{ name: 'x', gauge: 1, atMs }]));
    const after = await listed('?service=e');
    expect(after.items).toEqual([]);
    expect(after.strayPoints).toBe(before + 1);
  });

  it.each([
    ['no JSON', '{"resourceMetrics": [', 400, 'malformed-json'],
    ['null', 'null', 400, 'malformed-otlp'],
    ['a list', '[]', 400, 'malformed-otlp'],
    ['metrics that are no list', { resourceMetrics: { a: 1 } }, 400, 'malformed-otlp'],
    ['a resource that is null', { resourceMetrics: [null] }, 400, 'malformed-otlp'],
    [
      'points that are no list',
      {
        resourceMetrics: [
          { scopeMetrics: [{ metrics: [{ name: 'x', gauge: { dataPoints: 1 } }] }] },
        ],
      },
      400,
      'malformed-otlp',
    ],
    [
      'nothing that it understands',
      { resourceMetrics: [{ scopeMetrics: [{ metrics: [null, 7, {}] }] }] },
      400,
      'malformed-otlp',
    ],
  ])('refuses %s', async (_, body, status, code) => {
    expect(await send(service, '/v1/metrics', body)).toMatchObject({ status, body: { code } });
  });

  it.each([
    ['counts that do not fit the bounds', { bounds: [1, 2], counts: [1, 2] }],
    ['bounds that fall', { bounds: [2, 1], counts: [1, 2, 3] }],
    ['negative counts', { bounds: [1], counts: [-1, 2] }],
  ])('refuses a histogram with %s', async (_, histogram) => {
    const answer = await send(
      service,
      '/v1/metrics',
      metricExport('f', [{ name: 'h', histogram }]),
    );
    expect(answer.status).toBe(400);
  });

  it('refuses protobuf, foreign pages and more than 8 MiB, as for spans', async () => {
    const type = (value: string) => ({ 'content-type': value });
    const protobuf = await send(service, '/v1/metrics', 'x', type('application/x-protobuf'));
    expect(protobuf).toMatchObject({ status: 415, body: { code: 'otlp-json-only' } });
    expect((await send(service, '/v1/metrics', '{}', type('text/plain'))).status).toBe(415);
    expect((await send(service, '/v1/metrics', `"${'x'.repeat(9_500_000)}"`)).status).toBe(413);
  });
});

describe('what operators see', () => {
  it('is for operators alone', async () => {
    expect((await service.request('GET', '/metrics')).status).toBe(401);
    const token = await service.token({ institutionId: service.institution(), roles: ['admin'] });
    expect((await service.request('GET', '/metrics', { token })).status).toBe(401);
    const { status, text } = await page();
    expect(status).toBe(401);
    expect(text).toContain('name="secret"');
  });

  it('is one table of queues and one of services, the faults first in words', async () => {
    const now = Date.now();
    const startMs = now - 100_000;
    const at = { startMs, atMs: now };
    const place = { 'app.consumer': 'gradebook', 'messaging.destination.name': QUEUE };
    const outcome = (kind: string, count: number): TestMetric => ({
      ...at,
      name: 'messaging.process.duration',
      attributes: { ...place, 'app.outcome': kind },
      histogram: { bounds: [0.01, 0.1], counts: [count, 0, 0] },
    });
    const letters = { 'app.consumer': 'gradebook', 'app.queue': QUEUE };
    await send(
      service,
      '/v1/metrics',
      metricExport('gradebook', [
        { ...at, name: 'outbox.oldest_unpublished_seconds', gauge: 400 },
        { ...at, name: 'consumer.in_flight', gauge: 4, attributes: place },
        outcome('applied', 250),
        outcome('retry', 3),
        outcome('dead', 2),
        {
          ...at,
          name: 'event.end_to_end_age',
          attributes: place,
          // 100 evenly below 10 s, of which the 50th lies at 5 s; the last one beyond a minute.
          histogram: { bounds: [10, 60], counts: [100, 0, 3] },
        },
        {
          ...at,
          name: 'dlq.depth',
          gauge: 2,
          attributes: { ...letters, 'messaging.destination.name': `${QUEUE}-dlq` },
        },
      ]),
    );
    const { text } = await page({ cookie: await signIn() });
    const told = plain(text);
    expect(told).toContain('gradebook has an event that has waited 6.7 min to be published.');
    expect(told).toContain(`${QUEUE} has dead letters: 2.`);
    expect(told).toContain(`Of the events of ${QUEUE} one in a hundred is older than 1.0 min.`);
    const [, row = ''] = new RegExp(`<code>${QUEUE}</code>([^]*?)</tr>`).exec(text) ?? [];
    const cells = Object.fromEntries(
      [...row.matchAll(/data-title="([^"]+)"[^>]*>([^]*?)<\/td>/g)].map(([, title, value]) => [
        title,
        plain(value ?? '').trim(),
      ]),
    );
    // 250 from the start until the page was made, which is a moment later than they were told.
    const handled = Number(cells['Handled a second']);
    expect(handled).toBeLessThanOrEqual(2.5);
    expect(handled).toBeGreaterThanOrEqual(250_000 / (Date.now() - startMs) - 0.005);
    expect(cells).toMatchObject({
      'In flight': '4',
      'Age p50': '5.15 s',
      Retries: '3',
      Died: '2',
      'Dead letters now': '2',
    });
  });

  it('has the roles of tables also where they look like cards, and headings for them', async () => {
    const { text } = await page({ cookie: await signIn() });
    expect(text.match(/<h1>/g)).toHaveLength(1);
    expect(text.match(/role="table" aria-labelledby="(queues|services)"/g)).toHaveLength(2);
    for (const [tag] of text.matchAll(/<t[rdh][\s>][^>]*/g)) expect(tag).toMatch(/role="\w+"/);
    expect(text).toContain('<meta name="viewport"');
    expect(text).not.toMatch(/\s(src|style|on\w+)="|https?:\/\//);
  });

  it('escapes what came from outside', async () => {
    const attributes = { 'app.consumer': '<b>x', 'messaging.destination.name': '<script>alert(1)' };
    const body = metricExport('<script>', [{ name: 'consumer.in_flight', gauge: 1, attributes }]);
    await send(service, '/v1/metrics', body);
    const { text } = await page({ cookie: await signIn() });
    expect(text).toContain('&lt;script&gt;');
    expect(text).not.toContain('<script');
  });
});

// Last, for it fills the room.
it('keeps no more series than it may, and counts what it drops', async () => {
  const many = Array.from({ length: 100 }, (_, index) => ({ name: `m${index}`, gauge: index }));
  const answer = await send(service, '/v1/metrics', metricExport('z', many));
  const { series, droppedPoints } = await listed('');
  expect(series).toBe(60);
  expect(droppedPoints).toBeGreaterThan(0);
  expect(answer.body.partialSuccess.rejectedDataPoints).toBe(droppedPoints);
  expect((await listed('?service=gradebook')).items.length).toBeGreaterThan(0);
});
