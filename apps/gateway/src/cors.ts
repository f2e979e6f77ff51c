import type { IncomingMessage, ServerResponse } from 'node:http';

const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers': 'authorization, content-type, idempotency-key, if-match',
  'access-control-max-age': '600',
  'content-length': '0',
};

/**
 * Lets pages of the listed origins call the API with a bearer token; cookies are never allowed.
 * True when the request was a preflight, which is then answered.
 */
export function allowOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  origins: ReadonlySet<string>,
): boolean {
  const { origin } = request.headers;
  if (origins.size > 0) response.setHeader('vary', 'origin');
  const isAllowed = origin !== undefined && origins.has(origin);
  if (isAllowed) {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-expose-headers', 'etag, x-request-id, retry-after');
  }
  const isPreflight =
    request.method === 'OPTIONS' && 'access-control-request-method' in request.headers;
  if (isPreflight) response.writeHead(204, isAllowed ? PREFLIGHT_HEADERS : {}).end();
  return isPreflight;
}
