import type { ClientRequest, IncomingMessage } from 'node:http';
import { MAX_ANSWERS_BODY_BYTES, MAX_JSON_BYTES } from '@parlance/platform';

/** Content packages are the largest thing a client sends. */
const MAX_ZIP_BYTES = 20 * 1_048_576;
/** A table of items. */
const MAX_CSV_BYTES = 5 * 1_048_576;
/** Where answers are saved, among them essays. */
const ANSWERS = /^\/api\/v1\/attempts\/[^/?]+\/((offline-)?responses|items\/[^/?]+\/tries)(\?|$)/;

export function maxBytesOf(request: IncomingMessage): number {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/zip') return MAX_ZIP_BYTES;
  if (type === 'text/csv') return MAX_CSV_BYTES;
  return ANSWERS.test(request.url ?? '') ? MAX_ANSWERS_BODY_BYTES : MAX_JSON_BYTES;
}

export function hasBody(request: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  return encoding !== undefined || (length !== undefined && length !== '0');
}

/** What the client says itself; a chunked body is counted while it passes. */
export function isTooLarge(request: IncomingMessage): boolean {
  return Number(request.headers['content-length'] ?? 0) > maxBytesOf(request);
}

/** Streams the body on without holding it; `onTooLarge` when it grows past the limit. */
export function passBody(
  request: IncomingMessage,
  upstream: ClientRequest,
  onTooLarge: () => void,
): void {
  const maxBytes = maxBytesOf(request);
  let bytes = 0;
  const pass = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      request.off('data', pass);
      onTooLarge();
      return;
    }
    if (!upstream.write(chunk)) request.pause();
  };
  request.on('data', pass);
  upstream.on('drain', () => request.resume());
  request.on('end', () => upstream.end());
}
