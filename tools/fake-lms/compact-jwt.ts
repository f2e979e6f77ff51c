import { constants, createPublicKey, verify } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';

export type JsonObject = Record<string, unknown>;

export interface DecodedJwt {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly signedPart: string;
  readonly signature: Buffer;
}

/** Builds a compact JWS (RFC 7515 section 3.1). Keys whose value is undefined are left out. */
export function encodeJwt(
  header: JsonObject,
  claims: JsonObject,
  sign: (signedPart: string) => Buffer,
): string {
  const signedPart = `${encodeJson(header)}.${encodeJson(claims)}`;
  return `${signedPart}.${sign(signedPart).toString('base64url')}`;
}

/** Takes a compact JWS apart without judging it; undefined when it is not one. */
export function decodeJwt(token: string): DecodedJwt | undefined {
  const [header, claims, signature, ...rest] = token.split('.');
  if (!header || !claims || signature === undefined || rest.length > 0) return undefined;
  try {
    const decodedHeader = decodeJson(header);
    const decodedClaims = decodeJson(claims);
    if (!isJsonObject(decodedHeader) || !isJsonObject(decodedClaims)) return undefined;
    return {
      header: decodedHeader,
      claims: decodedClaims,
      signedPart: `${header}.${claims}`,
      signature: Buffer.from(signature, 'base64url'),
    };
  } catch {
    return undefined;
  }
}

/** RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3); a key of another type never matches. */
export function isSignedWithRs256(jwt: DecodedJwt, jwk: JsonObject): boolean {
  if (jwt.header['alg'] !== 'RS256' || jwk['kty'] !== 'RSA') return false;
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    const data = Buffer.from(jwt.signedPart);
    const padding = constants.RSA_PKCS1_PADDING;
    return verify('sha256', data, { key, padding }, jwt.signature);
  } catch {
    // A malformed key in a tool's key set is the tool's mistake, not a reason to stop the platform.
    return false;
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function encodeJson(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decodeJson(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
}
