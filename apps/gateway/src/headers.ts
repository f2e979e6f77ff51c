import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Service } from './segments.js';

/**
 * What of a client's request a service gets to see. Everything else stays here: hop-by-hop
 * headers, and those by which a client could pretend to be the gateway.
 */
const FORWARDED = [
  'accept',
  'accept-language',
  'authorization',
  'content-encoding',
  'content-language',
  'content-length',
  'content-type',
  'cookie',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'origin',
  'referer',
  'user-agent',
] as const;

type Headers = Record<string, string | string[]>;

export interface Hop {
  address: string;
  protocol: string;
}

export function upstreamHeaders(client: IncomingHttpHeaders, hop: Hop): Headers {
  const headers: Headers = {
    'x-forwarded-for': hop.address,
    'x-forwarded-proto': hop.protocol,
    'x-forwarded-host': client.host ?? '',
  };
  for (const name of FORWARDED) {
    const value = client[name];
    if (value !== undefined) headers[name] = value;
  }
  return headers;
}

/** RFC 9110, 7.6.1: these speak of one connection, not of the message. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Set by the gateway alone. */
const OURS = new Set(['x-request-id', 'server', 'x-powered-by', 'traceparent', 'tracestate']);

export function clientHeaders(upstream: IncomingHttpHeaders, service: Service) {
  const headers: OutgoingHttpHeaders = {};
  const named = new Set(upstream.connection?.toLowerCase().split(/\s*,\s*/));
  for (const [name, value] of Object.entries(upstream)) {
    const stays = HOP_BY_HOP.has(name) || OURS.has(name) || named.has(name);
    if (!stays && value !== undefined) headers[name] = value;
  }
  return { ...defaultHeaders(upstream, service), ...headers };
}

/** Answers hold people's data and are read by programs: nothing caches, frames or runs them. */
function defaultHeaders(upstream: IncomingHttpHeaders, service: Service): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = { ...SECURITY };
  if (upstream['cache-control'] === undefined) headers['cache-control'] = 'no-store';
  // Pages of a launch live in a frame of the LMS and bring a policy of their own.
  if (service !== 'lti') Object.assign(headers, UNFRAMED);
  return headers;
}

export const SECURITY: OutgoingHttpHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'cross-origin-resource-policy': 'same-site',
};

export const UNFRAMED: OutgoingHttpHeaders = {
  'x-frame-options': 'DENY',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};
