import { newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { SigningKeys } from '../src/signing-keys.js';
import { ADMIN_PASSWORD, operator, School, startIdentity } from './school.js';

describe('sign-in', () => {
  let service: TestService;
  let school: School;

  beforeAll(async () => {
    service = await startIdentity();
    school = await School.open(service);
  });
  afterAll(() => service.stop());

  const signIn = (body: object, headers: Record<string, string> = {}) =>
    service.request('POST', '/sessions', { body, headers });
  const byPassword = (email: string, password: string, from: string, institution = school.slug) =>
    signIn({ grantType: 'password', institution, email, password }, { 'x-forwarded-for': from });
  const refresh = (refreshToken: string) => signIn({ grantType: 'refresh', refreshToken });
  const adminEmail = () => `admin@${school.slug}.example`;

  test('a password opens a session whose token every service can verify', async () => {
    const answer = await byPassword(adminEmail().toUpperCase(), ADMIN_PASSWORD, '192.0.2.1');
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.body).toMatchObject({
      tokenType: 'Bearer',
      expiresInSeconds: 600,
      person: { id: school.adminId, roles: ['admin'], institutionId: school.id },
    });
    const keys = createRemoteJWKSet(new URL(`http://127.0.0.1:${service.port}/api/v1/jwks`));
    const { payload } = await jwtVerify(answer.body.accessToken, keys, {
      issuer: 'parlance',
      audience: 'parlance-api',
      algorithms: ['ES256'],
    });
    expect(payload).toMatchObject({ sub: school.adminId, inst: school.id, roles: ['admin'] });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(600);
  });

  test('says the same of a wrong password, person and institution', async () => {
    const bodies = await Promise.all([
      byPassword(adminEmail(), 'not the password', '192.0.2.2'),
      byPassword('nobody@example.org', 'not the password', '192.0.2.2'),
      byPassword(adminEmail(), ADMIN_PASSWORD, '192.0.2.2', 'no-such-school'),
    ]);
    for (const { status, body } of bodies) {
      expect(status).toBe(401);
      expect({ ...body, requestId: '' }).toEqual({ ...bodies[0]?.body, requestId: '' });
    }
    expect(bodies[0]?.body.code).toBe('sign-in-failed');
  });

  test('names every field a grant needs', async () => {
    const answer = await signIn({ grantType: 'password', institution: school.slug });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([
      { pointer: '/email', detail: 'is needed with grantType password' },
    ]);
    expect((await signIn({ grantType: 'magic' })).status).toBe(400);
    expect((await signIn({ grantType: 'refresh', refreshToken: 'x', role: 'admin' })).status).toBe(
      400,
    );
  });

  test('locks an account after ten failures, even for the right password', async () => {
    const other = await School.open(service);
    const email = `admin@${other.slug}.example`;
    const guesses = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        byPassword(email, `guess ${i}`, `198.51.100.${i}`, other.slug),
      ),
    );
    const statuses = guesses.map((guess) => guess.status).sort();
    // The admin's own sign-in was forgotten with its success, so ten guesses were checked.
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
    const right = await byPassword(email, ADMIN_PASSWORD, '198.51.100.99', other.slug);
    expect(right.status).toBe(429);
    expect(right.body.code).toBe('too-many-attempts');
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(800);
    expect((await byPassword(adminEmail(), ADMIN_PASSWORD, '198.51.100.99')).status).toBe(201);
  });

  test('accounts that do not exist lock just the same', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 11; i += 1) {
      statuses.push((await byPassword('ghost@example.org', 'guess', `203.0.113.${i}`)).status);
    }
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429]);
  });

  test('an address that fails for many accounts is locked, successes are not counted', async () => {
    const from = '192.0.2.77';
    await byPassword('first@example.org', 'guess', from);
    await service.database.outsideInstitutions((tx) =>
      tx.query('UPDATE address_failure SET failures = 199 WHERE failures = 1'),
    );
    expect((await byPassword(adminEmail(), ADMIN_PASSWORD, from)).status).toBe(201);
    expect((await byPassword(adminEmail(), ADMIN_PASSWORD, from)).status).toBe(201);
    expect((await byPassword('second@example.org', 'guess', from)).status).toBe(401);
    expect((await byPassword(adminEmail(), ADMIN_PASSWORD, from)).body.code).toBe(
      'too-many-attempts',
    );
    expect((await byPassword(adminEmail(), ADMIN_PASSWORD, '192.0.2.78')).status).toBe(201);
  });

  test('refreshing rotates; an old token ends the session for whoever holds it', async () => {
    const person = await school.person(['learner']);
    const second = await refresh(person.refreshToken);
    expect(second.status).toBe(201);
    const third = await refresh(second.body.refreshToken);
    expect(third.status).toBe(201);
    const stolen = await refresh(person.refreshToken);
    expect(stolen.status).toBe(401);
    expect(stolen.body.code).toBe('refresh-token-reused');
    expect((await refresh(third.body.refreshToken)).body.code).toBe('session-ended');
  });

  test('of two refreshes at once with one token, one wins and the session ends', async () => {
    const person = await school.person(['learner']);
    const both = await Promise.all([refresh(person.refreshToken), refresh(person.refreshToken)]);
    expect(both.map((answer) => answer.status).sort()).toEqual([201, 401]);
    const winner = both.find((answer) => answer.status === 201);
    expect((await refresh(winner?.body.refreshToken)).status).toBe(401);
  });

  test.each(['', 'x', 'A'.repeat(86), '!'.repeat(86)])('%p is no refresh token', async (token) => {
    expect([400, 401]).toContain((await refresh(token)).status);
  });

  test('signing out ends the session', async () => {
    const person = await school.person(['learner']);
    const { token } = person;
    expect((await service.request('DELETE', '/sessions/current', { token })).status).toBe(204);
    expect((await refresh(person.refreshToken)).body.code).toBe('session-ended');
  });

  test('roles change at refresh; suspension ends the session', async () => {
    const person = await school.person(['learner']);
    await school.patch(`/people/${person.id}`, 1, { roles: ['teacher'] });
    const next = await refresh(person.refreshToken);
    expect(decodeJwt(next.body.accessToken).roles).toEqual(['teacher']);
    await school.patch(`/people/${person.id}`, 2, { status: 'suspended' });
    expect((await refresh(next.body.refreshToken)).status).toBe(401);
  });

  test('an invitation works once, may set a password, and a new one replaces it', async () => {
    const email = 'invited@example.org';
    const { body } = await school.post('/people', {
      displayName: 'Ines Invited',
      email,
      roles: ['learner'],
      invite: true,
    });
    const short = await signIn({
      grantType: 'invitation',
      code: body.invitationCode,
      password: 'x',
    });
    expect(short.status).toBe(400);
    const renewed = await school.post(`/people/${body.id}/invitations`, undefined);
    expect(renewed.status).toBe(201);
    const password = 'her own password';
    const use = (code: string) => signIn({ grantType: 'invitation', code, password });
    expect((await use(body.invitationCode)).body.code).toBe('invalid-invitation');
    expect((await use(renewed.body.invitationCode)).status).toBe(201);
    expect((await use(renewed.body.invitationCode)).body.code).toBe('invalid-invitation');
    expect((await byPassword(email, password, '192.0.2.5')).status).toBe(201);
  });

  test('an invitation is not good for ever', async () => {
    const { body } = await school.post('/people', {
      displayName: 'Late',
      roles: ['learner'],
      invite: true,
    });
    await service.database.inInstitution(school.id, (tx) =>
      tx.query('UPDATE invitation SET expires_at = now() WHERE person_id = $1', [body.id]),
    );
    const late = await signIn({ grantType: 'invitation', code: body.invitationCode });
    expect(late.body.code).toBe('invalid-invitation');
  });

  test('a new password ends the sessions of whoever knew the old one', async () => {
    const other = await School.open(service);
    const email = `admin@${other.slug}.example`;
    const { body } = await byPassword(email, ADMIN_PASSWORD, '192.0.2.6', other.slug);
    const put = (currentPassword: string) =>
      service.request('PUT', '/people/me/password', {
        token: other.admin,
        body: { currentPassword, newPassword: 'another long one' },
      });
    expect((await put('wrong')).body.code).toBe('wrong-password');
    expect((await put(ADMIN_PASSWORD)).status).toBe(204);
    expect((await refresh(body.refreshToken)).body.code).toBe('session-ended');
    expect((await byPassword(email, 'another long one', '192.0.2.6', other.slug)).status).toBe(201);
  });

  test('neither tokens, codes nor private keys are in the database as they are', async () => {
    const person = await school.person(['learner']);
    const secret = Buffer.from(person.refreshToken, 'base64url').subarray(32);
    const [found] = await service.database.inInstitution(school.id, (tx) =>
      tx.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM session WHERE position($1 IN secret_hash) > 0',
        [secret],
      ),
    );
    expect(found?.n).toBe(0);
    const keys = await service.database.outsideInstitutions((tx) =>
      tx.query<{ public_jwk: object; sealed: string }>(
        `SELECT public_jwk, encode(sealed_private_key, 'escape') AS sealed FROM signing_key`,
      ),
    );
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      expect(key.public_jwk).not.toHaveProperty('d');
      expect(key.sealed).not.toContain('"d"');
    }
  });

  test('the next key is published before it signs, and old tokens stay good', async () => {
    const rotate = () => service.request('POST', '/jwks/rotations', { headers: operator });
    const first = await rotate();
    expect(first.status).toBe(201);
    expect((await rotate()).body.kid).toBe(first.body.kid);
    const published = await service.request('GET', '/jwks');
    const kids = published.body.keys.map((key: { kid: string }) => key.kid);
    expect(kids).toContain(first.body.kid);
    expect(published.body.keys.every((key: object) => !('d' in key))).toBe(true);
    const keys = service.get(SigningKeys);
    expect(keys.current().kid).not.toBe(first.body.kid);
    await service.database.outsideInstitutions((tx) =>
      tx.query(
        `UPDATE signing_key SET state_since = now() - interval '2 hours' WHERE state = 'published'`,
      ),
    );
    await keys.onModuleInit();
    expect(keys.current().kid).toBe(first.body.kid);
    expect((await school.get('/people/me')).status).toBe(200);
    keys.onModuleDestroy();
  });

  test('rotation and institutions are for operators', async () => {
    expect((await service.request('POST', '/jwks/rotations', { token: school.admin })).status).toBe(
      401,
    );
    const body = {
      slug: 'x-school',
      name: 'X',
      admin: { displayName: 'A', email: 'a@x.example', password: ADMIN_PASSWORD },
    };
    expect((await school.post('/institutions', body)).status).toBe(401);
    const make = () => service.request('POST', '/institutions', { headers: operator, body });
    expect((await make()).status).toBe(201);
    expect((await make()).body.code).toBe('institution-exists');
  });

  test('the private half of a key opens only with the secret it was sealed with', async () => {
    const { KeySeal } = await import('../src/key-seal.js');
    const config = { LTI_ASSERTION_JWKS_URL: 'http://x' };
    const one = new KeySeal({ ...config, SIGNING_KEY_SECRET: 'a'.repeat(32) });
    const other = new KeySeal({ ...config, SIGNING_KEY_SECRET: 'b'.repeat(32) });
    const name = newId();
    const sealed = one.seal('private', name);
    expect(one.open(sealed, name)).toBe('private');
    expect(() => other.open(sealed, name)).toThrow();
    expect(() => one.open(sealed, newId())).toThrow();
  });
});
