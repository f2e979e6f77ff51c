import { randomUUID } from 'node:crypto';
import { type Api, UnexpectedAnswer } from '../api.js';

export interface Task {
  id: string;
  pointsPossible: number;
  response?: unknown;
  /** What to mark by; null: points. */
  markingRubric: object | null;
}

/** Marks every waiting essay of the assignment; answers how many there were. */
export async function reviewAll(api: Api, token: string, assignmentId: string): Promise<number> {
  for (let marked = 0; ; marked += 1) {
    const task = await claim(api, token, assignmentId);
    if (task === undefined) return marked;
    const share = 0.6 + 0.1 * (marked % 5);
    await api.get('PUT', `/review-tasks/${task.id}/mark`, {
      token,
      body: {
        points: Math.round(task.pointsPossible * share * 2) / 2,
        comment: 'Clear and well organised. Watch the past tenses in the second paragraph.',
      },
    });
  }
}

/** A task nobody is at; undefined when there is nothing left to mark. */
export async function claim(
  api: Api,
  token: string,
  assignmentId: string,
): Promise<Task | undefined> {
  try {
    return await api.get<Task>('POST', '/review-tasks/claims', {
      token,
      body: { assignmentId },
      headers: { 'idempotency-key': randomUUID() },
    });
  } catch (error) {
    if (error instanceof UnexpectedAnswer && error.code === 'no-review-task') return undefined;
    throw error;
  }
}

/** The teacher gives the attempt another score, with the version read just before. */
export async function overrideScore(api: Api, token: string, attemptId: string): Promise<number> {
  const { body, headers } = await api.expect<{ points: number; pointsPossible: number }>(
    'GET',
    `/scores/${attemptId}`,
    { token },
  );
  const points = Math.min(body.pointsPossible, body.points + 1);
  await api.get('PUT', `/scores/${attemptId}/override`, {
    token,
    headers: { 'if-match': headers.get('etag') ?? '' },
    body: { points, reason: 'The audio stopped during the second task.' },
  });
  return points;
}
