import { randomUUID } from 'node:crypto';
import { Api } from '../../api.js';
import { type FormItem, inParallel, onceArrived, submitAttempt } from '../../demo/attempts.js';
import { enrolLearners, learnerToken, makeClass, type School } from '../../demo/people.js';
import { responsePackage } from '../../demo/response-package.js';
import { assign, teacherTokens } from '../../demo/scenario.js';
import type { OwnPlatform } from '../own-platform.js';

export const ITEMS = Array.from({ length: 20 }, (_, index) => `E${index + 1}`);
const CLIENTS = 16;

export interface LearnerAtWork {
  token: string;
  learnerId: string;
  attemptId: string;
  items: FormItem[];
}

/** A class with a test, every learner with an attempt begun and nothing answered. */
export interface ClassAtWork {
  api: Api;
  school: School;
  assignmentId: string;
  learners: LearnerAtWork[];
  teacher: () => Promise<string>;
}

export async function classAtWork(platform: OwnPlatform, count: number): Promise<ClassAtWork> {
  const api = new Api(platform.run.gateway);
  const password = platform.secrets.demoPassword;
  const school = await makeClass(api, password, `Bench ${randomUUID()}`);
  const names = Array.from({ length: count }, (_, index) => `Learner ${index}`);
  const people = await enrolLearners(api, school, names);
  const { testId } = await api.get<{ testId: string }>('POST', '/imports', {
    token: school.teacherToken,
    zip: responsePackage(ITEMS),
  });
  const assignment = await assign(api, school, testId, 'Bench');
  const learners = await inParallel(
    people,
    CLIENTS,
    async ({ personId, invitationCode }): Promise<LearnerAtWork> => {
      const token = await learnerToken(api, invitationCode);
      const { attemptId, items } = await begin(api, token, assignment.id);
      return { token, learnerId: personId, attemptId, items };
    },
    () => undefined,
  );
  const teacher = teacherTokens(api, password);
  return { api, school, assignmentId: assignment.id, learners, teacher };
}

async function begin(api: Api, token: string, assignmentId: string) {
  interface Started {
    id: string;
    sections: { items: { slot: number; delivery: { identifier: string } }[] }[];
  }
  const { id, sections } = await onceArrived(() =>
    api.get<Started>('POST', `/assignments/${assignmentId}/attempts`, {
      token,
      body: {},
      headers: { 'idempotency-key': randomUUID() },
    }),
  );
  const items = sections
    .flatMap((section) => section.items)
    .map(({ slot, delivery }) => ({ slot, identifier: delivery.identifier }));
  return { attemptId: id, items };
}

/** Saves one answer and tells how long that took, in ms from sending to the whole reply. */
export async function saveOne(
  { api }: ClassAtWork,
  { token, attemptId }: LearnerAtWork,
  slot: number,
  sequence: number,
): Promise<number> {
  const responses = [{ slot, sequence, responses: { RESPONSE: sequence % 3 ? 'right' : 'wrong' } }];
  const began = performance.now();
  await api.get('PUT', `/attempts/${attemptId}/responses`, { token, body: { responses } });
  return performance.now() - began;
}

/** Answers everything, hands it in, and tells how long both took in ms. */
export async function handIn(
  { api }: ClassAtWork,
  { token, attemptId, items }: LearnerAtWork,
): Promise<number> {
  const responses = items.map(({ slot }) => ({
    slot,
    sequence: 1,
    responses: { RESPONSE: 'right' },
  }));
  const began = performance.now();
  await api.get('PUT', `/attempts/${attemptId}/responses`, { token, body: { responses } });
  await submitAttempt(api, token, attemptId);
  return performance.now() - began;
}
