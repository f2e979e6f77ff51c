import { AttemptScored, ScoringSpecPublished } from '@parlance/events';
import { newId } from '@parlance/kernel';
import { eventually } from '@parlance/messaging/testing';
import { insertRow, startTestService, type TestService } from '@parlance/platform/testing';
import { grading } from '../src/grading.module.js';
import { RescoreWorker } from '../src/rescore-worker.js';
import { choiceSpec, essaySpec } from './specs.js';

/** That of the first release, which scored once and knew one round of marking. */
const FIRST_RELEASE = 1;

const SCORED_AT = new Date('2026-03-02T09:00:05Z');
const institutionId = newId();
const [attemptId, assignmentId, classId, learnerId, teacherId] = Array.from({ length: 5 }, newId);
const [choice, essay, taskId] = Array.from({ length: 3 }, newId);

const part = { responseId: 'RESPONSE', expected: null };
const items = [
  {
    ...{ slot: 1, itemVersionId: choice, responses: { RESPONSE: 'B' }, points: 0 },
    ...{ pointsPossible: 1, waitsFor: 'nobody' },
    parts: [
      {
        ...{ ...part, points: 0, pointsPossible: 1, verdict: 'incorrect' },
        ...{ rule: 'match-correct', expected: 'A' },
      },
    ],
  },
  {
    ...{ slot: 2, itemVersionId: essay, responses: { RESPONSE: 'Dear Sir' }, points: null },
    ...{ pointsPossible: 5, waitsFor: 'item' },
    parts: [
      {
        ...{ ...part, points: null, pointsPossible: null, verdict: 'awaiting-review' },
        rule: 'human-review',
      },
    ],
  },
];

let service: TestService;

beforeAll(async () => {
  const own = { institution_id: institutionId };
  const attempt = { ...own, attempt_id: attemptId };
  const scored = { status: 'provisional', computed_points: 0, points_possible: 6 };
  const whose = { assignment_id: assignmentId, class_id: classId };
  service = await startTestService(grading, {
    upgrade: {
      migrations: FIRST_RELEASE,
      rows: async (query) => {
        await query(`SELECT set_config('app.institution', $1, false)`, [institutionId]);
        await insertRow(query, 'enrolment', {
          ...{ ...own, enrolment_id: newId(), class_id: classId, person_id: teacherId },
          ...{ role: 'teacher', status: 'active', version: 1 },
        });
        for (const [id, spec] of [
          [choice, choiceSpec('A')],
          [essay, essaySpec(5)],
        ] as const) {
          await insertRow(query, 'scoring_spec', {
            ...{ ...own, item_version_id: id, hash: 'a'.repeat(64), spec: JSON.stringify(spec) },
            points_possible: spec.pointsPossible,
          });
        }
        await insertRow(query, 'attempt_score', {
          ...{ ...attempt, ...whose, ...scored, learner_id: learnerId, attempt_number: 1 },
          ...{ submitted_at: SCORED_AT, version: 1, auto_points: 0, first_scored_at: SCORED_AT },
        });
        await insertRow(query, 'attempt_score_version', {
          ...{ ...attempt, ...scored, version: 1, points: 0, overridden: false, cause: 'scored' },
          ...{ items: JSON.stringify(items), scored_at: SCORED_AT },
        });
        await insertRow(query, 'review_task', {
          ...{ ...attempt, ...whose, id: taskId, slot: 2, item_version_id: essay },
          points_possible: 5,
        });
      },
    },
  });
});
afterAll(() => service.stop());

const as = (personId: string, role: 'teacher' | 'admin') =>
  service.token({ personId, institutionId, roles: [role] });

const score = async () => {
  const token = await as(teacherId ?? '', 'teacher');
  return (await service.request('GET', `/scores/${attemptId}`, { token })).body;
};

describe('scores of the first release, in a database brought to this one', () => {
  it('are read with their parts, and what waits can be marked', async () => {
    expect(await score()).toMatchObject({
      ...{ version: 1, status: 'provisional', points: 0, pointsPossible: 6 },
      parts: [
        { slot: 1, given: 'B', expected: 'A', verdict: 'incorrect' },
        { slot: 2, given: 'Dear Sir', verdict: 'awaiting-review' },
      ],
    });
    const token = await as(teacherId ?? '', 'teacher');
    const claimed = await service.request('POST', '/review-tasks/claims', { token, body: {} });
    expect(claimed.body).toMatchObject({ id: taskId });
    const body = { points: 4 };
    const marked = await service.request('PUT', `/review-tasks/${taskId}/mark`, { token, body });
    expect(marked.status).toBe(200);
    expect(await score()).toMatchObject({ version: 2, status: 'final', points: 4 });
    const told = await service.emitted(AttemptScored);
    expect(told.at(-1)?.data).toMatchObject({ attemptId, points: 4, scoreVersion: 2 });
  });

  it('are found by the item version they were scored with, and scored again', async () => {
    const corrected = newId();
    const published = { itemVersionId: corrected, hash: 'b'.repeat(64), pointsPossible: 1 };
    const data = { ...published, spec: { ...choiceSpec('B') } };
    await service.deliver(ScoringSpecPublished, { institutionId, version: 1, data });
    const token = await as(newId(), 'admin');
    const body = { fromVersionId: choice, toVersionId: corrected, reason: 'The key was wrong.' };
    const opened = await service.request('POST', '/rescore-campaigns', { token, body });
    await service.get(RescoreWorker).drain();
    const draft = await eventually(
      async () => {
        const path = `/rescore-campaigns/${opened.body.id}`;
        const campaign = (await service.request('GET', path, { token })).body;
        return campaign.state === 'draft' ? campaign : undefined;
      },
      () => 'the dry run is there',
    );
    expect(draft.progress).toMatchObject({ attempts: 1, raised: 1, lowered: 0 });
  });
});
