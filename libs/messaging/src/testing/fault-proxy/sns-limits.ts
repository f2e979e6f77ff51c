import { bytesOf } from './aws-call.js';
import {
  batchFault,
  groupFault,
  MAX_ATTRIBUTES,
  messageFault,
  type Violation,
  violation,
} from './limits.js';
import type { SnsEntry } from './sns-form.js';

/** Of a topic with default settings: a message, and a batch of them together. */
const MAX_BYTES = 262_144;

export function snsBatchFault(entries: SnsEntry[]): Violation | undefined {
  const fault = batchFault(entries.map(({ id }) => id));
  if (fault) return fault;
  const total = entries.reduce((sum, entry) => sum + bytesOf(entry.message, entry.attributes), 0);
  if (total <= MAX_BYTES) return undefined;
  return violation('BatchRequestTooLong', `Batches have at most ${MAX_BYTES} bytes, not ${total}.`);
}

/** Why SNS would refuse a message. */
export function snsEntryFault(entry: SnsEntry): Violation | undefined {
  if (entry.message === '') return violation('InvalidParameter', 'Empty message');
  const fault =
    messageFault(entry.message, entry.attributes, MAX_BYTES) ??
    groupFault('MessageGroupId', entry.groupId) ??
    groupFault('MessageDeduplicationId', entry.deduplicationId);
  // The same rules as in SQS, by another name.
  return fault && violation('InvalidParameter', `Invalid parameter: ${fault.message}`);
}

/**
 * With raw delivery, which every subscription of ours has, a message with more attributes than SQS
 * takes is accepted by SNS and then thrown away as a client error.
 */
export function isDiscarded(entry: SnsEntry): boolean {
  return Object.keys(entry.attributes).length > MAX_ATTRIBUTES;
}
