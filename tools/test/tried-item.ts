import { randomUUID } from 'node:crypto';
import { eventually } from '@parlance/messaging/testing';
import type { Api } from '../src/api.js';
import { onceArrived, submitAttempt } from '../src/demo/attempts.js';
import { buildTest, publishItem } from '../src/demo/item-types/authoring.js';
import { enrolLearners, learnerToken, makeClass } from '../src/demo/people.js';
import { assign } from '../src/demo/scenario.js';

/** An answer that is not a sentence is sent back with a word of the author's. */
const source = {
  type: 'short-answer',
  prompt: 'What does she like?',
  tries: { max: 3, showPoints: true },
  accept: ['she likes tea'],
  reject: [{ pattern: 'tea', feedback: 'Write it as a full sentence.' }],
};

interface Tries {
  triesLeft: number;
  items: { number: number; result?: Record<string, unknown> }[];
}

/** One learner's tries of one item, through all services; each waits for what the last one says. */
export async function tryAnItem(api: Api, password: string, answers: readonly string[]) {
  const school = await makeClass(api, password, `Tries, ${randomUUID()}`);
  const staff = { author: school.teacherToken, reviewer: school.adminToken };
  const itemId = await publishItem(api, staff, { source, pointsPossible: 1, answers: [] });
  const testId = await buildTest(api, school.teacherToken, [itemId]);
  const { id: assignmentId } = await assign(api, school, testId, 'Tries');
  const [person] = await enrolLearners(api, school, ['Ada']);
  const token = await learnerToken(api, person?.invitationCode ?? '');
  const idempotent = () => ({ 'idempotency-key': randomUUID() });
  const attempt = await onceArrived(() => {
    const call = { token, body: {}, headers: idempotent() };
    return api.get<{ id: string }>('POST', `/assignments/${assignmentId}/attempts`, call);
  });
  const path = `/attempts/${attempt.id}/items/1/tries`;
  const heard: { triesLeft: number; result: unknown }[] = [];
  for (const [at, answer] of answers.entries()) {
    const body = { sequence: at + 1, responses: { R1: answer } };
    await api.get('POST', path, { token, body, headers: idempotent() });
    heard.push(
      await eventually(async () => {
        const { triesLeft, items } = await api.get<Tries>('GET', path, { token });
        const { scoredAt: _, ...result } = items[at]?.result ?? {};
        return items[at]?.result === undefined ? undefined : { triesLeft, result };
      }),
    );
  }
  await submitAttempt(api, token, attempt.id);
  const score = await eventually(async () => {
    const { status, body } = await api.call('GET', `/scores/${attempt.id}`, { token });
    return status === 200 ? body : undefined;
  });
  return { heard, score };
}
