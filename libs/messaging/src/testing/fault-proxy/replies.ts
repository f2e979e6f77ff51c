import { randomUUID } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Violation } from './limits.js';

export interface Reply {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

/** The connection breaks instead of an answer. */
export const CUT: unique symbol = Symbol('cut');
export type ReplyOrCut = Reply | typeof CUT;

const SNS_XMLNS = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** An error in the words of the service: JSON for SQS, XML for the others. */
export function errorReply(service: 'sqs' | 'sns' | 's3', fault: Violation): Reply {
  const { code, message, status = 400 } = fault;
  const type = status >= 500 ? 'Receiver' : 'Sender';
  if (service === 'sqs') {
    const body = { __type: `com.amazonaws.sqs#${code}`, message };
    const headers = { 'x-amzn-query-error': `${code};${type}` };
    return reply(status, 'application/x-amz-json-1.0', JSON.stringify(body), headers);
  }
  const error = `<Type>${type}</Type><Code>${code}</Code><Message>${escaped(message)}</Message>`;
  const xml =
    service === 'sns'
      ? `<ErrorResponse xmlns="${SNS_XMLNS}"><Error>${error}</Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`
      : `<?xml version="1.0" encoding="UTF-8"?><Error>${error}</Error>`;
  return reply(status, 'text/xml', xml);
}

export function sqsReply(output: object): Reply {
  return reply(200, 'application/x-amz-json-1.0', JSON.stringify(output));
}

/** The JSON of an answer; an empty object when there is none. */
export function jsonOf(answer: Reply): Record<string, unknown> {
  return JSON.parse(answer.body.toString('utf8') || '{}') as Record<string, unknown>;
}

export interface FailedEntry {
  id: string;
  code: string;
  message: string;
  isSenders: boolean;
}

export function publishBatchReply(arrived: string[], failed: FailedEntry[]): Reply {
  const members = failed.map(
    ({ id, code, message, isSenders }) =>
      `<member><Id>${id}</Id><Code>${code}</Code><Message>${escaped(message)}</Message>` +
      `<SenderFault>${isSenders}</SenderFault></member>`,
  );
  return snsReply(
    'PublishBatch',
    `<Successful>${arrived.join('')}</Successful><Failed>${members.join('')}</Failed>`,
  );
}

/** An entry that arrived, or of which that is said. */
export function arrivedMember(id: string): string {
  return `<member><Id>${id}</Id><MessageId>${randomUUID()}</MessageId></member>`;
}

/** What stands under Successful in the answer to a PublishBatch: id and whole member. */
export function arrivedMembers(answer: Reply): { id: string; member: string }[] {
  const part = /<Successful>(.*?)<\/Successful>/s.exec(answer.body.toString('utf8'))?.[1] ?? '';
  return [...part.matchAll(/<member>.*?<Id>(.*?)<\/Id>.*?<\/member>/gs)].map((match) => ({
    id: match[1] ?? '',
    member: match[0],
  }));
}

/** What stands under Failed, as it is. */
export function failedMembers(answer: Reply): FailedEntry[] {
  const part = /<Failed>(.*?)<\/Failed>/s.exec(answer.body.toString('utf8'))?.[1] ?? '';
  return [...part.matchAll(/<member>(.*?)<\/member>/gs)].map(([, inner = '']) => {
    const of = (tag: string) => new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(inner)?.[1] ?? '';
    const isSenders = of('SenderFault') === 'true';
    return { id: of('Id'), code: of('Code'), message: of('Message'), isSenders };
  });
}

export function publishReply(): Reply {
  return snsReply('Publish', `<MessageId>${randomUUID()}</MessageId>`);
}

function snsReply(action: string, result: string): Reply {
  const meta = `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;
  const xml = `<${action}Response xmlns="${SNS_XMLNS}"><${action}Result>${result}</${action}Result>${meta}</${action}Response>`;
  return reply(200, 'text/xml', xml);
}

function reply(
  status: number,
  type: string,
  text: string,
  headers: OutgoingHttpHeaders = {},
): Reply {
  const body = Buffer.from(text);
  return {
    status,
    headers: { 'content-type': type, 'x-amzn-requestid': randomUUID(), ...headers },
    body,
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
