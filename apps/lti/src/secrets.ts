import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 192 random bits, safe in URLs, cookies and through a platform's tag stripper. */
export function randomSecret(): string {
  return randomBytes(24).toString('base64url');
}

export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

export function matchesHash(secret: string, hash: Buffer): boolean {
  return timingSafeEqual(hashOf(secret), hash);
}
