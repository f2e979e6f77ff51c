import { setImmediate } from 'node:timers/promises';
import type { ItemDelivery, MediaRef, ScoringSpec, Stimulus } from '@parlance/assessment';
import { strToU8, zipSync } from 'fflate';
import type { Zippable } from 'fflate';
import { type Loss, Losses } from '../losses.js';
import type { ExportVersion } from './export-version.js';
import { fileNames, xmlName } from './file-names.js';
import { itemElement } from './item-writing.js';
import { manifestElement } from './manifest-writing.js';
import type { Resource } from './manifest-writing.js';
import { stimulusElement } from './stimulus-writing.js';
import { testElement } from './test-writing.js';
import type { TestToWrite } from './test-writing.js';
import type { Writing } from './writing.js';
import { documentText } from './xml-writing.js';
import type { XmlNode } from './xml-writing.js';

export interface ItemToWrite {
  itemVersionId: string;
  delivery: ItemDelivery;
  scoring: ScoringSpec;
}

export interface PackageToWrite {
  version: ExportVersion;
  items: readonly ItemToWrite[];
  test?: TestToWrite;
}

/** What became of one item or of the test. */
export interface WrittenFile {
  file: string;
  itemVersionId?: string;
  identifier: string;
  losses: Loss[];
}

export interface WrittenPackage {
  zip: Buffer;
  files: WrittenFile[];
}

/** The bytes of a picture, sound or film by SHA-256; null when they are gone. */
export type MediaSource = (sha256: string) => Promise<Uint8Array | null>;

/** When the files in a zip claim to be written: the same package is the same bytes each time. */
const WRITTEN_ON = new Date(Date.UTC(2000, 0, 1, 12));

/**
 * Items, and a test where there is one, as a content package that any reader of that version of
 * QTI takes. What QTI cannot say is a loss of the item; the package holds keys, as QTI does.
 */
export async function writePackage(
  { version, items, test }: PackageToWrite,
  mediaOf: MediaSource,
): Promise<WrittenPackage> {
  const writer = new PackageWriter(version);
  const names = fileNames(items.map((one) => one.delivery.identifier));
  const hrefs = new Map<string, string>();
  const files: WrittenFile[] = [];
  for (const [index, item] of items.entries()) {
    // Writing holds the thread, so others get a turn between two items.
    await setImmediate();
    const { itemVersionId, delivery } = item;
    const file = `items/${names[index] ?? index}.xml`;
    const losses = new Losses();
    const stimulus = delivery.stimulus === undefined ? [] : [writer.stimulus(delivery.stimulus)];
    writer.document('item', file, stimulus, (writing) =>
      itemElement(item, { ...writing, losses }, stimulus[0] && `../${stimulus[0]}`),
    );
    await writer.loadMedia(mediaOf, losses);
    hrefs.set(itemVersionId, file);
    files.push({ file, itemVersionId, identifier: delivery.identifier, losses: losses.list });
  }
  if (test !== undefined) {
    const losses = new Losses();
    writer.document('test', 'test.xml', [...hrefs.values()], (writing) =>
      testElement(test, { ...writing, losses }, (id) => hrefs.get(id)),
    );
    await writer.loadMedia(mediaOf, losses);
    files.push({ file: 'test.xml', identifier: test.identifier, losses: losses.list });
  }
  return { zip: writer.zip(test?.identifier ?? 'items'), files };
}

class PackageWriter {
  private readonly resources: Resource[] = [];
  private readonly texts: Zippable = {};
  private readonly media = new Map<string, { path: string; bytes: Uint8Array | null }>();
  private readonly wanted = new Map<string, string>();

  constructor(private readonly version: ExportVersion) {}

  document(
    kind: Resource['kind'],
    href: string,
    needs: readonly string[],
    write: (writing: Writing) => XmlNode,
  ): void {
    const used: string[] = [];
    const up = href.includes('/') ? '../' : '';
    const root = write({
      version: this.version,
      losses: new Losses(),
      hrefOf: (media) => {
        const path = pathOf(media);
        this.wanted.set(media.sha256, path);
        used.push(path);
        return `${up}${path}`;
      },
    });
    this.texts[href] = strToU8(documentText(root, this.version));
    this.resources.push({ kind, href, needs: [...new Set([...needs, ...used])] });
  }

  /** Writes a shared text once; gives its path. */
  stimulus(stimulus: Stimulus): string {
    const href = `stimuli/${stimulus.id.slice(0, 32)}.xml`;
    if (!Object.hasOwn(this.texts, href)) {
      this.document('stimulus', href, [], (writing) => stimulusElement(stimulus, writing));
    }
    return href;
  }

  /** The files that the last document asked for; one that is gone is a loss of whoever needs it. */
  async loadMedia(mediaOf: MediaSource, losses: Losses): Promise<void> {
    for (const [sha256, path] of this.wanted) {
      const found = this.media.get(sha256) ?? { path, bytes: await mediaOf(sha256) };
      this.media.set(sha256, found);
      if (found.bytes !== null) continue;
      losses.add('media-missing', `The file ${path} is not there any more.`);
    }
    this.wanted.clear();
  }

  zip(identifier: string): Buffer {
    const stored: Zippable = {};
    for (const { path, bytes } of this.media.values()) {
      if (bytes === null) continue;
      // Pictures and sounds are compressed already.
      stored[path] = [bytes, { level: 0 }];
      this.resources.push({ kind: 'media', href: path, needs: [] });
    }
    const manifest = manifestElement(
      xmlName(`package-${identifier}`),
      this.resources,
      this.version,
    );
    const files: Zippable = {
      'imsmanifest.xml': strToU8(documentText(manifest, this.version)),
      ...this.texts,
      ...stored,
    };
    return Buffer.from(zipSync(files, { mtime: WRITTEN_ON }));
  }
}

function pathOf({ sha256, mediaType }: MediaRef): string {
  const [, ending = 'bin'] = /^[a-z]+\/([a-z0-9]{1,10})$/.exec(mediaType) ?? [];
  return `media/${sha256}.${ending}`;
}
