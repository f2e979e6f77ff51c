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
import type { ReplayGate } from '../replay/replay-gate.js';
import type { Addresses } from '../topology/addresses.js';
import { type QueueAddress, TopologyFault } from '../topology/ensure-topology.js';
import type { TransactionSource } from '../transaction.js';
import { observeDeadLetters } from '../trace/gauges.js';
import { DeadLetters } from './dead-letters.js';
import type { EventBatchContext, EventContext } from './event-context.js';
import { EventHandling } from './event-handling.js';
import { HandlerCapacity } from './handler-capacity.js';
import type { HandlerOptions } from './handler-lanes.js';
import { assertHandlers } from './handler-set.js';
import { QueueCalls } from './queue-calls.js';
import { QueueConsumer } from './queue-consumer.js';
import type { QueueStats } from './queue-stats.js';
import { MessageReader } from './read-message.js';
import { Retries } from './retries.js';
import type { Handler } from './try.js';
import { type TypePause, TypePauses } from './type-pauses.js';

/** Handlers with this or no transport of their own are ours. */
export const SQS_TRANSPORT: unique symbol = Symbol('parlance.sqs');

export interface EventServerParts {
  config: ResolvedConfig;
  clients: Pick<AwsClients, 'sqs'>;
  transactions: TransactionSource;
  addresses: Addresses;
  large: LargeData;
  replays: ReplayGate;
  log: MessagingLog;
}

export interface ConsumerStats {
  isListening: boolean;
  /** Handlers that may run at once now; at most the configured number. */
  concurrency: number;
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
  private readonly capacity: HandlerCapacity;
  private readonly typePauses: TypePauses;
  private consumers: QueueConsumer[] = [];
  private closed: Promise<void> | undefined;
  private isListening = false;
  private endObserving = (): void => {};

  constructor(private readonly parts: EventServerParts) {
    super();
    const { concurrency, batchSize, pause } = parts.config;
    this.capacity = new HandlerCapacity(concurrency, batchSize);
    this.typePauses = new TypePauses(pause);
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
      concurrency: this.capacity.concurrency,
      queues: this.consumers.map((consumer) => consumer.stats()),
    };
  }

  /** Types that are not handled for now, because their messages failed alike. */
  pauses(): TypePause[] {
    return this.typePauses.list();
  }

  /** Lets a paused type be handled again; false when it was not paused. */
  resume(type: string): boolean {
    return this.typePauses.resume(type);
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
    for (const [type, { extras }] of this.messageHandlers) {
      this.capacity.lanes.define(type, (extras ?? {}) as HandlerOptions);
    }
    const faults = await this.parts.large.faults();
    if (faults.length > 0) throw new TopologyFault(faults);
    const plans = topologyOf(config.events, config.prefix).queues;
    const own = plans.filter((plan) => plan.consumer === config.service);
    this.consumers = own.map((plan) => this.consumerOf(plan.name));
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

  private consumerOf(queueName: string): QueueConsumer {
    const { config, clients, transactions, addresses, large, replays, log } = this.parts;
    const { capacity } = this;
    const address = async (): Promise<QueueAddress> => {
      const found = (await addresses.all()).queues.get(queueName);
      if (found === undefined) throw new Error(`There is no queue ${queueName} in the topology.`);
      return found;
    };
    const url = async () => (await address()).url;
    const deadLetterUrl = async () => (await address()).deadLetterUrl;
    const reader = new MessageReader(config.events, config.service);
    const deadLetters = new DeadLetters(clients.sqs, deadLetterUrl, config.service);
    return new QueueConsumer({
      consumer: config.service,
      queueName,
      url,
      calls: new QueueCalls(clients.sqs, url),
      read: (message) => reader.read(message.Body ?? ''),
      bury: (message, reason) => deadLetters.send(message, reason),
      handling: new EventHandling({
        consumer: config.service,
        queueName,
        transactions,
        large,
        replays,
        handlerOf: (type) => this.handlerOf(type),
        onWaited: (ms) => capacity.waited(ms),
        log,
      }),
      isDatabaseUp: () => isUp(transactions),
      onReceiveFailed: (error) => addresses.onCallFailed(error),
      capacity,
      retries: new Retries(config, this.typePauses, (type, isPaused) => {
        if (isPaused)
          log.error({ type, queue: queueName }, 'A type is paused: its events fail alike');
        else log.info({ type, queue: queueName }, 'A paused type is handled again');
      }),
      config,
      log,
    });
  }

  private handlerOf(type: string): Handler | undefined {
    const handler = this.messageHandlers.get(type);
    if (!handler) return undefined;
    const isBatch = (handler.extras as HandlerOptions | undefined)?.batch === true;
    const handle = (payload: EventEnvelope | EventEnvelope[], about: object) =>
      this.invoke(handler, payload, about as EventContext & EventBatchContext);
    return { isBatch, handle };
  }

  /** Nest hands out an Observable as soon as an interceptor is in play: it runs when subscribed. */
  private invoke(
    handler: MessageHandler,
    payload: EventEnvelope | EventEnvelope[],
    about: EventContext | EventBatchContext,
  ): Promise<void> {
    const rpcContext = about as unknown as BaseRpcContext;
    return new Promise((resolve, reject) => {
      this.runWithProcessingHooks(rpcContext, async (end) => {
        try {
          const result: unknown = await handler(payload, about);
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

function isUp(transactions: TransactionSource): Promise<boolean> {
  return transactions
    .asMessaging((tx) => tx.query('SELECT 1'))
    .then(
      () => true,
      () => false,
    );
}
