import {
  oneOf,
  optionalText,
  readConfig,
  text,
  url,
  type Variable,
  wholeNumber,
} from '@parlance/platform';
import { SERVICES, type Service } from './segments.js';

const address = (service: Service) => url(`where ${service} listens`, ['http:']);

const SCHEMA = {
  HOST: text('address to listen on', { fallback: '127.0.0.1' }),
  PORT: wholeNumber('port to listen on; 0 takes a free one', { min: 0, max: 65_535 }),
  IDENTITY_URL: address('identity'),
  CONTENT_URL: address('content'),
  ASSIGNMENTS_URL: address('assignments'),
  GRADING_URL: address('grading'),
  GRADEBOOK_URL: address('gradebook'),
  LTI_URL: address('lti'),
  TOKEN_JWKS_URL: url('where identity publishes its keys', ['http:', 'https:']),
  TOKEN_ISSUER: text('issuer of access tokens', { fallback: 'parlance' }),
  RATE_LIMIT_PER_SECOND: wholeNumber('requests per second of one person, or of one address', {
    min: 1,
    max: 1_000_000,
    fallback: 100,
  }),
  RATE_LIMIT_BURST: wholeNumber('requests at once before the rate counts', {
    min: 1,
    max: 1_000_000,
    fallback: 300,
  }),
  UPSTREAM_TIMEOUT_SECONDS: wholeNumber('longest wait for a service', {
    min: 1,
    max: 120,
    fallback: 30,
  }),
  TRUSTED_PROXY_HOPS: wholeNumber('proxies of ours in front that append to X-Forwarded-For', {
    min: 0,
    max: 5,
    fallback: 0,
  }),
  WEB_ORIGINS: origins('origins whose pages may call the API, separated by commas'),
  OTEL_EXPORTER_OTLP_ENDPOINT: optionalText('OTLP/HTTP backend; none: no export'),
  LOG_LEVEL: oneOf('least level written', ['debug', 'info', 'warn', 'error'], 'info'),
  DRAIN_SECONDS: wholeNumber('seconds between not-ready and closing', {
    min: 0,
    max: 15,
    fallback: 0,
  }),
};

export interface GatewayConfig extends Omit<Values, `${string}_URL`> {
  TOKEN_JWKS_URL: string;
  /** Where each service listens. */
  services: Record<Service, URL>;
}

type Values = ReturnType<typeof readConfig<typeof SCHEMA>>;

/** Throws ConfigInvalid naming every missing or malformed variable. */
export function readGatewayConfig(env: NodeJS.ProcessEnv): GatewayConfig {
  const values = readConfig(SCHEMA, env);
  const entries = SERVICES.map((service) => [
    service,
    new URL(values[`${service.toUpperCase() as Uppercase<Service>}_URL`]),
  ]);
  return { ...values, services: Object.fromEntries(entries) as Record<Service, URL> };
}

function origins(about: string): Variable<ReadonlySet<string>> {
  const parse = (list: string) => {
    const found = list.split(',').map((origin) => origin.trim());
    const isOrigin = (origin: string) => URL.canParse(origin) && new URL(origin).origin === origin;
    if (!found.every(isOrigin))
      throw new Error('must hold origins such as https://app.example.org');
    return new Set(found);
  };
  return { about, parse, fallback: new Set<string>() };
}
