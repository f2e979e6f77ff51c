import { randomUUID } from 'node:crypto';
import { context, logs, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { type IMetricReader, MeterProvider } from '@opentelemetry/sdk-metrics';
import { type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { type Exports, exportsTo } from './exports.js';
import type { FlowState } from './flow.js';
import { type LossLog, Losses, type Signal } from './losses.js';

export interface Telemetry {
  /** Sends what is buffered, waiting at most a few seconds; call before the process ends. */
  stop(): Promise<void>;
  /** Writes to the log what was lost, at most once a minute; and once more when stopped. */
  reportLosses(log: LossLog): void;
  /** What was sent, lost and waits, of each signal that is exported. */
  state(): Partial<Record<Signal, FlowState>>;
}

/** Longest that stopping takes, whatever the backend does. */
export const STOP_MS = 2000;

export interface TelemetryOptions {
  service: string;
  /** Without an endpoint contexts still propagate, so that every log line has its trace id. */
  endpoint?: string;
  /** Milliseconds between exports of metrics; 10 s by default. */
  metricIntervalMs?: number;
  /** For tests: where finished spans go. */
  spanProcessors?: SpanProcessor[];
  /** For tests: who collects metrics. */
  metricReaders?: IMetricReader[];
}

/**
 * Starts OpenTelemetry for this process: W3C context in asynchronous code, OTLP/HTTP JSON out.
 * All spans and metrics are our own (HTTP, SQL, messaging): see docs/adr. Call it before anything
 * that makes an instrument: the metrics API does not hand them on to a provider that comes later.
 */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  const resource = resourceFromAttributes({
    'service.name': options.service,
    // Counters of two processes of one service must not be taken for one counter.
    'service.instance.id': randomUUID(),
  });
  const { endpoint, metricIntervalMs, spanProcessors = [], metricReaders = [] } = options;
  const out: Exports | undefined =
    endpoint === undefined ? undefined : exportsTo(endpoint, metricIntervalMs);
  const tracers = new TracerProvider({
    resource,
    spanProcessors: [...spanProcessors, ...(out ? [out.spans] : [])],
  });
  const meters = new MeterProvider({
    resource,
    readers: [...metricReaders, ...(out ? [out.metrics] : [])],
  });
  const loggers = out && new LoggerProvider({ resource, processors: [out.logs] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(tracers);
  metrics.setGlobalMeterProvider(meters);
  if (loggers) logs.setGlobalLoggerProvider(loggers);
  const losses = new Losses(out?.flows ?? new Map());
  losses.observe(meters.getMeter('@parlance/telemetry'));
  return {
    stop: async () => {
      // Metrics first: their last collection still counts what the others lose.
      const flushes = [meters.shutdown(), tracers.shutdown(), loggers?.shutdown()];
      const patience = new Promise((resolve) => setTimeout(resolve, STOP_MS).unref());
      await Promise.race([Promise.allSettled(flushes), patience]);
      losses.close();
    },
    reportLosses: (log) => losses.reportTo(log),
    state: () => losses.state(),
  };
}
