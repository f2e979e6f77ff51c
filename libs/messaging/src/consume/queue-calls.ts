import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { until } from '../localstack-client/direct-calls.js';
import { unobserved } from '../trace/trace-context.js';

/** Attributes that are not asked for are not given. */
const SYSTEM_ATTRIBUTES = [
  'ApproximateReceiveCount',
  'SentTimestamp',
  'ApproximateFirstReceiveTimestamp',
  'MessageGroupId',
  'SequenceNumber',
  'AWSTraceHeader',
] as const;

/** What became of one entry of a batch: undefined is success. */
export type EntryFault = { code: string; isOurs: boolean } | undefined;

/** The calls to one queue, unseen by instrumentation. */
export class QueueCalls {
  constructor(
    private readonly sqs: SQSClient,
    /** Asked at every call: the queue may have been made again meanwhile. */
    private readonly url: () => Promise<string>,
  ) {}

  async receive(waitSeconds: number, visibilitySeconds: number, signal: AbortSignal) {
    const command = new ReceiveMessageCommand({
      QueueUrl: await this.url(),
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: visibilitySeconds,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: [...SYSTEM_ATTRIBUTES],
    });
    const answer = await unobserved(() => this.sqs.send(command, until(this.sqs, command, signal)));
    return {
      messages: answer.Messages ?? ([] as Message[]),
      requestId: answer.$metadata.requestId,
    };
  }

  /** At most ten handles. Rejects when the whole call failed. */
  async setVisibility(handles: string[], seconds: number): Promise<EntryFault[]> {
    const command = new ChangeMessageVisibilityBatchCommand({
      QueueUrl: await this.url(),
      Entries: handles.map((ReceiptHandle, index) => ({
        Id: String(index),
        ReceiptHandle,
        VisibilityTimeout: seconds,
      })),
    });
    const { Failed = [] } = await unobserved(() => this.sqs.send(command));
    return faultsOf(handles.length, Failed);
  }

  /** At most ten handles. Rejects when the whole call failed. */
  async delete(handles: string[]): Promise<EntryFault[]> {
    const command = new DeleteMessageBatchCommand({
      QueueUrl: await this.url(),
      Entries: handles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle })),
    });
    const { Failed = [] } = await unobserved(() => this.sqs.send(command));
    return faultsOf(handles.length, Failed);
  }
}

function faultsOf(
  count: number,
  failed: { Id?: string; Code?: string; SenderFault?: boolean }[],
): EntryFault[] {
  const faults = new Map(failed.map((entry) => [entry.Id, entry]));
  return Array.from({ length: count }, (_, index) => {
    const fault = faults.get(String(index));
    return fault && { code: fault.Code ?? 'unknown', isOurs: fault.SenderFault === true };
  });
}
