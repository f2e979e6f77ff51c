import { PublishCommand } from '@aws-sdk/client-sns';
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { EventDefinition, EventEnvelope } from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import { type AwsClients, awsClients } from '@parlance/messaging';
import { createLogger, startTelemetry } from '@parlance/telemetry';
import type { Database } from '../database/database.js';
import { migrate } from '../database/migrate.js';
import { type RunningService, startService } from '../service.js';
import { readServiceConfig } from '../service-config.js';
import type { ServiceDefinition } from '../service-definition.js';
import { createTestDatabase } from './test-database.js';
import { startTestTokens, type TestTokens, type TokenOptions } from './test-tokens.js';

export interface TestAnswer {
  status: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- its shape is what tests assert
  body: any;
  headers: Headers;
}

export interface TestRequest {
  token?: string;
  body?: unknown;
  /** Sent as it is, with the content type of `headers`. */
  raw?: string | Uint8Array;
  headers?: Record<string, string>;
}

export interface Delivery<T> {
  institutionId: Id;
  version: number;
  data: T;
  subject?: Id;
  /** Delivering the same id again is a duplicate. */
  eventId?: Id;
  /** Told again as a part of this replay: to the service's queue alone, as its owner does it. */
  replayId?: Id;
  /** Where the data lies when it is too large for a message; then the envelope is without it. */
  dataref?: object;
}

export const TEST_OPERATOR_SECRET = 'test-operator-secret-of-32-characters';

let telemetryStarted = false;
let serial = 0;

/** A service as it runs in production, on a database, queues and token keys of its own. */
export class TestService {
  private constructor(
    private readonly running: RunningService,
    private readonly tokens: TestTokens,
    private readonly prefix: string,
    private readonly name: string,
    private readonly clients: AwsClients,
    private readonly dropDatabase: () => Promise<void>,
  ) {}

  static async start(
    definition: ServiceDefinition,
    options: { env?: Record<string, string> } = {},
  ): Promise<TestService> {
    if (!telemetryStarted) startTelemetry({ service: 'test' });
    telemetryStarted = true;
    serial += 1;
    const prefix = `t${process.pid}-${serial}-${Math.random().toString(36).slice(2, 7)}`;
    const tokens = await startTestTokens();
    const database = await createTestDatabase(definition.name);
    process.env.AWS_ENDPOINT_URL = process.env.TEST_AWS_ENDPOINT_URL;
    Object.assign(process.env, options.env);
    const config = readServiceConfig({
      PORT: '0',
      DATABASE_URL: database.appUrl,
      DATABASE_POOL_SIZE: '8',
      TOKEN_JWKS_URL: tokens.jwksUrl,
      OPERATOR_SECRET: TEST_OPERATOR_SECRET,
      TOPOLOGY_PREFIX: prefix,
      TOPOLOGY_MODE: 'create',
      OBJECT_BUCKET: `${prefix}-objects`,
      ...options.env,
    });
    const appRole = new URL(database.appUrl).username;
    await migrate(database.ownerUrl, appRole, definition.migrations);
    const logger = createLogger(definition.name, process.env.TEST_LOG_LEVEL ?? 'silent');
    const running = await startService(definition, config, logger);
    const { TOPOLOGY_PREFIX: own } = config;
    return new TestService(running, tokens, own, definition.name, awsClients(), database.drop);
  }

  get database(): Database {
    return this.running.database;
  }

  get port(): number {
    return this.running.port;
  }

  get<T>(token: abstract new (...args: never[]) => T): T {
    return this.running.app.get<T>(token as never);
  }

  institution(): Id {
    return newId();
  }

  token(options: TokenOptions): Promise<string> {
    return this.tokens.issue(options);
  }

  async request(method: string, path: string, options: TestRequest = {}): Promise<TestAnswer> {
    const { token, body, raw, headers = {} } = options;
    const sent: Record<string, string> = { ...headers };
    if (token !== undefined) sent.authorization = `Bearer ${token}`;
    if (body !== undefined) sent['content-type'] = 'application/json';
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`http://127.0.0.1:${this.port}/api/v1${path}`, {
      method,
      headers: sent,
      redirect: 'manual',
      ...(payload === undefined ? {} : { body: payload as string }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      body: isJson ? JSON.parse(text) : text,
      headers: response.headers,
    };
  }

  /** Through the real topic and queue; rejects with the reason when it ends as a dead letter. */
  async deliver<T extends object>(
    event: EventDefinition<T>,
    delivery: Delivery<NoInfer<T>>,
  ): Promise<void> {
    const id = await this.publish(event, delivery);
    await this.applied(event, id);
  }

  async publish<T extends object>(
    event: EventDefinition<T>,
    delivery: Delivery<NoInfer<T>>,
  ): Promise<Id> {
    const { institutionId, version, data, replayId, eventId = newId(), dataref } = delivery;
    const subject = delivery.subject ?? String(data[event.subject]);
    const envelope: EventEnvelope<T | object> = {
      specversion: '1.0',
      id: eventId,
      source: `/${event.owner}`,
      type: event.type,
      subject,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data: dataref === undefined ? data : {},
      ...(dataref !== undefined && { dataref }),
      tenant: institutionId,
      partitionkey: subject,
      sequence: version,
    };
    const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
    const attributes = {
      ce_id: attribute(eventId),
      ce_type: attribute(event.type),
      ce_subject: attribute(subject),
      tenant: attribute(institutionId),
    };
    const message = JSON.stringify(envelope);
    if (replayId !== undefined) {
      const name = `${this.prefix}-${this.name}-from-${event.owner}`;
      await this.sendTo(name, message, { ...attributes, replay_id: attribute(replayId) });
      return eventId;
    }
    await this.clients.sns.send(
      new PublishCommand({
        TopicArn: `arn:aws:sns:us-east-1:000000000000:${this.prefix}-${event.owner}-events`,
        Message: message,
        MessageAttributes: attributes,
      }),
    );
    return eventId;
  }

  private async sendTo(
    queue: string,
    message: string,
    attributes: Record<string, { DataType: string; StringValue: string }>,
  ): Promise<void> {
    const { sqs } = this.clients;
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
    const body = { QueueUrl, MessageBody: message, MessageAttributes: attributes };
    await sqs.send(new SendMessageCommand(body));
  }

  /** A call of an operator to a route below `/internal`. */
  async operate(method: string, path: string, body?: unknown): Promise<TestAnswer> {
    const response = await fetch(`http://127.0.0.1:${this.port}/internal/${path}`, {
      method,
      headers: {
        authorization: `Operator ${TEST_OPERATOR_SECRET}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json(), headers: response.headers };
  }

  /** Waits until the inbox has the event; a duplicate of one it has resolves at once. */
  private async applied(event: { type: string; owner: string }, id: Id): Promise<void> {
    const deadLetters = `${this.prefix}-${this.name}-from-${event.owner}-dlq`;
    const deadline = Date.now() + 30_000;
    for (;;) {
      const rows = await this.database.asMessaging((tx) =>
        tx.query('SELECT 1 FROM inbox WHERE event_id = $1', [id]),
      );
      if (rows.length > 0) return;
      const reason = await this.deadLetterReason(deadLetters);
      if (reason !== undefined) throw new Error(`${event.type} became a dead letter: ${reason}`);
      if (Date.now() > deadline) throw new Error(`${event.type} was not applied within 30 s.`);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }

  private async deadLetterReason(queue: string): Promise<string | undefined> {
    const { sqs } = this.clients;
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'], WaitTimeSeconds: 0 }),
    );
    const message = Messages?.[0];
    if (message === undefined) return undefined;
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
    return message.MessageAttributes?.error_code?.StringValue ?? 'unknown';
  }

  /** What this service wrote to its outbox, oldest first. */
  async emitted<T extends object>(event: EventDefinition<T>): Promise<EventEnvelope<T>[]> {
    const rows = await this.database.asMessaging((tx) =>
      tx.query<{ envelope: EventEnvelope<T> }>(
        'SELECT envelope FROM outbox WHERE type = $1 ORDER BY id',
        [event.type],
      ),
    );
    return rows.map((row) => row.envelope);
  }

  async stop(): Promise<void> {
    for (const part of this.running.parts) await part.close();
    await this.tokens.stop();
    await this.dropDatabase();
  }
}

export function startTestService(
  definition: ServiceDefinition,
  options: { env?: Record<string, string> } = {},
): Promise<TestService> {
  return TestService.start(definition, options);
}
