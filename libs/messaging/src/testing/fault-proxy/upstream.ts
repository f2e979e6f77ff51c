import { Agent, type IncomingMessage, request } from 'node:http';
import type { RawCall } from './aws-call.js';
import type { Reply } from './replies.js';

/** Of the connection, not of the message. */
const HOP_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host'];

/** The emulator behind the proxy. */
export class Upstream {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly url: URL;

  constructor(endpoint: string) {
    this.url = new URL(endpoint);
  }

  /** The answer to a call; rejects when there is none. Ends the call when the signal aborts. */
  forward(call: RawCall, signal?: AbortSignal): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const outgoing = request({
        agent: this.agent,
        hostname: this.url.hostname,
        port: this.url.port,
        method: call.method,
        path: call.path,
        headers: { ...withoutHop(call.headers), 'content-length': call.body.byteLength },
        ...(signal && { signal }),
      });
      outgoing.on('error', reject);
      outgoing.on('response', (answer) => collect(answer).then(resolve, reject));
      outgoing.end(call.body);
    });
  }

  /** A call of the proxy's own. */
  sqs(action: string, input: object): Promise<Reply> {
    return this.forward({
      method: 'POST',
      path: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `AmazonSQS.${action}`,
      },
      body: Buffer.from(JSON.stringify(input)),
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

async function collect(answer: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return {
    status: answer.statusCode ?? 502,
    headers: withoutHop(answer.headers),
    body: Buffer.concat(chunks),
  };
}

function withoutHop<T extends object>(headers: T): T {
  const entries = Object.entries(headers).filter(([name]) => !HOP_HEADERS.includes(name));
  return Object.fromEntries(entries) as T;
}

/** The call with another body. */
export function withBody(call: RawCall, body: string): RawCall {
  return { ...call, body: Buffer.from(body) };
}
