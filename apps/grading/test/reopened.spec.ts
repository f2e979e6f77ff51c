import type { Id } from '@parlance/kernel';
import { eventually } from '@parlance/messaging/testing';
import { answer, School } from './school.js';

let school: School;
let learnerId: Id;

beforeAll(async () => {
  school = await School.open();
  learnerId = await school.learner('Lea Learner');
});
afterAll(() => school.stop());

const choice = {
  ...{ type: 'single-choice', prompt: 'She ___ to school.' },
  choices: [
    { id: 'goes', text: 'goes', correct: true },
    { id: 'go', text: 'go' },
  ],
};

/** The learner's cell, once it is what is expected. */
function cell(assignmentId: Id, expected: { status: string; points: number | null }) {
  return eventually(
    async () => {
      const path = `/gradebooks/${school.classId}/learners/${learnerId}`;
      const { body } = await school.teacher('gradebook', 'GET', path);
      const cells = (body.cells ?? []) as { assignmentId: Id; status: string; points: number }[];
      const own = cells.find((one) => one.assignmentId === assignmentId);
      const { status, points } = expected;
      return own?.status === status && own.points === points ? own : undefined;
    },
    () => `the cell is ${JSON.stringify(expected)}`,
  );
}

/** Marks the essay of an attempt. */
async function markEssay(attemptId: Id, points: number): Promise<void> {
  const task = await eventually(async () => {
    const { body } = await school.teacher('grading', 'GET', '/review-tasks?status=open');
    return (body.items as { id: Id; attemptId: Id }[]).find((one) => one.attemptId === attemptId);
  });
  const body = { taskId: task.id };
  await school.teacher('grading', 'POST', '/review-tasks/claims', { body });
  const path = `/review-tasks/${task.id}/mark`;
  const answered = await school.teacher('grading', 'PUT', path, { body: { points } });
  expect(answered.status).toBe(200);
}

async function reopen(attemptId: Id, kind: string): Promise<void> {
  const path = `/attempts/${attemptId}/reopenings`;
  const answered = await school.teacher('assignments', 'POST', path, { body: { kind } });
  expect(answered.status).toBe(201);
}

const causes = async (attemptId: Id) => {
  const { body } = await school.teacher('grading', 'GET', `/scores/${attemptId}/history`);
  return (body.items as { cause: string }[]).map(({ cause }) => cause);
};

async function assigned(): Promise<{ assignmentId: Id; attemptId: Id }> {
  const items = [
    await school.publishItem(choice),
    await school.publishItem({ type: 'essay', prompt: 'A journey.', points: 5 }),
    await school.publishItem({ type: 'essay', prompt: 'My town.', points: 5 }),
  ];
  const assignmentId = await school.assign(items, 11);
  const attemptId = await school.start(assignmentId, learnerId);
  return { assignmentId, attemptId };
}

it('an attempt that is worked on again counts no more until it is handed in, then anew', async () => {
  const { assignmentId, attemptId } = await assigned();
  await school.save(attemptId, learnerId, [answer(1, 'go'), answer(2, 'To Wales.')]);
  await school.submit(attemptId, learnerId);
  await markEssay(attemptId, 4);
  // A wrong choice, four points for the essay, nothing for the one that was left out.
  await cell(assignmentId, { status: 'graded', points: 4 });
  await reopen(attemptId, 'continue');
  await cell(assignmentId, { status: 'pending-review', points: null });
  await school.save(attemptId, learnerId, [answer(1, 'goes', 2), answer(3, 'A town.', 2)]);
  await school.submit(attemptId, learnerId);
  // The first essay is what it was, so its mark stays; the second is there only now.
  await markEssay(attemptId, 3);
  await cell(assignmentId, { status: 'graded', points: 8 });
  expect(await causes(attemptId)).toEqual(['scored', 'reviewed', 'resubmitted', 'reviewed']);
  const { body } = await school.as(
    ...(['grading', learnerId, 'learner', 'GET', `/scores/${attemptId}`] as const),
  );
  expect(body).toMatchObject({ status: 'final', points: 8, pointsPossible: 11 });
  const given = body.parts.map((part: { given: string; points: number }) => [
    part.given,
    part.points,
  ]);
  expect(given).toEqual([
    ['goes', 1],
    ['To Wales.', 4],
    ['A town.', 3],
  ]);
});

it('an essay that is written anew waits for another mark', async () => {
  const { assignmentId, attemptId } = await assigned();
  await school.save(attemptId, learnerId, [answer(1, 'goes'), answer(2, 'To Wales.')]);
  await school.submit(attemptId, learnerId);
  await markEssay(attemptId, 5);
  await cell(assignmentId, { status: 'graded', points: 6 });
  await reopen(attemptId, 'continue');
  await school.save(attemptId, learnerId, [answer(2, 'To Wales, by train.', 2)]);
  await school.submit(attemptId, learnerId);
  await markEssay(attemptId, 2);
  await cell(assignmentId, { status: 'graded', points: 3 });
});

it('an attempt that is only graded again keeps its marks and its grade', async () => {
  const { assignmentId, attemptId } = await assigned();
  await school.save(attemptId, learnerId, [answer(1, 'goes'), answer(2, 'To Wales.')]);
  await school.submit(attemptId, learnerId);
  await markEssay(attemptId, 5);
  await cell(assignmentId, { status: 'graded', points: 6 });
  await reopen(attemptId, 'regrade-only');
  await eventually(async () => ((await causes(attemptId)).length === 3 ? true : undefined));
  expect((await causes(attemptId)).at(-1)).toBe('rescored');
  expect(await cell(assignmentId, { status: 'graded', points: 6 })).toMatchObject({ version: 2 });
});
