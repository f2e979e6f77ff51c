import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { pause } from '../backoff.js';
import { inTens } from '../consume/in-tens.js';
import { awsClients } from '../localstack-client/index.js';
import type { MessageAttributes } from '../envelope/message-attributes.js';
import { messagesIn } from './settle.js';

/** A message with what must survive every move: its body and all of its attributes. */
export interface QueueMessage {
  body: string;
  attributes: MessageAttributes;
  groupId?: string | undefined;
}

interface Taken extends QueueMessage {
  handle: string;
}

/** Queues as a test handles them from the outside. */
export class QueueAccess {
  private readonly sqs: SQSClient;

  constructor(endpoint: string) {
    const clients = awsClients({ AWS_ENDPOINT_URL: endpoint });
    this.sqs = clients.sqs;
    clients.sns.destroy();
    clients.s3.destroy();
  }

  async queue(name: string): Promise<LetterQueue> {
    const { QueueUrl } = await this.sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    return new LetterQueue(this.sqs, QueueUrl ?? '');
  }

  close(): void {
    this.sqs.destroy();
  }
}

export class LetterQueue {
  constructor(
    private readonly sqs: SQSClient,
    private readonly url: string,
  ) {}

  /** Visible, in flight and delayed. */
  count(): Promise<number> {
    return messagesIn(this.sqs, this.url);
  }

  async send({ body, attributes, groupId }: QueueMessage): Promise<void> {
    await this.sqs.send(
      new SendMessageCommand({
        QueueUrl: this.url,
        MessageBody: body,
        MessageAttributes: attributes,
        ...(groupId !== undefined && { MessageGroupId: groupId }),
      }),
    );
  }

  /** Everything visible, for a queue nobody else reads: it is visible again afterwards. */
  async look(): Promise<QueueMessage[]> {
    const taken = await this.take(Infinity);
    for (const batch of inTens(taken)) {
      const Entries = batch.map(({ handle: ReceiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle,
        VisibilityTimeout: 0,
      }));
      const command = { QueueUrl: this.url, Entries };
      await this.sqs.send(new ChangeMessageVisibilityBatchCommand(command));
    }
    return taken.map(({ body, attributes }) => ({ body, attributes }));
  }

  /** Moves up to `limit` messages as they are, `perSecond` at most. Returns how many. */
  async moveTo(target: LetterQueue, limit = Infinity, perSecond = Infinity): Promise<number> {
    const taken = await this.take(limit);
    const began = performance.now();
    for (const [index, message] of taken.entries()) {
      await pause(Math.max(0, (index / perSecond) * 1000 - (performance.now() - began)));
      // First there, then gone here: in between it is twice, which is better than not at all.
      await target.send(message);
      const Entries = [{ Id: '0', ReceiptHandle: message.handle }];
      await this.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.url, Entries }));
    }
    return taken.length;
  }

  private async take(limit: number): Promise<Taken[]> {
    const taken: Taken[] = [];
    while (taken.length < limit) {
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: this.url,
          MaxNumberOfMessages: Math.min(10, limit - taken.length),
          WaitTimeSeconds: 0,
          VisibilityTimeout: 120,
          MessageAttributeNames: ['All'],
        }),
      );
      if (Messages.length === 0) break;
      for (const { Body = '', MessageAttributes = {}, ReceiptHandle = '' } of Messages) {
        const attributes = Object.entries(MessageAttributes).map(([name, value]) => {
          const { DataType, StringValue, BinaryValue } = value;
          const kept = { DataType, ...(StringValue && { StringValue }) };
          return [name, BinaryValue ? { ...kept, BinaryValue } : kept];
        });
        const named = Object.fromEntries(attributes) as MessageAttributes;
        taken.push({ body: Body, attributes: named, handle: ReceiptHandle });
      }
    }
    return taken;
  }
}
