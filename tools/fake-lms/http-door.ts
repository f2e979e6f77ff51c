import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * `never` keeps the caller waiting, `cut` does the work but breaks the connection before the
 * answer, and `statusless` sends the status 0 that some vendors' PHP produces.
 */
export type Delivery = 'normal' | 'never' | 'cut' | 'statusless';

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly reasonPhrase?: string;
  readonly delivery?: Delivery;
}

/** One request as the platform saw it. `status` is missing while no answer has been decided. */
export interface LoggedRequest {
  readonly receivedAt: string;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  status?: number;
  delivery?: Delivery;
}

export interface Door {
  readonly origin: string;
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 1_000_000;

/** Listens on loopback only: whoever reaches the platform can have any launch forged. */
export async function openDoor(
  port: number,
  log: LoggedRequest[],
  answer: (incoming: Incoming) => Promise<Reply>,
): Promise<Door> {
  const server = createServer((request, response) => {
    serve(request, response, log, answer).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(error instanceof Error ? error.message : String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: boundPort } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${boundPort}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        // Hanging replies hold their connections open for ever, so closing must break them.
        server.closeAllConnections();
      }),
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  log: LoggedRequest[],
  answer: (incoming: Incoming) => Promise<Reply>,
): Promise<void> {
  const body = await readBody(request);
  const incoming: Incoming = {
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', 'http://127.0.0.1'),
    headers: request.headers,
    body,
  };
  const entry: LoggedRequest = {
    receivedAt: new Date().toISOString(),
    method: incoming.method,
    url: `${incoming.url.pathname}${incoming.url.search}`,
    headers: incoming.headers,
    body,
  };
  if (!incoming.url.pathname.startsWith('/_control')) log.push(entry);
  const reply = await answer(incoming);
  entry.delivery = reply.delivery ?? 'normal';
  if (entry.delivery !== 'never') entry.status = reply.status;
  deliver(response, reply);
}

function deliver(response: ServerResponse, reply: Reply): void {
  const delivery = reply.delivery ?? 'normal';
  if (delivery === 'never') return;
  if (delivery === 'cut') {
    response.socket?.destroy();
    return;
  }
  if (delivery === 'statusless') {
    response.socket?.end('HTTP/1.0 0 Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    return;
  }
  response.writeHead(reply.status, reply.reasonPhrase, { ...reply.headers });
  response.end(reply.body ?? '');
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT_BYTES) throw new Error('The request body is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function jsonReply(status: number, body: unknown, contentType = 'application/json'): Reply {
  return { status, headers: { 'content-type': contentType }, body: JSON.stringify(body) };
}

export function pageReply(status: number, html: string): Reply {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: html };
}

/** Undefined stands for text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
