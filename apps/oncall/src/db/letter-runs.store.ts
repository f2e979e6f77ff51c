import type { Tx } from '@parlance/messaging';
import type { LetterRun, RunEntry } from '../domain/letter-run.js';

export type NewEntry = Omit<RunEntry, 'at'>;

const RUN_COLUMNS = `id, action, operator, reason, filter, rate_per_second AS "ratePerSecond",
  state, counts, is_complete AS "isComplete", fault, started_at AS "startedAt",
  finished_at AS "finishedAt"`;

type RunRow = Omit<LetterRun, 'startedAt' | 'finishedAt'> & {
  startedAt: Date;
  finishedAt: Date | null;
};

function runOf({ startedAt, finishedAt, ...run }: RunRow): LetterRun {
  return {
    ...run,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}

export async function insertRun(tx: Tx, run: LetterRun): Promise<void> {
  await tx.query(
    `INSERT INTO letter_run (id, action, operator, reason, filter, rate_per_second, counts,
                             started_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      run.id,
      run.action,
      run.operator,
      run.reason,
      JSON.stringify(run.filter),
      run.ratePerSecond,
      JSON.stringify(run.counts),
      run.startedAt,
    ],
  );
}

export async function updateRun(tx: Tx, run: LetterRun): Promise<void> {
  await tx.query(
    `UPDATE letter_run SET state = $2, counts = $3, is_complete = $4, fault = $5, finished_at = $6
     WHERE id = $1`,
    [run.id, run.state, JSON.stringify(run.counts), run.isComplete, run.fault, run.finishedAt],
  );
}

/** What is known of letters now; a later word replaces an earlier one. */
export async function noteEntries(tx: Tx, runId: string, entries: NewEntry[]): Promise<void> {
  await tx.query(
    `INSERT INTO letter_run_entry (run_id, queue, letter_id, event_id, type, institution_id,
                                   fingerprint, outcome)
     SELECT $1, q, l, e, t, i, f, o
     FROM unnest($2::text[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::text[])
       AS entry (q, l, e, t, i, f, o)
     ON CONFLICT (run_id, queue, letter_id)
       DO UPDATE SET outcome = excluded.outcome, at = excluded.at`,
    [
      runId,
      entries.map((entry) => entry.queue),
      entries.map((entry) => entry.letterId),
      entries.map((entry) => entry.eventId),
      entries.map((entry) => entry.type),
      entries.map((entry) => entry.institutionId),
      entries.map((entry) => entry.fingerprint),
      entries.map((entry) => entry.outcome),
    ],
  );
}

export async function runById(tx: Tx, id: string): Promise<LetterRun | undefined> {
  const [row] = await tx.query<RunRow>(`SELECT ${RUN_COLUMNS} FROM letter_run WHERE id = $1`, [id]);
  return row && runOf(row);
}

/** The latest first. */
export async function latestRuns(tx: Tx, limit: number): Promise<LetterRun[]> {
  const rows = await tx.query<RunRow>(
    `SELECT ${RUN_COLUMNS} FROM letter_run ORDER BY started_at DESC, id DESC LIMIT $1`,
    [limit],
  );
  return rows.map(runOf);
}

/** In the order in which they were seen to. */
export async function entriesOf(tx: Tx, runId: string, limit: number): Promise<RunEntry[]> {
  const rows = await tx.query<Omit<RunEntry, 'at'> & { at: Date }>(
    `SELECT letter_id AS "letterId", queue, event_id AS "eventId", type,
            institution_id AS "institutionId", fingerprint, outcome, at
     FROM letter_run_entry WHERE run_id = $1 ORDER BY at, letter_id LIMIT $2`,
    [runId, limit],
  );
  return rows.map(({ at, ...entry }) => ({ ...entry, at: at.toISOString() }));
}

/** Runs that a process now gone has left behind. Returns how many. */
export async function interruptRuns(tx: Tx): Promise<number> {
  const rows = await tx.query(
    `UPDATE letter_run SET state = 'interrupted', finished_at = clock_timestamp()
     WHERE state = 'running' RETURNING id`,
  );
  return rows.length;
}
