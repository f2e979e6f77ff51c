import { FileFault } from './file-fault.js';

/** Why a name in a zip cannot be a path within the package, or null when it can. */
export function pathFault(path: string): string | null {
  if (path === '') return 'The file has no name.';
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'The path holds control characters.';
  if (path.includes('\\')) return 'The path holds a backslash.';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'The path is absolute.';
  if (path.split('/').includes('..')) return 'The path leads out of the package.';
  return null;
}

/**
 * The path in the package that a reference in a file means.
 *
 * @throws FileFault when it leads out of the package.
 */
export function resolveHref(fromFile: string, href: string, line: number): string {
  const [bare = ''] = href.trim().split(/[?#]/);
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(bare) || bare.startsWith('//')) {
    throw new FileFault(`The reference "${shown(href)}" leads out of the package.`, line);
  }
  const path = decoded(bare);
  const parts = fromFile.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '.' || part === '') continue;
    if (part === '..' && parts.pop() === undefined) {
      throw new FileFault(`The reference "${shown(href)}" leads out of the package.`, line);
    }
    if (part !== '..') parts.push(part);
  }
  const resolved = parts.join('/');
  if (path.startsWith('/') || pathFault(resolved) !== null) {
    throw new FileFault(`The reference "${shown(href)}" is not a path in the package.`, line);
  }
  return resolved;
}

/** A text from a package as a message may quote it: short and without control characters. */
export function shown(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is removed
  const clean = text.toWellFormed().replace(/[\u0000-\u001f\u007f]+/g, ' ');
  return clean.length > 80 ? `${clean.slice(0, 79).toWellFormed()}…` : clean;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
