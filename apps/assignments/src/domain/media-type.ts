/** How files of a media type begin: bytes at a place. */
const SIGNATURES: Record<string, readonly (readonly [at: number, hex: string])[]> = {
  'audio/webm': [[0, '1a45dfa3']],
  'video/webm': [[0, '1a45dfa3']],
  'audio/ogg': [[0, '4f676753']],
  'audio/mpeg': [
    [0, '494433'],
    [0, 'fffb'],
    [0, 'fff3'],
    [0, 'fff2'],
    [0, 'fffa'],
  ],
  'audio/mp4': [[4, '66747970']],
  'video/mp4': [[4, '66747970']],
  'audio/wav': [[8, '57415645']],
  'audio/flac': [[0, '664c6143']],
  'image/png': [[0, '89504e470d0a1a0a']],
  'image/jpeg': [[0, 'ffd8ff']],
  'image/gif': [[0, '47494638']],
  'application/pdf': [[0, '255044462d']],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': [[0, '504b0304']],
  'application/zip': [[0, '504b0304']],
};

/** Media types that can be told by their bytes, and so may be uploaded. */
export function isKnownMediaType(mediaType: string): boolean {
  return Object.hasOwn(SIGNATURES, plain(mediaType)) || plain(mediaType) === 'text/plain';
}

/** Whether a file that begins like this is what it says it is. */
export function isOfMediaType(start: Uint8Array, mediaType: string): boolean {
  const type = plain(mediaType);
  if (type === 'text/plain') return !start.includes(0);
  const known = Object.hasOwn(SIGNATURES, type) ? (SIGNATURES[type] ?? []) : [];
  return known.some(([at, hex]) => {
    const bytes = Buffer.from(hex, 'hex');
    return bytes.equals(start.subarray(at, at + bytes.length));
  });
}

/** Without parameters such as the codec. */
export function plain(mediaType: string): string {
  return (mediaType.split(';')[0] ?? '').trim().toLowerCase();
}
