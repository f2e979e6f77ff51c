import { errorFields, type MessagingLog } from '../log.js';
import type { HeldMessage } from './held-message.js';
import { inTens } from './in-tens.js';
import type { QueueCalls } from './queue-calls.js';

/**
 * Lets messages come again after some seconds, here or elsewhere. What cannot be given back comes
 * again as well, when its visibility ends.
 */
export async function giveBack(
  calls: QueueCalls,
  messages: readonly HeldMessage[],
  seconds: number,
  log: MessagingLog,
): Promise<void> {
  const batches = inTens(messages.filter((message) => !message.isLost));
  await Promise.all(
    batches.map(async (batch) => {
      try {
        const handles = batch.map(({ receiptHandle }) => receiptHandle);
        await calls.setVisibility(handles, seconds);
      } catch (error) {
        log.warn(errorFields(error), 'Messages come again only when hidden no more');
      }
    }),
  );
}
