import { readConfig, text, url } from '@parlance/platform';

const SCHEMA = {
  SIGNING_KEY_SECRET: text('secret that seals the signing keys at rest, 32 characters or more', {
    minLength: 32,
  }),
  LTI_ASSERTION_JWKS_URL: url('where the lti service publishes its assertion keys', [
    'http:',
    'https:',
  ]),
};

/** Nest injection token of the IdentityConfig. */
export const IDENTITY_CONFIG = Symbol('IDENTITY_CONFIG');

export type IdentityConfig = ReturnType<typeof readIdentityConfig>;

/** What identity needs beyond every service; throws ConfigInvalid with all faults. */
export function readIdentityConfig(env: NodeJS.ProcessEnv) {
  return readConfig(SCHEMA, env);
}
