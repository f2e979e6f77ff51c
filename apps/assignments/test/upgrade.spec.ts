import { AttemptSubmitted } from '@parlance/events';
import { newId } from '@parlance/kernel';
import { insertRow, type TestService } from '@parlance/platform/testing';
import { deliveryOf, SetClock, startAssignments } from './builders.js';

/** That of the first release. */
const FIRST_RELEASE = 1;

const clock = new SetClock();
const institutionId = newId();
const [classId, teacherId, learnerId, testId, testVersionId] = Array.from({ length: 5 }, newId);
const [itemVersionId, assignmentId, attemptId] = Array.from({ length: 3 }, newId);

const item = { identifier: 'item-1', itemVersionId, fixed: true };
const section = { id: 'S1', title: 'One', instructions: [], select: null, shuffle: false };
const structure = { title: 'Unit 3', sections: [{ ...section, items: [item] }] };
/** The day in the attempt's id, which says where its answers are. */
const attemptOn = new Date(parseInt((attemptId ?? '').replaceAll('-', '').slice(0, 12), 16));

let service: TestService;

beforeAll(async () => {
  const own = { institution_id: institutionId };
  const startedAt = clock.in(-60_000);
  service = await startAssignments(clock, {
    upgrade: {
      migrations: FIRST_RELEASE,
      rows: async (query) => {
        await query(`SELECT set_config('app.institution', $1, false)`, [institutionId]);
        await insertRow(query, 'class', { ...own, id: classId, name: 'B1', status: 'active' });
        for (const [personId, role, name] of [
          [teacherId, 'teacher', 'Tove'],
          [learnerId, 'learner', 'Lea'],
        ]) {
          const person = { ...own, id: personId, display_name: name, status: 'active' };
          await insertRow(query, 'person', person);
          await insertRow(query, 'enrolment', {
            ...{ ...own, id: newId(), class_id: classId, person_id: personId },
            ...{ role, status: 'active' },
          });
        }
        await insertRow(query, 'item_version', {
          ...{ ...own, id: itemVersionId, item_id: newId(), points_possible: 1 },
          delivery: JSON.stringify(deliveryOf(1)),
        });
        await insertRow(query, 'test_version', {
          ...{ ...own, id: testVersionId, test_id: testId, version_number: 1, title: 'Unit 3' },
          ...{ points_possible: 1, structure: JSON.stringify(structure) },
        });
        const whose = { class_id: classId, test_version_id: testVersionId };
        await insertRow(query, 'assignment', {
          ...{ ...own, ...whose, id: assignmentId, test_id: testId, title: 'Homework 1' },
          ...{ category: '', opens_at: startedAt, time_zone: 'Europe/Helsinki', max_attempts: 2 },
          ...{ points_possible: 1, status: 'published', version: 2, created_by: teacherId },
          created_at: startedAt,
        });
        await insertRow(query, 'attempt', {
          ...{
            ...own,
            ...whose,
            id: attemptId,
            assignment_id: assignmentId,
            learner_id: learnerId,
          },
          ...{ attempt_number: 1, seed: 'seed', form: JSON.stringify([['S1', itemVersionId]]) },
          ...{ status: 'in-progress', version: 1, started_at: startedAt },
        });
        await insertRow(query, 'response', {
          ...{ ...own, attempt_id: attemptId, attempt_on: attemptOn, slot: 1, sequence: 3 },
          ...{ responses: JSON.stringify({ RESPONSE: 'gone' }), received_at: startedAt },
        });
      },
    },
  });
});
afterAll(() => service.stop());

const as = (personId: string | undefined, role: 'teacher' | 'learner') =>
  service.token({ personId: personId ?? '', institutionId, roles: [role] });

test('an attempt under way in the first release goes on in this one and is handed in', async () => {
  const token = await as(learnerId, 'learner');
  const begun = await service.request('GET', `/attempts/${attemptId}`, { token });
  expect(begun.status).toBe(200);
  expect(begun.body).toMatchObject({ status: 'in-progress', attemptNumber: 1 });
  expect(begun.body.sections[0].items[0]).toMatchObject({
    ...{ itemVersionId, sequence: 3, responses: { RESPONSE: 'gone' } },
  });

  const body = { responses: [{ slot: 1, sequence: 4, responses: { RESPONSE: 'went' } }] };
  const saved = await service.request('PUT', `/attempts/${attemptId}/responses`, { token, body });
  expect(saved.status).toBe(200);
  const headers = { 'idempotency-key': newId() };
  const path = `/attempts/${attemptId}/submission`;
  expect((await service.request('POST', path, { token, headers, body: {} })).status).toBe(201);
  const [told] = await service.emitted(AttemptSubmitted);
  expect(told?.data).toMatchObject({
    ...{ attemptId, assignmentId },
    items: [{ slot: 1, itemVersionId, responses: { RESPONSE: 'went' } }],
  });
});

test('its assignment is as it was, and allows what it allowed', async () => {
  const assignment = await service.request('GET', `/assignments/${assignmentId}`, {
    token: await as(teacherId, 'teacher'),
  });
  expect(assignment.body).toMatchObject({
    ...{ title: 'Homework 1', status: 'published', maxAttempts: 2, mode: 'self', testVersionId },
  });
  const token = await as(learnerId, 'learner');
  const second = await service.request('POST', `/assignments/${assignmentId}/attempts`, { token });
  expect([second.status, second.body.attemptNumber]).toEqual([201, 2]);
});
