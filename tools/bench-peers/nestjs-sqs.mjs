import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SqsMessageHandler, SqsModule } from '@ssut/nestjs-sqs';
import { contend } from '../dist/src/bench/messaging/contestant.js';
import { effects } from './effects.mjs';
import { handlersOf, reporter } from './handlers.mjs';
import { sqsClient } from './sqs-client.mjs';

/** As a decorator on a method would, in JavaScript that has none. */
function decorate(decorator, type, method) {
  decorator(type.prototype, method, Object.getOwnPropertyDescriptor(type.prototype, method));
}

/** Settings: `instances` (1), `batchSize` (its default, 1), `isBatchHandler` (false). */
contend(async ({ queueUrl }, job, work) => {
  const { instances = 1, batchSize, isBatchHandler = false } = job.settings;
  const sqs = sqsClient(job);
  const database = effects(job);
  const { handleOne, handleBatch } = handlersOf(work, database);
  const report = reporter('nestjs-sqs');

  // A handler serves one consumer, so there is one class per consumer.
  const names = Array.from({ length: instances }, (_, index) => `scores-${index}`);
  const handlers = names.map((name) => {
    class OnScored {
      handle(given) {
        return isBatchHandler ? handleBatch(given) : handleOne(given);
      }
    }
    decorate(SqsMessageHandler(name, isBatchHandler), OnScored, 'handle');
    return OnScored;
  });
  const consumers = names.map((name) => ({
    name,
    queueUrl,
    sqs,
    ...(batchSize && { batchSize }),
    stopOptions: { abort: true },
  }));
  class ServiceModule {}
  Module({ imports: [SqsModule.register({ consumers })], providers: handlers })(ServiceModule);
  const app = await NestFactory.createApplicationContext(ServiceModule, { logger: ['error'] });
  process.on('unhandledRejection', report);
  return {
    stop: async () => {
      await app.close();
      await database?.end();
    },
  };
});
