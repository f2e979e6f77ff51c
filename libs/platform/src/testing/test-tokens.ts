import { createServer, type Server } from 'node:http';
import { type Id, newId } from '@parlance/kernel';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Role } from '../auth/actor.js';
import { TOKEN_ALGORITHM, TOKEN_AUDIENCE } from '../auth/token-verifier.js';

export interface TokenOptions {
  personId?: Id;
  institutionId: Id;
  roles: Role[];
  /** For hostile tokens: overrides of any claim. */
  claims?: Record<string, unknown>;
  expiresInSeconds?: number;
}

/** Stands in for identity: keys of its own, published over real HTTP. */
export interface TestTokens {
  jwksUrl: string;
  issue(options: TokenOptions): Promise<string>;
  stop(): Promise<void>;
}

export async function startTestTokens(): Promise<TestTokens> {
  const { publicKey, privateKey } = await generateKeyPair(TOKEN_ALGORITHM, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: TOKEN_ALGORITHM, use: 'sig' };
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  const port = await listen(server);
  return {
    jwksUrl: `http://127.0.0.1:${port}/jwks`,
    issue: ({ personId = newId(), institutionId, roles, claims = {}, expiresInSeconds = 600 }) => {
      const now = Math.floor(Date.now() / 1000);
      const standard = { iss: 'parlance', aud: TOKEN_AUDIENCE, sub: personId, jti: newId() };
      const times = { iat: now - 1, exp: now + expiresInSeconds };
      return new SignJWT({ ...standard, ...times, inst: institutionId, roles, ...claims })
        .setProtectedHeader({ alg: TOKEN_ALGORITHM, kid: 'test' })
        .sign(privateKey);
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
