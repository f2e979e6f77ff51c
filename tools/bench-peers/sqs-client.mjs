import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';

/** As libs/messaging/src/localstack-client makes its own, so that none has a better client. */
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

export function sqsClient({ endpoint }) {
  return new SQSClient({ ...optionsOf(endpoint, 30_000), useQueueUrlAsEndpoint: false });
}

export function snsClient({ endpoint }) {
  return new SNSClient(optionsOf(endpoint, 10_000));
}
