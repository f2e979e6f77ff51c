import {
  type BaseRpcContext,
  type CustomTransportStrategy,
  type MessageHandler,
  Server,
} from '@nestjs/microservices';
import { type EventEnvelope, topologyOf } from '@parlance/events';
import { isObservable, lastValueFrom } from 'rxjs';
import type { ResolvedConfig } from '../config.js';
import type { LargeData } from '../envelope/claim-check.js';
import type { AwsClients } from '../localstack-client/index.js';
import type { MessagingLog } from '../log.js';
import type { Addresses } from '../topology/addresses.js';
import { type QueueAddress, TopologyFault } from '../topology/ensure-topology.js';
import type { TransactionSource } from '../transaction.js';
import { observeDeadLetters } from '../trace/gauges.js';
import { DeadLetters } from './dead-letters.js';
import type { EventContext } from './event-context.js';
import { EventHandling, type Handler } from './event-handling.js';
import { HandlerPlaces } from './handler-places.js';
import { assertHandlers } from './handler-set.js';
import { QueueCalls } from './queue-calls.js';
import { QueueConsumer, type QueueStats } from './queue-consumer.js';
import { MessageReader } from './read-message.js';

/** Handlers with this or no transport of their own are ours. */
export const SQS_TRANSPORT: unique symbol = Symbol('parlance.sqs');

export interface EventServerParts {
  config: ResolvedConfig;
  clients: Pick<AwsClients, 'sqs'>;
  transactions: TransactionSource;
  addresses: Addresses;
  large: LargeData;
  log: MessagingLog;
}

export interface ConsumerStats {
  isListening: boolean;
  queues: QueueStats[];
}

/**
 * Nest transport that feeds `@EventPattern` handlers from the service's queues:
 * `app.connectMicroservice({ strategy: app.get(SqsEventServer) })`.
 */
export class SqsEventServer extends Server implements CustomTransportStrategy {
  override readonly transportId = SQS_TRANSPORT;
  /** Failures come to us instead of Nest's log: we decide what becomes of the message. */
  override readonly propagatesEventHandlerErrors = true;
  private consumers: QueueConsumer[] = [];
  private closed: Promise<void> | undefined;
  private isListening = false;
  private endObserving = (): void => {};

  constructor(private readonly parts: EventServerParts) {
    super();
  }

  /** Called by Nest. Fails closed when handlers or topology are not what the registry says. */
  listen(callback: (error?: unknown) => void): void {
    this.begin().then(() => callback(), callback);
  }

  /** Gives everything back and ends, within the configured time. Safe to call again. */
  close(): Promise<void> {
    this.isListening = false;
    this.endObserving();
    this.closed ??= Promise.all(this.consumers.map((consumer) => consumer.close())).then(() => {});
    return this.closed;
  }

  stats(): ConsumerStats {
    return {
      isListening: this.isListening,
      queues: this.consumers.map((consumer) => consumer.stats()),
    };
  }

  on(): never {
    throw new Error('SqsEventServer has no events of its own; ask stats().');
  }

  unwrap<T>(): T {
    return this.parts.clients.sqs as T;
  }

  private async begin(): Promise<void> {
    const { config, addresses } = this.parts;
    assertHandlers(config.events, config.service, this.handledTypes());
    // Asked before the first receive, so that a wrong topology ends the start.
    await addresses.all();
    const faults = await this.parts.large.faults();
    if (faults.length > 0) throw new TopologyFault(faults);
    const plans = topologyOf(config.events, config.prefix).queues;
    const places = new HandlerPlaces(config.concurrency);
    const own = plans.filter((plan) => plan.consumer === config.service);
    this.consumers = own.map((plan) => this.consumerOf(plan.name, places));
    if (this.closed) return;
    for (const consumer of this.consumers) consumer.start();
    this.endObserving = observeDeadLetters(this.parts.clients.sqs, own);
    this.isListening = true;
  }

  /** The types of our handlers, as often as they have one. */
  private handledTypes(): string[] {
    return [...this.messageHandlers].flatMap(([type, head]) => {
      const types: string[] = [];
      for (let one: MessageHandler | undefined = head; one; one = one.next) types.push(type);
      return head.isEventHandler ? types : [];
    });
  }

  private consumerOf(queueName: string, places: HandlerPlaces): QueueConsumer {
    const { config, clients, transactions, addresses, large, log } = this.parts;
    const address = async (): Promise<QueueAddress> => {
      const found = (await addresses.all()).queues.get(queueName);
      if (found === undefined) throw new Error(`There is no queue ${queueName} in the topology.`);
      return found;
    };
    const url = async () => (await address()).url;
    const deadLetterUrl = async () => (await address()).deadLetterUrl;
    return new QueueConsumer({
      queueName,
      url,
      calls: new QueueCalls(clients.sqs, url),
      reader: new MessageReader(config.events, config.service),
      deadLetters: new DeadLetters(clients.sqs, deadLetterUrl, config.service),
      handling: new EventHandling({
        consumer: config.service,
        queueName,
        transactions,
        large,
        handlerOf: (type) => this.handlerOf(type),
        log,
      }),
      isDatabaseUp: () =>
        transactions
          .asMessaging((tx) => tx.query('SELECT 1'))
          .then(
            () => true,
            () => false,
          ),
      onReceiveFailed: (error) => addresses.onCallFailed(error),
      places,
      config,
      log,
    });
  }

  private handlerOf(type: string): Handler | undefined {
    const handler = this.messageHandlers.get(type);
    return handler && ((event, context) => this.invoke(handler, event, context));
  }

  /** Nest hands out an Observable as soon as an interceptor is in play: it runs when subscribed. */
  private invoke(
    handler: MessageHandler,
    event: EventEnvelope,
    eventContext: EventContext,
  ): Promise<void> {
    const rpcContext = eventContext as unknown as BaseRpcContext;
    return new Promise((resolve, reject) => {
      this.runWithProcessingHooks(rpcContext, async (end) => {
        try {
          const result: unknown = await handler(event, eventContext);
          if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
          resolve();
        } catch (error) {
          reject(error as Error);
        } finally {
          end();
        }
      });
    });
  }
}
