import { createHash } from 'node:crypto';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type Id, Refusal } from '@parlance/kernel';
import type { ResolvedConfig } from '../config.js';
import { unobserved } from '../trace/trace-context.js';

/** Where data too large for a message lies, and what it must hash to. */
export interface ClaimCheck {
  bucket: string;
  key: string;
  sha256: string;
  bytes: number;
}

/** Above it data goes to S3; SNS takes 256 KiB and a batch shares that. */
export const LARGE_DATA_BYTES = 200 * 1024;

/** What lies in S3 is not what was put there. */
export class ClaimCheckBroken extends Error {
  override readonly name = 'ClaimCheckBroken';
}

/** Keeps data too large for a message; without a bucket such data is refused. */
export class LargeData {
  private readonly bucket: string | undefined;

  constructor(
    private readonly s3: S3Client,
    private readonly config: Pick<ResolvedConfig, 'claimCheckBucket' | 'service' | 'topologyMode'>,
  ) {
    this.bucket = config.claimCheckBucket;
  }

  /**
   * Puts the data away before the outbox row commits, so that a published pointer always leads
   * somewhere. A rollback leaves an orphan, which the bucket's lifecycle removes.
   */
  async put(eventId: Id, data: object): Promise<ClaimCheck> {
    const body = Buffer.from(JSON.stringify(data));
    if (this.bucket === undefined) {
      throw new Refusal('too-large', 'event-too-large', 'This holds more than can be passed on.');
    }
    const check = {
      bucket: this.bucket,
      key: `${this.config.service}/${eventId}.json`,
      sha256: sha256(body),
      bytes: body.byteLength,
    };
    try {
      await this.write(check, body);
    } catch (error) {
      if (!isNoBucket(error) || this.config.topologyMode !== 'create') throw error;
      await unobserved(() => this.s3.send(new CreateBucketCommand({ Bucket: check.bucket })));
      await this.write(check, body);
    }
    return check;
  }

  private async write({ bucket, key }: ClaimCheck, body: Buffer): Promise<void> {
    const ContentType = 'application/json';
    const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType });
    await unobserved(() => this.s3.send(command));
  }

  async get(check: ClaimCheck): Promise<unknown> {
    // A message must not make us read from a bucket of somebody else's choice.
    if (check.bucket !== this.bucket) throw new ClaimCheckBroken('bucket');
    const object = await unobserved(() =>
      this.s3.send(new GetObjectCommand({ Bucket: check.bucket, Key: check.key })),
    );
    const body = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
    if (sha256(body) !== check.sha256) throw new ClaimCheckBroken('hash');
    return JSON.parse(body.toString('utf8')) as unknown;
  }
}

function isNoBucket(error: unknown): boolean {
  return error instanceof Error && error.name === 'NoSuchBucket';
}

function sha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}
