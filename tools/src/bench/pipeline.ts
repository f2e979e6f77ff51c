import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { Api } from '../api.js';
import { beginAttempt, inParallel, submitAttempt } from '../demo/attempts.js';
import { percentile } from '../demo/figures.js';
import { type Cell, waitForCells } from '../demo/gradebook.js';
import { enrolLearners, learnerToken, makeClass, type School } from '../demo/people.js';
import { responsePackage } from '../demo/response-package.js';
import { assign, teacherTokens } from '../demo/scenario.js';
import { dataFolder, type OwnPlatform, removeFolder, startOwnPlatform } from './own-platform.js';

const ITEMS = Array.from({ length: 20 }, (_, index) => `E${index + 1}`);
const CLIENTS = 24;
const PORT = 4900;

interface Ready {
  token: string;
  attemptId: string;
  learnerId: string;
}

interface Round {
  tracing: boolean;
  startSeconds: number;
  /** From the first submission sent to the last cell written. */
  perSecond: number;
  half: { rate: number; p50: number; p99: number };
  memory: Record<string, number>;
}

/** Prints what one machine does with everything on it; see docs/PERFORMANCE.md for the method. */
export async function benchPipeline(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      learners: { type: 'string', default: '1200' },
      rounds: { type: 'string', default: '2' },
    },
  });
  const learners = Number(values.learners);
  const load = loadavg()[0] ?? 0;
  console.log(
    `${cpus().length} cores (${cpus()[0]?.model ?? '?'}), ${Math.round(totalmem() / 2 ** 30)} GB, ` +
      `load before ${load.toFixed(2)}, ${learners} submissions of ${ITEMS.length} items a round`,
  );
  const rounds: Round[] = [];
  for (let index = 0; index < Number(values.rounds) * 2; index += 1) {
    // In turn, and the order turned round each time, so that a drifting machine favours neither.
    const tracing = index % 4 === 0 || index % 4 === 3;
    const round = await measure(tracing, learners);
    rounds.push(round);
    console.log(describeRound(round));
  }
  console.log(summary(rounds));
}

async function measure(tracing: boolean, learners: number): Promise<Round> {
  const folder = dataFolder();
  try {
    // The second start is the warm one: databases exist, code is compiled.
    await (await startOwnPlatform(folder, PORT)).stop();
    const env: Record<string, string> = tracing ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: '' };
    const platform = await startOwnPlatform(folder, PORT, env);
    const full = await saturate(platform, learners);
    const half = await atRate(platform, Math.ceil(learners / 2), full / 2);
    const memory = platform.memory();
    await platform.stop();
    return { tracing, startSeconds: platform.startSeconds, perSecond: full, half, memory };
  } finally {
    removeFolder(folder);
  }
}

interface Prepared {
  api: Api;
  school: School;
  assignmentId: string;
  ready: Ready[];
  token: () => Promise<string>;
}

/** Learners with answered attempts, so that only submissions are measured. */
async function prepare({ run, secrets }: OwnPlatform, count: number): Promise<Prepared> {
  const api = new Api(run.gateway);
  const school = await makeClass(api, secrets.demoPassword, `Bench ${Date.now()}`);
  const names = Array.from({ length: count }, (_, index) => `Learner ${index}`);
  const people = await enrolLearners(api, school, names);
  const { testId } = await api.get<{ testId: string }>('POST', '/imports', {
    token: school.teacherToken,
    zip: responsePackage(ITEMS),
  });
  const assignment = await assign(api, school, testId, 'Bench');
  const prepareOne = async (person: (typeof people)[number], index: number): Promise<Ready> => {
    const token = await learnerToken(api, person.invitationCode);
    const answer = () => ({ RESPONSE: index % 3 === 0 ? 'wrong' : 'right' });
    const { attemptId } = await beginAttempt(api, token, assignment.id, answer);
    return { token, attemptId, learnerId: person.personId };
  };
  const ready = await inParallel(people, CLIENTS, prepareOne, () => undefined);
  return {
    api,
    school,
    assignmentId: assignment.id,
    ready,
    token: teacherTokens(api, secrets.demoPassword),
  };
}

async function cellsOf({ api, school, assignmentId, ready, token }: Prepared): Promise<Cell[]> {
  const learners = new Set(ready.map((one) => one.learnerId));
  const done = (cell: Cell) => cell.points !== null;
  const rows = await waitForCells(
    { api, token, classId: school.classId, assignmentId, learners, done },
    () => undefined,
  );
  return rows.flatMap((row) => row.cells.filter((cell) => cell.assignmentId === assignmentId));
}

/** Submissions per second when clients never wait for each other. */
async function saturate(platform: OwnPlatform, count: number): Promise<number> {
  const prepared = await prepare(platform, count);
  const began = Date.now();
  await inParallel(
    prepared.ready,
    CLIENTS,
    ({ token, attemptId }) => submitAttempt(prepared.api, token, attemptId),
    () => undefined,
  );
  const cells = await cellsOf(prepared);
  const last = Math.max(...cells.map((cell) => Date.parse(cell.firstScoredAt ?? '')));
  return count / ((last - began) / 1000);
}

/** Ages when submissions come evenly at a rate, whether or not earlier ones are done. */
async function atRate(platform: OwnPlatform, count: number, rate: number) {
  const prepared = await prepare(platform, count);
  const began = Date.now();
  await Promise.all(
    prepared.ready.map(async ({ token, attemptId }, index) => {
      const at = began + (index * 1000) / rate;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())));
      await submitAttempt(prepared.api, token, attemptId);
    }),
  );
  const ages = (await cellsOf(prepared)).map(
    (cell) => Date.parse(cell.firstScoredAt ?? '') - Date.parse(cell.submittedAt ?? ''),
  );
  return { rate, p50: percentile(ages, 0.5), p99: percentile(ages, 0.99) };
}

function describeRound({ tracing, startSeconds, perSecond, half }: Round): string {
  return (
    `tracing ${tracing ? 'on ' : 'off'}  warm start ${startSeconds.toFixed(1)} s  ` +
    `${perSecond.toFixed(0)} submissions/s  ` +
    `at ${half.rate.toFixed(0)}/s: age p50 ${half.p50} ms, p99 ${half.p99} ms`
  );
}

function summary(rounds: Round[]): string {
  const rates = (tracing: boolean) =>
    rounds.filter((round) => round.tracing === tracing).map((round) => round.perSecond);
  const [on, off] = [median(rates(true)), median(rates(false))];
  const memory = rounds.find((round) => round.tracing)?.memory ?? {};
  const cost = ((1 - on / off) * 100).toFixed(1);
  return [
    '',
    `median with tracing ${on.toFixed(0)}/s, without ${off.toFixed(0)}/s: tracing costs ${cost} %`,
    `resident memory after the load, MB: ${Object.entries(memory)
      .map(([name, mb]) => `${name} ${mb}`)
      .join(', ')}`,
  ].join('\n');
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return ((low ?? 0) + (high ?? 0)) / 2;
}
