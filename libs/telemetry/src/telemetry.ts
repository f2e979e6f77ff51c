import { context, logs, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BatchSpanProcessor, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

export interface Telemetry {
  /** Sends what is buffered, waiting at most a few seconds; call before the process ends. */
  stop(): Promise<void>;
}

/** Spans and log records kept while the backend is slow; beyond it the newest are dropped. */
const MAX_QUEUE = 8192;

export interface TelemetryOptions {
  service: string;
  /** Without an endpoint contexts still propagate, so that every log line has its trace id. */
  endpoint?: string;
  /** For tests: where finished spans go. */
  spanProcessors?: SpanProcessor[];
}

/**
 * Starts OpenTelemetry for this process: W3C context in asynchronous code, OTLP/HTTP JSON out.
 * All spans are our own (HTTP, SQL, the five of messaging): see docs/adr.
 */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  const resource = resourceFromAttributes({ 'service.name': options.service });
  const processors = [...(options.spanProcessors ?? [])];
  if (options.endpoint !== undefined) {
    const exporter = new OTLPTraceExporter({ url: `${options.endpoint}/v1/traces` });
    processors.push(
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: MAX_QUEUE,
        maxExportBatchSize: 1024,
        scheduledDelayMillis: 2000,
      }),
    );
  }
  const tracers = new TracerProvider({ resource, spanProcessors: processors });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(tracers);
  const loggers =
    options.endpoint === undefined ? undefined : startLogs(options.endpoint, resource);
  return {
    stop: async () => {
      const flushes = [tracers.shutdown(), loggers?.shutdown()];
      const patience = new Promise((resolve) => setTimeout(resolve, 2000).unref());
      await Promise.race([Promise.allSettled(flushes), patience]);
    },
  };
}

function startLogs(endpoint: string, resource: ReturnType<typeof resourceFromAttributes>) {
  const exporter = new OTLPLogExporter({ url: `${endpoint}/v1/logs` });
  const processor = new BatchLogRecordProcessor({ exporter, maxQueueSize: MAX_QUEUE });
  const provider = new LoggerProvider({ resource, processors: [processor] });
  logs.setGlobalLoggerProvider(provider);
  return provider;
}
