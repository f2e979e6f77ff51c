import 'reflect-metadata';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Global,
  Inject,
  Module,
  type ModuleMetadata,
  type Provider,
} from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner } from '@nestjs/core';
import { topologyOf } from '@parlance/events';
import { type MessagingConfig, resolveConfig, type ResolvedConfig } from './config.js';
import { keepHandlerErrors } from './consume/handler-errors.js';
import { SqsEventServer } from './consume/sqs-event-server.js';
import { LargeData } from './envelope/claim-check.js';
import { tellInboxOff } from './inbox/inbox-switch.js';
import { AWS_CLIENTS, type AwsClients, awsClients } from './localstack-client/index.js';
import { MESSAGING_LOG, type MessagingLog, silentLog } from './log.js';
import { Outbox } from './outbox/outbox.js';
import { OutboxSignal } from './outbox/outbox-signal.js';
import { OutboxRelay } from './outbox/relay.js';
import { replayProviders } from './replay/replay-providers.js';
import { ReplayAdmissions } from './replay/admissions.js';
import { ReplayGate } from './replay/replay-gate.js';
import { ReplaySender } from './replay/replay-sender.js';
import { Replays } from './replay/replays.js';
import { Addresses } from './topology/addresses.js';
import { ownPart } from './topology/own-part.js';
import { TRANSACTIONS, type TransactionSource } from './transaction.js';

export interface MessagingParts {
  /** Modules that provide TRANSACTIONS and MESSAGING_LOG, where no global module does. */
  imports?: ModuleMetadata['imports'];
  /** Clients to use; by default those of the process's environment. */
  clients?: AwsClients;
  log?: MessagingLog;
}

/**
 * Outbox, relay and consumer of one service. Everything it makes can be injected anywhere; the
 * service's start connects SqsEventServer and starts OutboxRelay. TRANSACTIONS must be provided.
 */
@Global()
@Module({})
export class MessagingModule implements BeforeApplicationShutdown {
  constructor(
    @Inject(SqsEventServer) private readonly server: SqsEventServer,
    @Inject(OutboxRelay) private readonly relay: OutboxRelay,
    @Inject(ReplaySender) private readonly replaySender: ReplaySender,
    @Inject(DiscoveryService) discovery: DiscoveryService,
    @Inject(MetadataScanner) scanner: MetadataScanner,
  ) {
    // Here, because Nest wires the handlers to the transport before any hook runs.
    keepHandlerErrors(discovery, scanner);
  }

  static forRoot(config: MessagingConfig, parts: MessagingParts = {}): DynamicModule {
    return {
      module: MessagingModule,
      imports: [DiscoveryModule, ...(parts.imports ?? [])],
      providers: providersOf(resolveConfig(config), parts),
      exports: [
        ...[Outbox, OutboxRelay, SqsEventServer, Addresses, AWS_CLIENTS],
        ...[Replays, ReplayAdmissions, ReplaySender],
      ],
    };
  }

  /** Consumers first: what their last handlers emit is then still published. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.server.close();
    await Promise.all([this.replaySender.stop(), this.relay.stop()]);
  }
}

function providersOf(config: ResolvedConfig, parts: MessagingParts): Provider[] {
  const topology = topologyOf(config.events, config.prefix);
  // In an emulator every service makes everything, so that none depends on who starts first.
  const part = config.topologyMode === 'create' ? topology : ownPart(topology, config.service);
  const logToken = { token: MESSAGING_LOG, optional: true };
  const logOf = (injected: MessagingLog | undefined) => parts.log ?? injected ?? silentLog;
  return [
    OutboxSignal,
    ...replayProviders(config, logOf),
    { provide: AWS_CLIENTS, useFactory: () => parts.clients ?? awsClients() },
    {
      provide: Addresses,
      useFactory: (clients: AwsClients) => new Addresses(clients, part, config.topologyMode),
      inject: [AWS_CLIENTS],
    },
    {
      provide: LargeData,
      useFactory: ({ s3 }: AwsClients, log?: MessagingLog) => new LargeData(s3, config, logOf(log)),
      inject: [AWS_CLIENTS, logToken],
    },
    {
      provide: Outbox,
      useFactory: (signal: OutboxSignal, large: LargeData) => new Outbox(config, signal, large),
      inject: [OutboxSignal, LargeData],
    },
    {
      provide: OutboxRelay,
      useFactory: (
        transactions: TransactionSource,
        { sns }: AwsClients,
        addresses: Addresses,
        signal: OutboxSignal,
        log?: MessagingLog,
      ) => new OutboxRelay({ config, transactions, sns, addresses, signal, log: logOf(log) }),
      inject: [TRANSACTIONS, AWS_CLIENTS, Addresses, OutboxSignal, logToken],
    },
    {
      provide: SqsEventServer,
      useFactory: (
        transactions: TransactionSource,
        clients: AwsClients,
        addresses: Addresses,
        large: LargeData,
        replays: ReplayGate,
        log?: MessagingLog,
      ) => {
        tellInboxOff(config.topologyMode, logOf(log));
        return new SqsEventServer({
          config,
          transactions,
          clients,
          addresses,
          large,
          replays,
          log: logOf(log),
        });
      },
      inject: [TRANSACTIONS, AWS_CLIENTS, Addresses, LargeData, ReplayGate, logToken],
    },
  ];
}
