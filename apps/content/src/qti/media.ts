import { createHash } from 'node:crypto';
import type { MediaRef } from '@parlance/assessment';
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

const starts = (bytes: Buffer, at: number, text: string) =>
  bytes.subarray(at, at + text.length).equals(Buffer.from(text, 'latin1'));

/** What a file is by its first bytes: names and declared types are whatever a tool wrote. */
const KINDS: readonly [mediaType: string, is: (bytes: Buffer) => boolean][] = [
  ['image/png', (bytes) => starts(bytes, 0, '\u0089PNG\r\n\u001a\n')],
  ['image/jpeg', (bytes) => starts(bytes, 0, '\u00ff\u00d8\u00ff')],
  ['image/gif', (bytes) => starts(bytes, 0, 'GIF87a') || starts(bytes, 0, 'GIF89a')],
  ['image/webp', (bytes) => starts(bytes, 0, 'RIFF') && starts(bytes, 8, 'WEBP')],
  ['audio/wav', (bytes) => starts(bytes, 0, 'RIFF') && starts(bytes, 8, 'WAVE')],
  ['audio/ogg', (bytes) => starts(bytes, 0, 'OggS')],
  ['audio/flac', (bytes) => starts(bytes, 0, 'fLaC')],
  ['audio/mp4', (bytes) => starts(bytes, 4, 'ftypM4A')],
  ['video/mp4', (bytes) => starts(bytes, 4, 'ftyp')],
  ['video/webm', (bytes) => starts(bytes, 0, '\u001a\u0045\u00df\u00a3')],
  // Eleven set bits begin a frame; the layer bits of AAC's own framing are 0.
  ['audio/aac', (bytes) => bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xf6) === 0xf0],
  ['audio/mpeg', (bytes) => starts(bytes, 0, 'ID3') || isMpegFrame(bytes)],
];

function isMpegFrame(bytes: Buffer): boolean {
  return bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0;
}

/** @throws FileFault when it is no picture, sound or film that browsers show safely. */
export function mediaFile(path: string, bytes: Buffer): MediaFile {
  const kind = KINDS.find(([, is]) => is(bytes));
  if (kind === undefined) {
    throw new FileFault(
      'It is no picture, sound or film of a known kind; SVG is none since it can hold code.',
    );
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, path, bytes, mediaType: kind[0] };
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
