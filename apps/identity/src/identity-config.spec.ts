import { ConfigInvalid } from '@parlance/platform';
import { readIdentityConfig } from './identity-config.js';

test('every fault of the environment is named, and no secret repeated', () => {
  const read = () => readIdentityConfig({ SIGNING_KEY_SECRET: 'hunter2' });
  expect(read).toThrow(ConfigInvalid);
  expect(read).toThrow(/SIGNING_KEY_SECRET must have at least 32 characters/);
  expect(read).toThrow(/LTI_ASSERTION_JWKS_URL is missing/);
  expect(read).not.toThrow(/hunter2/);
});
