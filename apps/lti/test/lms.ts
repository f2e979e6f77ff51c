import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LmsRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  atMs: number;
}

export interface LmsAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  /** The request is taken and its connection broken. */
  cut?: boolean;
  /** Written to the socket in place of an HTTP answer. */
  raw?: string;
  /** The answer waits for this. */
  after?: Promise<unknown>;
}

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

type Handler = (request: LmsRequest) => LmsAnswer | undefined;

export function rsaKey(kid: string, modulusLength = 2048): SigningKey {
  return { kid, ...generateKeyPairSync('rsa', { modulusLength }) };
}

export function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A platform whose every answer a test can choose. Its JWTs are made by hand, not by jose. */
export class Lms {
  readonly requests: LmsRequest[] = [];
  /** Keys it publishes; the first signs. */
  keys: SigningKey[] = [rsaKey('lms-1')];
  /** Asked before the usual answers. */
  on: Handler = () => undefined;
  private waiting: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
  ) {}

  static async start(): Promise<Lms> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const port = (server.address() as AddressInfo).port;
    const lms = new Lms(server, `http://127.0.0.1:${port}`);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const taken = {
          method: request.method ?? '',
          path: request.url ?? '',
          headers: request.headers,
          body: Buffer.concat(chunks).toString('utf8'),
          atMs: Date.now(),
        };
        const answer = lms.answer(taken);
        const send = () => {
          if (answer.cut === true) return void request.socket.destroy();
          if (answer.raw !== undefined) return void request.socket.end(answer.raw);
          const type = { 'content-type': 'application/json' };
          response.writeHead(answer.status, { ...type, ...answer.headers }).end(answer.body ?? '');
        };
        lms.requests.push(taken);
        for (const wake of lms.waiting.splice(0)) wake();
        void Promise.resolve(answer.after).then(send);
      });
    });
    return lms;
  }

  get registration() {
    const { issuer } = this;
    return {
      issuer,
      authUrl: `${issuer}/auth?tool=7`,
      tokenUrl: `${issuer}/token`,
      jwksUrl: `${issuer}/jwks`,
      allowPrivateHosts: true,
    };
  }

  /** Score posts so far, oldest first. */
  get scores(): LmsRequest[] {
    return this.requests.filter(({ path }) => path.includes('/scores'));
  }

  to(path: string): LmsRequest[] {
    return this.requests.filter((request) => request.path.startsWith(path));
  }

  /** Resolves when the condition holds, looked at after every request that arrives. */
  async until(condition: () => boolean, about: string, patienceMs = 20_000): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (!condition()) {
      if (Date.now() > deadline) {
        const got = this.requests.map(({ method, path, atMs }) => `${atMs} ${method} ${path}`);
        throw new Error(`Waited in vain: ${about}. There came:\n${got.join('\n')}`);
      }
      await Promise.race([
        new Promise<void>((resolve) => this.waiting.push(resolve)),
        new Promise((resolve) => setTimeout(resolve, 250)),
      ]);
    }
  }

  sign(claims: unknown, header: Record<string, unknown> = {}, key = this.keys[0]): string {
    if (key === undefined) throw new Error('The platform has no key.');
    const head = encode({ alg: 'RS256', typ: 'JWT', kid: key.kid, ...header });
    const signed = `${head}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(signed), key.privateKey);
    return `${signed}.${signature.toString('base64url')}`;
  }

  /** The score endpoint answers with these in turn, then as usual. */
  scoresAnswer(...answers: LmsAnswer[]): void {
    this.on = ({ path }) => (path.includes('/scores') ? answers.shift() : undefined);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: LmsRequest): LmsAnswer {
    const chosen = this.on(request);
    if (chosen !== undefined) return chosen;
    if (request.path === '/jwks') return { status: 200, body: JSON.stringify(this.jwks()) };
    if (request.path === '/token') {
      const scope = new URLSearchParams(request.body).get('scope');
      const token = `t${randomBytes(8).toString('hex')}`;
      const granted = { access_token: token, token_type: 'bearer', expires_in: '3600', scope };
      // The way Moodle does it: JSON that is called HTML.
      const headers = { 'content-type': 'text/html; charset=utf-8' };
      return { status: 200, headers, body: JSON.stringify(granted) };
    }
    if (request.path.includes('/scores')) return { status: 204 };
    if (request.path.includes('/results')) return { status: 200, body: '[]' };
    if (request.path.includes('/lineitems')) return { status: 200, body: '[]' };
    return { status: 404 };
  }

  private jwks() {
    const keys = this.keys.map(({ kid, publicKey }) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid,
      alg: 'RS256',
      use: 'sig',
    }));
    return { keys };
  }
}

/** The score in the body of a request. */
export function score(request: LmsRequest | undefined): Record<string, unknown> {
  return JSON.parse(request?.body ?? 'null');
}

/** The learner's result, in percent. */
export function resultsOf(resultScore: number, more: Record<string, unknown> = {}): LmsAnswer {
  const result = { id: 'x', userId: 'user-1', resultScore, resultMaximum: 100, ...more };
  return { status: 200, body: JSON.stringify([result]) };
}
