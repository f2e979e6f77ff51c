/** Bytes of every file that a value refers to, by SHA-256, wherever a media reference stands. */
export function mediaBytesIn(value: unknown): Map<string, number> {
  const found = new Map<string, number>();
  const look = (one: unknown): void => {
    if (Array.isArray(one)) one.forEach(look);
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return;
    if ('sha256' in one && typeof one.sha256 === 'string') {
      found.set(one.sha256, 'sizeBytes' in one ? Number(one.sizeBytes) : 0);
    }
    Object.values(one).forEach(look);
  };
  look(value);
  return found;
}
