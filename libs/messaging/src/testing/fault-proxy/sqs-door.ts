import { type AwsCall, identityOf, nameIn, type SqsEntry, type SqsInput } from './aws-call.js';
import type { Decisions } from './decisions.js';
import type { FaultSettings } from './fault-settings.js';
import { violation } from './limits.js';
import { CUT, errorReply, jsonOf, type Reply, type ReplyOrCut, sqsReply } from './replies.js';
import { sqsEntryFault } from './sqs-limits.js';
import type { Traffic } from './traffic.js';
import { type Upstream, withBody } from './upstream.js';

export type SqsCall = Extract<AwsCall, { service: 'sqs' }>;

export interface DoorParts {
  upstream: Upstream;
  decisions: Decisions;
  traffic: Traffic;
  settings: () => FaultSettings;
  /** Address of the proxy, in the place of the emulator's in what it answers. */
  address: () => string;
}

interface Received {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  MessageAttributes?: SqsEntry['MessageAttributes'];
  Attributes?: Record<string, string>;
}

interface FailedSqsEntry {
  Id: string | undefined;
  Code: string;
  Message: string;
  SenderFault: boolean;
}

/** Times an event may be held back; its tries are limited, and this must not use them up. */
const MAX_HOLD_BACKS = 2;

/** Calls to SQS, and what happens to them on the way. */
export class SqsDoor {
  constructor(private readonly parts: DoorParts) {}

  /** What a call is about, the same however often it is made. */
  identityOf({ action, input }: SqsCall): string {
    const queue = nameIn(input.QueueUrl);
    const entries = input.Entries ?? [input];
    return `${action} ${queue} ${entries.map((entry) => this.entryIdentity(entry)).join()}`;
  }

  pass(call: SqsCall, signal: AbortSignal): Promise<ReplyOrCut> {
    switch (call.action) {
      case 'ReceiveMessage':
        return this.receive(call, signal);
      case 'DeleteMessage':
      case 'DeleteMessageBatch':
        return this.delete(call);
      case 'SendMessageBatch':
      case 'ChangeMessageVisibilityBatch':
        return this.inPart(call, call.input.Entries ?? [], []);
      default:
        return this.forward(call);
    }
  }

  private async forward(call: SqsCall, signal?: AbortSignal): Promise<Reply> {
    return this.rewritten(await this.parts.upstream.forward(call.raw, signal));
  }

  private async receive(call: SqsCall, signal: AbortSignal): Promise<Reply> {
    const answer = await this.forward(call, signal);
    if (answer.status !== 200) return answer;
    const output = jsonOf(answer) as { Messages?: Received[] };
    const { QueueUrl } = call.input;
    const kept: { message: Received; place: number }[] = [];
    for (const [index, message] of (output.Messages ?? []).entries()) {
      const identity = `${nameIn(QueueUrl)} ${identityOf(message.Body, message.MessageAttributes)}`;
      await this.copy(QueueUrl, message, identity);
      if (await this.holdsBack(QueueUrl, message, identity)) continue;
      this.parts.traffic.wasReceived(message.MessageId, message.ReceiptHandle, identity);
      const { decisions } = this.parts;
      const moves = decisions.happens('shuffle', identity);
      const place = moves ? decisions.size('shuffle', identity, 0, 10) - 0.5 : index;
      kept.push({ message, place });
    }
    const Messages = kept.sort((a, b) => a.place - b.place).map(({ message }) => message);
    return sqsReply(Messages.length > 0 ? { ...output, Messages } : {});
  }

  private async copy(QueueUrl: string | undefined, message: Received, identity: string) {
    const { decisions, settings, upstream } = this.parts;
    if (!decisions.happens('duplicateReceive', identity, 1)) return;
    const copies = decisions.size('duplicateReceive', identity, 1, settings().maxCopies);
    const { Body: MessageBody, MessageAttributes = {}, Attributes } = message;
    const attributes = Object.entries(MessageAttributes).map(([name, value]) => {
      const { DataType, StringValue, BinaryValue } = value;
      return [name, { DataType, StringValue, BinaryValue }];
    });
    const MessageGroupId = Attributes?.MessageGroupId;
    for (let count = 0; count < copies; count += 1) {
      await upstream.sqs('SendMessage', {
        QueueUrl,
        MessageBody,
        MessageAttributes: Object.fromEntries(attributes),
        MessageGroupId,
      });
    }
  }

  private async holdsBack(
    QueueUrl: string | undefined,
    { ReceiptHandle }: Received,
    identity: string,
  ): Promise<boolean> {
    const { decisions, settings, upstream } = this.parts;
    if (!decisions.happens('holdBack', identity, MAX_HOLD_BACKS)) return false;
    const VisibilityTimeout = decisions.size('holdBack', identity, 1, settings().holdBackSeconds);
    const input = { QueueUrl, ReceiptHandle, VisibilityTimeout };
    return (await upstream.sqs('ChangeMessageVisibility', input)).status === 200;
  }

  private async delete(call: SqsCall): Promise<ReplyOrCut> {
    const { decisions } = this.parts;
    const identity = this.identityOf(call);
    if (decisions.happens('refuseDelete', identity)) {
      return errorReply('sqs', violation('InternalError', 'The fault proxy says no.', 500));
    }
    const isLost = (entry: SqsEntry) =>
      decisions.happens(
        'loseDelete',
        `${nameIn(call.input.QueueUrl)} ${this.entryIdentity(entry)}`,
      );
    let answer: Reply;
    if (call.input.Entries === undefined) {
      answer = isLost(call.input) ? sqsReply({}) : await this.forward(call);
    } else {
      const lost = call.input.Entries.filter(isLost);
      const left = call.input.Entries.filter((entry) => !lost.includes(entry));
      answer = await this.inPart(call, left, lost);
    }
    return decisions.happens('loseDeleteAnswer', identity) ? CUT : answer;
  }

  /** Forwards the entries of a batch that may pass; `said` are answered as done without being so. */
  private async inPart(call: SqsCall, entries: SqsEntry[], said: SqsEntry[]): Promise<Reply> {
    const failed: FailedSqsEntry[] = [];
    const queue = nameIn(call.input.QueueUrl);
    const left = entries.filter((entry) => {
      const fault = sqsEntryFault(call.action, entry);
      const identity = `${call.action} ${queue} ${this.entryIdentity(entry)}`;
      if (fault) {
        const { code: Code, message: Message } = fault;
        this.parts.traffic.wasRefused(Code);
        failed.push({ Id: entry.Id, Code, Message, SenderFault: true });
      } else if (this.parts.decisions.happens('failEntry', identity)) {
        const Message = 'The fault proxy says no.';
        failed.push({ Id: entry.Id, Code: 'InternalError', Message, SenderFault: false });
      } else return true;
      return false;
    });
    const done = said.map(({ Id }) => ({ Id }));
    if (left.length === 0) return sqsReply({ Successful: done, Failed: failed });
    const input: SqsInput = { ...call.input, Entries: left };
    const answer = await this.parts.upstream.forward(withBody(call.raw, JSON.stringify(input)));
    if (answer.status !== 200) return answer;
    const { Successful = [], Failed = [] } = jsonOf(answer) as Record<string, object[]>;
    return sqsReply({ Successful: [...Successful, ...done], Failed: [...Failed, ...failed] });
  }

  /** Queue URLs in answers lead back here, for clients that use them as addresses. */
  private rewritten(answer: Reply): Reply {
    const text = answer.body.toString('utf8');
    if (!text.includes('"QueueUrl')) return answer;
    // The emulator's are no valid URLs: a number as the last part of a host makes an address of it.
    const rewrite = (url: string) => url.replace(/^https?:\/\/[^/]+/, this.parts.address());
    const output = JSON.parse(text) as { QueueUrl?: string; QueueUrls?: string[] };
    if (output.QueueUrl) output.QueueUrl = rewrite(output.QueueUrl);
    if (output.QueueUrls) output.QueueUrls = output.QueueUrls.map(rewrite);
    return sqsReply(output);
  }

  private entryIdentity(entry: SqsEntry): string {
    if (entry.MessageBody !== undefined) {
      return identityOf(entry.MessageBody, entry.MessageAttributes);
    }
    return this.parts.traffic.identityOf(entry.ReceiptHandle);
  }
}
