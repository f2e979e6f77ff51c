import { createHash } from 'node:crypto';

/** SHA-256, hex, of canonical JSON: what tells one version from the next. */
export function contentHash(canonical: string): string {
  return createHash('sha256').update(canonical).digest('hex');
}
