import { Injectable } from '@nestjs/common';
import { newId } from '@parlance/kernel';
import { OutboundClient, type OutboundResponse } from '@parlance/platform';
import type { Registration } from './db/registration.store.js';
import { CLAIM, isObject } from './domain/claims.js';
import { ToolKeys } from './tool-keys.js';

/** The platform gave no token. */
export class TokenDenied extends Error {
  constructor(
    /** `token-refused`: configuration, asking again at once is vain. */
    readonly code: 'token-refused' | 'token-unavailable' | 'scope-not-granted',
    readonly httpStatus: number | null,
  ) {
    super(code);
    this.name = 'TokenDenied';
  }
}

interface CachedToken {
  token: string;
  goodUntilMs: number;
}

type Entry = CachedToken | { denied: TokenDenied; untilMs: number };

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Clocks of platforms run behind ours, and Moodle allows for none of it. */
const BACKDATE_SECONDS = 10;
const ASSERTION_SECONDS = 240;
const DEFAULT_LIFE_SECONDS = 3600;
const MARGIN_MS = 60_000;
/** A refusal is a matter of configuration: it is not asked again for this long. */
export const REFUSED_FOR_MS = 5 * 60_000;
const MAX_TOKEN_BYTES = 65_536;
const MAX_CACHED = 10_000;

/** Access tokens for LMS services (Security Framework 1.0 section 4), one per scope set. */
@Injectable()
export class AccessTokens {
  private readonly entries = new Map<string, Entry>();
  private readonly asking = new Map<string, Promise<string>>();

  constructor(
    private readonly outbound: OutboundClient,
    private readonly keys: ToolKeys,
  ) {}

  /** Throws TokenDenied. However many ask at once, the platform is asked once. */
  async get(registration: Registration, deploymentId: string, scope: string): Promise<string> {
    const name = nameOf(registration, deploymentId, scope);
    const entry = this.entries.get(name);
    if (entry !== undefined && 'denied' in entry && entry.untilMs > Date.now()) throw entry.denied;
    if (entry !== undefined && 'token' in entry && entry.goodUntilMs > Date.now()) {
      return entry.token;
    }
    const running = this.asking.get(name);
    if (running !== undefined) return running;
    const asked = this.ask(name, registration, deploymentId, scope);
    this.asking.set(name, asked);
    return asked.finally(() => this.asking.delete(name));
  }

  /** After a 401 of a service; a token that was renewed since stays. */
  drop(registration: Registration, deploymentId: string, scope: string, token: string): void {
    const name = nameOf(registration, deploymentId, scope);
    const entry = this.entries.get(name);
    if (entry !== undefined && 'token' in entry && entry.token === token) this.entries.delete(name);
  }

  private async ask(
    name: string,
    registration: Registration,
    deploymentId: string,
    scope: string,
  ): Promise<string> {
    const [oldest] = this.entries.keys();
    if (this.entries.size >= MAX_CACHED && oldest !== undefined) this.entries.delete(oldest);
    try {
      const token = readToken(await this.request(registration, deploymentId, scope), scope);
      this.entries.set(name, token);
      return token.token;
    } catch (error) {
      const denied =
        error instanceof TokenDenied ? error : new TokenDenied('token-unavailable', null);
      if (denied.code !== 'token-unavailable') {
        this.entries.set(name, { denied, untilMs: Date.now() + REFUSED_FOR_MS });
      }
      throw denied;
    }
  }

  private async request(
    registration: Registration,
    deploymentId: string,
    scope: string,
  ): Promise<OutboundResponse> {
    const now = Math.floor(Date.now() / 1000);
    const assertion = await this.keys.sign('tool', {
      iss: registration.clientId,
      sub: registration.clientId,
      aud: registration.tokenAudience ?? registration.tokenUrl,
      iat: now - BACKDATE_SECONDS,
      exp: now + ASSERTION_SECONDS,
      jti: newId(),
      [CLAIM.deploymentId]: deploymentId,
    });
    const form = {
      grant_type: 'client_credentials',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: assertion,
      scope,
    };
    return this.outbound.request({
      url: registration.tokenUrl,
      method: 'POST',
      purpose: 'request LMS access token',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: new URLSearchParams(form).toString(),
      allowPrivateHosts: registration.allowPrivateHosts,
      maxBodyBytes: MAX_TOKEN_BYTES,
    });
  }
}

/** A changed registration is another name: nothing of the old configuration is used. */
function nameOf(registration: Registration, deploymentId: string, scope: string): string {
  return JSON.stringify([registration.id, registration.version, deploymentId, scope]);
}

/** Leniently: Moodle calls its JSON HTML, and numbers come as text. */
function readToken({ status, body }: OutboundResponse, scope: string): CachedToken {
  if (status >= 500 || status === 429 || status === 408) {
    throw new TokenDenied('token-unavailable', status);
  }
  const json = parse(body);
  const token = json?.access_token;
  const isBearer = String(json?.token_type ?? 'bearer').toLowerCase() === 'bearer';
  if (status !== 200 && status !== 201) throw new TokenDenied('token-refused', status);
  if (typeof token !== 'string' || !/^[\x21-\x7e]{1,16384}$/.test(token) || !isBearer) {
    throw new TokenDenied('token-refused', status);
  }
  const granted = json?.scope;
  if (typeof granted === 'string' && granted !== '' && !granted.split(/\s+/).includes(scope)) {
    throw new TokenDenied('scope-not-granted', status);
  }
  const seconds = Number(json?.expires_in ?? DEFAULT_LIFE_SECONDS);
  const lifeMs = (Number.isFinite(seconds) && seconds > 0 ? seconds : DEFAULT_LIFE_SECONDS) * 1000;
  // Of a very short life half is used, so that there is something to use.
  return { token, goodUntilMs: Date.now() + Math.max(lifeMs - MARGIN_MS, lifeMs / 2) };
}

function parse(body: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(body);
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
