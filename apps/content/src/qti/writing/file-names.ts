/**
 * A file name for each identifier, without an ending: its letters and digits, and a number where
 * two would be the same in a file system that does not tell case apart.
 */
export function fileNames(identifiers: readonly string[]): string[] {
  const taken = new Set<string>();
  return identifiers.map((identifier) => {
    const plain = identifier.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 80) || 'item';
    let name = plain;
    for (let n = 2; taken.has(name.toLowerCase()); n += 1) name = `${plain}-${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/**
 * An identifier as XML can have it (an NCName): packages of others hold some that begin with a
 * digit or have a colon. Those that can stay as they are do.
 */
export function xmlName(identifier: string): string {
  const plain = identifier.replace(/[^\p{L}\p{N}._-]+/gu, '-');
  return /^[\p{L}_]/u.test(plain) ? plain : `id-${plain}`;
}
