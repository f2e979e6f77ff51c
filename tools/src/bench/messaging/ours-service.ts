import 'reflect-metadata';
import { Controller, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type AsyncMicroserviceOptions, Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { EventEnvelope } from '@parlance/events';
import type {
  EventBatchContext,
  EventContext,
  HandlerOptions,
  MessagingConfig,
} from '@parlance/messaging';
import { SqsEventServer } from '@parlance/messaging';
import { BenchScored } from './bench-event.js';
import { benchService } from './bench-service.js';
import { contend, type Work } from './contestant.js';
import { PgTransactions } from '../pg-transactions.js';
import type { BenchData, BenchEvent } from './protocol.js';

/** One effect per event, in the transaction of its inbox row and of those that share it. */
function onEach(work: Work, options: HandlerOptions): Type {
  @Controller()
  class OnScored {
    @EventPattern<string>(BenchScored.type, options)
    async handle(@Payload() event: EventEnvelope<BenchData>, @Ctx() { tx }: EventContext) {
      await tx.query(
        'INSERT INTO effect (event_id, subject, points) VALUES ($1::uuid, $2::uuid, $3::int)',
        [event.id, event.subject, event.data.points],
      );
      await work(event as BenchEvent);
    }
  }
  return OnScored;
}

/** The effects of all events of a transaction in one statement. */
function onAll(work: Work): Type {
  @Controller()
  class OnScored {
    @EventPattern<string>(BenchScored.type, { batch: true } satisfies HandlerOptions)
    async handle(@Payload() events: EventEnvelope<BenchData>[], @Ctx() batch: EventBatchContext) {
      await batch.tx.query(
        `INSERT INTO effect (event_id, subject, points)
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[])`,
        [
          events.map(({ id }) => id),
          events.map(({ subject }) => subject),
          events.map(({ data }) => data.points),
        ],
      );
      await Promise.all(events.map((event) => work(event as BenchEvent)));
    }
  }
  return OnScored;
}

/**
 * Settings: `config` of MessagingModule; `handler`, by default `each`: `batch` takes all events of
 * a transaction, `alone` has a transaction per event. The service is as the platform has it.
 */
contend(async ({ prefix }, job, work) => {
  const { config = {}, handler } = job.settings as {
    config?: Partial<MessagingConfig>;
    handler?: 'batch' | 'alone';
  };
  if (!job.database) throw new Error('Our service needs a database.');
  const connections = (config.concurrency ?? 5) + 2;
  const transactions = new PgTransactions(job.database.appUrl, connections);
  const isAlone = handler === 'alone';
  const controller = handler === 'batch' ? onAll(work) : onEach(work, { alone: isAlone });
  const service = benchService({
    config: { service: 'gradebook', prefix, ...config },
    endpoint: job.endpoint,
    transactions,
    controllers: [controller],
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
      await transactions.end();
    },
    notes: () => [JSON.stringify(app.get(SqsEventServer).stats())],
  };
});
