import {
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { EVENTS, topologyOf } from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import { type AwsClients, awsClients, ensureTopology } from '@parlance/messaging';
import { messagesIn } from '@parlance/messaging/testing';
import type { TestService } from '@parlance/platform/testing';
import { DeadLetters } from '../src/dead-letters.js';

export const SCORED = 'grading.attempt-scored.v1';

export interface TestLetter {
  eventId?: Id;
  institutionId?: Id;
  fingerprint?: string;
  type?: string;
  body?: string;
  data?: object;
  traceId?: string;
}

/** The queues of the installation on-call watches, with letters as the consumers leave them. */
export class LetterQueues {
  private constructor(
    private readonly clients: AwsClients,
    private readonly prefix: string,
  ) {}

  private get sqs(): SQSClient {
    return this.clients.sqs;
  }

  static async make(oncall: TestService): Promise<LetterQueues> {
    const end = '-gradebook-from-grading-dlq';
    const [name = ''] = oncall
      .get(DeadLetters)
      .places.map((place) => place.name)
      .filter((one) => one.endsWith(end));
    const prefix = name.slice(0, -end.length);
    const clients = awsClients();
    await ensureTopology(clients, topologyOf(EVENTS, prefix), { mode: 'create' });
    return new LetterQueues(clients, prefix);
  }

  get source(): string {
    return `${this.prefix}-gradebook-from-grading`;
  }

  get deadLetters(): string {
    return `${this.source}-dlq`;
  }

  /** Puts a letter into the gradebook's dead-letter queue; returns the id of its event. */
  async put(letter: TestLetter = {}): Promise<Id> {
    const { eventId = newId(), institutionId = newId(), type = SCORED, traceId } = letter;
    const { fingerprint = 'aaaaaaaaaaaaaaaa', data = { points: 1 } } = letter;
    const envelope = {
      specversion: '1.0',
      id: eventId,
      source: '/grading',
      type,
      subject: newId(),
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data,
      tenant: institutionId,
      partitionkey: newId(),
      sequence: 1,
      ...(traceId && { traceparent: `00-${traceId}-00f067aa0ba902b7-01` }),
    };
    const texts = {
      ce_id: eventId,
      ce_type: type,
      error_code: 'schema',
      error_fingerprint: fingerprint,
      consumer: 'gradebook',
      receive_count: '1',
    };
    await this.sqs.send(
      new SendMessageCommand({
        QueueUrl: await this.url(this.deadLetters),
        MessageBody: letter.body ?? JSON.stringify(envelope),
        MessageAttributes: Object.fromEntries(
          Object.entries(texts).map(([name, StringValue]) => [
            name,
            { DataType: 'String', StringValue },
          ]),
        ),
      }),
    );
    return eventId;
  }

  async depth(name: string): Promise<number> {
    return messagesIn(this.sqs, await this.url(name));
  }

  /** The bodies in the gradebook's queue; they stay there, hidden for a while. */
  async redriven(): Promise<string[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: await this.url(this.source),
      MaxNumberOfMessages: 10,
    });
    return ((await this.sqs.send(command)).Messages ?? []).map(({ Body = '' }) => Body);
  }

  stop(): void {
    for (const client of Object.values(this.clients)) client.destroy();
  }

  private async url(name: string): Promise<string> {
    return (await this.sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl ?? '';
  }
}

/** A UUIDv7 of some days ago. */
export function idOfDaysAgo(days: number): Id {
  const time = (Date.now() - days * 86_400_000).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${newId().slice(15)}`;
}
