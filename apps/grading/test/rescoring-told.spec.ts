import { type Id, newId } from '@parlance/kernel';
import { eventually } from '@parlance/messaging/testing';
import { RescoreWorker } from '../src/rescore-worker.js';
import { answer, School } from './school.js';

let school: School;

beforeAll(async () => {
  school = await School.open();
});
afterAll(() => school.stop());

const choice = (key: string) => ({
  ...{ type: 'single-choice', prompt: 'She ___ to school.' },
  choices: ['go', 'goes'].map((text) => ({ id: text, text, correct: text === key })),
});

async function handedIn(assignmentId: Id, name: string, given: string): Promise<Id> {
  const learnerId = await school.learner(name);
  const attemptId = await school.start(assignmentId, learnerId);
  await school.save(attemptId, learnerId, [answer(1, given)]);
  await school.submit(attemptId, learnerId);
  return learnerId;
}

/** Points of each learner in the gradebook, once they are what is expected. */
function cells(assignmentId: Id, expected: Record<Id, number>) {
  return eventually(
    async () => {
      const { body } = await school.teacher('gradebook', 'GET', `/gradebooks/${school.classId}`);
      const at = body.columns.findIndex((one: { assignmentId: Id }) => {
        return one.assignmentId === assignmentId;
      });
      const rows = body.items as { learnerId: Id; cells: { id: Id; points: number }[] }[];
      const own = new Map(rows.map((row) => [row.learnerId, row.cells[at]]));
      const isSo = Object.entries(expected).every(([id, points]) => own.get(id)?.points === points);
      return isSo ? own : undefined;
    },
    () => `the cells are ${JSON.stringify(expected)}`,
  );
}

async function until(campaignId: Id, state: string, adminId: Id) {
  await school.services.grading.get(RescoreWorker).drain();
  return eventually(async () => {
    const path = `/rescore-campaigns/${campaignId}`;
    const { body } = await school.as('grading', adminId, 'admin', 'GET', path);
    return body.state === state ? (body as { version: number }) : undefined;
  });
}

it('a campaign reaches the gradebook, and so does its reversal', async () => {
  const [faulty, right] = [
    await school.publishItem(choice('go')),
    await school.publishItem(choice('goes')),
  ];
  const assignmentId = await school.assign([faulty], 1);
  const [ada, ben, cem] = [
    await handedIn(assignmentId, 'Ada', 'goes'),
    await handedIn(assignmentId, 'Ben', 'go'),
    await handedIn(assignmentId, 'Cem', 'goes'),
  ];
  await cells(assignmentId, { [ada]: 0, [ben]: 1, [cem]: 0 });

  const [opener, approver] = [newId(), newId()];
  const body = { fromVersionId: faulty, toVersionId: right, reason: 'The key was wrong.' };
  const opened = await school.as('grading', opener, 'admin', 'POST', '/rescore-campaigns', {
    body,
  });
  const { id } = opened.body;
  const put = (path: string, version: number, change?: object) =>
    school.as('grading', approver, 'admin', 'PUT', `/rescore-campaigns/${id}/${path}`, {
      headers: { 'if-match': `"${version}"` },
      ...(change && { body: change }),
    });
  const draft = await until(id, 'draft', opener);
  expect((await put('approval', draft.version)).status).toBe(200);
  const applied = await until(id, 'applied', opener);
  const after = await cells(assignmentId, { [ada]: 1, [ben]: 0, [cem]: 1 });
  const path = `/gradebooks/${school.classId}/cells/${after.get(ada)?.id}/history`;
  const { body: history } = await school.teacher('gradebook', 'GET', path);
  expect(history.items).toMatchObject([
    { version: 1, points: 0, cause: 'scored' },
    { version: 2, points: 1, cause: 'rescored', actorId: approver },
  ]);

  expect((await put('state', applied.version, { state: 'reverted' })).status).toBe(200);
  await until(id, 'reverted', opener);
  await cells(assignmentId, { [ada]: 0, [ben]: 1, [cem]: 0 });
});
