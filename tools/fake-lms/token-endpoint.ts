import { randomBytes } from 'node:crypto';
import { decodeJwt, isJsonObject, isSignedWithRs256 } from './compact-jwt.js';
import type { DecodedJwt, JsonObject } from './compact-jwt.js';
import type { Dialect } from './dialect.js';
import type { Directory, InstalledTool } from './directory.js';
import { jsonReply, pageReply, parseJson } from './http-door.js';
import type { Incoming, Reply } from './http-door.js';

export interface TokenGrant {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly expiresAtMs: number;
}

/** Opaque bearer tokens that are still good. */
export class AccessTokens {
  readonly #grants = new Map<string, TokenGrant>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  issue(clientId: string, scopes: readonly string[]): string {
    const token = randomBytes(32).toString('base64url');
    const expiresAtMs = this.#now() + TOKEN_LIFETIME_SECONDS * 1000;
    this.#grants.set(token, { clientId, scopes, expiresAtMs });
    return token;
  }

  grantOf(authorization: string | undefined): TokenGrant | undefined {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    const grant = token === undefined ? undefined : this.#grants.get(token);
    return grant && grant.expiresAtMs > this.#now() ? grant : undefined;
  }

  revokeAll(): void {
    this.#grants.clear();
  }
}

const TOKEN_LIFETIME_SECONDS = 3600;
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Why a token request was refused, in the words of RFC 6749 section 5.2. */
class TokenRefusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The tool's key set could not be read at all. */
class KeySetUnreachable extends Error {}

/** Client credentials with private_key_jwt (1EdTech Security Framework 1.0 section 4.1). */
export class TokenEndpoint {
  readonly #dialect: Dialect;
  readonly #directory: Directory;
  readonly #tokens: AccessTokens;
  readonly #tokenUrl: () => string;
  readonly #now: () => number;
  readonly #keySets = new Map<string, JsonObject[]>();
  readonly #usedAssertionIds = new Set<string>();

  constructor(world: {
    dialect: Dialect;
    directory: Directory;
    tokens: AccessTokens;
    tokenUrl: () => string;
    now: () => number;
  }) {
    this.#dialect = world.dialect;
    this.#directory = world.directory;
    this.#tokens = world.tokens;
    this.#tokenUrl = world.tokenUrl;
    this.#now = world.now;
  }

  async answer(incoming: Incoming): Promise<Reply> {
    try {
      return await this.#grant(incoming);
    } catch (error) {
      if (error instanceof TokenRefusal) return this.#refuse(error);
      if (!(error instanceof KeySetUnreachable)) throw error;
      if (this.#dialect.name === 'moodle') return pageReply(404, '<title>Error</title>Key set');
      return this.#refuse(new TokenRefusal('invalid_client', error.message));
    }
  }

  async #grant(incoming: Incoming): Promise<Reply> {
    const contentType = incoming.headers['content-type'] ?? '';
    if (incoming.method !== 'POST' || !/^application\/x-www-form-urlencoded\b/.test(contentType)) {
      throw new TokenRefusal('invalid_request', 'The request is not a form post.');
    }
    const form = new URLSearchParams(incoming.body);
    if (form.get('grant_type') !== 'client_credentials') {
      throw new TokenRefusal('unsupported_grant_type', 'grant_type must be client_credentials.');
    }
    if (form.get('client_assertion_type') !== ASSERTION_TYPE) {
      throw new TokenRefusal('invalid_request', 'client_assertion_type is not jwt-bearer.');
    }
    const tool = await this.#authenticate(form.get('client_assertion') ?? '');
    const scopes = this.#grantScopes(tool, form.get('scope') ?? '');
    const body = {
      access_token: this.#tokens.issue(tool.clientId, scopes),
      token_type: 'Bearer',
      expires_in: TOKEN_LIFETIME_SECONDS,
      scope: scopes.join(' '),
    };
    const reply = jsonReply(200, body, this.#dialect.tokenContentType);
    return { ...reply, headers: { ...reply.headers, 'cache-control': 'no-store' } };
  }

  async #authenticate(assertion: string): Promise<InstalledTool> {
    const jwt = decodeJwt(assertion);
    if (!jwt) throw new TokenRefusal('invalid_client', 'client_assertion is not a JWT.');
    const { sub, iss } = jwt.claims;
    const tool = typeof sub === 'string' ? this.#directory.tool(sub) : undefined;
    if (!tool) throw new TokenRefusal('invalid_client', 'sub is not a known client.');
    if (this.#dialect.checksAssertionClaims && iss !== sub) {
      throw new TokenRefusal('invalid_client', 'iss and sub differ.');
    }
    await this.#checkSignature(jwt, tool);
    this.#checkTimes(jwt.claims);
    if (this.#dialect.checksAssertionClaims) this.#checkUse(jwt.claims, tool);
    return tool;
  }

  async #checkSignature(jwt: DecodedJwt, tool: InstalledTool): Promise<void> {
    const { kid } = jwt.header;
    if (typeof kid !== 'string') throw new TokenRefusal('invalid_client', 'kid is missing.');
    const matches = (keys: readonly JsonObject[] | undefined): boolean =>
      keys?.some((key) => key['kid'] === kid && isSignedWithRs256(jwt, key)) ?? false;
    if (matches(this.#keySets.get(tool.clientId))) return;
    // The kept key set may be older than the tool's newest key, so any failure reads it once more.
    const fresh = await fetchKeySet(tool.jwksUrl);
    this.#keySets.set(tool.clientId, fresh);
    if (!matches(fresh)) throw new TokenRefusal('invalid_client', 'The signature does not match.');
  }

  #checkTimes({ iat, exp }: JsonObject): void {
    const nowSeconds = Math.floor(this.#now() / 1000);
    const leeway = this.#dialect.assertionLeewaySeconds;
    const limit = this.#dialect.assertionLifetimeLimitSeconds;
    const isStrict = this.#dialect.checksAssertionClaims;
    if (typeof iat !== 'number' ? isStrict : iat > nowSeconds + leeway) {
      throw new TokenRefusal('invalid_client', 'iat is missing or in the future.');
    }
    if (typeof exp !== 'number' ? isStrict : exp <= nowSeconds - leeway) {
      throw new TokenRefusal('invalid_client', 'Expired token');
    }
    if (limit !== undefined && typeof exp === 'number' && exp > nowSeconds + limit + leeway) {
      throw new TokenRefusal('invalid_client', 'exp lies too far ahead.');
    }
  }

  #checkUse({ aud, jti }: JsonObject, tool: InstalledTool): void {
    const audiences: unknown[] = Array.isArray(aud) ? aud : [aud];
    if (!audiences.includes(this.#tokenUrl())) {
      throw new TokenRefusal('invalid_client', 'aud is not the token URL.');
    }
    if (typeof jti !== 'string' || jti === '') {
      throw new TokenRefusal('invalid_client', 'jti is missing.');
    }
    const use = `${tool.clientId} ${jti}`;
    if (this.#usedAssertionIds.has(use)) {
      throw new TokenRefusal('invalid_client', 'jti was used before.');
    }
    this.#usedAssertionIds.add(use);
  }

  #grantScopes(tool: InstalledTool, scope: string): string[] {
    const wanted = [...new Set(scope.split(' ').filter(Boolean))];
    const granted = wanted.filter((name) => tool.scopes.includes(name));
    const isPartial = granted.length < wanted.length && !this.#dialect.dropsUnknownScopes;
    if (granted.length === 0 || isPartial) {
      throw new TokenRefusal('invalid_scope', 'A scope is unknown or not allowed.');
    }
    return granted;
  }

  #refuse({ code, message }: TokenRefusal): Reply {
    const status = code === 'invalid_client' ? this.#dialect.invalidClientStatus : 400;
    const body = { error: code, error_description: message };
    return jsonReply(status, body, this.#dialect.tokenContentType);
  }
}

async function fetchKeySet(jwksUrl: string): Promise<JsonObject[]> {
  try {
    const signal = AbortSignal.timeout(5_000);
    const response = await fetch(jwksUrl, { redirect: 'error', signal });
    const body = parseJson(await response.text());
    const keys = isJsonObject(body) ? body['keys'] : undefined;
    if (response.ok && Array.isArray(keys)) return keys.filter(isJsonObject);
  } catch {
    // A refused connection and a wrong answer mean the same here: no key set.
  }
  throw new KeySetUnreachable('The key set of the tool could not be read.');
}
