import { createPublicKey, generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto';
import type { JsonWebKey, KeyPairKeyObjectResult } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registration } from './fake-lms.js';

const CLIENT_ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

// Making keys is the slowest part of these tests, so every tool of one file begins with this one.
const firstPair = newPair();

export async function startExampleTool(): Promise<ExampleTool> {
  const tool = new ExampleTool();
  await tool.listen();
  return tool;
}

/** A tool just large enough to check the platform from the other side, with no shared code. */
export class ExampleTool {
  loginUrl = '';
  redirectUri = '';
  jwksUrl = '';
  /** Changes to the next authentication requests; null leaves a parameter out. */
  authChanges: Record<string, string | null> = {};
  #pair = firstPair;
  #kid = randomUUID();
  #registration: Registration | undefined;
  readonly #server = createServer((request, response) => void this.#route(request, response));

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    this.loginUrl = `${origin}/login`;
    this.redirectUri = `${origin}/launch`;
    this.jwksUrl = `${origin}/jwks`;
  }

  trust(registration: Registration): void {
    this.#registration = registration;
  }

  rotateKey(): void {
    this.#pair = newPair();
    this.#kid = randomUUID();
  }

  assertion(changes: Record<string, unknown> = {}): string {
    const { clientId, tokenUrl } = this.#platform();
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: now - 10, exp: now + 60 };
    const claims = { iss: clientId, sub: clientId, aud: tokenUrl, jti: randomUUID(), ...times };
    const header = { alg: 'RS256', typ: 'JWT', kid: this.#kid };
    const signedPart = [header, { ...claims, ...changes }].map(base64).join('.');
    const signature = sign('sha256', Buffer.from(signedPart), this.#pair.privateKey);
    return `${signedPart}.${signature.toString('base64url')}`;
  }

  async askToken(scope: string, assertion = this.assertion()): Promise<Response> {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: CLIENT_ASSERTION_TYPE,
      client_assertion: assertion,
      scope,
    });
    return fetch(this.#platform().tokenUrl, { method: 'POST', body });
  }

  async token(scope: string): Promise<string> {
    const response = await this.askToken(scope);
    const body = (await response.json()) as { access_token: string };
    return body.access_token;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
  }

  #platform(): Registration {
    if (!this.#registration) throw new Error('The tool trusts no platform yet.');
    return this.#registration;
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await bodyOf(request));
    if (request.url === '/jwks') {
      const jwk = { ...this.#pair.publicKey.export({ format: 'jwk' }), kid: this.#kid };
      response.end(JSON.stringify({ keys: [jwk] }));
    } else if (request.url === '/login') {
      this.#logIn(form, response);
    } else {
      const cookie = request.headers.cookie ?? '';
      const refusal = await judgeLaunch(form, cookie, this.#platform());
      response.writeHead(refusal ? 401 : 200).end(refusal ?? 'Welcome');
    }
  }

  #logIn(form: URLSearchParams, response: ServerResponse): void {
    const state = randomUUID();
    const nonce = randomUUID();
    const query = new URLSearchParams({
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      client_id: this.#platform().clientId,
      redirect_uri: this.redirectUri,
      login_hint: form.get('login_hint') ?? '',
      lti_message_hint: form.get('lti_message_hint') ?? '',
      state,
      nonce,
    });
    for (const [name, value] of Object.entries(this.authChanges)) {
      if (value === null) query.delete(name);
      else query.set(name, value);
    }
    const location = `${this.#platform().authUrl}?${query.toString()}`;
    const cookie = `${state}=${nonce}; Path=/; Secure; HttpOnly; SameSite=None`;
    response.writeHead(302, { location, 'set-cookie': cookie }).end();
  }
}

/** Says why a launch is refused; undefined lets it in. */
async function judgeLaunch(
  form: URLSearchParams,
  cookie: string,
  { issuer, clientId, jwksUrl }: Registration,
): Promise<string | undefined> {
  if (form.has('error')) return `error ${form.get('error')}`;
  const nonce = new RegExp(`(?:^|; )${form.get('state')}=([^;]+)`).exec(cookie)?.[1];
  if (!nonce) return 'state';
  const [header = '', claims = '', signature = ''] = (form.get('id_token') ?? '').split('.');
  const { alg, kid } = unbase64(header);
  if (alg !== 'RS256') return 'alg';
  const { keys } = (await (await fetch(jwksUrl)).json()) as { keys: JsonWebKey[] };
  const jwk = keys.find((key) => key['kid'] === kid);
  if (!jwk) return 'kid';
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const signedPart = Buffer.from(`${header}.${claims}`);
  if (!verify('sha256', signedPart, key, Buffer.from(signature, 'base64url'))) return 'signature';
  const { iss, aud, exp, nonce: sentNonce } = unbase64(claims);
  if (iss !== issuer) return 'iss';
  if (aud !== clientId) return 'aud';
  if (typeof exp !== 'number' || exp * 1000 < Date.now()) return 'exp';
  return sentNonce === nonce ? undefined : 'nonce';
}

function newPair(): KeyPairKeyObjectResult {
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

function base64(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function unbase64(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
