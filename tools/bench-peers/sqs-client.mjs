import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';

/** What every contestant's client has: kept connections, and enough of them. */
function optionsOf(endpoint, requestTimeout) {
  return {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 2,
    requestHandler: {
      requestTimeout,
      connectionTimeout: 3_000,
      httpAgent: { keepAlive: true, maxSockets: 500 },
    },
  };
}

/**
 * The client that the library's documentation has one make; with the setting `hasOurClient`, one
 * with the options of `libs/messaging/src/localstack-client`, which cost less.
 */
export function sqsClient({ endpoint, settings }) {
  const options = { ...optionsOf(endpoint, 30_000), useQueueUrlAsEndpoint: false };
  if (settings?.hasOurClient !== true) return new SQSClient(options);
  const client = new SQSClient({ ...options, cacheMiddleware: true, md5: false });
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}

export function snsClient({ endpoint, settings }) {
  const options = optionsOf(endpoint, 10_000);
  if (settings?.hasOurClient !== true) return new SNSClient(options);
  const client = new SNSClient({ ...options, cacheMiddleware: true });
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}
