import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { runInRequestContext } from '@parlance/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

interface Traced {
  span: Span;
  traced: Context;
}

const TRACED = Symbol('traced');

type TracedRequest = FastifyRequest & { [TRACED]?: Traced };

/** Asked every few seconds by supervisors: they would bury the spans that matter. */
const UNTRACED = ['/live', '/ready', '/openapi.json'];

/**
 * A SERVER span for every request, and `x-request-id` = trace id on every answer. `trustCaller`
 * is for services behind the gateway; the gateway itself starts a new trace for each request.
 */
export function traceRequests(server: FastifyInstance, trustCaller: boolean): void {
  server.addHook('onRequest', (request: TracedRequest, reply, done) => {
    if (UNTRACED.includes(request.url)) return done();
    const parent = trustCaller ? propagation.extract(ROOT_CONTEXT, request.headers) : ROOT_CONTEXT;
    const options = {
      kind: SpanKind.SERVER,
      attributes: { 'http.request.method': request.method },
    };
    const span = trace.getTracer('parlance').startSpan(request.method, options, parent);
    request[TRACED] = { span, traced: trace.setSpan(parent, span) };
    reply.header('x-request-id', span.spanContext().traceId);
    done();
  });
  // Body parsing runs in the socket's context, so the request's is entered after it.
  server.addHook('preValidation', (request: TracedRequest, _reply, done) => {
    const state = request[TRACED];
    if (state === undefined) return done();
    const requestId = state.span.spanContext().traceId;
    runInRequestContext({ requestId }, () => context.with(state.traced, () => done()));
  });
  server.addHook('onResponse', (request: TracedRequest, reply, done) => {
    endSpan(request, reply);
    done();
  });
  server.addHook('onRequestAbort', (request: TracedRequest, done) => {
    request[TRACED]?.span.setStatus({ code: SpanStatusCode.ERROR, message: 'aborted' }).end();
    done();
  });
}

function endSpan(request: TracedRequest, reply: FastifyReply): void {
  const span = request[TRACED]?.span;
  if (span === undefined || !span.isRecording()) return;
  const route = request.routeOptions.url ?? 'unknown';
  span.updateName(`${request.method} ${route}`);
  span.setAttributes({ 'http.route': route, 'http.response.status_code': reply.statusCode });
  if (reply.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
