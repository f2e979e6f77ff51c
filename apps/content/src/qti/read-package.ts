import { setImmediate } from 'node:timers/promises';
import { Refusal } from '@parlance/kernel';
import { FileFault } from './file-fault.js';
import { readItem } from './item.js';
import type { ItemReading } from './item.js';
import { MANIFEST, readManifest } from './manifest.js';
import type { Manifest, ManifestResource } from './manifest.js';
import { shown } from './paths.js';
import { readTest, withoutRefused } from './test-reading.js';
import type { TestReading } from './test-reading.js';
import { parseXml } from './xml.js';
import type { XmlElement } from './xml.js';
import { openArchive } from './zip.js';
import type { Archive } from './zip.js';

/** What became of one file of the package. */
export interface FileReading {
  file: string;
  outcome: 'imported' | 'refused' | 'ignored';
  /** A sentence, for every file that was not imported. */
  reason?: string;
  line?: number;
  warnings: string[];
}

export interface PackageReading {
  /** As the manifest has it. */
  identifier: string;
  /** The first test of the package that can be read; null when it has none. */
  test: TestReading | null;
  items: ItemReading[];
  /** Every file of the zip, and every file the manifest names. */
  files: FileReading[];
  /** About the package as a whole. */
  warnings: string[];
}

/**
 * Reads a QTI 3.0 content package. Files that cannot be used are refused one by one, with a
 * sentence and where possible the line, and the rest is read. Time and memory are bounded by
 * `PACKAGE_LIMITS` whatever is in the zip; nothing is fetched, written or run.
 *
 * @throws Refusal (unprocessable) `not-a-zip`, `package-too-large`, `manifest-missing` or
 * `manifest-unreadable` when there is nothing to go by.
 */
export async function readPackage(zip: Buffer): Promise<PackageReading> {
  const archive = await openArchive(zip);
  const manifest = await manifestOf(archive);
  const files = new Map<string, FileReading>();
  files.set(MANIFEST, { file: MANIFEST, outcome: 'imported', warnings: [] });
  const items = await readItems(archive, manifest, files);
  const test = await readFirstTest(archive, manifest, files, items);
  noteOthers(archive, manifest, files);
  return {
    identifier: manifest.identifier,
    test,
    items,
    files: [
      ...files.values(),
      ...archive.refused.map((one) => ({ ...one, outcome: 'refused' as const, warnings: [] })),
    ],
    warnings: manifest.warnings,
  };
}

async function manifestOf(archive: Archive): Promise<Manifest> {
  if (!archive.paths.includes(MANIFEST)) {
    throw new Refusal(
      'unprocessable',
      'manifest-missing',
      `The zip is no content package: it has no ${MANIFEST} at its top.`,
    );
  }
  try {
    return readManifest(await documentAt(archive, MANIFEST));
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    const at = error.line === undefined ? '' : `, line ${error.line}`;
    throw new Refusal('unprocessable', 'manifest-unreadable', `${MANIFEST}${at}: ${error.reason}`);
  }
}

async function documentAt(archive: Archive, path: string): Promise<XmlElement> {
  // Parsing holds the thread, so others get a turn between two files.
  await setImmediate();
  return parseXml(await archive.read(path));
}

async function readItems(
  archive: Archive,
  manifest: Manifest,
  files: Map<string, FileReading>,
): Promise<ItemReading[]> {
  const items: ItemReading[] = [];
  const fileOf = new Map<string, string>();
  for (const { file } of resourcesOf(manifest, 'item', files)) {
    const item = await attempt(file, files, async () => {
      const reading = readItem(file, await documentAt(archive, file));
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
  archive: Archive,
  manifest: Manifest,
  files: Map<string, FileReading>,
  items: readonly ItemReading[],
): Promise<TestReading | null> {
  const imported = new Set(items.map((item) => item.file));
  let first: TestReading | null = null;
  for (const { file } of resourcesOf(manifest, 'test', files)) {
    if (first !== null) {
      const reason = `Only one test is read from a package, and it is ${shown(first.file)}.`;
      files.set(file, { file, outcome: 'ignored', reason, warnings: [] });
      continue;
    }
    first = await attempt(file, files, async () =>
      withoutRefused(readTest(file, await documentAt(archive, file)), imported),
    );
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

async function attempt<T extends { warnings: string[] }>(
  file: string,
  files: Map<string, FileReading>,
  read: () => Promise<T>,
): Promise<T | null> {
  try {
    const reading = await read();
    files.set(file, { file, outcome: 'imported', warnings: reading.warnings });
    return reading;
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    const { reason, line } = error;
    const at = line === undefined ? {} : { line };
    files.set(file, { file, outcome: 'refused', reason, ...at, warnings: [] });
    return null;
  }
}

function noteOthers(archive: Archive, manifest: Manifest, files: Map<string, FileReading>): void {
  for (const { file } of resourcesOf(manifest, 'older', files)) {
    const reason = 'The file is of an older QTI version; only QTI 3.0 is read.';
    files.set(file, { file, outcome: 'refused', reason, warnings: [] });
  }
  for (const file of archive.paths) {
    if (files.has(file)) continue;
    const reason = file.toLowerCase().endsWith('.xml')
      ? 'The manifest does not name it as an item or a test.'
      : 'Only items and tests are imported.';
    files.set(file, { file, outcome: 'ignored', reason, warnings: [] });
  }
}
