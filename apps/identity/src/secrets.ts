import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Id, isId } from '@parlance/kernel';

/**
 * Secrets that clients hold begin with the ids needed to find them, so that the look-up runs
 * inside one institution; only SHA-256 of the random part is stored. They are long and random,
 * which is why a fast hash is enough.
 */
const ID_BYTES = 16;
const REFRESH_SECRET_BYTES = 32;
const INVITATION_SECRET_BYTES = 16;

export interface NewSecret {
  /** For the client, once. */
  token: string;
  /** For the database. */
  hash: Buffer;
}

export function newRefreshToken(institutionId: Id, sessionId: Id): NewSecret {
  const secret = randomBytes(REFRESH_SECRET_BYTES);
  return { token: encode(idBytes(institutionId), idBytes(sessionId), secret), hash: hash(secret) };
}

export interface RefreshToken {
  institutionId: Id;
  sessionId: Id;
  hash: Buffer;
}

/** Undefined when it was never one of ours. */
export function parseRefreshToken(token: string): RefreshToken | undefined {
  const bytes = decode(token, 2 * ID_BYTES + REFRESH_SECRET_BYTES);
  if (bytes === undefined) return undefined;
  const institutionId = idOf(bytes.subarray(0, ID_BYTES));
  const sessionId = idOf(bytes.subarray(ID_BYTES, 2 * ID_BYTES));
  // Made-up bytes need not be ids at all.
  if (!isId(institutionId) || !isId(sessionId)) return undefined;
  return { institutionId, sessionId, hash: hash(bytes.subarray(2 * ID_BYTES)) };
}

export function newInvitationCode(institutionId: Id): NewSecret {
  const secret = randomBytes(INVITATION_SECRET_BYTES);
  return { token: encode(idBytes(institutionId), secret), hash: hash(secret) };
}

export interface InvitationCode {
  institutionId: Id;
  hash: Buffer;
}

export function parseInvitationCode(code: string): InvitationCode | undefined {
  const bytes = decode(code, ID_BYTES + INVITATION_SECRET_BYTES);
  if (bytes === undefined) return undefined;
  const institutionId = idOf(bytes.subarray(0, ID_BYTES));
  return isId(institutionId) ? { institutionId, hash: hash(bytes.subarray(ID_BYTES)) } : undefined;
}

export function sameHash(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function hash(secret: Buffer): Buffer {
  return createHash('sha256').update(secret).digest();
}

function encode(...parts: Buffer[]): string {
  return Buffer.concat(parts).toString('base64url');
}

function decode(text: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  // Node ignores what is not base64url; the same text must come back.
  return bytes.length === length && bytes.toString('base64url') === text ? bytes : undefined;
}

function idBytes(id: Id): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function idOf(bytes: Buffer): Id {
  const hex = bytes.toString('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20)].join('-');
}
