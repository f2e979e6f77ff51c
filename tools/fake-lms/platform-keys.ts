import { createHmac, generateKeyPairSync, KeyObject, randomUUID, sign } from 'node:crypto';
import { encodeJwt } from './compact-jwt.js';
import type { JsonObject } from './compact-jwt.js';

/**
 * What an id_token is signed with. `other-key` is a key the platform never published, `none` leaves
 * the signature empty, `hs256` uses the published public key as an HMAC secret (the classic
 * algorithm confusion), and a KeyObject is a key of the caller's own.
 */
export type SigningKey = 'platform' | 'other-key' | 'none' | 'hs256' | KeyObject;

export interface MintOptions {
  /** Laid over the default header; a key set to undefined is left out. */
  readonly header?: JsonObject;
  readonly key?: SigningKey;
}

interface KeyPair {
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** The platform's own RSA keys: the newest signs, all are published. */
export class PlatformKeys {
  #pairs: [KeyPair, ...KeyPair[]] = [generatePair()];
  #unpublished: KeyPair | undefined;

  jwks(): { keys: JsonObject[] } {
    return {
      keys: this.#pairs.map(({ kid, publicKey }) => ({
        ...publicKey.export({ format: 'jwk' }),
        kid,
        alg: 'RS256',
        use: 'sig',
      })),
    };
  }

  /** Signs with a new key from now on; returns its kid. */
  rotate({ keepOld = true }: { keepOld?: boolean } = {}): string {
    const fresh = generatePair();
    this.#pairs = keepOld ? [fresh, ...this.#pairs] : [fresh];
    return fresh.kid;
  }

  currentKid(): string {
    return this.#pairs[0].kid;
  }

  mint(claims: JsonObject, { header = {}, key = 'platform' }: MintOptions = {}): string {
    const { alg, signPart } = this.#signer(key);
    const fullHeader = { alg, typ: 'JWT', kid: this.currentKid(), ...header };
    return encodeJwt(fullHeader, claims, signPart);
  }

  #signer(key: SigningKey): { alg: string; signPart: (part: string) => Buffer } {
    if (key === 'none') return { alg: 'none', signPart: () => Buffer.alloc(0) };
    if (key === 'hs256') {
      return hmacWith(this.#pairs[0].publicKey.export({ type: 'spki', format: 'pem' }));
    }
    if (key instanceof KeyObject) return key.type === 'secret' ? hmacWith(key) : rsaWith(key);
    if (key === 'platform') return rsaWith(this.#pairs[0].privateKey);
    this.#unpublished ??= generatePair();
    return rsaWith(this.#unpublished.privateKey);
  }
}

function generatePair(): KeyPair {
  return { kid: randomUUID(), ...generateKeyPairSync('rsa', { modulusLength: 2048 }) };
}

function rsaWith(key: KeyObject): { alg: string; signPart: (part: string) => Buffer } {
  return { alg: 'RS256', signPart: (part) => sign('sha256', Buffer.from(part), key) };
}

function hmacWith(secret: KeyObject | string | Buffer): {
  alg: string;
  signPart: (part: string) => Buffer;
} {
  return { alg: 'HS256', signPart: (part) => createHmac('sha256', secret).update(part).digest() };
}
