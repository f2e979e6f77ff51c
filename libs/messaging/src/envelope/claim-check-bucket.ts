import {
  CreateBucketCommand,
  GetBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { QUEUE_SETTINGS } from '@parlance/events';
import type { MessagingLog } from '../log.js';
import { INBOX_DAYS } from '../migration/partition-function.js';
import { unobserved } from '../trace/trace-context.js';

/**
 * What is put away must outlive every message that points to it. One may lie in a dead-letter
 * queue to the end of its retention, and come back as long as an inbox remembers it.
 */
const MIN_DAYS = QUEUE_SETTINGS.deadLetterRetentionSeconds / 86_400 + INBOX_DAYS;

/** Answers of learners lie there: they are not kept longer than they are of use. */
export const RETENTION_DAYS = 60;

const RULE: LifecycleRule = {
  ID: 'claim-checks-expire',
  Status: 'Enabled',
  Filter: { Prefix: '' },
  Expiration: { Days: RETENTION_DAYS },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
};

/** Makes the bucket with its rule, where an emulator knows rules. Others may do so at once. */
export async function makeBucket(s3: S3Client, bucket: string, log: MessagingLog): Promise<void> {
  await unobserved(async () => {
    try {
      await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    } catch (error) {
      if (!/BucketAlready(OwnedByYou|Exists)/.test(nameOf(error))) throw error;
    }
    try {
      const LifecycleConfiguration = { Rules: [RULE] };
      await s3.send(
        new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration }),
      );
    } catch (error) {
      const fields = { bucket, error: nameOf(error) };
      log.warn(fields, 'This S3 takes no lifecycle rule: large data is kept until it is removed');
    }
  });
}

/** Sentences on what is wrong with the bucket and its rules; rejects when S3 does not answer. */
export async function bucketFaults(s3: S3Client, bucket: string): Promise<string[]> {
  const command = new GetBucketLifecycleConfigurationCommand({ Bucket: bucket });
  try {
    const { Rules = [] } = await unobserved(() => s3.send(command));
    const expiring = Rules.filter(({ Status, Expiration }) => Status === 'Enabled' && Expiration);
    const faults: string[] = [];
    if (expiring.some((rule) => daysOf(rule) < MIN_DAYS)) {
      faults.push(`The bucket ${bucket} loses objects after less than ${MIN_DAYS} days.`);
    }
    if (!expiring.some(coversAll)) faults.push(neverExpires(bucket));
    return faults;
  } catch (error) {
    if (nameOf(error) === 'NoSuchBucket') return [`The bucket ${bucket} does not exist.`];
    if (nameOf(error) === 'NoSuchLifecycleConfiguration') return [neverExpires(bucket)];
    throw error;
  }
}

function neverExpires(bucket: string): string {
  return (
    `The bucket ${bucket} has no enabled lifecycle rule that removes every object ` +
    `after ${RETENTION_DAYS} days.`
  );
}

/** A rule may also name a date, on which everything goes, however young. */
function daysOf({ Expiration }: LifecycleRule): number {
  return Expiration?.Date === undefined ? (Expiration?.Days ?? Infinity) : 0;
}

/** False for a rule that speaks of some objects only, by prefix, tag or size. */
function coversAll({ Filter, Prefix }: LifecycleRule): boolean {
  const { Prefix: prefix, ...others } = Filter ?? {};
  return !prefix && !Prefix && Object.values(others).every((value) => value === undefined);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
