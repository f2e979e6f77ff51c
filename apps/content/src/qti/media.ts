import { createHash } from 'node:crypto';
import type { MediaRef } from '@parlance/assessment';
import { beginsLike, MEDIA_LIMITS, MEDIA_TYPES, MIN_MEDIA_BYTES } from '../domain/media-type.js';
import { FileFault } from './file-fault.js';
import { resolveHref, shown } from './paths.js';
import type { Reading } from './reading.js';
import type { XmlElement } from './xml.js';
import { attribute, childrenNamed, elementsIn, textIn } from './xml-reading.js';

/** A picture, sound or film of the package that an item uses. */
export interface MediaFile {
  sha256: string;
  /** Path in the package. */
  path: string;
  bytes: Buffer;
  mediaType: string;
}

/**
 * What a file is by its first bytes: names and declared types are whatever a tool wrote.
 *
 * @throws FileFault when it is no picture, sound or film that browsers show safely, or too large.
 */
export function mediaFile(path: string, bytes: Buffer): MediaFile {
  const [mediaType] = MEDIA_TYPES.filter((type) => beginsLike(type, bytes)).sort(
    (a, b) => likelihood(b, path, bytes) - likelihood(a, path, bytes),
  );
  if (mediaType === undefined || bytes.length < MIN_MEDIA_BYTES) {
    throw new FileFault(
      'It is no picture, sound or film of a known kind; SVG is none since it can hold code.',
    );
  }
  const most = MEDIA_LIMITS[mediaType] ?? 0;
  if (bytes.length > most) throw new FileFault(`It is larger than ${most / 1024 / 1024} MiB.`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, path, bytes, mediaType };
}

/** Sounds and films begin alike in some formats; then the brand within or the name decides. */
function likelihood(type: string, path: string, bytes: Buffer): number {
  const isSound = bytes.subarray(8, 11).toString('latin1') === 'M4A' || /\.(m4a|mp3)$/i.test(path);
  return isSound === type.startsWith('audio/') ? 1 : 0;
}

const SOURCES: Readonly<Record<string, string>> = {
  img: 'src',
  audio: 'src',
  video: 'src',
  source: 'src',
  object: 'data',
};

/** Paths of the files that a document shows or plays, as far as they are in the package. */
export function mediaPathsIn(file: string, element: XmlElement): string[] {
  const name = SOURCES[element.name];
  const href = name === undefined ? undefined : attribute(element, name);
  const own = href === undefined ? [] : pathsOf(file, href, element.line);
  return [...own, ...elementsIn(element).flatMap((child) => mediaPathsIn(file, child))];
}

function pathsOf(file: string, href: string, line: number): string[] {
  try {
    return [resolveHref(file, href, line)];
  } catch {
    return [];
  }
}

/** Where a picture, sound or film element takes its file from, if it says. */
export function sourceOf(element: XmlElement): string | undefined {
  const own = attribute(element, SOURCES[element.name] ?? 'src');
  const [source] = childrenNamed(element, 'source');
  return own ?? (source === undefined ? undefined : attribute(source, 'src'));
}

/** Whether a reference leads to another server, or holds the file itself. */
export function isOutside(href: string): boolean {
  return /^([A-Za-z][A-Za-z0-9+.-]*:|\/\/)/.test(href.trim());
}

/** An object says it by what stands in it. */
function altOf(element: XmlElement): string | undefined {
  if (element.name === 'object') return textIn(element).replace(/\s+/g, ' ').trim();
  return attribute(element, 'alt') ?? attribute(element, 'aria-label');
}

/** @throws FileFault when the file is not in the package or is not what can be shown. */
export function mediaRef(href: string, element: XmlElement, reading: Reading): MediaRef {
  const path = resolveHref(reading.file, href, element.line);
  const found = reading.parts.media.get(path);
  if (found === undefined || typeof found === 'string') {
    const why = found ?? 'It is not in the package.';
    throw new FileFault(`The item needs ${shown(path)}. ${why}`, element.line);
  }
  const alt = altOf(element);
  return {
    sha256: found.sha256,
    mediaType: found.mediaType,
    sizeBytes: found.bytes.length,
    ...(alt === undefined || alt === '' ? {} : { alt: alt.slice(0, 1_000).toWellFormed() }),
  };
}
