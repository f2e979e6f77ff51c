import { randomUUID } from 'node:crypto';
import { type Api, UnexpectedAnswer } from '../api.js';
import type { Responses } from './exam.js';

export interface FormItem {
  slot: number;
  identifier: string;
}

export interface TakenAttempt extends BegunAttempt {
  requestId: string;
}

interface AttemptAnswer {
  id: string;
  sections: { id: string; items: { slot: number; delivery: { identifier: string } }[] }[];
}

/** What the learner's service may not have heard of yet: it comes with the next messages. */
const NOT_YET = new Set([
  'assignment-not-found',
  'not-enrolled',
  'test-not-available',
  'class-not-found',
  'not-found',
]);

/** Repeats a call while the answer is that something has not arrived yet, for at most a minute. */
export async function onceArrived<T>(call: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const early = error instanceof UnexpectedAnswer && NOT_YET.has(error.code);
      if (!early || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

export interface BegunAttempt {
  attemptId: string;
  sections: { id: string; items: FormItem[] }[];
}

/** Starts an attempt and saves the answer to every item. */
export async function beginAttempt(
  api: Api,
  token: string,
  assignmentId: string,
  answer: (itemIdentifier: string) => Responses,
): Promise<BegunAttempt> {
  const attempt = await onceArrived(() =>
    api.get<AttemptAnswer>('POST', `/assignments/${assignmentId}/attempts`, {
      token,
      body: {},
      headers: { 'idempotency-key': randomUUID() },
    }),
  );
  const sections = attempt.sections.map(({ id, items }) => ({
    id,
    items: items.map(({ slot, delivery }) => ({ slot, identifier: delivery.identifier })),
  }));
  const responses = sections
    .flatMap(({ items }) => items)
    .map(({ slot, identifier }) => ({ slot, sequence: 1, responses: answer(identifier) }));
  await api.get('PUT', `/attempts/${attempt.id}/responses`, { token, body: { responses } });
  return { attemptId: attempt.id, sections };
}

/** Hands an attempt in; the request id is the trace id of everything that follows. */
export async function submitAttempt(api: Api, token: string, attemptId: string): Promise<string> {
  const { requestId } = await api.expect('POST', `/attempts/${attemptId}/submission`, {
    token,
    body: {},
    headers: { 'idempotency-key': randomUUID() },
  });
  return requestId;
}

/** One learner's whole attempt: start, answers, submission. */
export async function takeAttempt(
  api: Api,
  token: string,
  assignmentId: string,
  answer: (itemIdentifier: string) => Responses,
): Promise<TakenAttempt> {
  const begun = await beginAttempt(api, token, assignmentId, answer);
  const requestId = await submitAttempt(api, token, begun.attemptId);
  return { ...begun, requestId };
}

/** Runs `work` over all items, `limit` at a time, with a line of progress. */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number) => Promise<R>,
  progress: (done: number) => void,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  let done = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await work(items[index] as T, index);
      done += 1;
      progress(done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
