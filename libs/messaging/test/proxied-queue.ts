import {
  CreateTopicCommand,
  PublishBatchCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { textAttribute } from '../src/envelope/message-attributes.js';
import { type AwsClients, awsClients } from '../src/index.js';
import {
  type Emulator,
  type FaultProxy,
  type FaultSettings,
  messagesIn,
  startEmulator,
  startFaultProxy,
} from '../src/testing/index.js';
import { uniquePrefix } from './fixtures.js';
import { drainQueue } from './drain-queue.js';

/** One topic and its raw queue in a real emulator, spoken to through a proxy by a real client. */
export class ProxiedQueue {
  emulator: Emulator;
  proxy: FaultProxy;
  /** Leads through the proxy; no call is repeated by the client. */
  clients: AwsClients;
  queueUrl: string;
  topicArn: string;
  private readonly stops: (() => Promise<unknown>)[] = [];

  install(): this {
    beforeAll(async () => {
      this.emulator = await startEmulator();
    });
    beforeEach(() => this.renew({}));
    afterEach(async () => {
      await Promise.all(this.stops.splice(0).map((stop) => stop()));
    });
    afterAll(() => this.emulator?.stop());
    return this;
  }

  /** A proxy with these faults before a fresh queue. */
  async renew(faults: Partial<FaultSettings>, seed = 7, name = uniquePrefix()): Promise<void> {
    this.proxy = await startFaultProxy({ upstream: this.emulator.endpoint, seed });
    this.clients = this.through(this.proxy);
    const queue = await this.clients.sqs.send(new CreateQueueCommand({ QueueName: name }));
    const topic = await this.clients.sns.send(new CreateTopicCommand({ Name: name }));
    this.queueUrl = queue.QueueUrl ?? '';
    this.topicArn = topic.TopicArn ?? '';
    const asked = { QueueUrl: this.queueUrl, AttributeNames: ['QueueArn' as const] };
    const { Attributes } = await this.clients.sqs.send(new GetQueueAttributesCommand(asked));
    await this.clients.sns.send(
      new SubscribeCommand({
        TopicArn: this.topicArn,
        Protocol: 'sqs',
        Endpoint: Attributes?.QueueArn,
        Attributes: { RawMessageDelivery: 'true' },
      }),
    );
    const { proxy } = this;
    this.stops.push(() => proxy.stop());
    proxy.set(faults);
  }

  /** Clients of ours but for the repeating of calls, which would hide what became of the first. */
  through(proxy: FaultProxy): AwsClients {
    const { s3 } = awsClients({ AWS_ENDPOINT_URL: proxy.endpoint });
    const config = {
      endpoint: proxy.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
      useQueueUrlAsEndpoint: false,
    };
    const clients = { s3, sqs: new SQSClient(config), sns: new SNSClient(config) };
    this.stops.push(async () => Object.values(clients).forEach((client) => client.destroy()));
    return clients;
  }

  send(body: string, rest: object = {}) {
    return this.clients.sqs.send(
      new SendMessageCommand({ QueueUrl: this.queueUrl, MessageBody: body, ...rest }),
    );
  }

  /** Publishes events of these ids, all in one batch. */
  publish(...ids: string[]) {
    const PublishBatchRequestEntries = ids.map((id, index) => ({
      Id: `e${index}`,
      Message: `{"id":"${id}"}`,
      MessageAttributes: { ce_id: textAttribute(id) },
    }));
    const command = { TopicArn: this.topicArn, PublishBatchRequestEntries };
    return this.clients.sns.send(new PublishBatchCommand(command));
  }

  async receive(rest: object = {}): Promise<Message[]> {
    const { Messages = [] } = await this.clients.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: this.queueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        ...rest,
      }),
    );
    return Messages;
  }

  delete(messages: Message[]) {
    const Entries = messages.map(({ ReceiptHandle }, at) => ({ Id: `e${at}`, ReceiptHandle }));
    return this.clients.sqs.send(
      new DeleteMessageBatchCommand({ QueueUrl: this.queueUrl, Entries }),
    );
  }

  /** Messages in the queue, asked of the emulator itself. */
  count(): Promise<number> {
    return messagesIn(this.emulator.clients.sqs, this.queueUrl);
  }

  /** Event ids that wait in the queue; takes them out. */
  async ids(): Promise<string[]> {
    const arrived = await drainQueue(this.emulator.clients.sqs, this.queueUrl);
    return arrived.map(({ event }) => event.id);
  }
}

export const ids = (count: number) => Array.from({ length: count }, (_, index) => `id-${index}`);
