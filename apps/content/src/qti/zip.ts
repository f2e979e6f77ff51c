import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { Refusal } from '@parlance/kernel';
import * as yauzl from 'yauzl';
import { FileFault } from './file-fault.js';
import { PACKAGE_LIMITS } from './limits.js';
import { pathFault, shown } from './paths.js';

/** A zip whose listing has been checked; its files are inflated one by one, when asked for. */
export interface Archive {
  /** Paths of the files that can be read, in the order of the zip. */
  paths: string[];
  /** Files that are in the zip and will not be read. */
  refused: { file: string; reason: string }[];
  /**
   * @param maxBytes most that the file may inflate to.
   * @throws FileFault when this one file is damaged or too large, Refusal when the zip is a bomb.
   */
  read(path: string, maxBytes?: number): Promise<Buffer>;
}

/**
 * Opens a zip without inflating anything.
 *
 * @throws Refusal `not-a-zip`, or `package-too-large` when what it declares is beyond the limits.
 */
export async function openArchive(zip: Buffer): Promise<Archive> {
  if (zip.length > PACKAGE_LIMITS.zipBytes) {
    throw tooLarge(`The zip is larger than ${inMiB(PACKAGE_LIMITS.zipBytes)}.`);
  }
  const { file, entries } = await listed(zip);
  refuseBomb(entries);
  const readable = new Map<string, yauzl.Entry>();
  const refused: Archive['refused'] = [];
  for (const entry of entries) {
    const path = nameOf(entry);
    if (path.endsWith('/')) continue;
    const reason =
      entryFault(entry, path) ?? (readable.has(path) ? 'It is in the zip twice.' : null);
    if (reason === null) readable.set(path, entry);
    else refused.push({ file: shown(path), reason });
  }
  return {
    paths: [...readable.keys()],
    refused,
    read: async (path, maxBytes = PACKAGE_LIMITS.fileBytes) => {
      const entry = readable.get(path);
      if (entry === undefined) throw new FileFault('The file is not in the zip.');
      return inflated(file, entry, maxBytes);
    },
  };
}

async function listed(zip: Buffer): Promise<{ file: yauzl.ZipFile; entries: yauzl.Entry[] }> {
  try {
    // Names are decoded here and not by yauzl, which gives up the whole zip for one bad name; nor
    // does it check sizes, since a wrong one should cost one file and not all.
    const options = { lazyEntries: true, decodeStrings: false, validateEntrySizes: false };
    const file = await yauzl.fromBufferPromise(zip, options);
    if (file.entryCount > PACKAGE_LIMITS.entries) {
      throw tooLarge(`The zip holds more than ${PACKAGE_LIMITS.entries} files.`);
    }
    const entries: yauzl.Entry[] = [];
    for await (const entry of file.eachEntry()) entries.push(entry);
    return { file, entries };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('unprocessable', 'not-a-zip', 'The file is not a zip, or it is damaged.');
  }
}

function refuseBomb(entries: readonly yauzl.Entry[]): void {
  let total = 0;
  for (const { compressedSize, uncompressedSize } of entries) {
    total += uncompressedSize;
    const isDense =
      uncompressedSize > PACKAGE_LIMITS.ratioFromBytes &&
      uncompressedSize > compressedSize * PACKAGE_LIMITS.ratio;
    if (isDense) throw tooLarge('The zip holds a file that inflates beyond all measure.');
  }
  if (total > PACKAGE_LIMITS.totalBytes) {
    throw tooLarge(`The zip holds more than ${inMiB(PACKAGE_LIMITS.totalBytes)} when inflated.`);
  }
}

function nameOf(entry: yauzl.Entry): string {
  const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
  return yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
}

const SYMBOLIC_LINK = 0o120000;
const FILE_TYPE = 0o170000;

function entryFault(entry: yauzl.Entry, path: string): string | null {
  const fault = pathFault(path);
  if (fault !== null) return fault;
  if (entry.isEncrypted()) return 'The file is encrypted.';
  if (((entry.externalFileAttributes >>> 16) & FILE_TYPE) === SYMBOLIC_LINK) {
    return 'It is a symbolic link.';
  }
  return entry.canDecodeFileData()
    ? null
    : 'The file is compressed in a way that is not read here.';
}

const inflate = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflateRaw);

async function inflated(
  file: yauzl.ZipFile,
  entry: yauzl.Entry,
  maxBytes: number,
): Promise<Buffer> {
  const { uncompressedSize } = entry;
  if (uncompressedSize > maxBytes) {
    throw new FileFault(`The file is larger than ${inMiB(maxBytes)}.`);
  }
  const stored = await compressedBytes(file, entry);
  const bytes = entry.compressionMethod === 0 ? stored : await bounded(stored, uncompressedSize);
  if (bytes.length !== uncompressedSize || crc32(bytes) !== entry.crc32 >>> 0) {
    throw new FileFault('The file is damaged: its size or checksum is wrong.');
  }
  return bytes;
}

async function compressedBytes(file: yauzl.ZipFile, entry: yauzl.Entry): Promise<Buffer> {
  try {
    const stream = await file.openReadStreamPromise(entry, { decodeFileData: false });
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  } catch {
    throw new FileFault('The file is damaged: its place in the zip is wrong.');
  }
}

/** Inflates to the declared size and not a byte further; only a bomb declares too little. */
async function bounded(deflated: Buffer, size: number): Promise<Buffer> {
  try {
    return await inflate(deflated, { maxOutputLength: Math.max(size, 1) });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw tooLarge('The zip holds a file that inflates beyond the size it declares.');
    }
    throw new FileFault('The file is damaged and cannot be inflated.');
  }
}

function tooLarge(detail: string): Refusal {
  return new Refusal('unprocessable', 'package-too-large', detail);
}

function inMiB(bytes: number): string {
  return `${bytes / 1024 / 1024} MiB`;
}
