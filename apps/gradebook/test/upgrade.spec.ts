import { AttemptScored } from '@parlance/events';
import { newId } from '@parlance/kernel';
import { insertRow, startTestService, type TestService } from '@parlance/platform/testing';
import { gradebook } from '../src/gradebook.module.js';

/** Those of the first release, which knew no policies and nothing of release. */
const FIRST_RELEASE = 2;

const SUBMITTED_AT = '2026-03-02T09:00:00.000Z';
const institutionId = newId();
const [classId, teacherId, learnerId, assignmentId] = Array.from({ length: 4 }, newId);
const [attemptId, cellId] = [newId(), newId()];

let service: TestService;

beforeAll(async () => {
  const own = { institution_id: institutionId };
  const grade = { status: 'graded', points: 8, points_possible: 10, overridden: false };
  const attempt = {
    ...{ attemptNumber: 1, scoreVersion: 1, status: 'final', points: 8, pointsPossible: 10 },
    ...{ overridden: false, submittedAt: SUBMITTED_AT },
  };
  service = await startTestService(gradebook, {
    upgrade: {
      migrations: FIRST_RELEASE,
      rows: async (query) => {
        await query(`SELECT set_config('app.institution', $1, false)`, [institutionId]);
        await insertRow(query, 'class', {
          ...{ ...own, class_id: classId, name: 'Class 7b', status: 'active', version: 1 },
        });
        for (const [personId, role, name] of [
          [teacherId, 'teacher', 'Tove'],
          [learnerId, 'learner', 'Aino'],
        ]) {
          const person = { ...own, person_id: personId, display_name: name, version: 1 };
          await insertRow(query, 'person', person);
          await insertRow(query, 'enrolment', {
            ...{ ...own, enrolment_id: newId(), class_id: classId, person_id: personId, role },
            ...{ status: 'active', version: 1 },
          });
        }
        await insertRow(query, 'grade_column', {
          ...{ ...own, assignment_id: assignmentId, class_id: classId, title: 'Homework 1' },
          ...{ category: '', points_possible: 10, status: 'published', version: 1 },
          opens_at: SUBMITTED_AT,
        });
        await insertRow(query, 'cell', {
          ...{ ...own, ...grade, id: cellId, assignment_id: assignmentId, class_id: classId },
          ...{ learner_id: learnerId, attempts: JSON.stringify({ [attemptId]: attempt }) },
          ...{ attempt_id: attemptId, submitted_at: SUBMITTED_AT, version: 1 },
          created_at: SUBMITTED_AT,
        });
        await insertRow(query, 'cell_history', {
          ...{ ...own, ...grade, cell_id: cellId, version: 1, attempt_id: attemptId },
          ...{ cause: 'scored', changed_at: SUBMITTED_AT },
        });
      },
    },
  });
});
afterAll(() => service.stop());

const cell = async () => {
  const token = await service.token({
    personId: teacherId ?? '',
    institutionId,
    roles: ['teacher'],
  });
  const { body } = await service.request('GET', `/gradebooks/${classId}`, { token });
  return body.items[0].cells[0];
};

test('a cell of the first release is shown in this one, released and without a deduction', async () => {
  expect(await cell()).toMatchObject({
    ...{ id: cellId, assignmentId, status: 'graded', points: 8, pointsPossible: 10, version: 1 },
    ...{ submittedAt: SUBMITTED_AT, deduction: 0, isReleased: true, policyVersion: 0 },
  });
});

test('and changes with the next score of its attempt', async () => {
  const data = {
    ...{ attemptId, assignmentId: assignmentId ?? '', classId: classId ?? '' },
    ...{ learnerId: learnerId ?? '', attemptNumber: 1, scoreVersion: 2, status: 'final' as const },
    ...{ points: 9, computedPoints: 9, pointsPossible: 10, overridden: false },
    ...{ scoreReleased: true, cause: 'reviewed' as const, actorId: null },
    ...{ submittedAt: SUBMITTED_AT, scoredAt: '2026-03-03T09:00:00.000Z' },
  };
  await service.deliver(AttemptScored, { institutionId, version: 2, data });
  expect(await cell()).toMatchObject({ id: cellId, points: 9, version: 2 });
});
