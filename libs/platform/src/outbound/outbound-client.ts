import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { type ClientRequest, type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { inSpan, SpanKind } from '@parlance/telemetry';
import { isAllowedAddress } from './address-guard.js';

export interface OutboundOptions {
  /** `<product>/<version>`; some platforms refuse callers without one. */
  userAgent: string;
  /** The whole call, from name resolution to the last byte. */
  timeoutMs?: number;
  maxBodyBytes?: number;
  /** Whether a request may ask for private addresses and plain http at all (development). */
  allowPrivateHosts?: boolean;
  /** How names are resolved; the system's way unless a test says otherwise. */
  resolve?: Resolve;
}

export type Resolve = (
  hostname: string,
  done: (error: Error | null, addresses: LookupAddress[]) => void,
) => void;

export interface OutboundRequest {
  url: string;
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  headers?: Record<string, string>;
  body?: string;
  /** What the call is for, as the name of its span; URLs may hold somebody's id and stay out. */
  purpose: string;
  /** The exception of this one registration; needs that of the process as well. */
  allowPrivateHosts?: boolean;
  timeoutMs?: number;
  maxBodyBytes?: number;
}

export interface OutboundResponse {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** The call was not made: its address is one we never call. */
export class OutboundRefused extends Error {
  constructor(readonly reason: 'malformed-url' | 'scheme' | 'userinfo' | 'address') {
    super(`The outbound call was refused: ${reason}.`);
    this.name = 'OutboundRefused';
  }
}

/** The call was made, or tried, and brought no usable answer. It may have had its effect. */
export class OutboundFailed extends Error {
  constructor(
    /** `timeout`, `body-too-large`, or the code of Node's error such as `ECONNREFUSED`. */
    readonly code: string,
    cause?: unknown,
  ) {
    super(`The outbound call failed: ${code}.`, { cause });
    this.name = 'OutboundFailed';
  }
}

const TIMEOUT_MS = 10_000;
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * HTTP to addresses that somebody else chose. It connects only to public addresses, to the very
 * address it checked (a second resolution could answer otherwise), follows no redirect, and gives
 * up on slow or endless answers.
 */
export class OutboundClient {
  constructor(private readonly options: OutboundOptions) {}

  /** Any status is an answer. Throws OutboundRefused or OutboundFailed. */
  async request(request: OutboundRequest): Promise<OutboundResponse> {
    const allowPrivate =
      request.allowPrivateHosts === true && this.options.allowPrivateHosts === true;
    const url = checkUrl(request.url, allowPrivate);
    const attributes = {
      'http.request.method': request.method ?? 'GET',
      'server.address': url.hostname,
      'url.scheme': url.protocol.slice(0, -1),
    };
    return inSpan(request.purpose, { kind: SpanKind.CLIENT, attributes }, async (span) => {
      const response = await this.send(url, request, allowPrivate);
      span.setAttribute('http.response.status_code', response.status);
      return response;
    });
  }

  private async send(
    url: URL,
    request: OutboundRequest,
    allowPrivate: boolean,
  ): Promise<OutboundResponse> {
    const { timeoutMs = this.options.timeoutMs ?? TIMEOUT_MS } = request;
    const { maxBodyBytes = this.options.maxBodyBytes ?? MAX_BODY_BYTES } = request;
    const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const message = start(url, {
      method: request.method ?? 'GET',
      headers: headersOf(request, this.options.userAgent),
      // A pooled socket would have been checked under another registration's rules.
      agent: false,
      lookup: guardedLookup(this.options.resolve ?? systemResolve, allowPrivate),
    });
    const deadline = setTimeout(() => message.destroy(new OutboundFailed('timeout')), timeoutMs);
    try {
      return await exchange(message, request.body, maxBodyBytes);
    } catch (error) {
      throw asOutboundError(error);
    } finally {
      clearTimeout(deadline);
    }
  }
}

/** Throws OutboundRefused unless the URL is one we may call; names are judged when resolved. */
function checkUrl(text: string, allowPrivate: boolean): URL {
  if (!URL.canParse(text)) throw new OutboundRefused('malformed-url');
  const url = new URL(text);
  const schemes = allowPrivate ? ['https:', 'http:'] : ['https:'];
  if (!schemes.includes(url.protocol)) throw new OutboundRefused('scheme');
  if (url.username !== '' || url.password !== '') throw new OutboundRefused('userinfo');
  // Node does not resolve literal addresses, so the guarded look-up never sees them.
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !isAllowedAddress(literal, allowPrivate)) {
    throw new OutboundRefused('address');
  }
  return url;
}

function headersOf(request: OutboundRequest, userAgent: string): Record<string, string> {
  const { headers = {}, body } = request;
  return {
    ...headers,
    'user-agent': userAgent,
    // Unpacking an answer would defeat its size limit.
    'accept-encoding': 'identity',
    ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
  };
}

const systemResolve: Resolve = (hostname, done) => {
  dnsLookup(hostname, { all: true, verbatim: true }, (error, addresses) => done(error, addresses));
};

/** Resolves once, refuses the name when any of its addresses is forbidden, pins the rest. */
function guardedLookup(resolve: Resolve, allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      if (error !== null) return callback(error, '');
      const forbidden = addresses.some(({ address }) => !isAllowedAddress(address, allowPrivate));
      const [first] = addresses;
      if (forbidden || first === undefined) return callback(new OutboundRefused('address'), '');
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function exchange(
  message: ClientRequest,
  body: string | undefined,
  maxBodyBytes: number,
): Promise<OutboundResponse> {
  return new Promise((resolve, reject) => {
    message.on('error', reject);
    message.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size <= maxBodyBytes) return;
        // Rejected first: a response may end all the same after its request is destroyed.
        reject(new OutboundFailed('body-too-large'));
        message.destroy();
      });
      response.on('error', reject);
      response.on('aborted', () => reject(new OutboundFailed('ECONNRESET')));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    message.end(body);
  });
}

function asOutboundError(error: unknown): Error {
  if (error instanceof OutboundRefused || error instanceof OutboundFailed) return error;
  const code = (error as { code?: unknown }).code;
  return new OutboundFailed(typeof code === 'string' ? code : 'unknown', error);
}
