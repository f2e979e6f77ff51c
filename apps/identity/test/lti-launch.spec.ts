import { EnrolmentChanged, LtiIdentityLinked, PersonChanged } from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import { type AssertionSigner, School, startAssertionSigner, startIdentity } from './school.js';

describe('sign-in by an LTI launch', () => {
  let service: TestService;
  let signer: AssertionSigner;
  let school: School;
  let classId: Id;
  const registrationId = newId();

  beforeAll(async () => {
    signer = await startAssertionSigner();
    service = await startIdentity({ LTI_ASSERTION_JWKS_URL: signer.jwksUrl });
    school = await School.open(service);
    classId = await school.class();
  });
  afterAll(async () => {
    await service.stop();
    await signer.stop();
  });

  const claims = (over: Record<string, unknown> = {}) => ({
    sub: 'lms-user-1',
    registrationId,
    institutionId: school.id,
    classId,
    role: 'learner',
    displayName: 'Lou Launch',
    ...over,
  });
  const send = (assertion: string) =>
    service.request('POST', '/sessions', { body: { grantType: 'lti-launch', assertion } });
  const launch = async (over: Record<string, unknown> = {}) =>
    send(await signer.sign(claims(over)));

  test('makes the person, links and enrols them, and tells it, all or nothing', async () => {
    const answer = await launch();
    expect(answer.status).toBe(201);
    const { id } = answer.body.person;
    expect(answer.body.person).toMatchObject({ displayName: 'Lou Launch', roles: ['learner'] });
    const [linked] = await service.emitted(LtiIdentityLinked);
    expect(linked?.data).toMatchObject({ personId: id, registrationId, subject: 'lms-user-1' });
    const enrolled = (await service.emitted(EnrolmentChanged)).filter(
      (e) => e.data.personId === id,
    );
    expect(enrolled.map((e) => e.data.classId)).toEqual([classId]);
    const me = await school.get('/people/me', answer.body.accessToken);
    expect(me.body.id).toBe(id);
  });

  test('launching again is the same person, with the name of today', async () => {
    const sub = 'lms-user-2';
    const first = await launch({ sub });
    const second = await launch({ sub, displayName: 'Lou Married' });
    expect(second.body.person).toMatchObject({
      id: first.body.person.id,
      displayName: 'Lou Married',
    });
    const links = (await service.emitted(LtiIdentityLinked)).filter((e) => e.data.subject === sub);
    expect(links).toHaveLength(1);
    const told = (await service.emitted(PersonChanged)).filter(
      (e) => e.subject === first.body.person.id,
    );
    expect(told.map((e) => e.sequence)).toEqual([1, 2]);
  });

  test('two first launches at once make one person', async () => {
    const both = await Promise.all([launch({ sub: 'twin' }), launch({ sub: 'twin' })]);
    expect(both.map((answer) => answer.status)).toEqual([201, 201]);
    expect(both[0]?.body.person.id).toBe(both[1]?.body.person.id);
  });

  test('a name proves nothing: another registration is another person', async () => {
    const sub = 'lms-user-3';
    const one = await launch({ sub });
    const other = await launch({ sub, registrationId: newId() });
    expect(other.body.person.id).not.toBe(one.body.person.id);
  });

  test('a teacher in one class and a learner in another has both roles', async () => {
    const sub = 'lms-user-4';
    await launch({ sub });
    const second = await launch({ sub, role: 'teacher', classId: await school.class('Other') });
    expect(second.body.person.roles).toEqual(['learner', 'teacher']);
  });

  test('works once', async () => {
    const assertion = await signer.sign(claims({ sub: 'once' }));
    expect((await send(assertion)).status).toBe(201);
    expect((await send(assertion)).body.code).toBe('assertion-used');
  });

  test('an LMS that keeps names to itself is no obstacle', async () => {
    const answer = await launch({ sub: 'nameless', displayName: undefined });
    expect(answer.body.person.displayName).toBe('LMS learner');
  });

  test('suspended people stay out', async () => {
    const { body } = await launch({ sub: 'suspended' });
    const patched = await school.patch(`/people/${body.person.id}`, 1, { status: 'suspended' });
    expect(patched.status).toBe(200);
    expect((await launch({ sub: 'suspended' })).body.code).toBe('person-suspended');
  });

  test.each([
    ['another issuer', { iss: 'somebody' }],
    ['another audience', { aud: 'parlance-api' }],
    ['an expiry in the past', { iat: 1_700_000_000, exp: 1_700_000_060 }],
    ['a life of an hour', { exp: Math.floor(Date.now() / 1000) + 3600 }],
    ['the role of an admin', { role: 'admin' }],
    ['no subject', { sub: undefined }],
    ['a subject of 300 characters', { sub: 'x'.repeat(300) }],
    ['a class that is no id', { classId: 'x' }],
  ])('%s is refused', async (_what, over) => {
    const answer = await launch(over);
    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe('invalid-assertion');
  });

  test('a signature of other keys is refused', async () => {
    const forger = await startAssertionSigner();
    expect((await send(await forger.sign(claims()))).body.code).toBe('invalid-assertion');
    expect((await send('a.b.c')).body.code).toBe('invalid-assertion');
    await forger.stop();
  });
});
