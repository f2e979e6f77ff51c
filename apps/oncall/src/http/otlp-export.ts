import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Refusal } from '@parlance/kernel';
import type { FastifyRequest } from 'fastify';

/** Largest export, as sent. */
export const MAX_EXPORT_BYTES = 8 * 1_048_576;
/** Largest export once unpacked: a small file of zeros must not fill the memory. */
const MAX_UNPACKED_BYTES = 2 * MAX_EXPORT_BYTES;

const unpack = promisify(gunzip);

/** The answer to an export; empty when everything was taken. */
export type ExportAnswer = { partialSuccess?: Record<string, string | number> };

export function exportAnswer(key: string, rejected: number, why: string): ExportAnswer {
  return rejected === 0 ? {} : { partialSuccess: { [key]: rejected, errorMessage: why } };
}

/**
 * The JSON of an export and its size. Exporters send no token, so only processes on this machine
 * are heard; browsers are kept out by the content type, which a foreign page may not send.
 * `requireRoom` is asked before the body is unpacked, and throws when there is none.
 */
export async function readExport(
  request: FastifyRequest,
  requireRoom: () => void = () => {},
): Promise<{ body: unknown; bytes: number }> {
  requireLoopback(request.socket.remoteAddress);
  requireJson(request.headers['content-type']);
  requireRoom();
  const text = await unpacked(request.body, request.headers['content-encoding']);
  try {
    return { body: JSON.parse(text.toString('utf8')), bytes: text.length };
  } catch {
    throw new Refusal('invalid', 'malformed-json', 'The export is not well-formed JSON.');
  }
}

async function unpacked(body: unknown, encoding: string | undefined): Promise<Buffer> {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  if (encoding === undefined || encoding === '' || encoding === 'identity') return bytes;
  if (encoding !== 'gzip') {
    const detail = 'Send exports as they are or with Content-Encoding: gzip.';
    throw new Refusal('unsupported-media-type', 'unsupported-encoding', detail);
  }
  try {
    return await unpack(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new Refusal('too-large', 'body-too-large', 'The export is too large once unpacked.');
    }
    throw new Refusal('invalid', 'malformed-gzip', 'The export is not valid gzip.');
  }
}

function requireJson(contentType: string | undefined): void {
  if (/^application\/json\s*(;|$)/i.test(contentType ?? '')) return;
  const detail =
    'Only OTLP with JSON is understood: set OTEL_EXPORTER_OTLP_PROTOCOL=http/json in the sender.';
  throw new Refusal('unsupported-media-type', 'otlp-json-only', detail);
}

function requireLoopback(address: string | undefined): void {
  if (address !== undefined && /^(::ffff:)?127\.|^::1$/.test(address)) return;
  throw new Refusal('forbidden', 'loopback-only', 'Telemetry is taken from this machine alone.');
}
