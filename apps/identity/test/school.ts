import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Id, newId } from '@parlance/kernel';
import {
  startTestService,
  TEST_OPERATOR_SECRET,
  type TestService,
} from '@parlance/platform/testing';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { identity } from '../src/identity.module.js';

export const operator = { authorization: `Operator ${TEST_OPERATOR_SECRET}` };
export const ADMIN_PASSWORD = 'a long enough password';

/** Signs launch assertions as the LTI service does, with keys published over real HTTP. */
export interface AssertionSigner {
  jwksUrl: string;
  sign(claims: Record<string, unknown>): Promise<string>;
  stop(): Promise<void>;
}

export async function startAssertionSigner(): Promise<AssertionSigner> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'lti', alg: 'ES256', use: 'sig' };
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  return {
    jwksUrl: `http://127.0.0.1:${port}/jwks`,
    sign: (claims) => {
      const now = Math.floor(Date.now() / 1000);
      const standard = { iss: 'parlance-lti', aud: 'parlance-identity', jti: newId() };
      return new SignJWT({ ...standard, iat: now, exp: now + 60, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'lti' })
        .sign(privateKey);
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** identity as in production: it verifies its own tokens by the key set it publishes. */
export async function startIdentity(env: Record<string, string> = {}): Promise<TestService> {
  const port = await freePort();
  return startTestService(identity, {
    env: {
      PORT: String(port),
      TOKEN_JWKS_URL: `http://127.0.0.1:${port}/api/v1/jwks`,
      SIGNING_KEY_SECRET: 'a secret for tests of 32 characters or more',
      LTI_ASSERTION_JWKS_URL: 'http://127.0.0.1:1/jwks',
      ...env,
    },
  });
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

let schools = 0;

/** An institution with its admin, who makes whoever a test needs. */
export class School {
  private constructor(
    private readonly service: TestService,
    readonly id: Id,
    readonly slug: string,
    readonly adminId: Id,
    readonly admin: string,
  ) {}

  static async open(service: TestService): Promise<School> {
    schools += 1;
    const slug = `school-${schools}`;
    const email = `admin@${slug}.example`;
    const admin = { displayName: 'Ada Admin', email, password: ADMIN_PASSWORD };
    const created = await service.request('POST', '/institutions', {
      headers: operator,
      body: { slug, name: `School ${schools}`, admin },
    });
    if (created.status !== 201) throw new Error(JSON.stringify(created.body));
    const { body } = await service.request('POST', '/sessions', {
      body: { grantType: 'password', institution: slug, email, password: ADMIN_PASSWORD },
    });
    return new School(service, created.body.id, slug, created.body.adminId, body.accessToken);
  }

  post(path: string, body: unknown, token = this.admin) {
    return this.service.request('POST', path, { token, body });
  }

  get(path: string, token = this.admin) {
    return this.service.request('GET', path, { token });
  }

  patch(path: string, version: number, body: unknown, token = this.admin) {
    const headers = { 'if-match': `"${version}"` };
    return this.service.request('PATCH', path, { token, body, headers });
  }

  /** A person who has redeemed their invitation. */
  async person(roles: string[], displayName = 'Somebody'): Promise<SignedIn> {
    const { body } = await this.post('/people', { displayName, roles, invite: true });
    const session = await this.service.request('POST', '/sessions', {
      body: { grantType: 'invitation', code: body.invitationCode },
    });
    if (session.status !== 201) throw new Error(JSON.stringify(session.body));
    const { accessToken, refreshToken } = session.body;
    return { id: body.id, token: accessToken, refreshToken };
  }

  async class(name = 'English B1'): Promise<Id> {
    return (await this.post('/classes', { name })).body.id;
  }

  enrol(classId: Id, personId: Id, role: string, token = this.admin) {
    return this.post(`/classes/${classId}/enrolments`, { personId, role }, token);
  }
}

export interface SignedIn {
  id: Id;
  token: string;
  refreshToken: string;
}
