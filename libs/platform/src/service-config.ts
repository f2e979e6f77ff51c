import { oneOf, optionalText, readConfig, text, url, wholeNumber } from './config.js';

const SCHEMA = {
  HOST: text('address to listen on', { fallback: '127.0.0.1' }),
  PORT: wholeNumber('port to listen on; 0 takes a free one', { min: 0, max: 65_535 }),
  DATABASE_URL: url('database of this service, as its application role', [
    'postgres:',
    'postgresql:',
  ]),
  DATABASE_POOL_SIZE: wholeNumber('connections kept open', { min: 2, max: 100, fallback: 10 }),
  TOKEN_JWKS_URL: url('where identity publishes its keys', ['http:', 'https:']),
  TOKEN_ISSUER: text('issuer of access tokens', { fallback: 'parlance' }),
  OPERATOR_SECRET: text('shared secret of operators, 32 characters or more', { minLength: 32 }),
  OTEL_EXPORTER_OTLP_ENDPOINT: optionalText('OTLP/HTTP backend; none: no export'),
  OTEL_METRIC_EXPORT_INTERVAL: wholeNumber('milliseconds between exports of metrics', {
    min: 1000,
    max: 600_000,
    fallback: 10_000,
  }),
  LOG_LEVEL: oneOf('least level written', ['debug', 'info', 'warn', 'error'], 'info'),
  TOPOLOGY_PREFIX: text('start of every topic and queue name', { fallback: 'parlance' }),
  TOPOLOGY_MODE: oneOf(
    'create topics and queues, or only check them',
    ['create', 'check'],
    'check',
  ),
  CLAIM_CHECK_BUCKET: optionalText('S3 bucket of events above 200 KiB; none: they are refused'),
  OBJECT_BUCKET: optionalText('S3 bucket of media and recordings; none: they are refused'),
  MAX_IN_FLIGHT: wholeNumber('messages held at once per queue, running or waiting', {
    min: 10,
    max: 10_000,
    fallback: 100,
  }),
  BACK_PRESSURE_SECONDS: wholeNumber('age of the oldest unsent event above which 503 is answered', {
    min: 1,
    max: 86_400,
    fallback: 300,
  }),
  VISIBILITY_SECONDS: wholeNumber(
    'seconds a received message is hidden; renewed while it is held',
    {
      min: 2,
      max: 43_200,
      fallback: 30,
    },
  ),
  MAX_HANDLER_SECONDS: wholeNumber('seconds after which a running handler loses its message', {
    min: 1,
    max: 3600,
    fallback: 120,
  }),
  DRAIN_SECONDS: wholeNumber('seconds between not-ready and closing', {
    min: 0,
    max: 15,
    fallback: 0,
  }),
};

export type ServiceConfig = ReturnType<typeof readServiceConfig>;

/** Throws ConfigInvalid naming every missing or malformed variable. */
export function readServiceConfig(env: NodeJS.ProcessEnv) {
  return readConfig(SCHEMA, env);
}
