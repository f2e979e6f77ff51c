import { oneOf, readConfig, text, url, wholeNumber } from '@parlance/platform';

const SCHEMA = {
  LTI_PUBLIC_URL: url('address of the platform as browsers and LMSs see it', ['http:', 'https:']),
  LTI_KEY_SECRET: text('encrypts our private keys: 32 bytes in base64 or hex', { minLength: 43 }),
  LTI_ALLOW_PRIVATE_HOSTS: oneOf(
    'lets registrations that ask for it use private addresses and http; development only',
    ['true', 'false'],
    'false',
  ),
  LTI_DELIVERY_POLL_MS: wholeNumber('ms between looks for scores to deliver', {
    min: 50,
    max: 60_000,
    fallback: 1000,
  }),
  LTI_DELIVERY_SLOTS: wholeNumber('scores sent at once', { min: 1, max: 200, fallback: 16 }),
  LTI_RETRY_BASE_MS: wholeNumber('first wait before a score is sent again', {
    min: 10,
    max: 60_000,
    fallback: 5000,
  }),
  LTI_LEASE_MS: wholeNumber('ms after which a score in flight is taken over', {
    min: 1000,
    max: 600_000,
    fallback: 90_000,
  }),
  LTI_OUTBOUND_TIMEOUT_MS: wholeNumber('ms an LMS has for one answer', {
    min: 100,
    max: 30_000,
    fallback: 10_000,
  }),
};

/** Nest injection token of the LtiConfig. */
export const LTI_CONFIG = Symbol('LTI_CONFIG');

export interface LtiConfig {
  /** Origin all launches end at. */
  origin: string;
  /** Base of every address we give out: `<origin>/api/v1`. */
  apiBase: string;
  keySecret: Buffer;
  allowPrivateHosts: boolean;
  pollMs: number;
  slots: number;
  retryBaseMs: number;
  leaseMs: number;
  outboundTimeoutMs: number;
}

/** Throws ConfigInvalid naming what is missing. */
export function readLtiConfig(env: NodeJS.ProcessEnv): LtiConfig {
  const values = readConfig(SCHEMA, env);
  return {
    origin: new URL(values.LTI_PUBLIC_URL).origin,
    apiBase: `${values.LTI_PUBLIC_URL}/api/v1`,
    keySecret: secretOf(values.LTI_KEY_SECRET),
    allowPrivateHosts: values.LTI_ALLOW_PRIVATE_HOSTS === 'true',
    pollMs: values.LTI_DELIVERY_POLL_MS,
    slots: values.LTI_DELIVERY_SLOTS,
    retryBaseMs: values.LTI_RETRY_BASE_MS,
    leaseMs: values.LTI_LEASE_MS,
    outboundTimeoutMs: values.LTI_OUTBOUND_TIMEOUT_MS,
  };
}

function secretOf(text: string): Buffer {
  const bytes = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
  if (bytes.length !== 32) throw new Error('LTI_KEY_SECRET must be 32 bytes in base64 or hex.');
  return bytes;
}
