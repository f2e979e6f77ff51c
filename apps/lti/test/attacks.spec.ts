import { createHmac } from 'node:crypto';
import type { TestService } from '@parlance/platform/testing';
import { encode, Lms, rsaKey } from './lms.js';
import { type ClaimSet, lti13, reasonOf, startLti, type StartedLogin, World } from './world.js';

let service: TestService;
let lms: Lms;
let world: World;

beforeAll(async () => {
  service = await startLti();
  lms = await Lms.start();
  world = await World.create(service, lms);
  await world.publishAssignment();
});

afterAll(async () => {
  await service.stop();
  await lms.stop();
});

/** Claims laid over the honest ones; undefined takes one away. */
type Attack = ClaimSet | ((login: StartedLogin) => ClaimSet);

async function attackBy(attack: Attack, header: ClaimSet = {}) {
  const login = await world.login();
  const changes = typeof attack === 'function' ? attack(login) : attack;
  return world.postLaunch(login, lms.sign(world.claims(login.nonce, changes), header));
}

async function attackWith(make: (claims: ClaimSet) => string) {
  const login = await world.login();
  return world.postLaunch(login, make(world.claims(login.nonce)));
}

async function expectRefused(answer: { status: number; body: unknown }, reason: string) {
  expect([answer.status, reasonOf(answer as never)]).toEqual([401, reason]);
  expect(String(answer.body)).not.toContain('id="launch"');
  const launches = await service.database.inInstitution(world.institutionId, (tx) =>
    tx.query('SELECT 1 FROM launch'),
  );
  expect(launches).toEqual([]);
}

describe('bad payloads of the certification guide', () => {
  test('no KID sent in the header', async () => {
    await expectRefused(await attackBy({}, { kid: undefined }), 'kid_missing');
  });

  test('incorrect KID in the header', async () => {
    await expectRefused(await attackBy({}, { kid: 'nobody-knows' }), 'kid_unknown');
  });

  test.each<[string, ClaimSet, string]>([
    ['wrong LTI version', { [lti13('version')]: '11.3.0' }, 'version_unsupported'],
    ['no LTI version', { [lti13('version')]: undefined }, 'version_unsupported'],
    ['timestamps incorrect', { iat: 11_111, exp: 22_222 }, 'token_expired'],
    ['no message type', { [lti13('message_type')]: undefined }, 'message_type_unsupported'],
    ['no roles claim', { [lti13('roles')]: undefined }, 'roles_missing'],
    ['no deployment id', { [lti13('deployment_id')]: undefined }, 'deployment_id_missing'],
    ['no resource link id', { [lti13('resource_link')]: { title: 'x' } }, 'resource_link_missing'],
    ['no user', { sub: undefined }, 'sub_missing'],
  ])('%s', async (_name, changes, reason) => {
    await expectRefused(await attackBy(changes), reason);
  });

  test('invalid LTI message: a JWT of another kind', async () => {
    const answer = await attackWith(() => lms.sign({ name: 'badltilaunch' }));
    await expectRefused(answer, 'iss_mismatch');
  });

  test('missing LTI claims: OpenID alone', async () => {
    const answer = await attackWith((claims) =>
      lms.sign(Object.fromEntries(Object.entries(claims).filter(([name]) => name.length < 9))),
    );
    await expectRefused(answer, 'version_unsupported');
  });
});

describe('the header', () => {
  test.each<[string, ClaimSet, string]>([
    ['alg none', { alg: 'none' }, 'alg_not_allowed'],
    ['alg None', { alg: 'None' }, 'alg_not_allowed'],
    ['alg absent', { alg: undefined }, 'alg_not_allowed'],
    ['alg rs256', { alg: 'rs256' }, 'alg_not_allowed'],
    ['alg RS512', { alg: 'RS512' }, 'alg_not_allowed'],
    ['alg PS256', { alg: 'PS256' }, 'alg_not_allowed'],
    ['alg ES256', { alg: 'ES256' }, 'alg_not_allowed'],
    ['alg as a list', { alg: ['RS256'] }, 'alg_not_allowed'],
    ['an unknown critical header', { crit: ['exp'], exp: 1 }, 'crit_not_supported'],
    ['an unencoded payload', { b64: false, crit: ['b64'] }, 'crit_not_supported'],
    ['kid a number', { kid: 7 }, 'kid_missing'],
    ['kid empty', { kid: '' }, 'kid_missing'],
    ['kid a path', { kid: '../../../../dev/null' }, 'kid_unknown'],
    ['kid an injection', { kid: `' OR 1=1 --` }, 'kid_unknown'],
  ])('%s', async (_name, header, reason) => {
    await expectRefused(await attackBy({}, header), reason);
  });

  test('alg none without a signature', async () => {
    const answer = await attackWith((claims) => `${encode({ alg: 'none' })}.${encode(claims)}.`);
    await expectRefused(answer, 'alg_not_allowed');
  });

  test('HS256 with the public key as the secret', async () => {
    const answer = await attackWith((claims) => {
      const signed = `${encode({ alg: 'HS256', kid: 'lms-1' })}.${encode(claims)}`;
      const pem = lms.keys[0]?.publicKey.export({ type: 'spki', format: 'pem' }) ?? '';
      return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
    });
    await expectRefused(answer, 'alg_not_allowed');
  });

  test('a key of its own, in the header or by address, is never used', async () => {
    const mine = rsaKey('lms-1');
    const jwk = mine.publicKey.export({ format: 'jwk' });
    const seen = lms.requests.length;
    for (const header of [{ jwk }, { jku: `${lms.issuer}/mine` }, { x5u: `${lms.issuer}/mine` }]) {
      const answer = await attackWith((claims) => lms.sign(claims, header, mine));
      await expectRefused(answer, 'signature_invalid');
    }
    expect(lms.requests.slice(seen).map(({ path }) => path)).not.toContain('/mine');
  });
});

describe('the form of the token', () => {
  test.each<[string, (honest: string) => string, string]>([
    ['nothing', () => 'x', 'token_malformed'],
    ['two parts', (honest) => honest.split('.').slice(0, 2).join('.'), 'token_malformed'],
    ['five parts', (honest) => `${honest}.a.b`, 'token_malformed'],
    ['no signature', (honest) => honest.replace(/[^.]*$/, ''), 'token_malformed'],
    [
      'a payload that is no JSON',
      (honest) => honest.replace(/\.[^.]*\./, '.e30x.'),
      'token_malformed',
    ],
    [
      'a payload that is a list',
      (honest) => honest.replace(/\.[^.]*\./, '.W10.'),
      'token_malformed',
    ],
    ['a space in it', (honest) => honest.replace('.', '. '), 'token_malformed'],
    ['more than 64 KB', (honest) => honest + 'A'.repeat(65_536), 'token_too_large'],
    ['a changed signature', (honest) => `${honest.slice(0, -8)}AAAAAAAA`, 'signature_invalid'],
  ])('%s', async (_name, spoil, reason) => {
    await expectRefused(await attackWith((claims) => spoil(lms.sign(claims))), reason);
  });

  test('a payload changed after signing', async () => {
    const answer = await attackWith((claims) => {
      const [head, , signature] = lms.sign(claims).split('.');
      return [head, encode({ ...claims, sub: 'user-2' }), signature].join('.');
    });
    await expectRefused(answer, 'signature_invalid');
  });

  test('token and error together', async () => {
    const login = await world.login();
    const id_token = lms.sign(world.claims(login.nonce));
    const fields = { state: login.state, id_token, error: 'x' };
    const answer = await world.postForm('/lti/launch', fields, login.cookie);
    expect([answer.status, reasonOf(answer)]).toEqual([400, 'parameter_malformed']);
  });

  test('no state, no token, or a repeated token', async () => {
    const login = await world.login();
    const id_token = lms.sign(world.claims(login.nonce));
    const stateless = await world.postForm('/lti/launch', { id_token }, login.cookie);
    expect(reasonOf(stateless)).toBe('parameter_missing');
    const tokenless = await world.postForm('/lti/launch', { state: login.state }, login.cookie);
    expect(reasonOf(tokenless)).toBe('parameter_missing');
    const twice = await service.request('POST', '/lti/launch', {
      raw: `state=${login.state}&id_token=${id_token}&id_token=x`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: login.cookie },
    });
    expect(reasonOf(twice)).toBe('parameter_repeated');
  });
});
