import { TraceFlags } from '@opentelemetry/api';
import type { ExportResult } from '@opentelemetry/core';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchLogRecordProcessor, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  type IMetricReader,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { Flow } from './flow.js';
import type { Signal } from './losses.js';

/** Spans and log records kept while the backend is slow; beyond it the newest are dropped. */
export const MAX_QUEUE = 8192;
export const MAX_BATCH = 1024;
/** Also bounds how long a backend that hangs holds a batch in memory. */
const EXPORT_TIMEOUT_MS = 5000;
const METRIC_INTERVAL_MS = 10_000;

/** Where each signal leaves the process, and what is known of the records on their way. */
export interface Exports {
  spans: SpanProcessor;
  logs: LogRecordProcessor;
  metrics: IMetricReader;
  flows: ReadonlyMap<Signal, Flow>;
}

type Done = (result: ExportResult) => void;

/** OTLP/HTTP JSON to one backend. Nothing here ever waits for it, and nothing grows without bound. */
export function exportsTo(endpoint: string, metricIntervalMs = METRIC_INTERVAL_MS): Exports {
  const flows = { spans: new Flow(MAX_QUEUE), logs: new Flow(MAX_QUEUE), metrics: new Flow(0) };
  return {
    spans: spansTo(`${endpoint}/v1/traces`, flows.spans),
    logs: logsTo(`${endpoint}/v1/logs`, flows.logs),
    metrics: metricsTo(`${endpoint}/v1/metrics`, flows.metrics, metricIntervalMs),
    flows: new Map(Object.entries(flows) as [Signal, Flow][]),
  };
}

function spansTo(url: string, flow: Flow): SpanProcessor {
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS });
  const processor = new BatchSpanProcessor({
    exporter: {
      export: (spans, done) =>
        flow.leave(spans.length, done, (tell) => exporter.export(spans, tell)),
      forceFlush: () => exporter.forceFlush(),
      shutdown: () => exporter.shutdown(),
    },
    maxQueueSize: MAX_QUEUE,
    maxExportBatchSize: MAX_BATCH,
    scheduledDelayMillis: 2000,
  });
  return {
    onStart: (span, parent) => processor.onStart(span, parent),
    onEnd: (span) => {
      const isSampled = (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;
      if (isSampled && flow.admit()) processor.onEnd(span);
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  };
}

function logsTo(url: string, flow: Flow): LogRecordProcessor {
  const exporter = new OTLPLogExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS });
  const processor = new BatchLogRecordProcessor({
    exporter: {
      export: (records, done) =>
        flow.leave(records.length, done, (tell) => exporter.export(records, tell)),
      forceFlush: () => exporter.forceFlush(),
      shutdown: () => exporter.shutdown(),
    },
    maxQueueSize: MAX_QUEUE,
    maxExportBatchSize: MAX_BATCH,
  });
  return {
    onEmit: (record) => {
      if (flow.admit()) processor.onEmit(record);
    },
    forceFlush: () => processor.forceFlush(),
    shutdown: () => processor.shutdown(),
  };
}

/** Nothing queues here: what a failed export held is in the next one, as all values are totals. */
function metricsTo(url: string, flow: Flow, intervalMs: number): IMetricReader {
  const timeoutMillis = Math.min(EXPORT_TIMEOUT_MS, intervalMs);
  const exporter = new OTLPMetricExporter({ url, timeoutMillis });
  const counted: PushMetricExporter = {
    export: (batch: ResourceMetrics, done: Done) =>
      flow.leave(pointsIn(batch), done, (tell) => exporter.export(batch, tell)),
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    selectAggregationTemporality: (type) => exporter.selectAggregationTemporality(type),
  };
  return new PeriodicExportingMetricReader({
    exporter: counted,
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: timeoutMillis,
  });
}

function pointsIn({ scopeMetrics }: ResourceMetrics): number {
  return scopeMetrics
    .flatMap((scope) => scope.metrics)
    .reduce((count, metric) => count + metric.dataPoints.length, 0);
}
