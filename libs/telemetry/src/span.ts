import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

export interface SpanOptions {
  kind?: SpanKind;
  attributes?: Attributes;
  parent?: Context;
}

const tracer = () => trace.getTracer('parlance');

/** Runs `work` inside a span that ends with it, marked as failed when it throws. */
export async function inSpan<T>(
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const { parent = context.active(), kind = SpanKind.INTERNAL, attributes = {} } = options;
  return tracer().startActiveSpan(name, { kind, attributes }, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: nameOf(error) });
      span.setAttribute('error.type', nameOf(error));
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The name alone: messages may carry somebody's data. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** Trace id of the present work; the request id clients are given. */
export function currentTraceId(): string | undefined {
  return trace.getActiveSpan()?.spanContext().traceId;
}
