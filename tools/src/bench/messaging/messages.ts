import {
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { newId } from '@parlance/kernel';
import { BenchScored } from './bench-event.js';
import type { BenchData } from './protocol.js';

/** One message of the bench before it is sent. */
export interface Draft {
  tenant: string;
  waitMs: number;
  /** 0 when age is not measured. */
  dueAtMs: number;
}

const REMARK = 'A clear answer; the past perfect is used where it belongs. '.repeat(3).trim();

function hex(length: number): string {
  return newId().replaceAll('-', '').repeat(2).slice(-length);
}

function dataOf(scoreId: string, draft: Draft): BenchData {
  return { scoreId, points: 7, waitMs: draft.waitMs, dueAtMs: draft.dueAtMs, remark: REMARK };
}

/** Body, attributes and group as our relay sends them: about 0.8 KB. */
function entryOf(draft: Draft, index: number) {
  const [id, subject] = [newId(), newId()];
  const traceId = hex(32);
  const traceparent = `00-${traceId}-${hex(16)}-01`;
  const envelope = {
    specversion: '1.0',
    id,
    source: '/grading',
    type: BenchScored.type,
    subject,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: dataOf(subject, draft),
    traceparent,
    tenant: draft.tenant,
    partitionkey: subject,
    sequence: 1,
    correlationid: traceId,
    causationid: newId(),
  };
  const attributes: Record<string, string> = {
    ce_id: id,
    ce_type: BenchScored.type,
    ce_subject: subject,
    tenant: draft.tenant,
    traceparent,
  };
  return {
    Id: String(index),
    MessageBody: JSON.stringify(envelope),
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, value]): [string, MessageAttributeValue] => [
        name,
        { DataType: 'String', StringValue: value },
      ]),
    ),
    MessageGroupId: draft.tenant,
  };
}

/** Sends at most ten. */
export async function sendBatch(sqs: SQSClient, queueUrl: string, drafts: Draft[]): Promise<void> {
  const command = new SendMessageBatchCommand({
    QueueUrl: queueUrl,
    Entries: drafts.map((draft, index) => entryOf(draft, index)),
  });
  const { Failed = [] } = await sqs.send(command);
  if (Failed.length > 0) throw new Error(`SQS did not take a message: ${Failed[0]?.Message}`);
}

/** Fills a queue before it is read. */
export async function preload(sqs: SQSClient, queueUrl: string, drafts: Draft[]): Promise<void> {
  const left = [...drafts];
  const sender = async () => {
    while (left.length > 0) await sendBatch(sqs, queueUrl, left.splice(0, 10));
  };
  await Promise.all(Array.from({ length: 8 }, sender));
}
