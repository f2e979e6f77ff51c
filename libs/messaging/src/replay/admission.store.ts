import type { Id } from '@parlance/kernel';
import { NO_REPLAY } from '../inbox/inbox-switch.js';
import { REPLAY_LOCK } from '../migration/shadow-functions.js';
import type { Tx } from '../transaction.js';

export type ReplayMode = 'repair' | 'rebuild';

export type AdmissionState = 'opening' | 'open' | 'done' | 'cancelled' | 'swapped' | 'dropped';

/**
 * `early`: applied to a shadow before the service had the event by the usual way, so what follows
 * from it has not been told to anybody; `missed`: a live event that a shadow could not take.
 */
export type Outcome = 'applied' | 'early' | 'skipped' | 'missed';

/** A replay as the service knows it that is told. */
export interface Admission {
  replayId: Id;
  /** Grows with every admission. */
  token: string;
  mode: ReplayMode;
  projection: string | null;
  types: string[];
  state: AdmissionState;
  schemaName: string | null;
  reason: string;
  createdBy: string;
  createdAt: Date;
  closedAt: Date | null;
}

/** An admission with how many events of it have arrived, each counted once. */
export interface AdmissionView extends Admission {
  applied: number;
  skipped: number;
  missed: number;
}

export interface Receipt {
  replayId: Id;
  eventId: Id;
  institutionId: Id;
  outcome: Outcome;
}

export interface TableDifference {
  table: string;
  liveRows: number;
  shadowRows: number;
  /** Rows in use that the shadow has not. */
  missing: number;
  /** Rows of the shadow that are not in use. */
  surplus: number;
  differing: number;
  /** Keys of a few rows and the names of columns that differ; never values. */
  examples: { key: Record<string, string>; is: string; columns: string[] | null }[];
}

const COLUMNS = `replay_id AS "replayId", token::text AS token, mode, projection, types, state,
  schema_name AS "schemaName", reason, created_by AS "createdBy", created_at AS "createdAt",
  closed_at AS "closedAt"`;

/** The consumer's side of replays in SQL. */
export class AdmissionStore {
  /** Until the transaction ends, no replay is closed or swapped in. */
  async hold(tx: Tx): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock_shared(${REPLAY_LOCK})`);
  }

  /** Waits for every transaction that holds, and keeps others waiting. */
  async holdAlone(tx: Tx): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(${REPLAY_LOCK})`);
  }

  async current(tx: Tx): Promise<Admission | undefined> {
    const [row] = await tx.query<Admission>(
      `SELECT ${COLUMNS} FROM replay_admission WHERE state IN ('opening', 'open')`,
    );
    return row;
  }

  async addReceipt(tx: Tx, receipt: Receipt): Promise<void> {
    await tx.query(
      `INSERT INTO replay_receipt (replay_id, event_id, institution_id, outcome)
       VALUES ($1, $2, $3, $4)
       ON CONFLICT (replay_id, event_id) DO UPDATE SET outcome = excluded.outcome
         WHERE replay_receipt.outcome = 'missed'`,
      [receipt.replayId, receipt.eventId, receipt.institutionId, receipt.outcome],
    );
  }

  /** Events of the shadow that the service itself still has not had. */
  async early(tx: Tx, replayId: Id, consumer: string): Promise<number> {
    const [row] = await tx.query<{ early: string }>(
      `SELECT count(*) AS early FROM replay_receipt r
        WHERE r.replay_id = $1::uuid AND r.outcome = 'early' AND NOT EXISTS (
          SELECT 1 FROM inbox i WHERE i.consumer = $2::text AND i.event_id = r.event_id
             AND i.replay_id = '${NO_REPLAY}')`,
      [replayId, consumer],
    );
    return Number(row?.early ?? 0);
  }

  async find(tx: Tx, replayId: Id): Promise<AdmissionView | undefined> {
    const [row] = await tx.query<AdmissionView>(`${VIEW} WHERE a.replay_id = $1`, [replayId]);
    return row && viewOf(row);
  }

  async latest(tx: Tx, limit: number): Promise<AdmissionView[]> {
    const rows = await tx.query<AdmissionView>(`${VIEW} ORDER BY a.token DESC LIMIT $1`, [limit]);
    return rows.map(viewOf);
  }

  /** False when another replay is current. */
  async insert(
    tx: Tx,
    one: Pick<Admission, 'replayId' | 'mode' | 'projection' | 'types' | 'reason' | 'createdBy'>,
  ): Promise<boolean> {
    const state: AdmissionState = one.mode === 'rebuild' ? 'opening' : 'open';
    const rows = await tx.query(
      `INSERT INTO replay_admission (replay_id, mode, projection, types, state, reason, created_by)
       VALUES ($1, $2, $3, $4::text[], $5, $6, $7)
       ON CONFLICT DO NOTHING RETURNING replay_id`,
      [one.replayId, one.mode, one.projection, one.types, state, one.reason, one.createdBy],
    );
    return rows.length > 0;
  }

  async makeShadow(tx: Tx, replayId: Id): Promise<void> {
    await tx.query(
      `UPDATE replay_admission SET schema_name = replay_make_shadow($1::uuid)
       WHERE replay_id = $1::uuid`,
      [replayId],
    );
  }

  async open(tx: Tx, replayId: Id): Promise<void> {
    await tx.query(
      `UPDATE replay_admission SET state = 'open' WHERE replay_id = $1 AND state = 'opening'`,
      [replayId],
    );
  }

  /** Ends it in that state and keeps the sums of its receipts in their place. */
  async close(tx: Tx, replayId: Id, state: AdmissionState): Promise<void> {
    await tx.query(
      `UPDATE replay_admission a
          SET state = $2, closed_at = coalesce(a.closed_at, clock_timestamp()),
              applied = r.applied, skipped = r.skipped, missed = r.missed
         FROM (${SUMS} WHERE replay_id = $1) r
        WHERE a.replay_id = $1`,
      [replayId, state],
    );
    await tx.query('DELETE FROM replay_receipt WHERE replay_id = $1', [replayId]);
  }

  async rebuildableTables(tx: Tx, projection: string): Promise<string[]> {
    const rows = await tx.query<{ name: string }>(
      `SELECT table_name AS name FROM rebuildable_table WHERE projection = $1 ORDER BY position`,
      [projection],
    );
    return rows.map(({ name }) => name);
  }

  async compare(tx: Tx, replayId: Id): Promise<TableDifference[]> {
    const rows = await tx.query<Record<string, string> & Pick<TableDifference, 'examples'>>(
      `SELECT * FROM replay_compare($1::uuid)`,
      [replayId],
    );
    return rows.map((row) => ({
      table: String(row.table_name),
      liveRows: Number(row.live_rows),
      shadowRows: Number(row.shadow_rows),
      missing: Number(row.missing),
      surplus: Number(row.surplus),
      differing: Number(row.differing),
      examples: row.examples,
    }));
  }

  async prepareSwap(tx: Tx, replayId: Id): Promise<number> {
    const [row] = await tx.query<{ lifted: string }>(
      `SELECT replay_prepare_swap($1::uuid) AS lifted`,
      [replayId],
    );
    return Number(row?.lifted ?? 0);
  }

  async swap(tx: Tx, replayId: Id): Promise<void> {
    await tx.query(`SELECT replay_swap($1::uuid)`, [replayId]);
  }

  async dropShadow(tx: Tx, replayId: Id): Promise<void> {
    await tx.query(`SELECT replay_drop_shadow($1::uuid)`, [replayId]);
  }
}

const SUMS = `
SELECT count(*) FILTER (WHERE outcome IN ('applied', 'early')) AS applied,
       count(*) FILTER (WHERE outcome = 'skipped') AS skipped,
       count(*) FILTER (WHERE outcome = 'missed') AS missed
  FROM replay_receipt`;

const VIEW = `
SELECT ${COLUMNS}, coalesce(a.applied, r.applied) AS applied,
       coalesce(a.skipped, r.skipped) AS skipped, coalesce(a.missed, r.missed) AS missed
  FROM replay_admission a
 CROSS JOIN LATERAL (${SUMS} WHERE replay_receipt.replay_id = a.replay_id) r`;

/** Sums come as text, being bigint. */
function viewOf(row: AdmissionView): AdmissionView {
  const { applied, skipped, missed } = row;
  return {
    ...row,
    applied: Number(applied),
    skipped: Number(skipped),
    missed: Number(missed),
  };
}
