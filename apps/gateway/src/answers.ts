import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Refusal } from '@parlance/kernel';
import { problem } from '@parlance/platform';
import { SECURITY, UNFRAMED } from './headers.js';

/** An error of the gateway itself, as problem+json with the request id. */
export interface Fault {
  status: number;
  code: string;
  detail: string;
  retryAfterSeconds?: number | undefined;
}

export function faultOf(error: unknown): Fault | undefined {
  if (!(error instanceof Refusal)) return undefined;
  const { status, code, message, retryAfterSeconds } = error;
  return { status, code, detail: message, retryAfterSeconds };
}

export const INTERNAL: Fault = {
  status: 500,
  code: 'internal',
  detail: 'Something went wrong on our side. Give the requestId to support.',
};

export const NO_SUCH_ROUTE: Fault = {
  status: 404,
  code: 'route-not-found',
  detail: 'There is nothing at this address.',
};

export const TOO_LARGE: Fault = {
  status: 413,
  code: 'body-too-large',
  detail: 'The body is larger than the gateway takes.',
};

export const TIMED_OUT: Fault = {
  status: 504,
  code: 'service-timeout',
  detail: 'The service did not answer in time. What you asked for may still happen.',
};

export const UNAVAILABLE: Fault = {
  status: 503,
  code: 'service-unavailable',
  detail: 'The service is not available; try again.',
  retryAfterSeconds: 2,
};

/** Does nothing when the answer has begun: it can only be cut off then. */
export function sendFault(response: ServerResponse, fault: Fault, requestId: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, code, detail, retryAfterSeconds } = fault;
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json; charset=utf-8',
  };
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds);
  if (status === 401) headers['www-authenticate'] = 'Bearer';
  send(response, status, headers, JSON.stringify(problem(status, code, detail, requestId)));
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, { 'content-type': 'application/json' }, JSON.stringify(body));
}

function send(
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: string,
): void {
  const length = { 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store' };
  response.writeHead(status, { ...SECURITY, ...UNFRAMED, ...length, ...headers }).end(body);
}
