import type { Api } from '../../api.js';
import { waitForCells } from '../gradebook.js';
import { enrolLearners, learnerToken, makeClass } from '../people.js';
import type { RunningPlatform } from '../running.js';
import { assign, teacherTokens } from '../scenario.js';
import { buildTest, markWithoutNames, publishItem, uploadSound } from './authoring.js';
import type { ItemExample } from './example.js';
import { itemExamples } from './examples.js';
import { markAll } from './marking.js';
import { takeExamples } from './taking.js';

type Say = (text: string) => void;

const LEARNERS = ['Ada', 'Ben', 'Cem'];

interface Part {
  slot: number;
  points: number | null;
  verdict: string;
  given: unknown;
  expected?: unknown;
  rule?: string;
  notes?: string[];
  feedback?: string;
}

interface Score {
  status: string;
  points: number;
  pointsPossible: number;
  items: { slot: number; points: number | null; pointsPossible: number }[];
  parts: Part[];
}

/**
 * One of every item type through the public API: written, reviewed, published, assigned, answered
 * by three learners, marked where a person has to, scored and explained.
 *
 * @returns what is not as it must be.
 */
export async function playItemTypes(
  api: Api,
  platform: RunningPlatform,
  say: Say,
): Promise<string[]> {
  const { demoPassword: password } = platform.secrets;
  const school = await makeClass(api, password, `Item types, ${new Date().toISOString()}`);
  const teacher = teacherTokens(api, password);
  const recording = await uploadSound(api, school.teacherToken);
  const examples = itemExamples(recording);
  const staff = { author: school.teacherToken, reviewer: school.adminToken };
  const itemIds: string[] = [];
  for (const example of examples) itemIds.push(await publishItem(api, staff, example));
  say(`${itemIds.length} items written by a teacher, approved by an admin, published`);

  const testId = await buildTest(api, await teacher(), itemIds);
  const { id: assignmentId } = await assign(api, school, testId, 'One of every item type');
  await markWithoutNames(api, await teacher(), assignmentId);
  const people = await enrolLearners(api, school, LEARNERS);
  const attempts: { learnerId: string; attemptId: string; token: string }[] = [];
  for (const [which, { personId, invitationCode }] of people.entries()) {
    const token = await learnerToken(api, invitationCode);
    const attemptId = await takeExamples(api, token, assignmentId, examples, which);
    attempts.push({ learnerId: personId, attemptId, token });
  }
  say(`${attempts.length} learners listened, recorded, answered and handed in`);

  const cells = (done: 'pending-review' | 'graded') =>
    waitForCells(
      {
        ...{ api, token: teacher, classId: school.classId, assignmentId },
        learners: new Set(attempts.map(({ learnerId }) => learnerId)),
        done: (cell) => cell.status === done,
      },
      () => undefined,
    );
  await cells('pending-review');
  const marked = await markAll(api, await teacher(), assignmentId);
  say(`a teacher marked ${marked} essays, recordings and papers, without seeing names`);
  await cells('graded');
  const scores: Score[] = [];
  for (const { attemptId } of attempts) {
    scores.push(await api.get<Score>('GET', `/scores/${attemptId}`, { token: await teacher() }));
  }
  console.log(table(examples, scores));
  return [...faultsOf(examples, scores), ...(await leaksOf(api, attempts))];
}

function faultsOf(examples: readonly ItemExample[], scores: readonly Score[]): string[] {
  return examples.flatMap(({ source, answers, pointsPossible }, index) =>
    scores.flatMap((score, which) => {
      const item = score.items.find(({ slot }) => slot === index + 1);
      const must = answers[which]?.points;
      const who = `${source.type}, ${LEARNERS[which]}`;
      if (item?.pointsPossible !== pointsPossible) {
        return [`${who}: worth ${item?.pointsPossible} and not ${pointsPossible}`];
      }
      return item.points === must ? [] : [`${who}: ${item.points} points and not ${must}`];
    }),
  );
}

/** A learner's own score says nothing of keys and rules. */
async function leaksOf(
  api: Api,
  attempts: readonly { attemptId: string; token: string }[],
): Promise<string[]> {
  const [first] = attempts;
  if (first === undefined) return ['nobody took part'];
  const own = await api.get<Score>('GET', `/scores/${first.attemptId}`, { token: first.token });
  return own.parts.some((part) => part.rule !== undefined || part.expected !== undefined)
    ? ['a learner was shown a key or a rule']
    : [];
}

/** What each learner got for each item, and what decided. */
function table(examples: readonly ItemExample[], scores: readonly Score[]): string {
  const lines = examples.flatMap(({ source, answers, pointsPossible }, index) => [
    `\n${source.type} (${pointsPossible})`,
    ...scores.map((score, which) => {
      const item = score.items.find(({ slot }) => slot === index + 1);
      const parts = score.parts.filter(({ slot }) => slot === index + 1);
      const points = String(item?.points ?? '-').padStart(5);
      return `  ${LEARNERS[which]} ${points}  ${answers[which]?.because}: ${parts.map(explained).join('; ')}`;
    }),
  ]);
  return `${lines.join('\n')}\n`;
}

function explained({ given, verdict, rule, notes = [], feedback }: Part): string {
  const shown = given === null ? 'nothing' : JSON.stringify(given);
  const more = [...notes, ...(feedback === undefined ? [] : [`"${feedback}"`])].join(', ');
  return `${shown} is ${verdict} by ${rule ?? '?'}${more === '' ? '' : ` (${more})`}`;
}
