import { type Claims, isObject, textOf } from './claims.js';
import { LaunchRefused } from './launch-refused.js';

export const MAX_TOKEN_BYTES = 65_536;

/** An id_token taken apart and nothing of it believed yet. */
export interface UnverifiedToken {
  kid: string;
  claims: Claims;
}

/**
 * Form, size and header of an id_token, before any key is fetched for it. Header fields that name
 * or carry a key (jku, x5u, x5c, jwk) are never looked at.
 */
export function readUnverified(token: string): UnverifiedToken {
  if (token.length > MAX_TOKEN_BYTES) throw new LaunchRefused('token_too_large');
  const parts = token.split('.');
  const [head = '', body = '', signature = ''] = parts;
  const wellFormed = parts.length === 3 && parts.every((part) => /^[\w-]*$/.test(part));
  const header = wellFormed ? jsonOf(head) : undefined;
  if (header === undefined) throw new LaunchRefused('token_malformed');
  if (header.alg !== 'RS256') throw new LaunchRefused('alg_not_allowed');
  if ('crit' in header || 'b64' in header) throw new LaunchRefused('crit_not_supported');
  const claims = jsonOf(body);
  if (claims === undefined || signature === '') throw new LaunchRefused('token_malformed');
  const kid = textOf(header.kid, 1000);
  if (kid === undefined) throw new LaunchRefused('kid_missing');
  return { kid, claims };
}

function jsonOf(part: string): Record<string, unknown> | undefined {
  try {
    const bytes = Buffer.from(part, 'base64url');
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
