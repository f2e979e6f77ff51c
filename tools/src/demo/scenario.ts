import { randomUUID } from 'node:crypto';
import type { Api } from '../api.js';
import { DEMO, signIn } from '../start/seed.js';
import { inParallel, onceArrived, takeAttempt, type TakenAttempt } from './attempts.js';
import type { Candidate, Exam } from './exam.js';
import { type Cell, type Row, waitForCells } from './gradebook.js';
import { type DeliveredScore, DemoLms } from './lms.js';
import { enrolLearners, learnerToken, makeClass, type School } from './people.js';
import { overrideScore, reviewAll } from './review.js';
import type { RunningPlatform } from './running.js';

/** A candidate with what became of the attempt. */
export interface Taken extends TakenAttempt {
  candidate: Candidate;
  learnerId: string;
}

export interface Outcome {
  assignmentId: string;
  items: { imported: number; refused: number };
  taken: Taken[];
  /** From the first submission to the moment every cell was seen. */
  scoringSeconds: number;
  rows: Row[];
  reviewed: number;
  overridden: { learnerId: string; points: number } | undefined;
  /** The learner who came from the LMS. */
  launched: Taken;
  lms: DeliveredScore[];
  deadLetters: number;
}

interface ImportReport {
  testId: string;
  items: { imported: number; refused: number };
}

type Say = (text: string) => void;

/** Plays the whole story over public HTTP. The last candidate comes from the LMS. */
export async function runScenario(
  api: Api,
  platform: RunningPlatform,
  exam: Exam,
  concurrency: number,
  say: Say,
): Promise<Outcome> {
  const { demoPassword: password } = platform.secrets;
  const title = `${exam.title}, ${new Date().toISOString().slice(0, 19)}`;
  const school = await makeClass(api, password, title);
  const invited = exam.candidates.slice(0, -1);
  const guest = exam.candidates.at(-1) as Candidate;
  const people = await enrolLearners(
    api,
    school,
    invited.map((one) => one.name),
  );
  say(`a class of ${people.length} learners is enrolled`);
  const imported = await api.get<ImportReport>('POST', '/imports', {
    token: school.teacherToken,
    zip: exam.zip,
    headers: { 'idempotency-key': randomUUID() },
  });
  say(`${imported.items.imported} items imported, ${imported.items.refused} refused`);
  const assignment = await assign(api, school, imported.testId, exam.title);
  say('the test is assigned; the learners begin');

  const began = Date.now();
  const progress = counter(say, 'handed in', invited.length);
  const taken = await inParallel(
    invited,
    concurrency,
    async (candidate, index): Promise<Taken> => {
      const person = people[index] as (typeof people)[number];
      const token = await learnerToken(api, person.invitationCode);
      const attempt = await takeAttempt(api, token, assignment.id, (item) =>
        candidate.answer(item),
      );
      return { ...attempt, candidate, learnerId: person.personId };
    },
    progress,
  );
  const lms = await DemoLms.start();
  try {
    await lms.connect(api, school, assignment.id, assignment.pointsPossible);
    const launched = await takeThroughLms(api, lms, guest, assignment.id);
    taken.push(launched);
    say('a learner came from the LMS and handed in too');
    const story = await grade(api, password, school, assignment.id, taken, say);
    const scoringSeconds = (story.scoredAtMs - began) / 1000;
    const scores = await scoresIn(lms, say);
    const deadLetters = await countDeadLetters(platform);
    const { rows, reviewed, overridden } = story;
    return {
      assignmentId: assignment.id,
      items: imported.items,
      taken,
      scoringSeconds,
      rows,
      reviewed,
      overridden,
      launched,
      lms: scores,
      deadLetters,
    };
  } finally {
    lms.stop();
  }
}

export async function assign(api: Api, school: School, testId: string, title: string) {
  const token = school.teacherToken;
  const hour = 3600_000;
  const body = {
    classId: school.classId,
    testId,
    title,
    category: 'Tests',
    opensAt: new Date(Date.now() - hour).toISOString(),
    dueAt: new Date(Date.now() + 24 * hour).toISOString(),
    closesAt: new Date(Date.now() + 48 * hour).toISOString(),
    timeZone: 'Europe/Berlin',
  };
  const draft = await onceArrived(() =>
    api.get<{ id: string }>('POST', '/assignments', {
      token,
      body,
      headers: { 'idempotency-key': randomUUID() },
    }),
  );
  // The test's items reach assignments by messages; publishing waits for them.
  return onceArrived(() =>
    api.get<{ id: string; pointsPossible: number }>('PUT', `/assignments/${draft.id}/publication`, {
      token,
      body: {},
    }),
  );
}

async function takeThroughLms(
  api: Api,
  lms: DemoLms,
  guest: Candidate,
  assignmentId: string,
): Promise<Taken> {
  const { assertion } = await lms.launch();
  const session = await api.get<{ accessToken: string; person: { id: string } }>(
    'POST',
    '/sessions',
    {
      body: { grantType: 'lti-launch', assertion },
    },
  );
  const attempt = await takeAttempt(api, session.accessToken, assignmentId, (item) =>
    guest.answer(item),
  );
  return { ...attempt, candidate: guest, learnerId: session.person.id };
}

interface Graded {
  rows: Row[];
  scoredAtMs: number;
  reviewed: number;
  overridden: Outcome['overridden'];
}

/** Waits for the scores, has the essays marked and one score overridden, and waits for the result. */
async function grade(
  api: Api,
  password: string,
  school: School,
  assignmentId: string,
  taken: Taken[],
  say: Say,
): Promise<Graded> {
  const token = teacherTokens(api, password);
  const learners = new Set(taken.map((one) => one.learnerId));
  const wait = (what: string, done: (cell: Cell, learnerId: string) => boolean) =>
    waitForCells(
      { api, token, classId: school.classId, assignmentId, learners, done },
      counter(say, what, learners.size),
    );
  const first = await wait('in the gradebook', (cell) => cell.status !== 'ungraded');
  const scoredAtMs = Date.now();
  const reviewed = await reviewAll(api, await token(), assignmentId);
  if (reviewed === 0) return { rows: first, scoredAtMs, reviewed, overridden: undefined };
  say(`a teacher marked ${reviewed} essays`);
  const someone = taken[Math.floor(taken.length / 2)] as Taken;
  const points = await overrideScore(api, await token(), someone.attemptId);
  const overridden = { learnerId: someone.learnerId, points };
  const rows = await wait('final', (cell, learnerId) => {
    return cell.status === 'graded' && (learnerId !== someone.learnerId || cell.overridden);
  });
  return { rows, scoredAtMs, reviewed, overridden };
}

/** Access tokens live for minutes; a long demo signs in again. */
export function teacherTokens(api: Api, password: string): () => Promise<string> {
  let token: Promise<string> | undefined;
  let until = 0;
  return () => {
    if (token === undefined || Date.now() > until) {
      until = Date.now() + 240_000;
      token = signIn(api, DEMO.teacher, password).then((session) => session.accessToken);
    }
    return token;
  };
}

/** What reached the LMS, once something did and no more comes; a minute is enough for retries. */
async function scoresIn(lms: DemoLms, say: Say): Promise<DeliveredScore[]> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const scores = await lms.scores();
    if (scores.length > 0) {
      say(`the LMS received ${scores.length} score`);
      return scores;
    }
    if (Date.now() > deadline) return [];
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function countDeadLetters(platform: RunningPlatform): Promise<number> {
  const response = await fetch(`${platform.run.oncall}/api/v1/dead-letters`, {
    headers: { authorization: `Operator ${platform.secrets.operatorSecret}` },
  });
  if (!response.ok) throw new Error(`On-call answered ${response.status} about dead letters.`);
  return ((await response.json()) as { total: number }).total;
}

/** A line now and then, not one per learner. */
function counter(say: Say, what: string, total: number): (count: number) => void {
  let saidAt = Date.now();
  let last = -1;
  return (count) => {
    if (count === last || (count < total && Date.now() - saidAt < 5000)) return;
    last = count;
    saidAt = Date.now();
    say(`  ${count} of ${total} ${what}`);
  };
}
