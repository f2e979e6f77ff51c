import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from 'node:http';
import {
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { Logger } from '@parlance/telemetry';
import { type Fault, sendFault, TIMED_OUT, TOO_LARGE, UNAVAILABLE } from './answers.js';
import { hasBody, isTooLarge, passBody } from './body.js';
import { clientHeaders, type Hop, upstreamHeaders } from './headers.js';
import type { Service } from './segments.js';

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  service: Service;
  hop: Hop;
  requestId: string;
}

export interface UpstreamOptions {
  services: Record<Service, URL>;
  timeoutMs: number;
  logger: Logger;
}

/** A read that found a connection just closed by the other side may simply be sent again. */
const REPEATABLE = new Set(['GET', 'HEAD']);

/** Passes requests on to the services and their answers back, both as they come. */
export class Upstream {
  private readonly agent = new Agent({ keepAlive: true, maxFreeSockets: 256, scheduling: 'lifo' });

  constructor(private readonly options: UpstreamOptions) {}

  close(): void {
    this.agent.destroy();
  }

  /** Starts the exchange; it ends with `response`. */
  pass(exchange: Exchange, isRetry = false): void {
    const { request, response, service, requestId } = exchange;
    if (isTooLarge(request)) return sendFault(response, TOO_LARGE, requestId);
    const span = trace.getTracer('parlance').startSpan(`${request.method} ${service}`, {
      kind: SpanKind.CLIENT,
      attributes: { 'peer.service': service, 'http.request.method': request.method ?? '' },
    });
    const upstream = this.open(exchange, span);
    let settled = false;
    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      clearTimeout(timer);
      span.end();
      return true;
    };
    const fail = (fault: Fault, reason: string) => {
      if (!settled) span.setStatus({ code: SpanStatusCode.ERROR, message: reason });
      if (!settle()) return;
      upstream.destroy();
      sendFault(response, fault, requestId);
    };
    const timer = setTimeout(() => fail(TIMED_OUT, 'timeout'), this.options.timeoutMs);
    upstream.on('response', (answer) => {
      span.setAttribute('http.response.status_code', answer.statusCode ?? 0);
      relay(answer, exchange);
      answer.on('end', settle);
      answer.on('error', () => fail(UNAVAILABLE, 'aborted'));
    });
    upstream.on('error', (error: NodeJS.ErrnoException) => {
      const isStale = upstream.reusedSocket && error.code === 'ECONNRESET' && !isRetry;
      if (isStale && REPEATABLE.has(request.method ?? '') && !hasBody(request) && settle()) {
        return this.pass(exchange, true);
      }
      if (!settled) this.options.logger.warn({ service, code: error.code }, 'service unavailable');
      fail(UNAVAILABLE, error.code ?? error.name);
    });
    // A client that went away wants nothing any more.
    response.on('close', () => {
      if (settle()) upstream.destroy();
    });
    if (hasBody(request)) passBody(request, upstream, () => fail(TOO_LARGE, 'body-too-large'));
    else upstream.end();
  }

  private open({ request, service, hop }: Exchange, span: Span): ClientRequest {
    const { hostname, port } = this.options.services[service];
    const headers = upstreamHeaders(request.headers, hop);
    propagation.inject(trace.setSpan(context.active(), span), headers);
    return httpRequest({
      agent: this.agent,
      // URL keeps the brackets of an IPv6 address, sockets do not want them.
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      method: request.method,
      path: request.url,
      headers,
    });
  }
}

function relay(answer: IncomingMessage, { response, service }: Exchange): void {
  response.writeHead(answer.statusCode ?? 502, clientHeaders(answer.headers, service));
  answer.pipe(response);
}
