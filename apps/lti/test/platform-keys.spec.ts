import type { TestService } from '@parlance/platform/testing';
import { Lms, rsaKey } from './lms.js';
import { reasonOf, startLti, World } from './world.js';

let service: TestService;
let lms: Lms;
let world: World;

beforeAll(async () => {
  service = await startLti();
});

beforeEach(async () => {
  lms = await Lms.start();
  world = await World.create(service, lms);
});

afterEach(() => lms.stop());
afterAll(() => service.stop());

const fetches = () => lms.to('/jwks').length;

test('many launches at once fetch the keys once', async () => {
  const logins = await Promise.all(Array.from({ length: 6 }, () => world.login()));
  const answers = await Promise.all(
    logins.map((login) => world.postLaunch(login, lms.sign(world.claims(login.nonce)))),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  expect(fetches()).toBe(1);
});

test('a new key is fetched when it first signs', async () => {
  expect((await world.launch()).status).toBe(200);
  lms.keys = [rsaKey('lms-2'), ...lms.keys];
  expect((await world.launch()).status).toBe(200);
  expect((await world.launch()).status).toBe(200);
  expect(fetches()).toBe(2);
});

test('an unknown key is asked for once in a while, and invented ones not without end', async () => {
  const withKid = async (kid: string) => {
    const login = await world.login();
    return reasonOf(await world.postLaunch(login, lms.sign(world.claims(login.nonce), { kid })));
  };
  expect(await withKid('gone')).toBe('kid_unknown');
  const once = fetches();
  expect(await withKid('gone')).toBe('kid_unknown');
  expect(fetches()).toBe(once);
  for (let index = 0; index < 12; index += 1) {
    expect(await withKid(`made-up-${index}`)).toBe('kid_unknown');
  }
  expect(fetches()).toBeLessThanOrEqual(6);
  expect((await world.launch()).status).toBe(200);
});

test('keys already known survive an outage of the platform', async () => {
  expect((await world.launch()).status).toBe(200);
  lms.on = ({ path }) => (path === '/jwks' ? { status: 500 } : undefined);
  const login = await world.login();
  const token = lms.sign(world.claims(login.nonce), { kid: 'new' });
  expect(reasonOf(await world.postLaunch(login, token))).toBe('kid_unknown');
  expect((await world.launch()).status).toBe(200);
});

test.each([
  ['an error', { status: 500 }],
  ['no JSON', { status: 200, body: '<html>' }],
  ['JSON that is no key set', { status: 200, body: '[]' }],
  ['a redirect', { status: 302, headers: { location: '/elsewhere' } }],
  ['a broken connection', { status: 200, cut: true }],
  ['a key set without end', { status: 200, body: `{"keys":[],"x":"${'x'.repeat(300_000)}"}` }],
])('%s instead of keys is 503, and no launch', async (_name, answer) => {
  lms.on = ({ path }) => (path === '/jwks' ? answer : undefined);
  const refused = await world.launch();
  expect([refused.status, reasonOf(refused)]).toEqual([503, 'keys_unavailable']);
  expect(lms.to('/elsewhere')).toEqual([]);
});

test.each([
  ['is short', (jwk: object) => jwk, rsaKey('short', 1024)],
  ['is for encryption', (jwk: object) => ({ ...jwk, use: 'enc' }), rsaKey('enc')],
  ['is for another algorithm', (jwk: object) => ({ ...jwk, alg: 'RS512' }), rsaKey('rs512')],
  ['is symmetric', () => ({ kty: 'oct', k: 'c2VjcmV0', kid: 'oct' }), rsaKey('oct')],
])('a key that %s is not used', async (_name, change, key) => {
  const jwk = { ...key.publicKey.export({ format: 'jwk' }), kid: key.kid };
  const body = JSON.stringify({ keys: [{ ...change(jwk), kid: key.kid }] });
  lms.on = ({ path }) => (path === '/jwks' ? { status: 200, body } : undefined);
  const login = await world.login();
  const answer = await world.postLaunch(login, lms.sign(world.claims(login.nonce), {}, key));
  expect([answer.status, reasonOf(answer)]).toEqual([401, 'key_unsuitable']);
});

test('a registration without the development exception never reaches this machine', async () => {
  const { adminToken: token } = world;
  const { body: list } = await world.get('/lti/registrations');
  const [{ id, version }] = list.items;
  const headers = { 'if-match': `"${version}"` };
  const https = (url: string) => url.replace('http:', 'https:');
  const { authUrl, tokenUrl, jwksUrl } = lms.registration;
  const body = {
    allowPrivateHosts: false,
    authUrl: https(authUrl),
    tokenUrl: https(tokenUrl),
    jwksUrl: https(jwksUrl),
  };
  const path = `/lti/registrations/${id}`;
  const changed = await service.request('PATCH', path, { token, headers, body });
  expect(changed.status).toBe(200);
  const refused = await world.launch();
  expect([refused.status, reasonOf(refused)]).toEqual([503, 'keys_unavailable']);
  expect(fetches()).toBe(0);
});
