import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type Id, Refusal } from '@parlance/kernel';
import type { ResolvedConfig } from '../config.js';
import { type MessagingLog, silentLog } from '../log.js';
import { unobserved } from '../trace/trace-context.js';
import { bucketFaults, makeBucket } from './claim-check-bucket.js';

/** Where data too large for a message lies, and what it must hash to. */
export interface ClaimCheck {
  bucket: string;
  key: string;
  sha256: string;
  bytes: number;
}

/** Above it data goes to S3; SNS takes 256 KiB and a batch shares that. */
export const LARGE_DATA_BYTES = 200 * 1024;

/** Most that an event may hold: it is in memory as a whole, here and in every consumer. */
export const MAX_DATA_BYTES = 16 * 1024 * 1024;

/**
 * Longest that S3 may take. Writing happens within the transaction of what the event tells about,
 * which holds locks and a connection.
 */
const WRITE_MS = 8_000;
const READ_MS = 20_000;

/** Why the data of an event cannot be had, now or ever. */
export type ClaimCheckFault = 'foreign-bucket' | 'malformed' | 'gone' | 'altered';

const SENTENCES: Record<ClaimCheckFault, string> = {
  'foreign-bucket': 'The data of the event lies in a bucket that is not ours.',
  malformed: 'The pointer to the data of the event is not one of ours.',
  gone: 'The data of the event is gone from its bucket.',
  altered: 'The data of the event is not what was put into the bucket.',
};

/** The data of an event will never be had: it goes to the dead-letter queue, with this reason. */
export class ClaimCheckBroken extends Error {
  override readonly name = 'ClaimCheckBroken';

  constructor(readonly fault: ClaimCheckFault) {
    super(`${fault}: ${SENTENCES[fault]}`);
  }
}

/** S3 does not answer, or not us: no event is at fault, and trying again later helps. */
export class LargeDataUnavailable extends Error {
  override readonly name = 'LargeDataUnavailable';
}

type Config = Pick<ResolvedConfig, 'claimCheckBucket' | 'service' | 'topologyMode'>;

/** Keeps data too large for a message; without a bucket such data is refused. */
export class LargeData {
  private readonly bucket: string | undefined;

  constructor(
    private readonly s3: S3Client,
    private readonly config: Config,
    private readonly log: MessagingLog = silentLog,
  ) {
    this.bucket = config.claimCheckBucket;
  }

  /**
   * Sentences on what is wrong with the bucket where it comes from the infrastructure code; empty
   * when all is well. In an emulator the bucket is made when it is first needed.
   */
  async faults(): Promise<string[]> {
    if (this.bucket === undefined || this.config.topologyMode === 'create') return [];
    return bucketFaults(this.s3, this.bucket);
  }

  /**
   * Puts the data away before the outbox row commits, so that a published pointer always leads
   * somewhere. A rollback leaves an orphan, which nobody points to and the bucket's lifecycle
   * removes. Throws a Refusal: 413 when it is too much, 503 while S3 does not take it.
   */
  async put(eventId: Id, data: object): Promise<ClaimCheck> {
    const body = Buffer.from(JSON.stringify(data));
    if (this.bucket === undefined || body.byteLength > MAX_DATA_BYTES) {
      throw new Refusal('too-large', 'event-too-large', 'This holds more than can be passed on.');
    }
    const check = {
      bucket: this.bucket,
      key: `${this.config.service}/${eventId}.json`,
      sha256: sha256(body),
      bytes: body.byteLength,
    };
    try {
      await this.writeSomewhere(check, body);
    } catch (error) {
      this.log.warn({ error: nameOf(error) }, 'S3 does not take the data of an event');
      const detail = 'This cannot be passed on at the moment; try again.';
      throw new Refusal('unavailable', 'large-data-unavailable', detail, [], 5);
    }
    return check;
  }

  /**
   * The data of an event. Throws ClaimCheckBroken when it can never be had, LargeDataUnavailable
   * when S3 is the one to blame.
   */
  async get(check: ClaimCheck, eventId: Id): Promise<unknown> {
    const { bucket, key, bytes } = this.checked(check, eventId);
    const body = await this.read(bucket, key, bytes);
    if (body.byteLength !== bytes || sha256(body) !== check.sha256) {
      throw new ClaimCheckBroken('altered');
    }
    return JSON.parse(body.toString('utf8')) as unknown;
  }

  /** A message must not make us read what somebody else chose: not elsewhere, and not without end. */
  private checked(check: ClaimCheck, eventId: Id): ClaimCheck {
    // It came with a message, and may be anything.
    const { bucket, key, sha256: hash, bytes } = (check ?? {}) as Partial<ClaimCheck>;
    if (typeof bucket !== 'string') throw new ClaimCheckBroken('malformed');
    if (bucket !== this.bucket) throw new ClaimCheckBroken('foreign-bucket');
    const isOwnKey = typeof key === 'string' && KEY.exec(key)?.[1] === eventId;
    const isSize = Number.isSafeInteger(bytes) && (bytes as number) <= MAX_DATA_BYTES;
    if (!isOwnKey || !isSize || typeof hash !== 'string') throw new ClaimCheckBroken('malformed');
    return check;
  }

  private async read(bucket: string, key: string, bytes: number): Promise<Buffer> {
    try {
      const object = await unobserved(() =>
        this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }), {
          abortSignal: AbortSignal.timeout(READ_MS),
        }),
      );
      if (object.ContentLength !== undefined && object.ContentLength !== bytes) {
        // Not read to its end, so the connection is of no more use.
        (object.Body as { destroy?: () => void } | undefined)?.destroy?.();
        throw new ClaimCheckBroken('altered');
      }
      return Buffer.from((await object.Body?.transformToByteArray()) ?? []);
    } catch (error) {
      if (error instanceof ClaimCheckBroken) throw error;
      if (nameOf(error) === 'NoSuchKey') throw new ClaimCheckBroken('gone');
      throw new LargeDataUnavailable(`S3 did not give an object: ${nameOf(error)}`, {
        cause: error,
      });
    }
  }

  private async writeSomewhere(check: ClaimCheck, body: Buffer): Promise<void> {
    try {
      await this.write(check, body);
    } catch (error) {
      if (nameOf(error) !== 'NoSuchBucket' || this.config.topologyMode !== 'create') throw error;
      await makeBucket(this.s3, check.bucket, this.log);
      await this.write(check, body);
    }
  }

  private async write({ bucket, key }: ClaimCheck, body: Buffer): Promise<void> {
    const ContentType = 'application/json';
    const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType });
    await unobserved(() => this.s3.send(command, { abortSignal: AbortSignal.timeout(WRITE_MS) }));
  }
}

/** Of the producing service and the event: nobody can point to the data of another event. */
const KEY = /^[a-z]{1,40}\/([0-9a-f-]{36})\.json$/;

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function sha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}
