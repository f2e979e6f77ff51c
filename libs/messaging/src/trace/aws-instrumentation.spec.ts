import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { EventEnvelope } from '@parlance/events';

const file = (name: string) =>
  fileURLToPath(new URL(`../../test/instrumented/${name}.js`, import.meta.url));

interface Span {
  name: string;
  scope: string;
  traceId: string;
  spanId: string;
  parentId?: string;
}

interface Message {
  event: EventEnvelope;
  attributes: Record<string, { StringValue?: string } | undefined>;
}

interface Report {
  /** Traceparent of the request that wrote the first event. */
  request: string;
  ours: Message;
  ourSpans: Span[];
  /** Traceparent a caller outside of this library set on its message. */
  mine: string;
  unprotected: Message;
  otherSpans: Span[];
}

const OURS = '@parlance/messaging';
const AWS = '@opentelemetry/instrumentation-aws-sdk';
let report: Report;

beforeAll(async () => {
  const args = ['--no-warnings', '--import', file('register'), file('way-of-events')];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 });
  report = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Report;
}, 60_000);

test('the instrumentation is at work: it takes a caller’s trace context away', () => {
  const [span] = report.otherSpans.filter(({ scope }) => scope === AWS);
  expect(span).toBeDefined();
  const arrived = report.unprotected.attributes.traceparent?.StringValue;
  expect(arrived).not.toBe(report.mine);
  expect(arrived).toContain(span?.spanId);
});

test('ours arrives as it was written, in attributes and body', () => {
  const { event, attributes } = report.ours;
  const create = report.ourSpans.find(
    ({ name, traceId }) => name.startsWith('create ') && report.request.includes(traceId),
  );
  const traceparent = `00-${create?.traceId}-${create?.spanId}-01`;
  expect(attributes.traceparent?.StringValue).toBe(traceparent);
  expect(event.traceparent).toBe(traceparent);
  expect(Object.keys(attributes).sort()).toEqual([
    'ce_id',
    'ce_subject',
    'ce_type',
    'tenant',
    'traceparent',
  ]);
});

test('no span of the instrumentation stands beside or instead of ours', () => {
  expect(report.ourSpans.filter(({ scope }) => scope === AWS)).toEqual([]);
  const names = report.ourSpans
    .filter(({ scope }) => scope === OURS)
    .map(({ name }) => name.split(' ')[0]);
  const times = (name: string) => names.filter((own) => own === name).length;
  expect(times('create')).toBe(3);
  expect(times('publish')).toBeGreaterThanOrEqual(1);
  expect(times('receive')).toBeGreaterThanOrEqual(1);
  expect(times('process')).toBe(2);
  expect(times('delete')).toBeGreaterThanOrEqual(1);
  const processes = report.ourSpans.filter(({ name }) => name.startsWith('process '));
  for (const span of processes) {
    const parent = report.ourSpans.find(({ spanId }) => spanId === span.parentId);
    expect(parent?.name).toMatch(/^create /);
    expect(parent?.traceId).toBe(span.traceId);
  }
});
