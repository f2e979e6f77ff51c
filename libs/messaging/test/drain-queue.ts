import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { EventEnvelope } from '@parlance/events';
import type { MessageAttributes } from '../src/envelope/message-attributes.js';

export interface Arrived {
  body: string;
  event: EventEnvelope;
  attributes: MessageAttributes;
}

/** Takes everything out of a queue, in the order in which it comes. */
export async function drainQueue(sqs: SQSClient, url: string): Promise<Arrived[]> {
  const all: Arrived[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 0,
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return all;
    for (const { Body = '', MessageAttributes = {} } of Messages) {
      const attributes = MessageAttributes as MessageAttributes;
      all.push({ body: Body, event: parse(Body), attributes });
    }
    const Entries = Messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
  }
}

/** The event in a body; an empty one when the body is not JSON. */
function parse(body: string): EventEnvelope {
  try {
    return JSON.parse(body) as EventEnvelope;
  } catch {
    return {} as EventEnvelope;
  }
}
