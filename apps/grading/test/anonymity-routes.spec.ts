import { readFile } from 'node:fs/promises';

/** What of grading a teacher reaches, and why no learner can be looked up by it. */
const REACHED: Record<string, string> = {
  'get /review-tasks': 'no attempt, no order of hand-ins',
  'get /review-tasks/counts': 'numbers',
  'post /review-tasks/claims': 'as the task',
  'get /review-tasks/{taskId}': 'no attempt; an upload has another id',
  'get /review-tasks/{taskId}/recording': 'a copy, by a key and date of its own',
  'put /review-tasks/{taskId}/lease': 'the task and until when',
  'delete /review-tasks/{taskId}/lease': 'nothing',
  'put /review-tasks/{taskId}/skip': 'nothing',
  'put /review-tasks/{taskId}/mark': 'as the task',
  'get /scores/{attemptId}': 'closed',
  'get /scores/{attemptId}/history': 'closed: it says who marked when',
  'put /scores/{attemptId}/override': 'closed',
  'delete /scores/{attemptId}/override': 'closed',
  'get /score-disputes': 'without those that are a learner’s word about nameless work',
  'get /score-disputes/{disputeId}': 'not there',
  'post /score-disputes/{disputeId}/messages': 'not there',
  'post /score-disputes': 'learners alone',
  'post /score-entries': 'work on paper, entered by name and final at once',
  'get /marking-settings/{assignmentId}': 'nothing of anybody',
  'put /marking-settings/{assignmentId}': 'names stay hidden',
  'put /marking-settings/{assignmentId}/release': 'nothing of anybody',
  'get /marking-settings/{assignmentId}/agreement': 'markers and numbers',
  'get /rescore-campaigns': 'numbers',
  'post /rescore-campaigns': 'numbers',
  'get /rescore-campaigns/{campaignId}': 'numbers',
  'get /rescore-campaigns/{campaignId}/impact': 'no samples of nameless work',
  'get /rescore-campaigns/{campaignId}/outcomes': 'no rows of nameless work',
  'patch /rescore-campaigns/{campaignId}': 'admins alone',
  'put /rescore-campaigns/{campaignId}/approval': 'admins alone',
  'put /rescore-campaigns/{campaignId}/state': 'admins alone',
  'get /rubrics': 'nothing of anybody',
  'post /rubrics': 'nothing of anybody',
  'get /rubrics/{rubricId}/versions': 'nothing of anybody',
  'post /rubrics/{rubricId}/versions': 'nothing of anybody',
};

it('there is no way into grading that was not looked at', async () => {
  const file = new URL('../../../../docs/openapi/parlance.json', import.meta.url);
  const { paths } = JSON.parse(await readFile(file, 'utf8')) as { paths: Record<string, object> };
  const mine = /^\/(review-tasks|scores|score-|marking-settings|rescore-campaigns|rubrics)/;
  const found = Object.entries(paths).flatMap(([path, methods]) => {
    const short = path.replace('/api/v1', '');
    return mine.test(short) ? Object.keys(methods).map((method) => `${method} ${short}`) : [];
  });
  expect(found.sort()).toEqual(Object.keys(REACHED).sort());
});
