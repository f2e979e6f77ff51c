import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { TokenVerifier } from '@parlance/platform';
import { type Logger, runInRequestContext } from '@parlance/telemetry';
import { faultOf, INTERNAL, NO_SUCH_ROUTE, sendFault, sendJson } from './answers.js';
import { isTooLarge } from './body.js';
import { Callers } from './caller.js';
import { allowOrigin } from './cors.js';
import { Documents } from './documents.js';
import type { GatewayConfig } from './gateway-config.js';
import { Doorkeeper } from './health.js';
import { ownerOf } from './segments.js';
import { Upstream } from './upstream.js';

/** The one public door: says who calls, how much they may, and which service it is for. */
export class Gateway {
  private readonly server: Server;
  private readonly upstream: Upstream;
  private readonly callers: Callers;
  private readonly documents: Documents;
  private readonly doorkeeper: Doorkeeper;

  constructor(
    private readonly config: GatewayConfig,
    private readonly logger: Logger,
  ) {
    const { services } = config;
    const timeoutMs = config.UPSTREAM_TIMEOUT_SECONDS * 1000;
    this.upstream = new Upstream({ services, timeoutMs, logger });
    this.documents = new Documents(services);
    this.doorkeeper = new Doorkeeper(services);
    this.callers = new Callers({
      tokens: new TokenVerifier(config.TOKEN_JWKS_URL, config.TOKEN_ISSUER),
      perSecond: config.RATE_LIMIT_PER_SECOND,
      burst: config.RATE_LIMIT_BURST,
      trustedProxyHops: config.TRUSTED_PROXY_HOPS,
    });
    // A request may take a minute to arrive; one that trickles in for longer is an attack.
    const limits = { keepAliveTimeout: 65_000, headersTimeout: 10_000, requestTimeout: 60_000 };
    this.server = createServer(limits, (request, response) => this.receive(request, response));
    this.server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      if (!isTooLarge(request)) response.writeContinue();
      this.receive(request, response);
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.config.PORT, this.config.HOST, resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  startDraining(): void {
    this.doorkeeper.startDraining();
  }

  /** Requests under way are finished, new ones go to another gateway. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    await closed;
    this.upstream.close();
  }

  private receive(request: IncomingMessage, response: ServerResponse): void {
    const path = pathOf(request);
    if (path === '/live') return sendJson(response, 200, { status: 'live' });
    if (path === '/ready') return void this.tellHealth(response);
    // What a client says of traces is not believed: the request id is ours.
    const span = trace
      .getTracer('parlance')
      .startSpan(
        request.method ?? '',
        { kind: SpanKind.SERVER, attributes: { 'http.request.method': request.method ?? '' } },
        ROOT_CONTEXT,
      );
    const requestId = span.spanContext().traceId;
    response.setHeader('x-request-id', requestId);
    response.once('close', () => endSpan(span, request, response));
    response.once('close', () => this.letGo());
    runInRequestContext({ requestId }, () =>
      context.with(trace.setSpan(ROOT_CONTEXT, span), () => {
        this.answer(path, request, response, requestId).catch((error: unknown) => {
          const fault = faultOf(error);
          if (fault === undefined) this.logger.error({ error }, 'request failed');
          sendFault(response, fault ?? INTERNAL, requestId);
        });
      }),
    );
  }

  private async answer(
    path: string,
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> {
    if (allowOrigin(request, response, this.config.WEB_ORIGINS)) return;
    const { address } = await this.callers.identify(request);
    const service = ownerOf(path);
    if (service === undefined) {
      if (request.method === 'GET' && (await this.documents.answer(path, response))) return;
      return sendFault(response, NO_SUCH_ROUTE, requestId);
    }
    const hop = { address, protocol: this.protocolOf(request) };
    this.upstream.pass({ request, response, service, hop, requestId });
  }

  /** A connection kept alive after its last answer would hold up closing for a minute. */
  private letGo(): void {
    if (this.doorkeeper.isDraining) setImmediate(() => this.server.closeIdleConnections());
  }

  private protocolOf(request: IncomingMessage): string {
    const told = request.headers['x-forwarded-proto'];
    return this.config.TRUSTED_PROXY_HOPS > 0 && told === 'https' ? 'https' : 'http';
  }

  private async tellHealth(response: ServerResponse): Promise<void> {
    const health = await this.doorkeeper.health();
    sendJson(response, health.ready ? 200 : 503, health);
  }
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

function endSpan(span: Span, request: IncomingMessage, response: ServerResponse): void {
  const segment = ownerOf(pathOf(request)) === undefined ? 'other' : pathOf(request).split('/')[3];
  const route = `/api/v1/${segment}`;
  span.updateName(`${request.method} ${route}`);
  span.setAttributes({ 'http.route': route, 'http.response.status_code': response.statusCode });
  if (!response.writableFinished)
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'aborted' });
  else if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
