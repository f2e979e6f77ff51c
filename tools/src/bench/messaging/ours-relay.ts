import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { MessagingConfig } from '@parlance/messaging';
import { OutboxRelay } from '@parlance/messaging';
import { benchService } from './bench-service.js';
import { contend } from './contestant.js';
import { PgTransactions } from '../pg-transactions.js';

/** Connections of a service's pool, of which the relay uses few. */
const CONNECTIONS = 10;

/** Settings: `relay`, of the configuration of MessagingModule. Nothing is added here. */
contend(async ({ prefix }, job) => {
  if (!job.database) throw new Error('The relay needs a database.');
  const transactions = new PgTransactions(job.database.appUrl, CONNECTIONS);
  const relaying = job.settings.relay as MessagingConfig['relay'];
  const service = benchService({
    config: { service: 'grading', prefix, ...(relaying && { relay: relaying }) },
    endpoint: job.endpoint,
    transactions,
    controllers: [],
  });
  const app = await NestFactory.createApplicationContext(service, { logger: ['error', 'warn'] });
  const relay = app.get(OutboxRelay);
  relay.start();
  return {
    stop: async () => {
      await app.close();
      await transactions.end();
    },
    notes: () => [JSON.stringify(relay.health())],
  };
});
