import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A request as it came. */
export interface RawCall {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export type AwsCall =
  | { service: 'sqs'; action: string; input: SqsInput; raw: RawCall }
  | { service: 'sns'; action: string; form: URLSearchParams; raw: RawCall }
  | { service: 's3'; action: string; raw: RawCall };

export interface Attribute {
  DataType?: string;
  StringValue?: string;
  /** Base64. */
  BinaryValue?: string;
  StringListValues?: unknown[];
  BinaryListValues?: unknown[];
}

export type Attributes = Record<string, Attribute>;

/** A message as SQS takes it, alone or as an entry of a batch. */
export interface SqsMessage {
  MessageBody?: string;
  MessageAttributes?: Attributes;
  MessageGroupId?: string;
  MessageDeduplicationId?: string;
  DelaySeconds?: number;
}

export interface SqsEntry extends SqsMessage {
  Id?: string;
  ReceiptHandle?: string;
  VisibilityTimeout?: number;
}

export interface SqsInput extends SqsEntry {
  QueueUrl?: string;
  Entries?: SqsEntry[];
  MaxNumberOfMessages?: number;
  WaitTimeSeconds?: number;
  Attributes?: Record<string, string>;
}

/** The call in a request: SQS speaks JSON, SNS forms, and everything else is S3. */
export function readCall(raw: RawCall): AwsCall {
  const type = raw.headers['content-type'] ?? '';
  const target = String(raw.headers['x-amz-target'] ?? '');
  if (target.startsWith('AmazonSQS.')) {
    const input = JSON.parse(raw.body.toString('utf8') || '{}') as SqsInput;
    return { service: 'sqs', action: target.slice('AmazonSQS.'.length), input, raw };
  }
  if (raw.method === 'POST' && type.includes('x-www-form-urlencoded')) {
    const form = new URLSearchParams(raw.body.toString('utf8'));
    return { service: 'sns', action: form.get('Action') ?? '', form, raw };
  }
  return { service: 's3', action: raw.method, raw };
}

/** The last part of a queue's URL or a topic's ARN. */
export function nameIn(address: string | undefined | null): string {
  return (address ?? '').split(/[/:]/).at(-1) ?? '';
}

/** What stays the same of a message wherever and however often it is seen. */
export function identityOf(body: string, attributes: Attributes | undefined): string {
  const id = attributes?.ce_id?.StringValue;
  return id ?? createHash('sha256').update(body).digest('hex').slice(0, 32);
}

/** Bytes as SQS and SNS count them: body, and names, types and values of attributes. */
export function bytesOf(body: string, attributes: Attributes = {}): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { DataType = '', StringValue, BinaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    bytes += Buffer.byteLength(StringValue ?? '');
    bytes += Buffer.from(BinaryValue ?? '', 'base64').byteLength;
  }
  return bytes;
}
