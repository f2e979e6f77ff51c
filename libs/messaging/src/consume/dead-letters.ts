import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { withReason } from '../dead-letters/reason-attributes.js';
import type { MessageAttributes } from '../envelope/message-attributes.js';
import { unobserved } from '../trace/trace-context.js';
import type { DeadLetterReason } from './errors.js';
import type { HeldMessage } from './held-message.js';

/** The original's attributes, and why it is a dead letter. */
export function deadLetterAttributes(
  message: Pick<HeldMessage, 'attributes' | 'receiveCount' | 'body'>,
  reason: DeadLetterReason,
  consumer: string,
): MessageAttributes {
  return withReason(message, {
    error_code: reason.code,
    error_fingerprint: reason.fingerprint,
    consumer,
    receive_count: String(message.receiveCount),
  });
}

/** Puts messages nobody can handle where an engineer finds them. */
export class DeadLetters {
  constructor(
    private readonly sqs: SQSClient,
    private readonly url: () => Promise<string>,
    private readonly consumer: string,
  ) {}

  /** Resolves only when the letter has arrived: until then the original must not be deleted. */
  async send(message: HeldMessage, reason: DeadLetterReason): Promise<void> {
    const command = new SendMessageCommand({
      QueueUrl: await this.url(),
      MessageBody: message.body,
      MessageAttributes: deadLetterAttributes(message, reason, this.consumer),
      ...(message.groupId !== undefined && { MessageGroupId: message.groupId }),
    });
    await unobserved(() => this.sqs.send(command));
  }
}
