import { newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import { Lms, rsaKey } from './lms.js';
import { lti13, ORIGIN, reasonOf, startLti, World } from './world.js';

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

describe('institutions that share a client id', () => {
  test('are told apart by the deployment, each by its own keys', async () => {
    const clientId = `shared-${newId()}`;
    const [one, two] = [
      await World.create(service, lms, { clientId }),
      await World.create(service, lms, { clientId }),
    ];
    for (const school of [one, two]) {
      const login = await school.login({ lti_deployment_id: undefined });
      const answer = await school.postLaunch(login, lms.sign(school.claims(login.nonce)));
      expect(answer.status).toBe(200);
      const [launch] = await service.database.inInstitution(school.institutionId, (tx) =>
        tx.query('SELECT registration_id FROM launch'),
      );
      expect(launch).toEqual({ registration_id: school.registrationId });
    }
    const taken = await two.post(`/lti/registrations/${two.registrationId}/deployments`, {
      deploymentId: one.deploymentId,
      classId: newId(),
    });
    expect([taken.status, taken.body.code]).toEqual([409, 'deployment-taken']);
  });

  test('a school with keys of its own cannot launch into another', async () => {
    const clientId = `shared-${newId()}`;
    const honest = await World.create(service, lms, { clientId });
    const evilToken = await service.token({ institutionId: newId(), roles: ['admin'] });
    const evilLms = await Lms.start();
    evilLms.keys = [rsaKey('lms-1')];
    const planted = await honest.post(
      '/lti/registrations',
      { ...lms.registration, jwksUrl: `${evilLms.issuer}/jwks`, clientId },
      evilToken,
    );
    expect(planted.status).toBe(201);
    const login = await honest.login();
    const token = evilLms.sign(honest.claims(login.nonce));
    expect(reasonOf(await honest.postLaunch(login, token))).toBe('signature_invalid');
    await evilLms.stop();
  });

  test('an unknown deployment is shown to none of them', async () => {
    const clientId = `shared-${newId()}`;
    const [one, two] = [
      await World.create(service, lms, { clientId }),
      await World.create(service, lms, { clientId }),
    ];
    const deploymentId = `nobodys-${newId()}`;
    const login = await one.login({ lti_deployment_id: deploymentId });
    const claims = one.claims(login.nonce, { [lti13('deployment_id')]: deploymentId });
    const answer = await one.postLaunch(login, lms.sign(claims));
    expect([answer.status, reasonOf(answer)]).toEqual([403, 'deployment_pending']);
    for (const school of [one, two]) {
      const { body } = await school.get(`/lti/registrations/${school.registrationId}`);
      expect(JSON.stringify(body)).not.toContain(deploymentId);
    }
  });

  test('with different addresses a login must name the deployment', async () => {
    const clientId = `shared-${newId()}`;
    const one = await World.create(service, lms, { clientId });
    const evilToken = await service.token({ institutionId: newId(), roles: ['admin'] });
    const elsewhere = { ...lms.registration, authUrl: 'http://127.0.0.1:9/auth', clientId };
    expect((await one.post('/lti/registrations', elsewhere, evilToken)).status).toBe(201);
    const fields = {
      iss: lms.issuer,
      login_hint: 'u',
      target_link_uri: `${ORIGIN}/x`,
      client_id: clientId,
    };
    const vague = await one.postForm('/lti/login', fields);
    expect([vague.status, reasonOf(vague)]).toEqual([400, 'ambiguous_registration']);
    const { location } = await one.login();
    expect(location.origin).toBe(lms.issuer);
  });
});
