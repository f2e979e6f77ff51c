import { optionalText, readConfig, wholeNumber } from '@parlance/platform';

/** Injection token of OncallConfig. */
export const ONCALL_CONFIG = Symbol('ONCALL_CONFIG');

/** The services that are asked what they know of a trace, in the order of a request's way. */
const ASKED = ['identity', 'content', 'assignments', 'grading', 'gradebook', 'lti'] as const;

export interface AskedService {
  name: string;
  /** Undefined: this installation did not say where it is. */
  url: string | undefined;
}

export interface OncallConfig {
  retentionDays: number;
  /** Rows that wait for the database at most; more is refused until there is room. */
  maxQueuedRows: number;
  /** Beyond it the oldest days are dropped, and then new telemetry is refused. */
  maxStoreMiB: number;
  /** Series of metrics kept in memory; points of more are dropped. */
  maxSeries: number;
  /** Milliseconds a service has to answer. */
  patienceMs: number;
  services: readonly AskedService[];
}

const SCHEMA = {
  ONCALL_RETENTION_DAYS: wholeNumber('days that spans and logs are kept', {
    min: 1,
    max: 30,
    fallback: 3,
  }),
  ONCALL_MAX_QUEUED_ROWS: wholeNumber('spans and log lines that may wait in memory', {
    min: 1,
    max: 200_000,
    fallback: 40_000,
  }),
  ONCALL_MAX_STORE_MIB: wholeNumber('MiB that spans and logs may take of the disk', {
    min: 1,
    max: 10_000_000,
    fallback: 20_480,
  }),
  ONCALL_MAX_SERIES: wholeNumber('series of metrics kept in memory', {
    min: 1,
    max: 20_000,
    fallback: 2000,
  }),
  ONCALL_PATIENCE_MS: wholeNumber('milliseconds a service has to say what it knows of a trace', {
    min: 100,
    max: 20_000,
    fallback: 3000,
  }),
  IDENTITY_URL: optionalText('where identity listens'),
  CONTENT_URL: optionalText('where content listens'),
  ASSIGNMENTS_URL: optionalText('where assignments listens'),
  GRADING_URL: optionalText('where grading listens'),
  GRADEBOOK_URL: optionalText('where gradebook listens'),
  LTI_URL: optionalText('where lti listens'),
};

export function readOncallConfig(env: NodeJS.ProcessEnv): OncallConfig {
  const values = readConfig(SCHEMA, env);
  return {
    retentionDays: values.ONCALL_RETENTION_DAYS,
    maxQueuedRows: values.ONCALL_MAX_QUEUED_ROWS,
    maxStoreMiB: values.ONCALL_MAX_STORE_MIB,
    maxSeries: values.ONCALL_MAX_SERIES,
    patienceMs: values.ONCALL_PATIENCE_MS,
    services: ASKED.map((name) => ({
      name,
      url: values[`${name.toUpperCase() as Uppercase<typeof name>}_URL`],
    })),
  };
}
