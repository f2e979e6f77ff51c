const MIB = 1024 * 1024;

/** Media types items may show or play, with the most bytes of each. No SVG: it can run scripts. */
export const MEDIA_LIMITS: Readonly<Record<string, number>> = {
  'audio/mpeg': 50 * MIB,
  'audio/mp4': 50 * MIB,
  'audio/ogg': 50 * MIB,
  'audio/wav': 50 * MIB,
  'audio/webm': 50 * MIB,
  'image/png': 10 * MIB,
  'image/jpeg': 10 * MIB,
  'image/webp': 10 * MIB,
  'image/gif': 10 * MIB,
  'video/mp4': 100 * MIB,
};

export const MEDIA_TYPES = Object.keys(MEDIA_LIMITS);

export const MAX_MEDIA_BYTES = Math.max(...Object.values(MEDIA_LIMITS));

/** Least bytes by which every kind of file can be told. */
export const MIN_MEDIA_BYTES = 16;

const bytes = (...values: number[]) => Buffer.from(values);
const ascii = (text: string) => Buffer.from(text, 'latin1');
const has = (start: Buffer, at: number, expected: Buffer) =>
  start.subarray(at, at + expected.length).equals(expected);

/** Layer III of MPEG 1, 2 or 2.5: eleven bits of sync, a version and a layer that are not reserved. */
function isMpegFrame(start: Buffer): boolean {
  const second = start[1] ?? 0;
  return (
    start[0] === 0xff &&
    (second & 0xe0) === 0xe0 &&
    (second & 0x18) !== 0x08 &&
    (second & 0x06) === 0x02
  );
}

const EBML = bytes(0x1a, 0x45, 0xdf, 0xa3);
const isRiff = (start: Buffer, form: string) =>
  has(start, 0, ascii('RIFF')) && has(start, 8, ascii(form));
const isMp4 = (start: Buffer) => has(start, 4, ascii('ftyp'));

const SIGNS: Readonly<Record<string, (start: Buffer) => boolean>> = {
  'audio/mpeg': (start) => has(start, 0, ascii('ID3')) || isMpegFrame(start),
  'audio/mp4': isMp4,
  'audio/ogg': (start) => has(start, 0, ascii('OggS')),
  'audio/wav': (start) => isRiff(start, 'WAVE'),
  'audio/webm': (start) => has(start, 0, EBML),
  'image/png': (start) => has(start, 0, bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)),
  'image/jpeg': (start) => has(start, 0, bytes(0xff, 0xd8, 0xff)),
  'image/webp': (start) => isRiff(start, 'WEBP'),
  'image/gif': (start) => has(start, 0, ascii('GIF87a')) || has(start, 0, ascii('GIF89a')),
  'video/mp4': isMp4,
};

/** Whether a file that begins so can be of this media type; 16 bytes are enough to tell. */
export function beginsLike(mediaType: string, start: Buffer): boolean {
  return Object.hasOwn(SIGNS, mediaType) && SIGNS[mediaType]?.(start) === true;
}
