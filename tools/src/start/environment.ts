import { join } from 'node:path';
import type { DatabaseUrls } from './databases.js';
import { addressOf, type Layout, type ProcessName, PROCESSES } from './layout.js';
import type { Secrets } from './secrets.js';

/**
 * Other addresses for single services, as JSON in PARLANCE_DETOURS: they lead through proxies of a
 * test, which pass on to the real ones.
 */
export type Detours = Partial<Record<ProcessName, { aws?: string; postgresPort?: number }>>;

export interface Backends {
  databases: Record<string, DatabaseUrls>;
  /** Undefined: AWS itself, with the credentials of our own environment. */
  awsEndpoint: string | undefined;
}

/** The environment of one process: the only place that knows how they find each other. */
export function environmentOf(
  name: ProcessName,
  layout: Layout,
  secrets: Secrets,
  backends: Backends,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const urls = Object.fromEntries(
    PROCESSES.map((process) => [
      `${process.name.toUpperCase()}_URL`,
      addressOf(layout.ports[process.name]),
    ]),
  );
  const { aws, postgresPort } = detoursIn(env)[name] ?? {};
  const database = backends.databases[name];
  const awsEndpoint = aws ?? backends.awsEndpoint;
  const { PARLANCE_FAILPOINTS: failpoints } = env;
  const identity = addressOf(layout.ports.identity);
  const gateway = addressOf(layout.ports.gateway);
  return {
    LOG_LEVEL: 'info',
    OTEL_EXPORTER_OTLP_ENDPOINT: addressOf(layout.ports.oncall),
    LTI_ALLOW_PRIVATE_HOSTS: 'true',
    CLAIM_CHECK_BUCKET: 'parlance-claim-checks',
    OBJECT_BUCKET: 'parlance-objects',
    ...env,
    NODE_ENV: 'production',
    // Native memory (password hashing, TLS) is given back instead of being kept per thread.
    MALLOC_ARENA_MAX: '2',
    NODE_COMPILE_CACHE: join(layout.folder, 'compile-cache'),
    PORT: String(layout.ports[name]),
    TOKEN_JWKS_URL: `${identity}/api/v1/jwks`,
    LTI_ASSERTION_JWKS_URL: `${addressOf(layout.ports.lti)}/api/v1/lti/assertion-jwks`,
    LTI_PUBLIC_URL: env.LTI_PUBLIC_URL ?? gateway,
    OPERATOR_SECRET: secrets.operatorSecret,
    SIGNING_KEY_SECRET: secrets.signingKeySecret,
    LTI_KEY_SECRET: secrets.ltiKeySecret,
    TOPOLOGY_MODE: env.TOPOLOGY_MODE ?? (backends.awsEndpoint ? 'create' : 'check'),
    ...urls,
    ...(awsEndpoint === undefined ? {} : { AWS_ENDPOINT_URL: awsEndpoint }),
    ...(failpoints ? { PARLANCE_FAILPOINTS: join(failpoints, name) } : {}),
    ...(database === undefined
      ? {}
      : {
          DATABASE_URL: throughPort(database.app, postgresPort),
          MIGRATION_DATABASE_URL: throughPort(database.owner, postgresPort),
        }),
  };
}

function detoursIn({ PARLANCE_DETOURS }: NodeJS.ProcessEnv): Detours {
  return PARLANCE_DETOURS ? (JSON.parse(PARLANCE_DETOURS) as Detours) : {};
}

function throughPort(url: string, port: number | undefined): string {
  if (port === undefined) return url;
  const changed = new URL(url);
  changed.port = String(port);
  return changed.toString();
}
