import { ClassChanged, EnrolmentChanged, PersonChanged } from '@parlance/events';
import { newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import { School, type SignedIn, startIdentity } from './school.js';

describe('people and classes', () => {
  let service: TestService;
  let school: School;
  let other: School;
  let teacher: SignedIn;
  let learner: SignedIn;
  let stranger: SignedIn;
  let support: SignedIn;
  let classId: string;

  beforeAll(async () => {
    service = await startIdentity();
    school = await School.open(service);
    other = await School.open(service);
    teacher = await school.person(['teacher'], 'Tom Teacher');
    learner = await school.person(['learner'], 'Lea Learner');
    stranger = await school.person(['learner'], 'Sam Stranger');
    support = await school.person(['support'], 'Sue Support');
    classId = await school.class();
    await school.enrol(classId, teacher.id, 'teacher');
    await school.enrol(classId, learner.id, 'learner');
  });
  afterAll(() => service.stop());

  const idsOf = (answer: { body: { items: { id: string }[] } }) =>
    answer.body.items.map((item) => item.id).sort();

  test('without a token there is nothing to see', async () => {
    for (const path of ['/people', '/people/me', `/people/${learner.id}`, '/classes']) {
      expect((await service.request('GET', path)).status).toBe(401);
    }
    expect((await service.request('POST', '/people', { body: {} })).status).toBe(401);
  });

  test('admins and support see all, teachers their classes, learners themselves', async () => {
    const everybody = [school.adminId, teacher.id, learner.id, stranger.id, support.id].sort();
    expect(idsOf(await school.get('/people'))).toEqual(everybody);
    expect(idsOf(await school.get('/people', support.token))).toEqual(everybody);
    expect(idsOf(await school.get('/people', teacher.token))).toEqual(
      [teacher.id, learner.id].sort(),
    );
    expect(idsOf(await school.get('/people', learner.token))).toEqual([learner.id]);
    expect(idsOf(await school.get('/people?role=teacher'))).toEqual([teacher.id]);
  });

  test.each([
    ['the admin of another institution', () => other.admin, () => learner.id],
    ['a teacher whose learner it is not', () => teacher.token, () => stranger.id],
    ['another learner', () => learner.token, () => teacher.id],
    ['anybody, of an id that is none', () => school.admin, () => newId()],
    ['anybody, of a malformed id', () => school.admin, () => 'x'],
  ])('a person is 404 to %s', async (_who, token, id) => {
    expect((await school.get(`/people/${id()}`, token())).status).toBe(404);
    const patch = await school.patch(`/people/${id()}`, 1, { locale: 'en' }, token());
    expect(patch.status).toBe(404);
  });

  test('a class is 404 to other institutions and to those who are not in it', async () => {
    for (const token of [other.admin, stranger.token]) {
      expect((await school.get(`/classes/${classId}`, token)).status).toBe(404);
      expect((await school.get(`/classes/${classId}/enrolments`, token)).status).toBe(404);
    }
    const foreign = await school.enrol(classId, learner.id, 'learner', other.admin);
    expect(foreign.status).toBe(404);
    const smuggled = await other.enrol(await other.class(), learner.id, 'learner');
    expect(smuggled.body.code).toBe('person-not-found');
  });

  test('only admins make people; support changes nothing', async () => {
    const body = { displayName: 'New', roles: ['learner'] };
    for (const token of [teacher.token, learner.token, support.token]) {
      expect((await school.post('/people', body, token)).status).toBe(403);
      expect((await school.post('/people/bulk', { people: [body] }, token)).status).toBe(403);
      expect((await school.post(`/people/${learner.id}/invitations`, {}, token)).status).toBe(403);
    }
    expect((await school.post('/classes', { name: 'X' }, support.token)).status).toBe(403);
    expect((await school.enrol(classId, stranger.id, 'learner', support.token)).status).toBe(403);
    const promote = await school.patch(
      `/people/${learner.id}`,
      1,
      { roles: ['admin'] },
      learner.token,
    );
    expect(promote.status).toBe(403);
  });

  test('edits need the version that was read, and are told to the others', async () => {
    const { body } = await school.post('/people', {
      displayName: '  Ann\u0000 B ',
      roles: ['learner'],
    });
    expect(body).toMatchObject({ displayName: 'Ann B', version: 1, email: null });
    const bare = await service.request('PATCH', `/people/${body.id}`, {
      token: school.admin,
      body: { displayName: 'X' },
    });
    expect(bare.status).toBe(428);
    const first = await school.patch(`/people/${body.id}`, 1, { displayName: 'Ann C' });
    expect(first.headers.get('etag')).toBe('"2"');
    expect((await school.patch(`/people/${body.id}`, 1, { displayName: 'Ann D' })).status).toBe(
      412,
    );
    const events = (await service.emitted(PersonChanged)).filter((e) => e.subject === body.id);
    expect(events.map((e) => [e.sequence, e.data.displayName])).toEqual([
      [1, 'Ann B'],
      [2, 'Ann C'],
    ]);
    expect(events.every((e) => e.tenant === school.id)).toBe(true);
  });

  test('two edits at once: one is told that it came late', async () => {
    const { body } = await school.post('/people', { displayName: 'Race', roles: ['learner'] });
    const edits = ['One', 'Two'].map((displayName) =>
      school.patch(`/people/${body.id}`, 1, { displayName }),
    );
    expect((await Promise.all(edits)).map((answer) => answer.status).sort()).toEqual([200, 412]);
  });

  test('an e-mail address belongs to one person of an institution', async () => {
    const make = (at: School, email: string) =>
      at.post('/people', { displayName: 'Twin', email, roles: ['learner'] });
    expect((await make(school, 'twin@example.org')).status).toBe(201);
    expect((await make(school, 'TWIN@example.org')).body.code).toBe('email-taken');
    expect((await make(other, 'twin@example.org')).status).toBe(201);
    const third = await make(school, 'third@example.org');
    const moved = await school.patch(`/people/${third.body.id}`, 1, { email: 'twin@example.org' });
    expect(moved.body.code).toBe('email-taken');
  });

  test('unknown and privileged fields are refused', async () => {
    const body = { displayName: 'X', roles: ['learner'], institutionId: other.id, version: 9 };
    const answer = await school.post('/people', body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((e: { pointer: string }) => e.pointer).sort()).toEqual([
      '/institutionId',
      '/version',
    ]);
    const nameless = await school.post('/people', { displayName: ' \u0000 ', roles: ['learner'] });
    expect(nameless.status).toBe(400);
    const roleless = await school.post('/people', { displayName: 'X', roles: [] });
    expect(roleless.status).toBe(400);
  });

  test('teachers see no e-mail addresses but their own', async () => {
    await school.patch(`/people/${learner.id}`, 1, { email: 'lea@example.org' });
    expect((await school.get(`/people/${learner.id}`, teacher.token)).body.email).toBeNull();
    expect((await school.get('/people/me', learner.token)).body.email).toBe('lea@example.org');
    expect((await school.get(`/people/${learner.id}`, support.token)).body.email).toBe(
      'lea@example.org',
    );
  });

  test('an admin cannot lock themselves out', async () => {
    for (const patch of [{ roles: ['teacher'] }, { status: 'suspended' }]) {
      const answer = await school.patch(`/people/${school.adminId}`, 1, patch);
      expect(answer.body.code).toBe('own-admin-role');
    }
  });

  test('lists come in pages that neither miss nor repeat', async () => {
    const at = await School.open(service);
    const people = Array.from({ length: 7 }, () => ({
      displayName: 'Same Name',
      roles: ['learner'],
    }));
    await at.post('/people/bulk', { people });
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await at.get(`/people?limit=3${query}`);
      seen.push(...body.items.map((item: { id: string }) => item.id));
      cursor = body.nextCursor;
    }
    expect(new Set(seen).size).toBe(8);
    expect(seen.length).toBe(8);
    expect((await at.get('/people?cursor=nonsense')).body.code).toBe('invalid-cursor');
  });

  test('the same request again with its Idempotency-Key makes one person', async () => {
    const send = (displayName: string) =>
      service.request('POST', '/people', {
        token: school.admin,
        headers: { 'idempotency-key': 'create-once-1' },
        body: { displayName, roles: ['learner'], invite: true },
      });
    const [first, second] = [await send('Once'), await send('Once')];
    expect(second.body.id).toBe(first.body.id);
    // The lost code is replaced, never stored to be repeated.
    expect(second.body.invitationCode).not.toBe(first.body.invitationCode);
    expect((await send('Twice')).body.code).toBe('idempotency-key-reused');
  });

  test('a teacher teaches the class they make and enrols whom they know', async () => {
    const { body } = await school.post('/classes', { name: 'Evening' }, teacher.token);
    expect(body).toMatchObject({ status: 'active', version: 1 });
    expect((await school.enrol(body.id, learner.id, 'learner', teacher.token)).status).toBe(201);
    const unknown = await school.enrol(body.id, stranger.id, 'learner', teacher.token);
    expect(unknown.body.code).toBe('person-not-found');
    const self = await school.get(`/classes/${body.id}/enrolments`, learner.token);
    expect(self.body.items.map((item: { personId: string }) => item.personId)).toEqual([
      learner.id,
    ]);
    const all = await school.get(`/classes/${body.id}/enrolments`, teacher.token);
    expect(all.body.items).toHaveLength(2);
    const own = all.body.items.find((item: { role: string }) => item.role === 'teacher');
    const end = await service.request('DELETE', `/classes/${body.id}/enrolments/${own.id}`, {
      token: teacher.token,
    });
    expect(end.status).toBe(403);
  });

  test('joining, leaving and joining again is one enrolment with growing versions', async () => {
    const { body } = await school.enrol(classId, stranger.id, 'learner');
    expect((await school.enrol(classId, stranger.id, 'learner')).body.code).toBe(
      'already-enrolled',
    );
    const path = `/classes/${classId}/enrolments/${body.id}`;
    const end = () => service.request('DELETE', path, { token: school.admin });
    expect([(await end()).status, (await end()).status]).toEqual([204, 204]);
    expect((await school.get(`/people/${stranger.id}`, teacher.token)).status).toBe(404);
    const again = await school.enrol(classId, stranger.id, 'learner');
    expect(again.body).toMatchObject({ id: body.id, version: 3, status: 'active' });
    await end();
    const events = (await service.emitted(EnrolmentChanged)).filter((e) => e.subject === body.id);
    expect(events.map((e) => [e.sequence, e.data.status])).toEqual([
      [1, 'active'],
      [2, 'ended'],
      [3, 'active'],
      [4, 'ended'],
    ]);
  });

  test('two admins enrol the same person at once: one does it', async () => {
    const late = await school.person(['learner']);
    const both = await Promise.all([1, 2].map(() => school.enrol(classId, late.id, 'learner')));
    expect(both.map((answer) => answer.status).sort()).toEqual([201, 409]);
  });

  test('nobody joins an archived class, or in a role they lack', async () => {
    const id = await school.class('Old');
    expect((await school.enrol(id, learner.id, 'teacher')).body.code).toBe('person-lacks-role');
    expect((await school.patch(`/classes/${id}`, 1, { status: 'archived' })).status).toBe(200);
    expect((await school.enrol(id, learner.id, 'learner')).body.code).toBe('class-archived');
    const events = (await service.emitted(ClassChanged)).filter((e) => e.subject === id);
    expect(events.map((e) => e.data.status)).toEqual(['active', 'archived']);
  });
});
