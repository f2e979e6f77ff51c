import pg from 'pg';
import { percentile } from '../../demo/figures.js';
import { waitForCells } from '../../demo/gradebook.js';
import { layoutOf } from '../../start/layout.js';
import { dataFolder, type OwnPlatform, removeFolder, startOwnPlatform } from '../own-platform.js';
import type { SubmissionsOptions } from './bench-submissions.js';
import { type ClassAtWork, classAtWork, handIn, ITEMS } from './class-at-work.js';
import { StoredRows } from './stored-rows.js';

const PORT = 4940;
/** Submissions measured at each size, in blocks whose spread shows the noise of the machine. */
const BLOCKS = 3;
const PER_BLOCK = 60;

interface Cost {
  stored: number;
  /** Median ms of saving 20 answers and handing in, for each block. */
  handIn: number[];
  /** Median ms from handing in to the cell of the gradebook, for each block. */
  toCell: number[];
}

/** Prints what a submission costs at each size of what is stored already, and the plan. */
export async function benchGrowth({ responses }: SubmissionsOptions): Promise<void> {
  const folder = dataFolder();
  try {
    const platform = await startOwnPlatform(folder, PORT);
    const pools = poolsOf(folder, platform);
    try {
      const costs = await measureAll(platform, pools, responses);
      console.log(`\n${summary(costs)}`);
    } finally {
      await Promise.all(Object.values(pools).map((pool) => pool.end()));
    }
    await platform.stop();
  } finally {
    removeFolder(folder);
  }
}

type Pools = Record<'assignments' | 'grading', pg.Pool>;

function poolsOf(folder: string, { secrets }: OwnPlatform): Pools {
  const { postgresPort } = layoutOf(folder, PORT);
  const pool = (service: string) =>
    new pg.Pool({
      connectionString: `postgres://postgres:${secrets.postgresPassword}@127.0.0.1:${postgresPort}/parlance_${service}`,
      max: 2,
    });
  return { assignments: pool('assignments'), grading: pool('grading') };
}

async function measureAll(
  platform: OwnPlatform,
  pools: Pools,
  sizes: readonly number[],
): Promise<Cost[]> {
  // The attempt all copies are made of; it also warms the services up.
  const first = await classAtWork(platform, 20);
  for (const learner of first.learners) await handIn(first, learner);
  await cellsWritten(first);
  const template = first.learners[0]?.attemptId as string;
  const costs: Cost[] = [];
  let stored = 0;
  for (const size of sizes) {
    await store(pools, template, size - stored, size);
    stored = size;
    const cost: Cost = { stored: size, handIn: [], toCell: [] };
    for (let block = 0; block < BLOCKS; block += 1) {
      const { handIn: took, toCell } = await measureBlock(platform);
      cost.handIn.push(percentile(took, 0.5));
      cost.toCell.push(percentile(toCell, 0.5));
    }
    costs.push(cost);
    console.log(describe(cost));
    console.log(await planAt(pools.assignments, template));
  }
  return costs;
}

async function store(pools: Pools, template: string, responses: number, total: number) {
  const attempts = Math.ceil(responses / ITEMS.length);
  console.log(`\ngrowth: storing ${attempts} attempts, for ${total} responses in all`);
  const say = (done: number) => {
    if (done % 100_000 === 0) console.log(`  ${done} of ${attempts} attempts`);
  };
  const assignments = new StoredRows(pools.assignments, template);
  await assignments.partitionsOfTheYear('response');
  const takenOn = '(uuid_extract_timestamp(c.id))::date';
  await assignments.copy(
    attempts,
    [
      {
        table: 'attempt',
        overrides: { id: 'c.id', learner_id: 'c.learner', assignment_id: 'c.assignment' },
      },
      { table: 'response', overrides: { attempt_id: 'c.id', attempt_on: takenOn } },
    ],
    say,
  );
  const grading = new StoredRows(pools.grading, template);
  await grading.partitionsOfTheYear('attempt_score_version');
  const at = 'uuid_extract_timestamp(c.id)';
  await grading.copy(
    attempts,
    [
      {
        table: 'attempt_score',
        overrides: {
          attempt_id: 'c.id',
          learner_id: 'c.learner',
          assignment_id: 'c.assignment',
          submitted_at: at,
          first_scored_at: at,
        },
      },
      { table: 'attempt_score_version', overrides: { attempt_id: 'c.id', scored_at: at } },
    ],
    say,
  );
  for (const pool of Object.values(pools)) await pool.query('VACUUM (ANALYZE)');
  for (const pool of Object.values(pools)) await pool.query('CHECKPOINT');
}

/** One learner after another, so that a time is a cost and not a queue. */
async function measureBlock(platform: OwnPlatform) {
  const atWork = await classAtWork(platform, PER_BLOCK);
  const took: number[] = [];
  for (const learner of atWork.learners) took.push(await handIn(atWork, learner));
  return { handIn: took, toCell: await cellsWritten(atWork) };
}

/** Waits until every learner has a grade; the ms each took from handing in to the cell. */
async function cellsWritten(atWork: ClassAtWork): Promise<number[]> {
  const { api, school, assignmentId, teacher } = atWork;
  const learners = new Set(atWork.learners.map(({ learnerId }) => learnerId));
  const rows = await waitForCells(
    {
      api,
      token: teacher,
      classId: school.classId,
      assignmentId,
      learners,
      done: (cell) => cell.points !== null,
    },
    () => undefined,
  );
  return rows
    .flatMap((row) => row.cells)
    .filter((cell) => cell.assignmentId === assignmentId && cell.firstScoredAt !== null)
    .map((cell) => Date.parse(cell.firstScoredAt ?? '') - Date.parse(cell.submittedAt ?? ''));
}

/** Which partitions a read of one attempt's answers touches. */
async function planAt(pool: pg.Pool, attemptId: string): Promise<string> {
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS)
     SELECT DISTINCT ON (r.slot) r.slot, r.sequence, r.responses FROM response r
     WHERE r.institution_id = (SELECT institution_id FROM attempt WHERE id = $1)
       AND r.attempt_id = $1 AND r.attempt_on = uuid_extract_timestamp($1::uuid)::date
     ORDER BY r.slot, r.sequence DESC`,
    [attemptId],
  );
  return rows.map((row) => `    ${row['QUERY PLAN']}`).join('\n');
}

function describe({ stored, handIn: took, toCell }: Cost): string {
  const list = (values: number[]) => values.map((one) => one.toFixed(1)).join(', ');
  return (
    `  with ${stored} stored: answers and submission ${list(took)} ms, ` +
    `to the cell ${list(toCell)} ms (medians of ${BLOCKS} blocks of ${PER_BLOCK})`
  );
}

function summary(costs: readonly Cost[]): string {
  const [least, most] = [costs[0], costs.at(-1)];
  if (least === undefined || most === undefined) return '';
  const ratio = (of: (cost: Cost) => number[]) =>
    (percentile(of(most), 0.5) / percentile(of(least), 0.5)).toFixed(2);
  return (
    `from ${least.stored} to ${most.stored} responses a submission costs ` +
    `${ratio((cost) => cost.handIn)} times as much for the learner, ` +
    `${ratio((cost) => cost.toCell)} times until the cell is written`
  );
}
