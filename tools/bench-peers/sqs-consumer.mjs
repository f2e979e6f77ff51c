import { Consumer } from 'sqs-consumer';
import { contend } from '../dist/src/bench/messaging/contestant.js';
import { effects } from './effects.mjs';
import { handlersOf, reporter } from './handlers.mjs';
import { sqsClient } from './sqs-client.mjs';

/** Settings: `instances` (1), `batchSize` (its default, 1), `isBatchHandler` (false). */
contend(async ({ queueUrl }, job, work) => {
  const { instances = 1, batchSize, isBatchHandler = false } = job.settings;
  const sqs = sqsClient(job);
  const database = effects(job);
  const { handleOne, handleBatch } = handlersOf(work, database);
  const report = reporter('sqs-consumer');
  const consumers = Array.from({ length: instances }, () =>
    Consumer.create({
      sqs,
      queueUrl,
      ...(batchSize && { batchSize }),
      ...(isBatchHandler ? { handleMessageBatch: handleBatch } : { handleMessage: handleOne }),
    }),
  );
  for (const consumer of consumers) {
    consumer.on('error', report);
    consumer.on('processing_error', report);
    consumer.start();
  }
  return {
    stop: async () => {
      for (const consumer of consumers) consumer.stop({ abort: true });
      await database?.end();
    },
  };
});
