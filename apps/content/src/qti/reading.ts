import type { Stimulus } from '@parlance/assessment';
import { type ImportPolicy, IMPORT_POLICY } from './import-policy.js';
import { Losses } from './losses.js';
import type { MediaFile } from './media.js';
import { documentOf, type QtiVersion } from './version.js';
import type { XmlElement } from './xml.js';
import { flag } from './xml-reading.js';

/** Other files of the package that items refer to, by path; a text says why one cannot be used. */
export interface PackageParts {
  media: ReadonlyMap<string, MediaFile | string>;
  stimuli: ReadonlyMap<string, Stimulus | string>;
}

export const NO_PARTS: PackageParts = { media: new Map(), stimuli: new Map() };

/** What reading one file carries along. */
export interface Reading {
  file: string;
  version: QtiVersion;
  policy: ImportPolicy;
  parts: PackageParts;
  losses: Losses;
  /** Feedback is kept for whoever tries; of any other item it is left out. */
  isAdaptive: boolean;
}

/** @throws FileFault for a version that is not read. */
export function startReading(
  file: string,
  document: XmlElement,
  parts: PackageParts,
): { reading: Reading; root: XmlElement } {
  const losses = new Losses();
  const { version, root } = documentOf(document, losses);
  const isAdaptive = flag(root, 'adaptive', false);
  const policy = IMPORT_POLICY[version];
  return { reading: { file, version, policy, parts, losses, isAdaptive }, root };
}
