import { MessageHandlerConfigBuilder } from '@message-queue-toolkit/core';
import { AbstractSqsConsumer } from '@message-queue-toolkit/sqs';
import { z } from 'zod';
import { contend } from '../dist/src/bench/messaging/contestant.js';
import { effects } from './effects.mjs';
import { reporter } from './handlers.mjs';
import { sqsClient } from './sqs-client.mjs';

const SCORED = z.object({
  specversion: z.literal('1.0'),
  id: z.string(),
  source: z.string(),
  type: z.literal('grading.bench-scored.v1'),
  subject: z.string(),
  time: z.string(),
  tenant: z.string(),
  partitionkey: z.string(),
  sequence: z.number(),
  data: z.object({
    scoreId: z.uuid(),
    points: z.int(),
    waitMs: z.number(),
    dueAtMs: z.number(),
    remark: z.string(),
  }),
});

/** Settings: `instances` (1), `batchSize` (its default, 1). It has no handler for a batch. */
contend(async ({ queueUrl, queueName }, job, work) => {
  const { instances, batchSize } = job.settings;
  const database = effects(job);
  const report = reporter('message-queue-toolkit');
  const silent = { error: report, warn: () => {}, info: () => {}, debug: () => {} };
  const consumer = new AbstractSqsConsumer(
    {
      sqsClient: sqsClient(job),
      logger: {
        ...silent,
        trace: () => {},
        fatal: report,
        level: 'error',
        isLevelEnabled: () => false,
      },
      errorReporter: { report: ({ error }) => report(error) },
      consumerErrorResolver: { processError: (error) => error },
      transactionObservabilityManager: { start: () => {}, stop: () => {} },
    },
    {
      messageTypeResolver: { messageTypePath: 'type' },
      messageTimestampField: 'time',
      handlers: new MessageHandlerConfigBuilder()
        .addConfig(SCORED, async (event) => {
          if (database) await database.one(event);
          await work(event);
          return { result: 'success' };
        })
        .build(),
      locatorConfig: { queueUrl, queueName },
      ...(batchSize && { consumerOverrides: { batchSize } }),
      ...(instances && { concurrentConsumersAmount: instances }),
    },
    {},
  );
  await consumer.start();
  return {
    stop: async () => {
      await consumer.close(true);
      await database?.end();
    },
  };
});
