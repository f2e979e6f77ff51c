import type { ReceiveMessageCommandOutput } from '@aws-sdk/client-sqs';
import type { Wire } from './wire.js';

/** The AWS JSON 1.0 protocol of SQS, for what every received message pays a tenth of. */
export const SQS_JSON: Wire = {
  operations: new Map([
    ['ReceiveMessageCommand', 'ReceiveMessage'],
    ['DeleteMessageBatchCommand', 'DeleteMessageBatch'],
    ['ChangeMessageVisibilityBatchCommand', 'ChangeMessageVisibilityBatch'],
  ]),
  headers: (operation) => ({
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `AmazonSQS.${operation}`,
  }),
  body: (_operation, input) => JSON.stringify(input),
  output(text) {
    const answer = JSON.parse(text) as Partial<ReceiveMessageCommandOutput>;
    for (const { MessageAttributes = {} } of answer.Messages ?? []) {
      for (const attribute of Object.values(MessageAttributes)) {
        // Base64 in the protocol.
        if (typeof attribute.BinaryValue !== 'string') continue;
        attribute.BinaryValue = Buffer.from(attribute.BinaryValue as string, 'base64');
      }
    }
    return answer;
  },
};
