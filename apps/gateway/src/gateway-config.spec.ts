import { ConfigInvalid } from '@parlance/platform';
import { readGatewayConfig } from './gateway-config.js';

const services = ['IDENTITY', 'CONTENT', 'ASSIGNMENTS', 'GRADING', 'GRADEBOOK', 'LTI'];
const complete = {
  PORT: '8080',
  TOKEN_JWKS_URL: 'http://127.0.0.1:1/jwks',
  ...Object.fromEntries(services.map((name, i) => [`${name}_URL`, `http://127.0.0.1:${i + 1}`])),
};

test('a complete environment has an address for every service', () => {
  const config = readGatewayConfig(complete);
  expect(config.services.gradebook.href).toBe('http://127.0.0.1:5/');
  expect(config).toMatchObject({ RATE_LIMIT_PER_SECOND: 100, RATE_LIMIT_BURST: 300 });
});

test('every fault of the environment is named at once', () => {
  const faulty = { ...complete, LTI_URL: '' };
  const read = () => readGatewayConfig({ ...faulty, WEB_ORIGINS: 'example.org', PORT: 'x' });
  expect(read).toThrow(ConfigInvalid);
  expect(read).toThrow(/LTI_URL is missing[\s\S]*WEB_ORIGINS must hold origins/);
  expect(read).toThrow(/PORT must be a whole number/);
});
