import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { messageBytes } from '../envelope/message-attributes.js';
import { unobserved } from '../trace/trace-context.js';
import type { ReceivedLetter } from './dead-letter.js';
import { sendable, withoutReason } from './reason-attributes.js';

/** Entries and bytes of one SendMessageBatch, by the bound every SQS has. */
const BATCH_ENTRIES = 10;
const BATCH_BYTES = 256 * 1024;

/** The letters in their order, cut into what one batch call takes. */
export function letterBatches(
  letters: readonly ReceivedLetter[],
  mostEntries = BATCH_ENTRIES,
): ReceivedLetter[][] {
  const entries = Math.min(BATCH_ENTRIES, Math.max(1, mostEntries));
  const batches: ReceivedLetter[][] = [];
  let bytes = 0;
  for (const letter of letters) {
    const size = messageBytes(letter.body, letter.attributes);
    const last = batches.at(-1);
    if (last && last.length < entries && bytes + size <= BATCH_BYTES) {
      last.push(letter);
      bytes += size;
    } else {
      batches.push([letter]);
      bytes = size;
    }
  }
  return batches;
}

/**
 * Sends one batch to a queue as the messages once were: same body, same attributes but for the
 * reason we added, same group. Returns those that have arrived; rejects when nothing is known.
 */
export async function sendLetters(
  sqs: SQSClient,
  url: string,
  batch: readonly ReceivedLetter[],
): Promise<ReceivedLetter[]> {
  const command = new SendMessageBatchCommand({
    QueueUrl: url,
    Entries: batch.map(({ letter, body, attributes, groupId }, index) => ({
      Id: String(index),
      MessageBody: body,
      // What SNS could not deliver has met no consumer: its attributes are all its own.
      MessageAttributes:
        letter.kind === 'unhandled' ? withoutReason(attributes) : sendable(attributes),
      ...(groupId !== undefined && { MessageGroupId: groupId }),
    })),
  });
  const { Successful = [] } = await unobserved(() => sqs.send(command));
  const arrived = new Set(Successful.map(({ Id }) => Id));
  return batch.filter((_, index) => arrived.has(String(index)));
}
