import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { notFound, Refusal } from '@parlance/kernel';
import {
  type Actor,
  Database,
  mediaKey,
  ObjectStore,
  type UploadRequest,
} from '@parlance/platform';
import { type MediaRow, MediaStore } from './db/media.store.js';
import { beginsLike, MEDIA_LIMITS } from './domain/media-type.js';

const UPLOAD_SECONDS = 900;
const READ_SECONDS = 300;

export interface AnnouncedMedia extends MediaRow {
  /** What to send to the store; absent when the file is here already. */
  upload?: UploadRequest;
}

export interface MediaLink extends MediaRow {
  url: string;
  expiresAt: string;
}

/** Sound, pictures and films of items, known by what they hold. */
@Injectable()
export class MediaFiles {
  constructor(
    private readonly database: Database,
    private readonly store: MediaStore,
    private readonly objects: ObjectStore,
  ) {}

  /** Repeated while the file is not here, it gives a new way to send it. */
  async announce(
    actor: Actor,
    file: { sha256: string; mediaType: string; bytes: number },
  ): Promise<AnnouncedMedia> {
    requireSize(file);
    const { sha256, mediaType, bytes } = file;
    const row = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.store.announce(tx, { sha256, mediaType, bytes, uploadedBy: actor.personId }),
    );
    if (row.isReady) return row;
    const key = mediaKey(actor.institutionId, sha256);
    const asked = { bytes, mediaType, sha256, seconds: UPLOAD_SECONDS };
    return { ...row, upload: await this.objects.presignedPut(key, asked) };
  }

  /**
   * Takes a file in that was sent, if it is what it was said to be; otherwise it is thrown away.
   * Repeated, it changes nothing.
   */
  async complete(actor: Actor, sha256: string): Promise<MediaRow> {
    const row = await this.find(actor, sha256);
    if (row.isReady) return row;
    const key = mediaKey(actor.institutionId, sha256);
    const head = await this.objects.head(key);
    if (head === undefined) {
      throw new Refusal('conflict', 'media-not-uploaded', 'The file has not been sent yet.');
    }
    // Size first: what is too large is not even read.
    const contents = head.bytes === row.bytes ? await this.objects.contents(key) : undefined;
    const fault = faultIn(row, contents);
    if (fault !== undefined) {
      await this.objects.delete(key);
      throw new Refusal('unprocessable', 'media-differs', fault);
    }
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      await this.store.markReady(tx, row);
      return { ...row, isReady: true };
    });
  }

  /** Takes in a file that is in our hands already, as one of a package is. */
  async keep(actor: Actor, body: Buffer, mediaType: string): Promise<MediaRow> {
    const sha256 = createHash('sha256').update(body).digest('hex');
    const file = { sha256, mediaType, bytes: body.byteLength };
    requireSize(file);
    const fault = faultIn(file, { ...file, start: body.subarray(0, 64) });
    if (fault !== undefined) throw new Refusal('unprocessable', 'media-differs', fault);
    await this.objects.put(mediaKey(actor.institutionId, sha256), body, mediaType);
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const row = await this.store.announce(tx, { ...file, uploadedBy: actor.personId });
      await this.store.markReady(tx, row);
      return { ...row, isReady: true };
    });
  }

  async link(actor: Actor, sha256: string): Promise<MediaLink> {
    const row = await this.find(actor, sha256);
    if (!row.isReady) throw notFound('media');
    const { mediaType } = row;
    const expiresAt = new Date(Date.now() + READ_SECONDS * 1000).toISOString();
    const key = mediaKey(actor.institutionId, sha256);
    const url = await this.objects.presignedGet(key, { seconds: READ_SECONDS, mediaType });
    return { ...row, url, expiresAt };
  }

  private async find(actor: Actor, sha256: string): Promise<MediaRow> {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw notFound('media');
    const row = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.store.find(tx, sha256),
    );
    if (row === undefined) throw notFound('media');
    return row;
  }
}

function requireSize({ mediaType, bytes }: { mediaType: string; bytes: number }): void {
  const most = Object.hasOwn(MEDIA_LIMITS, mediaType) ? MEDIA_LIMITS[mediaType] : undefined;
  if (most === undefined) {
    const detail = 'Files of this type cannot be in an item.';
    throw new Refusal('unsupported-media-type', 'media-type-unknown', detail);
  }
  if (bytes <= most) return;
  const detail = `A file of this type has at most ${most / (1024 * 1024)} MiB.`;
  throw new Refusal('too-large', 'media-too-large', detail, [
    { pointer: '/bytes', detail: `must be at most ${most}` },
  ]);
}

function faultIn(
  said: Omit<MediaRow, 'isReady'>,
  found: { bytes: number; sha256: string; start: Buffer } | undefined,
): string | undefined {
  if (found?.bytes !== said.bytes) return `The file does not have ${said.bytes} bytes.`;
  if (found.sha256 !== said.sha256)
    return 'The file does not have the checksum it was said to have.';
  if (!beginsLike(said.mediaType, found.start)) return `The file is not ${said.mediaType}.`;
  return undefined;
}
