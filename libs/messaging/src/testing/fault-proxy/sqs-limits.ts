import { bytesOf, type SqsEntry, type SqsInput, type SqsMessage } from './aws-call.js';
import {
  batchFault,
  groupFault,
  MAX_ATTRIBUTES,
  messageFault,
  rangeFault,
  type Violation,
  violation,
} from './limits.js';

/** Of a message, and of a batch of them together. */
const MAX_BYTES = 1_048_576;

const ATTRIBUTE_RANGES: Record<string, [number, number]> = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, MAX_BYTES],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
};

/** Why SQS would refuse the whole call, if it would. */
export function sqsCallFault(action: string, input: SqsInput): Violation | undefined {
  switch (action) {
    case 'SendMessage':
      return sentFault(input);
    case 'ReceiveMessage':
      return (
        rangeFault('MaxNumberOfMessages', input.MaxNumberOfMessages, 1, 10) ??
        rangeFault('VisibilityTimeout', input.VisibilityTimeout, 0, 43_200) ??
        rangeFault('WaitTimeSeconds', input.WaitTimeSeconds, 0, 20)
      );
    case 'ChangeMessageVisibility':
      return rangeFault('VisibilityTimeout', input.VisibilityTimeout, 0, 43_200);
    case 'SendMessageBatch':
      return entriesFault(input) ?? totalFault(input.Entries ?? []);
    case 'DeleteMessageBatch':
    case 'ChangeMessageVisibilityBatch':
      return entriesFault(input);
    case 'CreateQueue':
    case 'SetQueueAttributes':
      return settingsFault(input.Attributes ?? {});
    default:
      return undefined;
  }
}

/** Why SQS would refuse this entry of a batch and take the others. */
export function sqsEntryFault(action: string, entry: SqsEntry): Violation | undefined {
  if (action === 'SendMessageBatch') return sentFault(entry);
  if (action === 'ChangeMessageVisibilityBatch') {
    return rangeFault('VisibilityTimeout', entry.VisibilityTimeout, 0, 43_200);
  }
  return undefined;
}

function entriesFault({ Entries = [] }: SqsInput): Violation | undefined {
  return batchFault(Entries.map(({ Id }) => Id));
}

function sentFault(message: SqsMessage): Violation | undefined {
  const { MessageBody = '', MessageAttributes = {} } = message;
  const count = Object.keys(MessageAttributes).length;
  if (count > MAX_ATTRIBUTES) {
    const text = `Number of message attributes [${count}] exceeds the allowed maximum [10].`;
    return violation('InvalidParameterValue', text);
  }
  if (MessageBody === '') return violation('MissingParameter', 'MessageBody is required.');
  return (
    messageFault(MessageBody, MessageAttributes, MAX_BYTES) ??
    groupFault('MessageGroupId', message.MessageGroupId) ??
    groupFault('MessageDeduplicationId', message.MessageDeduplicationId) ??
    rangeFault('DelaySeconds', message.DelaySeconds, 0, 900)
  );
}

function totalFault(entries: SqsEntry[]): Violation | undefined {
  const sizes = entries.map((entry) => bytesOf(entry.MessageBody ?? '', entry.MessageAttributes));
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  if (total <= MAX_BYTES) return undefined;
  const message = `Batch requests cannot be longer than ${MAX_BYTES} bytes. You have sent ${total} bytes.`;
  return violation('BatchRequestTooLong', message);
}

function settingsFault(attributes: Record<string, string>): Violation | undefined {
  for (const [name, [low, high]] of Object.entries(ATTRIBUTE_RANGES)) {
    const text = attributes[name];
    const fault = rangeFault(name, text === undefined ? undefined : Number(text), low, high);
    if (fault) return violation('InvalidAttributeValue', fault.message);
  }
  return undefined;
}
