import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minorOf, type RegisteredVersion } from './contract.js';

/** The frozen versions of all events; beside the source, for nothing at run time needs them. */
export const REGISTRY_FOLDER = fileURLToPath(new URL('../../../registry/', import.meta.url));

export const INDEX = 'index.json';
/** Where samples wait, in the folder of a type, until the version they belong to is registered. */
export const DRAFT = 'samples.json';

export interface RegistryIndex {
  /** Path of every registered file, from the registry, to the SHA-256 of its bytes, in hex. */
  files: Record<string, string>;
  /** Types nobody publishes or reads any more. Their files stay. */
  retired: string[];
}

export interface RegistryFile {
  /** From the registry, e.g. `identity.class-changed.v1/1.0.0.json`. */
  path: string;
  text: string;
}

/** The registry as it lies on disk, its files not yet judged. */
export interface Registry {
  index: RegistryIndex;
  files: RegistryFile[];
  drafts: RegistryFile[];
}

/** The index of a registry is not one. */
export class RegistryBroken extends Error {
  override readonly name = 'RegistryBroken';
}

/** What is to be written to a registry. */
export interface RegistryChange {
  files: RegistryFile[];
  index: RegistryIndex;
  /** Paths of drafts that are registered now. */
  spentDrafts: string[];
}

/** The registry of a folder, which need not exist yet. Throws RegistryBroken. */
export function readRegistry(folder = REGISTRY_FOLDER): Registry {
  const index = readIndex(join(folder, INDEX));
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true }) : [];
  const paths = names
    .map((name) => String(name).replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.json') && path !== INDEX)
    .sort();
  const all = paths.map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
  const isDraft = ({ path }: RegistryFile) => path.endsWith(`/${DRAFT}`);
  return { index, files: all.filter((file) => !isDraft(file)), drafts: all.filter(isDraft) };
}

function readIndex(file: string): RegistryIndex {
  if (!existsSync(file)) return { files: {}, retired: [] };
  try {
    const { files, retired } = JSON.parse(readFileSync(file, 'utf8')) as Partial<RegistryIndex>;
    if (typeof files === 'object' && Array.isArray(retired)) return { files, retired };
  } catch {
    // Said below.
  }
  throw new RegistryBroken(
    `${file} is not the index of a registry: restore it; of a merge, keep the lines of both sides.`,
  );
}

export function writeRegistry(change: RegistryChange, folder = REGISTRY_FOLDER): void {
  for (const { path, text } of change.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    // `wx`: what is registered is never written again.
    writeFileSync(join(folder, path), text, { flag: 'wx' });
  }
  writeFileSync(join(folder, INDEX), indexText(change.index));
  for (const path of change.spentDrafts) rmSync(join(folder, path));
}

/** The registered versions by type, oldest first. Files that hold none are left out. */
export function versionsOf(registry: Registry): Map<string, RegisteredVersion[]> {
  const versions = registry.files.flatMap((file) => parseVersion(file) ?? []);
  versions.sort((one, other) => minorOf(one.version) - minorOf(other.version));
  return Map.groupBy(versions, ({ type }) => type);
}

export function parseVersion({ text }: RegistryFile): RegisteredVersion | undefined {
  try {
    const value = JSON.parse(text) as Partial<RegisteredVersion> | null;
    const isOne =
      typeof value?.type === 'string' &&
      typeof value.version === 'string' &&
      typeof value.schema === 'object' &&
      Array.isArray(value.samples);
    return isOne ? (value as RegisteredVersion) : undefined;
  } catch {
    return undefined;
  }
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function indexText({ files, retired }: RegistryIndex): string {
  const sorted = Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ files: sorted, retired: [...retired].sort() }, null, 2)}\n`;
}
