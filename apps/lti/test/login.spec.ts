import type { TestService } from '@parlance/platform/testing';
import { Lms } from './lms.js';
import { reasonOf, startLti, TARGET, World } from './world.js';

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

describe('login initiation', () => {
  test('by POST goes to the registered address with everything the platform needs', async () => {
    const hint = '{"cmid":2,"launchid":"a b&c=ü"}';
    const { location, state, nonce } = await world.login({ lti_message_hint: hint });
    expect(location.origin + location.pathname).toBe(`${lms.issuer}/auth`);
    expect(Object.fromEntries(location.searchParams)).toEqual({
      tool: '7',
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      client_id: world.clientId,
      redirect_uri: TARGET,
      login_hint: 'user-1',
      lti_message_hint: hint,
      state,
      nonce,
    });
    expect(Buffer.from(state, 'base64url').length).toBeGreaterThanOrEqual(16);
    expect(Buffer.from(nonce, 'base64url').length).toBeGreaterThanOrEqual(16);
  });

  test('by GET does the same, and without client id or deployment too', async () => {
    const query = new URLSearchParams({
      iss: lms.issuer,
      login_hint: 'u',
      target_link_uri: TARGET,
      client_id: world.clientId,
    });
    const answer = await service.request('GET', `/lti/login?${query}`);
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toContain(`${lms.issuer}/auth?tool=7&`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('binds the browser by a cookie of this login alone', async () => {
    const answer = await world.postForm('/lti/login', {
      iss: lms.issuer,
      login_hint: 'u',
      target_link_uri: TARGET,
      client_id: world.clientId,
    });
    const cookie = answer.headers.get('set-cookie');
    expect(cookie).toMatch(/^__Host-lti_[\w-]{16}=[\w-]{32}; Path=\/; HttpOnly; Max-Age=600;/);
    expect(cookie).toContain('; Secure; SameSite=None; Partitioned');
  });

  const good = { login_hint: 'u', target_link_uri: TARGET };

  test.each([
    ['an unknown issuer', { ...good, iss: 'https://evil.example' }, 'unknown_registration'],
    ['an unknown client', { ...good, iss: '', client_id: 'x' }, 'parameter_missing'],
    ['no login_hint', { iss: 'x', target_link_uri: TARGET }, 'parameter_missing'],
    ['no target', { iss: 'x', login_hint: 'u' }, 'parameter_missing'],
    [
      'a foreign target',
      { iss: 'x', login_hint: 'u', target_link_uri: 'https://evil.example/' },
      'target_link_uri_foreign',
    ],
    [
      'a target that only looks like ours',
      { iss: 'x', login_hint: 'u', target_link_uri: 'https://tool.example.evil.example/' },
      'target_link_uri_foreign',
    ],
    ['an odd character', { ...good, iss: 'x\0y' }, 'parameter_malformed'],
    ['more than 8 KB', { ...good, iss: 'x'.repeat(9000) }, 'request_too_large'],
  ])('with %s is a page without a redirect', async (_name, fields, reason) => {
    const answer = await world.postForm('/lti/login', fields);
    expect(answer.status).toBe(400);
    expect(reasonOf(answer)).toBe(reason);
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.body).not.toContain('evil');
  });

  test('with a repeated parameter is refused', async () => {
    const query = new URLSearchParams({ iss: lms.issuer, ...good });
    query.append('iss', 'https://evil.example');
    const answer = await service.request('GET', `/lti/login?${query}`);
    expect([answer.status, reasonOf(answer)]).toEqual([400, 'parameter_repeated']);
  });

  test('with several client ids of one issuer needs to say which', async () => {
    const shared = await Lms.start();
    const one = await World.create(service, shared);
    await World.create(service, shared);
    const fields = { iss: shared.issuer, ...good };
    const unsaid = await world.postForm('/lti/login', fields);
    expect([unsaid.status, reasonOf(unsaid)]).toEqual([400, 'ambiguous_registration']);
    const said = await world.postForm('/lti/login', { ...fields, client_id: one.clientId });
    expect(said.status).toBe(302);
    await shared.stop();
  });

  test('of JSON or of a body too large is refused', async () => {
    const json = await service.request('POST', '/lti/login', { body: { iss: lms.issuer } });
    expect(json.status).toBe(400);
    const large = await world.postForm('/lti/login', { iss: 'x'.repeat(300_000) });
    expect(large.status).toBe(413);
  });
});

describe('a state', () => {
  test('lets exactly one of many parallel identical posts through', async () => {
    const login = await world.login();
    const token = lms.sign(world.claims(login.nonce));
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => world.postLaunch(login, token)),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 401, 401, 401, 401, 401, 401, 401]);
    const reasons = answers.map(reasonOf).filter((reason) => reason !== undefined);
    expect(new Set(reasons)).toEqual(new Set(['state_replayed']));
  });

  test('is used up by a token that fails', async () => {
    const login = await world.login();
    const bad = await world.postLaunch(login, lms.sign(world.claims('other nonce')));
    expect(reasonOf(bad)).toBe('nonce_mismatch');
    const good = await world.postLaunch(login, lms.sign(world.claims(login.nonce)));
    expect(reasonOf(good)).toBe('state_replayed');
  });

  test('ends after ten minutes', async () => {
    const login = await world.login();
    await service.database.outsideInstitutions((tx) =>
      tx.query(`UPDATE login SET expires_at = expires_at - interval '601 seconds'`),
    );
    const answer = await world.postLaunch(login, lms.sign(world.claims(login.nonce)));
    expect([answer.status, reasonOf(answer)]).toEqual([401, 'state_expired']);
  });

  test('of another browser is refused and stays good in its own', async () => {
    const [mine, victims] = [await world.login(), await world.login()];
    const token = lms.sign(world.claims(victims.nonce));
    for (const cookie of ['', mine.cookie, victims.cookie.replace(/=.*/, '=guess')]) {
      const answer = await world.postLaunch(victims, token, cookie);
      expect([answer.status, reasonOf(answer)]).toEqual([401, 'state_other_browser']);
    }
    expect((await world.postLaunch(victims, token)).status).toBe(200);
  });

  test('never given out is unknown', async () => {
    const login = await world.login();
    const invented = { ...login, state: 'A'.repeat(32) };
    const answer = await world.postLaunch(invented, lms.sign(world.claims(login.nonce)));
    expect([answer.status, reasonOf(answer)]).toEqual([401, 'state_unknown']);
  });

  test('is stored as a hash only', async () => {
    const { state, nonce } = await world.login();
    const [row] = await service.database.outsideInstitutions((tx) =>
      tx.query<{ all: string }>('SELECT string_agg(login::text, chr(10)) AS all FROM login'),
    );
    expect(row?.all).not.toContain(state);
    expect(row?.all).not.toContain(nonce);
    expect(row?.all).not.toContain(Buffer.from(state).toString('hex'));
  });
});
