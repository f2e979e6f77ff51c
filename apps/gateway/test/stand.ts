import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTestTokens, type TestTokens } from '@parlance/platform/testing';
import { createLogger, startTelemetry } from '@parlance/telemetry';
import { Gateway } from '../src/gateway.js';
import { readGatewayConfig } from '../src/gateway-config.js';
import { SERVICES, type Service } from '../src/segments.js';

startTelemetry({ service: 'test' });

/** A gateway in front of real HTTP servers whose answers a test decides. */
export interface Stand {
  url: string;
  tokens: TestTokens;
  gateway: Gateway;
  /** What the services say from now on. */
  answerWith(listener: RequestListener): void;
  upstreams: Record<Service, Server>;
  stop(): Promise<void>;
}

/** Tells what arrived, so that a test can see what passed the gateway. */
export const echo: RequestListener = (request, response) => {
  const tell = (body: Buffer) => {
    const { method, url, headers } = request;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ method, url, headers, bytes: body.length }));
  };
  // A body that the gateway cuts off has no answer.
  readAll(request).then(tell, () => response.destroy());
};

export async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export async function startStand(env: Record<string, string> = {}): Promise<Stand> {
  let answer = echo;
  const tokens = await startTestTokens();
  const upstreams = {} as Record<Service, Server>;
  const urls: Record<string, string> = {};
  for (const service of SERVICES) {
    const server = createServer((request, response) => answer(request, response));
    upstreams[service] = server;
    urls[`${service.toUpperCase()}_URL`] = `http://127.0.0.1:${await listen(server)}`;
  }
  const config = readGatewayConfig({ PORT: '0', TOKEN_JWKS_URL: tokens.jwksUrl, ...urls, ...env });
  const gateway = new Gateway(config, createLogger('gateway', 'silent'));
  const port = await gateway.listen();
  return {
    url: `http://127.0.0.1:${port}`,
    tokens,
    gateway,
    answerWith: (listener) => {
      answer = listener;
    },
    upstreams,
    stop: async () => {
      await gateway.close();
      await Promise.all(Object.values(upstreams).map(closeServer));
      await tokens.stop();
    },
  };
}

export function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
