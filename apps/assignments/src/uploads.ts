import { Inject, Injectable } from '@nestjs/common';
import { type Clock, type Id, newId, notFound, Refusal } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import {
  type Actor,
  Database,
  ObjectStore,
  once,
  uploadKey,
  type UploadRequest,
} from '@parlance/platform';
import { AttemptForms } from './attempt-forms.js';
import { CLOCK } from './clock.js';
import { AttemptStore } from './db/attempt.store.js';
import { type Upload, UploadStore } from './db/upload.store.js';
import { type Attempt, requireUploading } from './domain/attempt.js';
import { isOfMediaType, plain } from './domain/media-type.js';
import {
  bytesOfPart,
  MAX_UPLOADS,
  type NewUpload,
  PART_BYTES,
  partCount,
  requireUploadable,
} from './domain/upload.js';

const URL_SECONDS = 900;

/**
 * Recordings and files of learners. Bytes go to the object store in parts, past this service; a
 * part that failed is sent again, and any device of the learner can go on. An upload is an answer
 * only once it is complete, of the size that was said and of the kind that its bytes say.
 */
@Injectable()
export class Uploads {
  constructor(
    private readonly database: Database,
    private readonly attempts: AttemptStore,
    private readonly store: UploadStore,
    private readonly forms: AttemptForms,
    private readonly objects: ObjectStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async begin(
    actor: Actor,
    attemptId: Id,
    given: NewUpload,
    key: string | undefined,
  ): Promise<Upload> {
    const { institutionId } = actor;
    await this.database.inInstitution(institutionId, (tx) =>
      this.requireRoom(tx, actor, attemptId, given),
    );
    const id = newId();
    const at = uploadKey(institutionId, attemptId, id);
    // Not within a transaction: the store may take its time.
    const storeUploadId = await this.objects.createMultipart(at, plain(given.mediaType));
    const upload: Upload = {
      ...{ id, attemptId, slot: given.slot, responseId: given.responseId, storeUploadId },
      ...{ mediaType: plain(given.mediaType), sizeBytes: given.sizeBytes, partBytes: PART_BYTES },
      ...{ durationSeconds: given.durationSeconds, parts: {}, status: 'open' },
    };
    const request = { actor, key, operation: `upload:${attemptId}`, body: given };
    const begun = await this.database.inInstitution(institutionId, (tx) =>
      once(tx, request, async () => {
        await this.requireRoom(tx, actor, attemptId, given);
        await this.store.insert(tx, institutionId, upload, this.clock.now());
        return upload;
      }),
    );
    if (begun.id !== id) await this.objects.abortMultipart(at, storeUploadId);
    return begun;
  }

  /** What has arrived of it, to go on from there. */
  async get(actor: Actor, attemptId: Id, id: Id): Promise<Upload> {
    const { institutionId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      await this.own(tx, actor, attemptId);
      return this.found(await this.store.find(tx, institutionId, attemptId, id));
    });
  }

  /** Where to send a part; the same part may be sent again. */
  async part(actor: Actor, attemptId: Id, id: Id, partNumber: number): Promise<UploadRequest> {
    const upload = await this.get(actor, attemptId, id);
    requireStillOpen(upload);
    const bytes = bytesOfPart(upload, partNumber);
    if (bytes === undefined) throw notFound('part');
    const part = { uploadId: upload.storeUploadId, partNumber, bytes, seconds: URL_SECONDS };
    return this.objects.presignedPart(uploadKey(actor.institutionId, attemptId, id), part);
  }

  /** Keeps the receipt of a part; two at once keep both. */
  async keepPart(
    actor: Actor,
    attemptId: Id,
    id: Id,
    part: { partNumber: number; etag: string },
  ): Promise<Upload> {
    const { institutionId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      await this.own(tx, actor, attemptId);
      const upload = this.found(await this.store.lock(tx, institutionId, attemptId, id));
      requireStillOpen(upload);
      if (bytesOfPart(upload, part.partNumber) === undefined) throw notFound('part');
      await this.store.addPart(tx, institutionId, id, part);
      return { ...upload, parts: { ...upload.parts, [part.partNumber]: part.etag } };
    });
  }

  /** Puts it together and looks at what it is; repeating it changes nothing. */
  async complete(actor: Actor, attemptId: Id, id: Id): Promise<Upload> {
    const { institutionId } = actor;
    const upload = await this.get(actor, attemptId, id);
    if (upload.status === 'completed') return upload;
    requireStillOpen(upload);
    requireAllParts(upload);
    const key = uploadKey(institutionId, attemptId, id);
    const parts = Object.entries(upload.parts).map(([partNumber, etag]) => ({
      partNumber: Number(partNumber),
      etag,
    }));
    await this.objects.completeMultipart(key, upload.storeUploadId, parts);
    const { bytes, sha256, start } = await this.objects.contents(key);
    const isRight = bytes === upload.sizeBytes && isOfMediaType(start, upload.mediaType);
    const status = isRight ? 'completed' : 'refused';
    await this.database.inInstitution(institutionId, (tx) =>
      this.store.setStatus(tx, institutionId, id, { status, sha256, at: this.clock.now() }),
    );
    if (isRight) return { ...upload, status };
    await this.objects.delete(key);
    throw notWhatItSays();
  }

  private async own(tx: Tx, actor: Actor, attemptId: Id): Promise<Attempt> {
    const attempt = await this.attempts.find(tx, actor.institutionId, attemptId);
    if (attempt?.learnerId !== actor.personId) throw notFound('attempt');
    return attempt;
  }

  private found(upload: Upload | undefined): Upload {
    if (upload === undefined) throw notFound('upload');
    return upload;
  }

  private async requireRoom(tx: Tx, actor: Actor, attemptId: Id, given: NewUpload): Promise<void> {
    const attempt = await this.own(tx, actor, attemptId);
    requireUploading(attempt, this.clock.now());
    const items = await this.forms.deliveries(tx, actor.institutionId, attempt);
    const before = await this.store.ofAttempt(tx, actor.institutionId, attemptId);
    if (before.length >= MAX_UPLOADS) {
      const detail = `An attempt can have ${MAX_UPLOADS} uploads.`;
      throw new Refusal('conflict', 'too-many-uploads', detail);
    }
    const takes = before.filter(
      ({ slot, responseId, status }) =>
        slot === given.slot && responseId === given.responseId && status === 'completed',
    );
    requireUploadable(items.get(given.slot)?.delivery, given, takes.length);
  }
}

function requireStillOpen({ status }: Upload): void {
  if (status === 'open') return;
  if (status === 'refused') throw notWhatItSays();
  throw new Refusal('conflict', 'upload-completed', 'This upload is complete.');
}

function notWhatItSays(): Refusal {
  const detail = 'The file is not of the size or kind that was said; begin a new upload.';
  return new Refusal('unprocessable', 'upload-refused', detail);
}

function requireAllParts({ parts, sizeBytes, partBytes }: Upload): void {
  const count = partCount(sizeBytes, partBytes);
  const missing = Array.from({ length: count }, (_, index) => index + 1).filter(
    (partNumber) => !Object.hasOwn(parts, String(partNumber)),
  );
  if (missing.length === 0) return;
  const detail = `Parts are missing: ${missing.slice(0, 20).join(', ')}.`;
  throw new Refusal('conflict', 'upload-incomplete', detail);
}
