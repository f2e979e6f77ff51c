import 'reflect-metadata';
import { Controller, Global, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type AsyncMicroserviceOptions, Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { EventEnvelope } from '@parlance/events';
import {
  awsClients,
  type EventContext,
  type MessagingConfig,
  MessagingModule,
  SqsEventServer,
  TRANSACTIONS,
  type TransactionSource,
} from '@parlance/messaging';
import { BENCH_EVENTS, BenchScored } from './bench-event.js';
import { contend, type Work } from './contestant.js';
import { PgTransactions } from './pg-transactions.js';
import type { BenchData, BenchEvent } from './protocol.js';

const INSERT_EFFECT =
  'INSERT INTO effect (event_id, subject, points) VALUES ($1::uuid, $2::uuid, $3::int)';

/** One effect per event, in the transaction of its inbox row. */
function onScored(work: Work, hasEffect: boolean): Type {
  @Controller()
  class OnScored {
    @EventPattern<string>(BenchScored.type)
    async handle(@Payload() event: EventEnvelope<BenchData>, @Ctx() { tx }: EventContext) {
      if (hasEffect) await tx.query(INSERT_EFFECT, [event.id, event.subject, event.data.points]);
      await work(event as BenchEvent);
    }
  }
  return OnScored;
}

/** For handlers that need no database: every event is new. */
const noDatabase: TransactionSource = {
  inInstitution: (_id, work) => work({ query: async <R>() => [{ applied: 1 }] as R[] }),
  asMessaging: (work) => work({ query: async <R>() => [] as R[] }),
};

function serviceOf(
  config: Partial<MessagingConfig>,
  prefix: string,
  parts: {
    endpoint: string;
    transactions: TransactionSource;
    controller: Type;
  },
): Type {
  @Global()
  @Module({
    providers: [{ provide: TRANSACTIONS, useValue: parts.transactions }],
    exports: [TRANSACTIONS],
  })
  class DatabaseModule {}

  @Module({
    imports: [
      DatabaseModule,
      MessagingModule.forRoot(
        { service: 'gradebook', prefix, topologyMode: 'create', events: BENCH_EVENTS, ...config },
        { clients: awsClients({ AWS_ENDPOINT_URL: parts.endpoint }) },
      ),
    ],
    controllers: [parts.controller],
  })
  class ServiceModule {}
  return ServiceModule;
}

/** Settings: `config` of MessagingModule. The service is the real thing, as the platform has it. */
contend(async ({ prefix }, job, work) => {
  const config = job.settings.config as Partial<MessagingConfig>;
  const database =
    job.database && new PgTransactions(job.database.appUrl, (config.concurrency ?? 5) + 2);
  const service = serviceOf(config, prefix, {
    endpoint: job.endpoint,
    transactions: database ?? noDatabase,
    controller: onScored(work, database !== undefined),
  });
  const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(service, {
    useFactory: (server: SqsEventServer) => ({ strategy: server }),
    inject: [SqsEventServer],
    logger: ['error', 'warn'],
  });
  await app.listen();
  return {
    stop: async () => {
      await app.close();
      await database?.end();
    },
    notes: () => [JSON.stringify(app.get(SqsEventServer).stats().queues)],
  };
});
