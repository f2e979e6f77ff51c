import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Refusal } from '@parlance/kernel';
import { s3Client } from '@parlance/messaging';
import { inSpan, SpanKind } from '@parlance/telemetry';
import { errorName, isMissing, refusalOfStore } from './object-store-errors.js';
import type { ObjectContents, ObjectHead, UploadedPart, UploadRequest } from './stored-objects.js';

export interface ObjectStoreSettings {
  /** None: every call is refused. */
  bucket: string | undefined;
  /** True in an emulator, where nobody else makes the bucket. */
  createsBucket: boolean;
}

const CALL_MS = 10_000;
/** Reading a whole object of the greatest size we take. */
const READ_MS = 60_000;
const START_BYTES = 64;

/**
 * Large things in S3: bytes go between it and the client, past our services, by URLs that are
 * signed for a short time. Keys name the institution first after the kind, and whoever signs has
 * checked who asks. Every failure is a Refusal; 503 while S3 is away.
 */
export class ObjectStore {
  private made: Promise<void> | undefined;

  constructor(
    private readonly settings: ObjectStoreSettings,
    // A checksum the SDK adds by itself would be signed into URLs, over a body it does not have.
    private readonly s3: S3Client = s3Client(process.env, {
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    }),
  ) {}

  async put(key: string, body: Uint8Array, mediaType: string): Promise<void> {
    const input = { Key: key, Body: body, ContentType: mediaType };
    await this.call((Bucket, abortSignal) =>
      this.s3.send(new PutObjectCommand({ Bucket, ...input }), { abortSignal }),
    );
  }

  /** The object as a stream; its reader must read or destroy it. */
  async get(key: string): Promise<Readable> {
    const { Body } = await this.call(
      (Bucket, abortSignal) =>
        this.s3.send(new GetObjectCommand({ Bucket, Key: key }), { abortSignal }),
      READ_MS,
    );
    return Body as Readable;
  }

  /** Undefined when there is no such object. */
  async head(key: string): Promise<ObjectHead | undefined> {
    return this.call(async (Bucket, abortSignal) => {
      try {
        const command = new HeadObjectCommand({ Bucket, Key: key });
        const { ContentLength, ContentType } = await this.s3.send(command, { abortSignal });
        return { bytes: ContentLength ?? 0, mediaType: ContentType ?? '' };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    });
  }

  /** Reads the object to its end, keeping none of it: S3 itself may not have checked a checksum. */
  async contents(key: string): Promise<ObjectContents> {
    const body = await this.get(key);
    const hash = createHash('sha256');
    let bytes = 0;
    let start = Buffer.alloc(0);
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        hash.update(chunk);
        bytes += chunk.length;
        if (start.length < START_BYTES) {
          start = Buffer.concat([start, chunk.subarray(0, START_BYTES - start.length)]);
        }
      }
    } catch (error) {
      throw refusalOfStore(error);
    }
    return { bytes, sha256: hash.digest('hex'), start };
  }

  /** Another object of the same bytes and type, made within the store. */
  async copy(from: string, to: string): Promise<void> {
    await this.call(
      (Bucket, abortSignal) =>
        this.s3.send(
          new CopyObjectCommand({
            ...{ Bucket, Key: to },
            CopySource: [Bucket, ...from.split('/')].map(encodeURIComponent).join('/'),
          }),
          { abortSignal },
        ),
      READ_MS,
    );
  }

  /** Repeated, or of what is not there: nothing happens. */
  async delete(key: string): Promise<void> {
    await this.call((Bucket, abortSignal) =>
      this.s3.send(new DeleteObjectCommand({ Bucket, Key: key }), { abortSignal }),
    );
  }

  /**
   * A URL that gives the object to whoever has it, for `seconds`. The answer carries the media
   * type given here, so that a browser never guesses.
   */
  presignedGet(key: string, options: { seconds: number; mediaType: string }): Promise<string> {
    const response = {
      ResponseContentType: options.mediaType,
      ResponseCacheControl: `private, max-age=${options.seconds}`,
    };
    return this.call((Bucket) =>
      getSignedUrl(this.s3, new GetObjectCommand({ Bucket, Key: key, ...response }), {
        expiresIn: options.seconds,
      }),
    );
  }

  /** An upload of exactly these bytes: size, type and SHA-256 (hexadecimal) are signed for. */
  presignedPut(
    key: string,
    upload: { bytes: number; mediaType: string; sha256: string; seconds: number },
  ): Promise<UploadRequest> {
    const { bytes, mediaType, seconds } = upload;
    const checksum = Buffer.from(upload.sha256, 'hex').toString('base64');
    return this.call(async (Bucket) => {
      const command = new PutObjectCommand({
        ...{ Bucket, Key: key, ContentType: mediaType, ContentLength: bytes },
        ChecksumSHA256: checksum,
      });
      const url = await getSignedUrl(this.s3, command, {
        expiresIn: seconds,
        signableHeaders: new Set(['host', 'content-type', 'content-length']),
        unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
      });
      const headers = { 'content-type': mediaType, 'x-amz-checksum-sha256': checksum };
      return { method: 'PUT', url, headers };
    });
  }

  async createMultipart(key: string, mediaType: string): Promise<string> {
    const { UploadId } = await this.call((Bucket, abortSignal) =>
      this.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: key, ContentType: mediaType }), {
        abortSignal,
      }),
    );
    if (UploadId === undefined) throw new Error('S3 began an upload without an id.');
    return UploadId;
  }

  /**
   * An upload of one part of exactly `bytes`. The same part may be sent again; the last one counts.
   * Its answer's ETag is the receipt that `completeMultipart` needs: keep it when the client tells
   * it, because listing parts is not something every S3 can do.
   */
  presignedPart(
    key: string,
    part: { uploadId: string; partNumber: number; bytes: number; seconds: number },
  ): Promise<UploadRequest> {
    const { uploadId: UploadId, partNumber: PartNumber, bytes, seconds } = part;
    return this.call(async (Bucket) => {
      const command = new UploadPartCommand({
        ...{ Bucket, Key: key, UploadId, PartNumber },
        ContentLength: bytes,
      });
      const url = await getSignedUrl(this.s3, command, {
        expiresIn: seconds,
        signableHeaders: new Set(['host', 'content-length']),
      });
      return { method: 'PUT', url, headers: {} };
    });
  }

  /** Puts the parts together; repeated after a lost answer it finds the object and is content. */
  async completeMultipart(key: string, uploadId: string, parts: UploadedPart[]): Promise<void> {
    const Parts = [...parts]
      .sort((one, other) => one.partNumber - other.partNumber)
      .map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag }));
    const input = { Key: key, UploadId: uploadId, MultipartUpload: { Parts } };
    try {
      await this.call((Bucket, abortSignal) =>
        this.s3.send(new CompleteMultipartUploadCommand({ Bucket, ...input }), { abortSignal }),
      );
    } catch (error) {
      const isGone = error instanceof Refusal && error.code === 'upload-gone';
      if (!isGone || (await this.head(key)) === undefined) throw error;
    }
  }

  /** Gives an upload up, with its parts; repeated, or after it was completed, nothing happens. */
  async abortMultipart(key: string, uploadId: string): Promise<void> {
    await this.call(async (Bucket, abortSignal) => {
      const command = new AbortMultipartUploadCommand({ Bucket, Key: key, UploadId: uploadId });
      await this.s3.send(command, { abortSignal }).catch((error: unknown) => {
        if (errorName(error) !== 'NoSuchUpload') throw error;
      });
    });
  }

  /** Nest's hook: a service that stops keeps no connection open. */
  onModuleDestroy(): void {
    this.close();
  }

  close(): void {
    this.s3.destroy();
  }

  private async call<R>(
    work: (bucket: string, signal: AbortSignal) => Promise<R>,
    patienceMs = CALL_MS,
  ): Promise<R> {
    const { bucket } = this.settings;
    if (bucket === undefined) {
      const detail = 'This platform has nowhere to keep media and recordings.';
      throw new Refusal('unavailable', 'object-store-missing', detail);
    }
    try {
      return await inSpan('object store', { kind: SpanKind.CLIENT }, async () => {
        await this.makeBucket(bucket);
        return work(bucket, AbortSignal.timeout(patienceMs));
      });
    } catch (error) {
      throw refusalOfStore(error);
    }
  }

  /** Once per process, when it is first needed: an emulator that is away stops no service. */
  private makeBucket(bucket: string): Promise<void> {
    if (!this.settings.createsBucket) return Promise.resolve();
    this.made ??= this.s3.send(new CreateBucketCommand({ Bucket: bucket })).then(
      () => undefined,
      (error: unknown) => {
        if (/BucketAlready(OwnedByYou|Exists)/.test(errorName(error))) return;
        this.made = undefined;
        throw error;
      },
    );
    return this.made;
  }
}
