import { setImmediate } from 'node:timers/promises';
import type { Stimulus } from '@parlance/assessment';
import { FileFault } from './file-fault.js';
import type { ItemReading } from './item.js';
import { PACKAGE_LIMITS } from './limits.js';
import type { Loss } from './losses.js';
import { mediaFile, mediaPathsIn } from './media.js';
import type { MediaFile } from './media.js';
import { shown } from './paths.js';
import type { PackageParts } from './reading.js';
import { readStimulus, stimulusPathsIn } from './stimulus.js';
import { mediaBytesIn } from './writing/media-bytes.js';
import { parseXml } from './xml.js';
import type { XmlElement } from './xml.js';
import type { Archive } from './zip.js';

/** The files of one package as items need them: each is read once, and only if one does. */
export class PackageFiles implements PackageParts {
  readonly media = new Map<string, MediaFile | string>();
  readonly stimuli = new Map<string, Stimulus | string>();
  private readonly losses = new Map<string, readonly Loss[]>();

  constructor(private readonly archive: Archive) {}

  /** @throws FileFault when the file is missing, damaged or malformed. */
  async document(path: string): Promise<XmlElement> {
    // Parsing holds the thread, so others get a turn between two files.
    await setImmediate();
    return parseXml(await this.archive.read(path));
  }

  /** All that the document refers to, whether or not it can be used. */
  async partsOf(file: string, document: XmlElement): Promise<PackageParts> {
    for (const path of mediaPathsIn(file, document)) await this.loadMedia(path);
    for (const path of stimulusPathsIn(file, document)) await this.loadStimulus(path);
    return this;
  }

  /** The media of the items, by SHA-256; what only refused items use is left behind. */
  mediaOf(items: readonly ItemReading[]): Map<string, MediaFile> {
    const used = mediaBytesIn(items.map(({ delivery }) => delivery));
    const found = [...this.media.values()].filter(
      (one): one is MediaFile => typeof one !== 'string' && used.has(one.sha256),
    );
    return new Map(found.map((one) => [one.sha256, one]));
  }

  /** Files that items refer to, with why they could not be used. */
  used(): { file: string; reason?: string; losses?: readonly Loss[] }[] {
    return [...this.media, ...this.stimuli].map(([file, one]) => {
      const losses = this.losses.get(file) ?? [];
      return typeof one === 'string' ? { file: shown(file), reason: one } : { file, losses };
    });
  }

  private async loadMedia(path: string): Promise<void> {
    if (this.media.has(path)) return;
    this.media.set(
      path,
      await orReason(async () => {
        return mediaFile(path, await this.archive.read(path, PACKAGE_LIMITS.mediaBytes));
      }),
    );
  }

  private async loadStimulus(path: string): Promise<void> {
    if (this.stimuli.has(path)) return;
    const read = await orReason(async () => {
      const document = await this.document(path);
      for (const media of mediaPathsIn(path, document)) await this.loadMedia(media);
      const { stimulus, losses } = readStimulus(path, document, this);
      this.losses.set(path, losses.list);
      return stimulus;
    });
    this.stimuli.set(path, read);
  }
}

async function orReason<T>(read: () => Promise<T>): Promise<T | string> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof FileFault) return error.reason;
    throw error;
  }
}
