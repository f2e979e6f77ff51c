import type { TestService } from '@parlance/platform/testing';
import { Lms, rsaKey } from './lms.js';
import {
  type ClaimSet,
  lti13,
  ORIGIN,
  reasonOf,
  startLti,
  type StartedLogin,
  World,
} from './world.js';

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

const now = () => Math.floor(Date.now() / 1000);

/** Claims laid over the honest ones; undefined takes one away. */
type Attack = ClaimSet | ((login: StartedLogin) => ClaimSet);

async function attackBy(attack: Attack, header: ClaimSet = {}) {
  const login = await world.login();
  const changes = typeof attack === 'function' ? attack(login) : attack;
  return world.postLaunch(login, lms.sign(world.claims(login.nonce, changes), header));
}

async function expectRefused(answer: { status: number; body: unknown }, reason: string) {
  expect([answer.status, reasonOf(answer as never)]).toEqual([401, reason]);
  expect(String(answer.body)).not.toContain('id="launch"');
  const launches = await service.database.inInstitution(world.institutionId, (tx) =>
    tx.query('SELECT 1 FROM launch'),
  );
  expect(launches).toEqual([]);
}

describe('whose and for whom', () => {
  test.each<[string, Attack, string]>([
    ['another issuer', { iss: 'https://evil.example' }, 'iss_mismatch'],
    ['no issuer', { iss: undefined }, 'iss_mismatch'],
    ['the issuer in a list', { iss: ['x'] }, 'iss_mismatch'],
    ['another audience', { aud: 'somebody-else' }, 'aud_mismatch'],
    ['no audience', { aud: undefined }, 'aud_mismatch'],
    ['an empty audience', { aud: [] }, 'aud_mismatch'],
    ['an audience in a list within a list', { aud: [['x']] }, 'aud_mismatch'],
    ['another party', { azp: 'somebody-else' }, 'azp_mismatch'],
    ['an empty party', { azp: '' }, 'azp_mismatch'],
  ])('%s', async (_name, changes, reason) => {
    await expectRefused(await attackBy(changes), reason);
  });

  test('the issuer with a slash at its end', async () => {
    await expectRefused(await attackBy({ iss: `${lms.issuer}/` }), 'iss_mismatch');
  });

  test('an extra audience nobody trusts', async () => {
    const both = { aud: [world.clientId, 'somebody-else'] };
    await expectRefused(await attackBy({ ...both, azp: world.clientId }), 'aud_untrusted');
    await expectRefused(await attackBy(both), 'aud_untrusted');
  });

  test('our audience twice without a party', async () => {
    const twice = { aud: [world.clientId, world.clientId] };
    await expectRefused(await attackBy(twice), 'azp_missing');
  });

  test('a token of another tool of the same platform', async () => {
    const other = await World.create(service, lms, { deploymentId: world.deploymentId });
    const login = await world.login();
    const token = lms.sign(other.claims(login.nonce));
    await expectRefused(await world.postLaunch(login, token), 'aud_mismatch');
  });

  test('a token of platform B in answer to a login of platform A', async () => {
    const platformB = await Lms.start();
    platformB.keys = [rsaKey('b-1')];
    const other = await World.create(service, platformB);
    const login = await world.login();
    const claims = other.claims(login.nonce);
    const mixedUp = await world.postLaunch(login, platformB.sign(claims));
    expect(mixedUp.status).toBe(401);
    expect(reasonOf(mixedUp)).toBe('kid_unknown');
    const sameKid = await world.login();
    const inDisguise = platformB.sign(other.claims(sameKid.nonce), { kid: 'lms-1' });
    await expectRefused(await world.postLaunch(sameKid, inDisguise), 'signature_invalid');
    await platformB.stop();
  });
});

describe('when', () => {
  test.each<[string, () => ClaimSet, string]>([
    ['expired', () => ({ iat: now() - 200, exp: now() - 61 }), 'token_expired'],
    ['no expiry', () => ({ exp: undefined }), 'exp_missing'],
    ['expiry as text', () => ({ exp: String(now() + 60) }), 'exp_missing'],
    ['expiry before issue', () => ({ iat: now(), exp: now() - 1 }), 'token_expired'],
    ['issued in the future', () => ({ iat: now() + 90, exp: now() + 200 }), 'iat_in_future'],
    ['no issue', () => ({ iat: undefined }), 'iat_missing'],
    ['issue as text', () => ({ iat: String(now()) }), 'iat_missing'],
    ['issued long ago', () => ({ iat: now() - 700, exp: now() + 60 }), 'iat_too_old'],
    ['not yet valid', () => ({ nbf: now() + 120 }), 'not_yet_valid'],
    ['validity as text', () => ({ nbf: 'now' }), 'not_yet_valid'],
  ])('%s', async (_name, changes, reason) => {
    await expectRefused(await attackBy(changes()), reason);
  });
});

describe('what it answers', () => {
  test.each<[string, Attack, string]>([
    ['no nonce', { nonce: undefined }, 'nonce_mismatch'],
    ['an empty nonce', { nonce: '' }, 'nonce_mismatch'],
    ['a nonce of its own', { nonce: 'n-0S6_WzA2Mj' }, 'nonce_mismatch'],
    ['the state as nonce', ({ state }) => ({ nonce: state }), 'nonce_mismatch'],
    ['the nonce in a list', ({ nonce }) => ({ nonce: [nonce] }), 'nonce_mismatch'],
    ['another deployment', { [lti13('deployment_id')]: 'other' }, 'deployment_mismatch'],
    ['an empty deployment', { [lti13('deployment_id')]: '' }, 'deployment_id_missing'],
    ['a deployment that is a number', { [lti13('deployment_id')]: 1 }, 'deployment_id_missing'],
    [
      'another target',
      { [lti13('target_link_uri')]: `${ORIGIN}/api/v1/lti/launch?x=1` },
      'target_link_uri_mismatch',
    ],
    ['no target', { [lti13('target_link_uri')]: undefined }, 'target_link_uri_missing'],
    [
      'a deep linking request',
      { [lti13('message_type')]: 'LtiDeepLinkingRequest' },
      'message_type_unsupported',
    ],
    ['a version that is a number', { [lti13('version')]: 1.3 }, 'version_unsupported'],
    ['roles as text', { [lti13('roles')]: 'Instructor' }, 'roles_missing'],
    [
      'a link id of 256',
      { [lti13('resource_link')]: { id: 'x'.repeat(256) } },
      'resource_link_missing',
    ],
    ['a link id with NUL', { [lti13('resource_link')]: { id: 'a\0b' } }, 'resource_link_missing'],
    ['a user of 256', { sub: 'x'.repeat(256) }, 'sub_missing'],
    ['a user beyond ASCII', { sub: 'usér' }, 'sub_missing'],
    ['a user that is a number', { sub: 7 }, 'sub_missing'],
  ])('%s', async (_name, changes, reason) => {
    await expectRefused(await attackBy(changes), reason);
  });

  test('the nonce of another login of the same browser', async () => {
    const [first, second] = [await world.login(), await world.login()];
    const token = lms.sign(world.claims(second.nonce));
    await expectRefused(await world.postLaunch(first, token), 'nonce_mismatch');
  });
});
