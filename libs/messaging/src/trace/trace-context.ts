import {
  type Context,
  context,
  createTraceState,
  isSpanContextValid,
  ROOT_CONTEXT,
  type SpanContext,
  trace,
} from '@opentelemetry/api';
import { parseTraceParent, suppressTracing } from '@opentelemetry/core';

/** W3C trace context as it travels; both parts are absent when there is no trace. */
export interface TraceHeaders {
  traceparent?: string;
  tracestate?: string;
}

/** Longest tracestate that is carried; a longer one is dropped, the trace goes on. */
const MAX_TRACESTATE = 512;

/**
 * The span context as headers. No baggage travels, because it may hold personal data, and the flag
 * "not sampled" does, because logs need the trace id even of spans that are dropped.
 */
export function traceHeaders(spanContext: SpanContext): TraceHeaders {
  if (!isSpanContextValid(spanContext)) return {};
  const flags = (spanContext.traceFlags & 0xff).toString(16).padStart(2, '0');
  const tracestate = spanContext.traceState?.serialize();
  return {
    traceparent: `00-${spanContext.traceId}-${spanContext.spanId}-${flags}`,
    ...(tracestate && tracestate.length <= MAX_TRACESTATE && { tracestate }),
  };
}

/** The remote span context in the headers; undefined when they hold none that is valid. */
export function spanContextOf(headers: TraceHeaders): SpanContext | undefined {
  if (typeof headers.traceparent !== 'string') return undefined;
  const parsed = parseTraceParent(headers.traceparent);
  if (parsed === null || !isSpanContextValid(parsed)) return undefined;
  const state = headers.tracestate;
  const hasState = typeof state === 'string' && state !== '' && state.length <= MAX_TRACESTATE;
  return {
    ...parsed,
    isRemote: true,
    ...(hasState && { traceState: createTraceState(state) }),
  };
}

/** A context whose active span is the remote one, or the root. */
export function contextOf(spanContext: SpanContext | undefined): Context {
  return spanContext ? trace.setSpanContext(ROOT_CONTEXT, spanContext) : ROOT_CONTEXT;
}

/**
 * Runs a call of the AWS SDK unseen by its instrumentation, which would drop our trace context from
 * batch publishes and overwrite it on sends. The spans of this library take its place.
 */
export function unobserved<R>(call: () => R): R {
  return context.with(suppressTracing(context.active()), call);
}
