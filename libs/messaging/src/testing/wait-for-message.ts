import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { eventually } from './eventually.js';

export interface WaitForMessage {
  sqs: SQSClient;
  queueUrl: string;
  /** Which message is meant; any by default. Others are left where they are. */
  matches?: (message: Message) => boolean;
  timeoutMs?: number;
}

/** Takes the message out of a queue nobody else reads, such as a dead-letter queue. */
export function waitForMessage(wait: WaitForMessage): Promise<Message> {
  const { sqs, queueUrl: QueueUrl, matches = () => true, timeoutMs } = wait;
  return eventually(
    async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 1,
          VisibilityTimeout: 1,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        }),
      );
      const found = Messages.find(matches);
      if (found) {
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: found.ReceiptHandle }));
      }
      return found;
    },
    () => `a message in ${QueueUrl}`,
    timeoutMs,
  );
}
