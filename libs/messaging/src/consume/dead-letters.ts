import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import {
  type MessageAttributes,
  messageBytes,
  textAttribute,
} from '../envelope/message-attributes.js';
import { unobserved } from '../trace/trace-context.js';
import type { DeadLetterReason } from './errors.js';
import type { HeldMessage } from './held-message.js';

/** Most attributes SQS takes on one message, and most bytes with them. */
const MAX_ATTRIBUTES = 10;
const MAX_BYTES = 1_048_576;

/**
 * The original's attributes with the reason beside them. Ours are left out one by one when there
 * is no room, the original's never.
 */
export function deadLetterAttributes(
  message: Pick<HeldMessage, 'attributes' | 'receiveCount' | 'body'>,
  reason: DeadLetterReason,
  consumer: string,
): MessageAttributes {
  const ours: [string, string][] = [
    ['error_code', reason.code],
    ['error_fingerprint', reason.fingerprint],
    ['consumer', consumer],
    ['receive_count', String(message.receiveCount)],
  ];
  const names = new Set(ours.map(([name]) => name));
  // A letter that was redriven and failed again carries its earlier reason.
  const original = Object.entries(message.attributes)
    .filter(([name, value]) => !names.has(name) && (value.StringValue || value.BinaryValue))
    .slice(0, MAX_ATTRIBUTES)
    // Their list members, which SQS gives back empty, it would not take.
    .map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { DataType, ...(StringValue && { StringValue }), ...(BinaryValue && { BinaryValue }) },
    ]);
  const attributes = Object.fromEntries(original) as MessageAttributes;
  for (const [name, value] of ours.slice(0, MAX_ATTRIBUTES - original.length)) {
    const more = { ...attributes, [name]: textAttribute(value) };
    if (messageBytes(message.body, more) > MAX_BYTES) break;
    attributes[name] = textAttribute(value);
  }
  return attributes;
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
