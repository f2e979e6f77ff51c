import { isId, Refusal } from '@parlance/kernel';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { type Actor, type Role, ROLES } from './actor.js';

export const TOKEN_AUDIENCE = 'parlance-api';
export const TOKEN_ALGORITHM = 'ES256';

/** How long a token found good is not checked again; its own expiry comes first. */
const REMEMBERED_MS = 30_000;
const MAX_REMEMBERED = 10_000;

/** Checks access tokens against the keys identity publishes. */
export class TokenVerifier {
  private readonly keys: ReturnType<typeof createRemoteJWKSet>;
  private readonly known = new Map<string, { actor: Actor; untilMs: number }>();

  constructor(
    jwksUrl: string,
    private readonly issuer: string,
  ) {
    this.keys = createRemoteJWKSet(new URL(jwksUrl), {
      cooldownDuration: 5000,
      cacheMaxAge: 600_000,
      timeoutDuration: 3000,
    });
  }

  /** Throws a Refusal: 401 for a bad token, 503 when the keys cannot be had. */
  async verify(token: string): Promise<Actor> {
    const known = this.known.get(token);
    if (known !== undefined && known.untilMs > Date.now()) return known.actor;
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        issuer: this.issuer,
        audience: TOKEN_AUDIENCE,
        algorithms: [TOKEN_ALGORITHM],
        clockTolerance: 5,
        requiredClaims: ['exp', 'iat', 'sub', 'inst', 'roles'],
      });
      const actor = actorOf(payload);
      this.remember(token, actor, (payload.exp ?? 0) * 1000);
      return actor;
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** A client sends the same token with every request; the signature is the dear part. */
  private remember(token: string, actor: Actor, expiresMs: number): void {
    if (this.known.size >= MAX_REMEMBERED) this.known.clear();
    this.known.set(token, { actor, untilMs: Math.min(expiresMs, Date.now() + REMEMBERED_MS) });
  }
}

function actorOf(payload: JWTPayload): Actor {
  const { sub, inst, roles } = payload;
  if (!isId(sub) || !isId(inst) || !Array.isArray(roles)) throw new errors.JWTInvalid('claims');
  return {
    personId: sub,
    institutionId: inst,
    roles: roles.filter((role): role is Role => ROLES.includes(role as Role)),
  };
}

/** Faults of the key set or of the way to it; the token itself may be good. */
const KEYS_UNAVAILABLE = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID']);

function refusalOf(error: unknown): Refusal {
  if (error instanceof errors.JWTExpired) {
    return new Refusal('unauthenticated', 'token-expired', 'The access token has expired.');
  }
  if (error instanceof errors.JOSEError && !KEYS_UNAVAILABLE.has(error.code)) {
    return new Refusal('unauthenticated', 'invalid-token', 'The access token is not valid.');
  }
  const detail = 'Sign-in cannot be checked right now; try again.';
  return new Refusal('unavailable', 'keys-unavailable', detail, [], 2);
}
