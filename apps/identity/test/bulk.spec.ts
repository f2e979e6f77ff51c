import { EnrolmentChanged, PersonChanged } from '@parlance/events';
import { newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import { School, startIdentity } from './school.js';

describe('bulk creation', () => {
  let service: TestService;
  let school: School;

  beforeAll(async () => {
    service = await startIdentity();
    school = await School.open(service);
  });
  afterAll(() => service.stop());

  test('a bad row never spoils the others, and every row says what became of it', async () => {
    const classId = await school.class();
    const good = { displayName: 'Good', roles: ['learner'], email: 'good@example.org' };
    const { status, body } = await school.post('/people/bulk', {
      people: [
        { ...good, invite: true, classId },
        { ...good, displayName: 'Same address', email: 'GOOD@example.org' },
        { displayName: '', roles: ['learner'] },
        { displayName: 'Role', roles: ['king'] },
        { displayName: 'Extra', roles: ['learner'], status: 'suspended' },
        'not a row',
        null,
        { displayName: 'No class', roles: ['learner'], classId: newId() },
        { displayName: 'No role in class', roles: ['support'], classId },
        { displayName: '\u0000', roles: ['learner'] },
        { displayName: 'Plain', roles: ['teacher'], classId },
      ],
    });
    expect(status).toBe(200);
    expect([body.created, body.refused]).toEqual([2, 9]);
    const told = body.results.map((row: { status: string; error?: { code: string } }) =>
      row.error === undefined ? row.status : row.error.code,
    );
    expect(told).toEqual([
      'created',
      'email-taken',
      ...Array<string>(5).fill('invalid-input'),
      'class-not-found',
      'person-lacks-role',
      'invalid-input',
      'created',
    ]);
    const [first, , third] = body.results;
    expect(first.invitationCode).toHaveLength(43);
    expect(third.error.detail).toContain('displayName');
    const enrolled = await school.get(`/classes/${classId}/enrolments`);
    expect(enrolled.body.items.map((item: { role: string }) => item.role)).toEqual([
      'learner',
      'teacher',
    ]);
  });

  test('five hundred people with codes and a class come with all their events', async () => {
    const classId = await school.class('Big');
    const people = Array.from({ length: 500 }, (_, i) => ({
      displayName: `Learner ${i}`,
      email: `learner${i}@example.org`,
      roles: ['learner'],
      invite: true,
      classId,
    }));
    const before = (await service.emitted(PersonChanged)).length;
    const { body } = await school.post('/people/bulk', { people });
    expect([body.created, body.refused]).toEqual([500, 0]);
    const codes = body.results.map((row: { invitationCode: string }) => row.invitationCode);
    expect(new Set(codes).size).toBe(500);
    expect((await service.emitted(PersonChanged)).length - before).toBe(500);
    const enrolments = (await service.emitted(EnrolmentChanged)).filter(
      (event) => event.data.classId === classId,
    );
    expect(enrolments).toHaveLength(500);
    const session = await service.request('POST', '/sessions', {
      body: { grantType: 'invitation', code: codes[499] },
    });
    expect(session.body.person.displayName).toBe('Learner 499');
  });

  test('more than five hundred are refused as a whole', async () => {
    const people = Array(501).fill({ displayName: 'X', roles: ['learner'] });
    expect((await school.post('/people/bulk', { people })).status).toBe(400);
    expect((await school.post('/people/bulk', { people: [] })).status).toBe(400);
  });

  test('a retry with its key makes nobody twice and brings working codes', async () => {
    const send = () =>
      service.request('POST', '/people/bulk', {
        token: school.admin,
        headers: { 'idempotency-key': 'bulk-once-1' },
        body: { people: [{ displayName: 'Again', roles: ['learner'], invite: true }] },
      });
    const [first, second] = [await send(), await send()];
    expect(second.body.results[0].id).toBe(first.body.results[0].id);
    const code = second.body.results[0].invitationCode;
    const session = await service.request('POST', '/sessions', {
      body: { grantType: 'invitation', code },
    });
    expect(session.status).toBe(201);
  });

  test('enrolments in bulk have results by row too', async () => {
    const classId = await school.class('Rows');
    const person = await school.person(['learner']);
    const other = await School.open(service);
    const foreign = await other.person(['learner']);
    const row = { personId: person.id, role: 'learner' };
    const { body } = await school.post(`/classes/${classId}/enrolments/bulk`, {
      enrolments: [row, row, { personId: foreign.id, role: 'learner' }, { personId: 'x' }, 7],
    });
    expect(
      body.results.map((r: { error?: { code: string } }) => r.error?.code ?? 'created'),
    ).toEqual([
      'created',
      'already-enrolled',
      'person-not-found',
      'invalid-input',
      'invalid-input',
    ]);
  });
});
