import { randomBytes } from 'node:crypto';

/** OTLP/JSON exports as the exporters of the services send them. */
export const traceId = () => randomBytes(16).toString('hex');
export const spanId = () => randomBytes(8).toString('hex');

type Value = string | number | boolean;

export interface TestSpan {
  traceId: string;
  spanId?: string;
  parentSpanId?: string;
  name?: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind?: number;
  startMs?: number;
  durationMs?: number;
  status?: number;
  attributes?: Record<string, Value>;
  links?: { traceId: string; spanId: string }[];
}

const nanos = (ms: number) => `${Math.round(ms * 1000)}000`;

function valueOf(value: Value) {
  if (typeof value === 'string') return { stringValue: value };
  return typeof value === 'number' ? { intValue: value } : { boolValue: value };
}

function attributesOf(attributes: Record<string, Value>) {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));
}

const resourceOf = (service: string) => ({ attributes: attributesOf({ 'service.name': service }) });

export function spanExport(service: string, spans: TestSpan[]) {
  const now = Date.now();
  const all = spans.map((span) => {
    const { startMs = now, durationMs = 5, attributes = {}, links = [], status = 0 } = span;
    return {
      spanId: spanId(),
      name: 'work',
      kind: 2,
      ...span,
      startTimeUnixNano: nanos(startMs),
      endTimeUnixNano: nanos(startMs + durationMs),
      attributes: attributesOf(attributes),
      links: links.map((link) => ({ ...link, attributes: [] })),
      status: { code: status },
      events: [],
    };
  });
  return { resourceSpans: [{ resource: resourceOf(service), scopeSpans: [{ spans: all }] }] };
}

export interface TestLog {
  traceId?: string;
  spanId?: string;
  message: string;
  level?: string;
  attributes?: Record<string, Value>;
}

export function logExport(service: string, lines: TestLog[]) {
  const logRecords = lines.map(({ message, level = 'info', attributes = {}, ...ids }) => ({
    ...ids,
    timeUnixNano: nanos(Date.now()),
    severityText: level,
    body: { stringValue: message },
    attributes: attributesOf(attributes),
  }));
  return { resourceLogs: [{ resource: resourceOf(service), scopeLogs: [{ logRecords }] }] };
}

export interface TestMetric {
  name: string;
  unit?: string;
  /** One of them. */
  gauge?: number;
  counter?: number;
  histogram?: { bounds: number[]; counts: number[]; sum?: number };
  attributes?: Record<string, Value>;
  startMs?: number;
  atMs?: number;
}

/** As the exporter of a process whose totals count from its start. */
export function metricExport(service: string, metrics: TestMetric[], instance = 'one') {
  const all = metrics.map(({ name, unit = '', attributes = {}, startMs, atMs, ...data }) => {
    const times = {
      attributes: attributesOf(attributes),
      startTimeUnixNano: nanos(startMs ?? Date.now() - 1000),
      timeUnixNano: nanos(atMs ?? Date.now()),
    };
    if (data.gauge !== undefined) {
      return { name, unit, gauge: { dataPoints: [{ ...times, asDouble: data.gauge }] } };
    }
    if (data.counter !== undefined) {
      const dataPoints = [{ ...times, asInt: String(data.counter) }];
      return { name, unit, sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints } };
    }
    const { bounds = [], counts = [0], sum = 0 } = data.histogram ?? {};
    const count = counts.reduce((total, one) => total + one, 0);
    const point = { ...times, count, sum, explicitBounds: bounds, bucketCounts: counts };
    return { name, unit, histogram: { aggregationTemporality: 2, dataPoints: [point] } };
  });
  const resource = {
    attributes: attributesOf({ 'service.name': service, 'service.instance.id': instance }),
  };
  return { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: all }] }] };
}
