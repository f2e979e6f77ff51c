import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { callDirectly } from './direct-calls.js';
import { Sha256 } from './sha256.js';
import { SNS_QUERY } from './sns-query.js';
import { SQS_JSON } from './sqs-json.js';

/** The three services of AWS that messaging talks to. */
export interface AwsClients {
  sns: SNSClient;
  sqs: SQSClient;
  s3: S3Client;
}

/** Injection token of AwsClients. */
export const AWS_CLIENTS: unique symbol = Symbol('parlance.aws-clients');

type Environment = Readonly<Record<string, string | undefined>>;

/** The emulator's address, or undefined for AWS itself. */
export function awsEndpoint(env: Environment = process.env): string | undefined {
  if (env.AWS_ENDPOINT_URL) return env.AWS_ENDPOINT_URL;
  if (!env.LOCALSTACK_HOST) return undefined;
  if (/^https?:\/\//.test(env.LOCALSTACK_HOST)) return env.LOCALSTACK_HOST;
  const port = env.LOCALSTACK_HOST.includes(':') ? '' : ':4566';
  return `http://${env.LOCALSTACK_HOST}${port}`;
}

/** Settings of all clients, for AWS or the emulator. */
function sharedSettings(env: Environment) {
  const endpoint = awsEndpoint(env);
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? (endpoint && 'us-east-1');
  const isAnonymousEmulator = endpoint !== undefined && !env.AWS_ACCESS_KEY_ID;
  return {
    ...(endpoint && { endpoint }),
    ...(region && { region }),
    ...(isAnonymousEmulator && { credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }),
    // Else the SDK puts the chain of its middlewares together anew for every call.
    cacheMiddleware: true,
    sha256: Sha256,
  };
}

function handler(requestTimeout: number) {
  return {
    requestTimeout,
    connectionTimeout: 3_000,
    httpAgent: { keepAlive: true, maxSockets: 100 },
    httpsAgent: { keepAlive: true, maxSockets: 100 },
  };
}

/** A client of S3 alone; an emulator has no host per bucket. */
export function s3Client(
  env: Environment = process.env,
  settings: Pick<S3ClientConfig, 'requestChecksumCalculation' | 'responseChecksumValidation'> = {},
): S3Client {
  return new S3Client({
    ...sharedSettings(env),
    requestHandler: handler(20_000),
    forcePathStyle: awsEndpoint(env) !== undefined,
    ...settings,
  });
}

/**
 * Clients for AWS, or for an emulator when `AWS_ENDPOINT_URL` or `LOCALSTACK_HOST` is set. Against
 * an emulator any credentials do, so none need to be configured.
 */
export function awsClients(env: Environment = process.env): AwsClients {
  const endpoint = awsEndpoint(env);
  const shared = sharedSettings(env);
  const clients = {
    sns: new SNSClient({ ...shared, requestHandler: handler(10_000), maxAttempts: 2 }),
    // A long poll lasts 20 seconds. An emulator may name queue URLs by a host that has no address.
    sqs: new SQSClient({
      ...shared,
      requestHandler: handler(30_000),
      maxAttempts: 2,
      useQueueUrlAsEndpoint: endpoint === undefined,
      // TLS has checked every byte already, and the emulator is on this machine.
      md5: false,
    }),
    s3: s3Client(env),
  };
  for (const { middlewareStack } of [clients.sns, clients.sqs]) {
    // It copies every message for a log that nobody has asked for.
    middlewareStack.remove('loggerMiddleware');
  }
  callDirectly(clients.sqs, SQS_JSON);
  callDirectly(clients.sns, SNS_QUERY);
  return clients;
}
