import { Refusal } from '@parlance/kernel';
import { FileFault } from './file-fault.js';
import { readItem } from './item.js';
import type { ItemReading } from './item.js';
import { type Loss, sentenceOf } from './losses.js';
import { MANIFEST, readManifest } from './manifest.js';
import type { Manifest, ManifestResource } from './manifest.js';
import type { MediaFile } from './media.js';
import { PackageFiles } from './package-files.js';
import { shown } from './paths.js';
import { readTest, withoutRefused } from './test-reading.js';
import type { TestReading } from './test-reading.js';
import { openArchive } from './zip.js';
import type { Archive } from './zip.js';

/** What became of one file of the package. */
export interface FileReading {
  file: string;
  outcome: 'imported' | 'refused' | 'ignored';
  /** A sentence, for every file that was not imported. */
  reason?: string;
  line?: number;
  /** What the item or test lost, or has otherwise than its file says. */
  losses: Loss[];
  /** The losses as sentences. */
  warnings: string[];
}

export interface PackageReading {
  /** As the manifest has it. */
  identifier: string;
  /** The first test of the package that can be read; null when it has none. */
  test: TestReading | null;
  items: ItemReading[];
  /** The pictures, sounds and films that the items use, by SHA-256. */
  media: Map<string, MediaFile>;
  /** Every file of the zip, and every file the manifest names. */
  files: FileReading[];
  /** About the package as a whole. */
  warnings: string[];
}

/** A file with what it lost, said in both ways. */
export function fileReading(
  file: string,
  outcome: FileReading['outcome'],
  about: { reason?: string; line?: number; losses?: readonly Loss[] } = {},
): FileReading {
  const { reason, line, losses = [] } = about;
  return {
    file,
    outcome,
    ...(reason === undefined ? {} : { reason }),
    ...(line === undefined ? {} : { line }),
    losses: [...losses],
    warnings: losses.map(sentenceOf),
  };
}

/**
 * Reads a QTI content package of version 2.1, 2.2 or 3.0. Files that cannot be used are refused one
 * by one, with a sentence and where possible the line, and the rest is read. Time and memory are
 * bounded by `PACKAGE_LIMITS` whatever is in the zip; nothing is fetched, written or run.
 *
 * @throws Refusal (unprocessable) `not-a-zip`, `package-too-large`, `manifest-missing` or
 * `manifest-unreadable` when there is nothing to go by.
 */
export async function readPackage(zip: Buffer): Promise<PackageReading> {
  const archive = await openArchive(zip);
  const source = new PackageFiles(archive);
  const manifest = await manifestOf(archive, source);
  const files = new Map([[MANIFEST, fileReading(MANIFEST, 'imported')]]);
  const items = await readItems(source, manifest, files);
  const test = await readFirstTest(source, manifest, files, items);
  const media = source.mediaOf(items);
  noteOthers(archive, manifest, source, files);
  return {
    identifier: manifest.identifier,
    test,
    items,
    media,
    files: [
      ...files.values(),
      ...archive.refused.map(({ file, reason }) => fileReading(file, 'refused', { reason })),
    ],
    warnings: manifest.warnings,
  };
}

async function manifestOf(archive: Archive, source: PackageFiles): Promise<Manifest> {
  if (!archive.paths.includes(MANIFEST)) {
    throw new Refusal(
      'unprocessable',
      'manifest-missing',
      `The zip is no content package: it has no ${MANIFEST} at its top.`,
    );
  }
  try {
    return readManifest(await source.document(MANIFEST));
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    const at = error.line === undefined ? '' : `, line ${error.line}`;
    throw new Refusal('unprocessable', 'manifest-unreadable', `${MANIFEST}${at}: ${error.reason}`);
  }
}

async function readItems(
  source: PackageFiles,
  manifest: Manifest,
  files: Map<string, FileReading>,
): Promise<ItemReading[]> {
  const items: ItemReading[] = [];
  const fileOf = new Map<string, string>();
  for (const { file } of resourcesOf(manifest, 'item', files)) {
    const item = await attempt(file, files, async () => {
      const document = await source.document(file);
      const reading = readItem(file, document, await source.partsOf(file, document));
      const other = fileOf.get(reading.identifier);
      if (other === undefined) return reading;
      const id = shown(reading.identifier);
      throw new FileFault(`The identifier "${id}" is already that of ${shown(other)}.`);
    });
    if (item === null) continue;
    items.push(item);
    fileOf.set(item.identifier, file);
  }
  return items;
}

async function readFirstTest(
  source: PackageFiles,
  manifest: Manifest,
  files: Map<string, FileReading>,
  items: readonly ItemReading[],
): Promise<TestReading | null> {
  const imported = new Set(items.map((item) => item.file));
  let first: TestReading | null = null;
  for (const { file } of resourcesOf(manifest, 'test', files)) {
    if (first !== null) {
      const reason = `Only one test is read from a package, and it is ${shown(first.file)}.`;
      files.set(file, fileReading(file, 'ignored', { reason }));
      continue;
    }
    first = await attempt(file, files, async () => {
      const document = await source.document(file);
      const test = readTest(file, document, await source.partsOf(file, document));
      return withoutRefused(test, imported);
    });
  }
  return first;
}

/** Resources of a kind, each file once. */
function resourcesOf(
  manifest: Manifest,
  kind: ManifestResource['kind'],
  files: ReadonlyMap<string, FileReading>,
): ManifestResource[] {
  const byFile = new Map<string, ManifestResource>();
  for (const resource of manifest.resources) {
    if (resource.kind !== kind || files.has(resource.file)) continue;
    if (!byFile.has(resource.file)) byFile.set(resource.file, resource);
  }
  return [...byFile.values()];
}

async function attempt<T extends { losses: Loss[] }>(
  file: string,
  files: Map<string, FileReading>,
  read: () => Promise<T>,
): Promise<T | null> {
  try {
    const reading = await read();
    files.set(file, fileReading(file, 'imported', reading));
    return reading;
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    const { reason, line } = error;
    files.set(
      file,
      fileReading(file, 'refused', line === undefined ? { reason } : { reason, line }),
    );
    return null;
  }
}

function noteOthers(
  archive: Archive,
  manifest: Manifest,
  source: PackageFiles,
  files: Map<string, FileReading>,
): void {
  for (const { file } of resourcesOf(manifest, 'older', files)) {
    const reason = 'The file is of another QTI version; 2.1, 2.2 and 3.0 are read.';
    files.set(file, fileReading(file, 'refused', { reason }));
  }
  for (const { file, ...about } of source.used()) {
    if (files.has(file)) continue;
    const outcome = about.reason === undefined ? 'imported' : 'refused';
    files.set(file, fileReading(file, outcome, about));
  }
  for (const file of archive.paths) {
    if (files.has(file)) continue;
    const reason = file.toLowerCase().endsWith('.xml')
      ? 'The manifest does not name it as an item or a test.'
      : 'No item that was imported uses it.';
    files.set(file, fileReading(file, 'ignored', { reason }));
  }
}
