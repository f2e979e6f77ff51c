import type { Buckets, MetricKind, MetricPoint } from '../domain/metrics.js';
import { isObject, type Json, listIn, malformed, type Parsed, textIn } from './otlp.js';
import { metricAttributes, shownText } from './shown-values.js';

/** OTLP's AGGREGATION_TEMPORALITY_CUMULATIVE: totals since the start of the sender. */
const CUMULATIVE = 2;
const MAX_BOUNDS = 60;
const NAME = /^[A-Za-z][\w./-]{0,119}$/;

/**
 * ExportMetricsServiceRequest of OTLP/HTTP JSON. Gauges, cumulative sums and cumulative histograms
 * are understood; points of anything else are rejected. Throws a Refusal when the body is
 * something else.
 */
export function parseMetrics(body: unknown): Parsed<MetricPoint> {
  const parsed: Parsed<MetricPoint> = { entries: [], rejected: 0 };
  for (const resource of listIn(body, 'resourceMetrics')) {
    const from = {
      service: textIn(resource, 'service.name') ?? 'unknown',
      instance: textIn(resource, 'service.instance.id') ?? '',
    };
    for (const scope of listIn(resource, 'scopeMetrics')) {
      for (const metric of listIn(scope, 'metrics')) readMetric(metric, from, parsed);
    }
  }
  if (parsed.rejected > 0 && parsed.entries.length === 0) {
    throw malformed(
      `None of the ${parsed.rejected} points is of a gauge, a cumulative sum or histogram.`,
    );
  }
  return parsed;
}

interface Sender {
  service: string;
  instance: string;
}

function readMetric(metric: unknown, from: Sender, parsed: Parsed<MetricPoint>): void {
  if (!isObject(metric)) {
    parsed.rejected += 1;
    return;
  }
  const { name, unit } = metric;
  const { kind, points } = dataOf(metric);
  if (kind === undefined || typeof name !== 'string' || !NAME.test(name)) {
    parsed.rejected += Math.max(1, points.length);
    return;
  }
  const about = { ...from, name, unit: shownText(typeof unit === 'string' ? unit : '', 40), kind };
  for (const candidate of points) {
    const point = isObject(candidate) ? pointOf(candidate, about) : undefined;
    if (point === undefined) parsed.rejected += 1;
    else parsed.entries.push(point);
  }
}

function dataOf(metric: Json): { kind: MetricKind | undefined; points: unknown[] } {
  for (const key of ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary']) {
    const data = metric[key];
    if (!isObject(data)) continue;
    return { kind: kindOf(key, data), points: listIn(data, 'dataPoints') };
  }
  return { kind: undefined, points: [] };
}

function kindOf(key: string, data: Json): MetricKind | undefined {
  if (key === 'gauge') return 'gauge';
  if (data.aggregationTemporality !== CUMULATIVE) return undefined;
  if (key === 'histogram') return 'histogram';
  // A total that may sink, such as the length of a queue, is a level.
  return key === 'sum' ? (data.isMonotonic === true ? 'counter' : 'gauge') : undefined;
}

function pointOf(
  point: Json,
  about: Sender & { name: string; unit: string; kind: MetricKind },
): MetricPoint | undefined {
  const atMs = milliseconds(point.timeUnixNano);
  if (atMs === undefined) return undefined;
  const startedAtMs = milliseconds(point.startTimeUnixNano) ?? atMs;
  const series = { ...about, attributes: metricAttributes(point.attributes) };
  if (about.kind === 'histogram') {
    const buckets = bucketsOf(point);
    return buckets && { series, startedAtMs, atMs, value: buckets.sum, buckets };
  }
  const value = numberOf(point.asDouble ?? point.asInt);
  return value === undefined ? undefined : { series, startedAtMs, atMs, value };
}

function bucketsOf(point: Json): Buckets | undefined {
  const bounds = numbersOf(point.explicitBounds);
  const counts = numbersOf(point.bucketCounts);
  const count = numberOf(point.count);
  if (bounds === undefined || counts === undefined || count === undefined) return undefined;
  if (bounds.length > MAX_BOUNDS || counts.length !== bounds.length + 1) return undefined;
  if (
    counts.some((one) => one < 0) ||
    bounds.some((one, at) => one <= (bounds[at - 1] ?? -Infinity))
  )
    return undefined;
  return { count, sum: numberOf(point.sum) ?? 0, bounds, counts };
}

function numbersOf(list: unknown): number[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const numbers = list.map(numberOf);
  return numbers.every((one) => one !== undefined) ? numbers : undefined;
}

/** 64-bit integers come as numbers or as decimal text. */
function numberOf(value: unknown): number | undefined {
  const isText = typeof value === 'string' && /^-?\d{1,20}$/.test(value);
  if (typeof value !== 'number' && !isText) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function milliseconds(nanos: unknown): number | undefined {
  const text = String(nanos);
  return /^\d{18,19}$/.test(text) ? Number(text.slice(0, -6)) : undefined;
}
