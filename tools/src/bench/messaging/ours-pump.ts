import { awsClients, pumpQueue, type PumpOptions } from '@parlance/messaging';
import { contend } from './contestant.js';
import type { BenchEvent } from './protocol.js';

/** Settings: `pump`, of the options of pumpQueue. */
contend(({ queueUrl, queueName }, job, work) => {
  const { sqs } = awsClients({ AWS_ENDPOINT_URL: job.endpoint });
  const options = job.settings.pump as Partial<PumpOptions>;
  const pump = pumpQueue({
    sqs,
    queueUrl,
    queueName,
    handle: async ({ body }) => work(JSON.parse(body) as BenchEvent),
    // The emulator goes on waiting for a poll that was broken off at the end of the warm-up.
    receiveWaitSeconds: 2,
    ...options,
  });
  pump.start();
  return Promise.resolve({
    stop: () => pump.close(),
    notes: () => [JSON.stringify(pump.stats())],
  });
});
