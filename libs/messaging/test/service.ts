import { Global, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ServiceName } from '@parlance/events';
import {
  Addresses,
  type AwsClients,
  type MessagingConfig,
  type MessagingLog,
  MessagingModule,
  Outbox,
  OutboxRelay,
  SqsEventServer,
  TRANSACTIONS,
  type TransactionSource,
} from '../src/index.js';
import { TEST_EVENTS } from './fixtures.js';

export interface ServiceParts {
  service: ServiceName;
  prefix: string;
  clients: AwsClients;
  transactions: TransactionSource;
  controllers: Type[];
  config?: Partial<MessagingConfig>;
  log?: MessagingLog;
}

export interface TestService {
  app: NestFastifyApplication;
  server: SqsEventServer;
  relay: OutboxRelay;
  outbox: Outbox;
  addresses: Addresses;
}

/** A service as the platform starts it: an HTTP application with our transport connected. */
export async function makeService(parts: ServiceParts): Promise<TestService> {
  const { service, prefix, clients, transactions, controllers, config, log } = parts;

  @Global()
  @Module({
    providers: [{ provide: TRANSACTIONS, useValue: transactions }],
    exports: [TRANSACTIONS],
  })
  class DatabaseModule {}

  @Module({
    imports: [
      DatabaseModule,
      MessagingModule.forRoot(
        {
          service,
          prefix,
          topologyMode: 'create',
          events: TEST_EVENTS,
          receiveWaitSeconds: 1,
          retryBaseSeconds: 1,
          retryCapSeconds: 1,
          ...config,
        },
        { clients, ...(log && { log }) },
      ),
    ],
    controllers,
  })
  class ServiceModule {}

  const app = await NestFactory.create<NestFastifyApplication>(
    ServiceModule,
    new FastifyAdapter(),
    {
      logger: false,
    },
  );
  const server = app.get(SqsEventServer);
  app.connectMicroservice({ strategy: server });
  return {
    app,
    server,
    relay: app.get(OutboxRelay),
    outbox: app.get(Outbox),
    addresses: app.get(Addresses),
  };
}
