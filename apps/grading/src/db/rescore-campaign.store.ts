import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import {
  type Campaign,
  type CampaignCounts,
  type CampaignState,
  type Cursor,
  START,
} from '../domain/campaign.js';

/** A campaign this process may work on until the lease ends. */
export interface CampaignLease {
  institutionId: Id;
  campaignId: Id;
  token: Id;
}

@Injectable()
export class RescoreCampaignStore {
  /** False when there is a campaign for these versions that is neither cancelled nor reverted. */
  async add(tx: Tx, campaign: Campaign): Promise<boolean> {
    const { id, itemId, fromVersionId, toVersionId, reason, neverLower, openedBy } = campaign;
    const rows = await tx.query(
      `INSERT INTO rescore_campaign (institution_id, id, item_id, from_version_id, to_version_id,
         reason, never_lower, state, pass, version, opened_by, opened_at, cursor_assignment,
         cursor_attempt, counts)
       VALUES (app_institution(), $1, $2, $3, $4, $5, $6, 'previewing', 'preview', 1, $7, $8,
         $9, $10, '{}')
       ON CONFLICT DO NOTHING RETURNING 1`,
      [
        ...[id, itemId, fromVersionId, toVersionId, reason, neverLower, openedBy],
        ...[campaign.openedAt, START.assignmentId, START.attemptId],
      ],
    );
    return rows.length > 0;
  }

  async find(tx: Tx, id: Id): Promise<Campaign | null> {
    const rows = await tx.query<CampaignRow>(
      `SELECT ${COLUMNS} FROM rescore_campaign WHERE id = $1`,
      [id],
    );
    return rows[0] === undefined ? null : campaignOf(rows[0]);
  }

  async lock(tx: Tx, id: Id): Promise<Campaign | null> {
    const rows = await tx.query<CampaignRow>(
      `SELECT ${COLUMNS} FROM rescore_campaign WHERE id = $1 FOR UPDATE`,
      [id],
    );
    return rows[0] === undefined ? null : campaignOf(rows[0]);
  }

  /** Newest first; of one person when `openedBy` is given. */
  async list(tx: Tx, openedBy: Id | null, page: { after: Id | null; limit: number }) {
    const rows = await tx.query<CampaignRow>(
      `SELECT ${COLUMNS} FROM rescore_campaign
       WHERE ($1::uuid IS NULL OR opened_by = $1) AND ($2::uuid IS NULL OR id < $2)
       ORDER BY id DESC LIMIT $3`,
      [openedBy, page.after, page.limit],
    );
    return rows.map(campaignOf);
  }

  /** Saves what a person or a finished pass decided about a campaign that is locked. */
  async save(tx: Tx, campaign: Campaign): Promise<void> {
    await tx.query(
      `UPDATE rescore_campaign
       SET never_lower = $2, state = $3, pass = $4, version = $5, approved_by = $6,
           approved_at = $7, finished_at = $8, cursor_assignment = $9, cursor_attempt = $10,
           counts = $11, lease_token = NULL, lease_until = NULL
       WHERE id = $1`,
      [
        ...[campaign.id, campaign.neverLower, campaign.state, campaign.pass, campaign.version],
        ...[campaign.approvedBy, campaign.approvedAt, campaign.finishedAt],
        ...[campaign.cursor.assignmentId, campaign.cursor.attemptId],
        JSON.stringify(campaign.counts),
      ],
    );
  }

  /** The campaign with work that nobody has been at for longest, of whatever institution. */
  async claim(tx: Tx, token: Id, leaseMs: number): Promise<CampaignLease | undefined> {
    await tx.query(`SELECT set_config('app.rescoring', 'on', true)`);
    const [row] = await tx.query<CampaignLease>(
      // Materialised, for a subquery may be run once per row of the outer table, and then claims all.
      `WITH due AS MATERIALIZED (
         SELECT institution_id, id FROM rescore_campaign
         WHERE state IN ('previewing', 'applying', 'reverting')
           AND (lease_until IS NULL OR lease_until < clock_timestamp())
         ORDER BY lease_until NULLS FIRST, id LIMIT 1 FOR UPDATE SKIP LOCKED)
       UPDATE rescore_campaign c
       SET lease_token = $1, lease_until = clock_timestamp() + make_interval(secs => $2 / 1000.0)
       FROM due WHERE c.institution_id = due.institution_id AND c.id = due.id
       RETURNING c.institution_id AS "institutionId", c.id AS "campaignId", lease_token AS token`,
      [token, leaseMs],
    );
    return row;
  }

  /** The campaign, locked, with its lease made longer; null when the lease or the work is gone. */
  async lockForWork(tx: Tx, lease: CampaignLease, leaseMs: number): Promise<Campaign | null> {
    const rows = await tx.query<CampaignRow>(
      `UPDATE rescore_campaign
       SET lease_until = clock_timestamp() + make_interval(secs => $3 / 1000.0)
       WHERE id = $1 AND lease_token = $2 AND state IN ('previewing', 'applying', 'reverting')
       RETURNING ${COLUMNS}`,
      [lease.campaignId, lease.token, leaseMs],
    );
    return rows[0] === undefined ? null : campaignOf(rows[0]);
  }

  /** Gives a campaign back, to whoever takes it up after `restMs`. */
  async giveBack(tx: Tx, lease: CampaignLease, restMs: number): Promise<void> {
    await tx.query(
      `UPDATE rescore_campaign SET lease_token = NULL,
         lease_until = clock_timestamp() + make_interval(secs => $3 / 1000.0)
       WHERE id = $1 AND lease_token = $2`,
      [lease.campaignId, lease.token, restMs],
    );
  }

  async progress(tx: Tx, id: Id, cursor: Cursor, counts: CampaignCounts): Promise<void> {
    await tx.query(
      `UPDATE rescore_campaign SET cursor_assignment = $2, cursor_attempt = $3, counts = $4
       WHERE id = $1`,
      [id, cursor.assignmentId, cursor.attemptId, JSON.stringify(counts)],
    );
  }

  /** From now on submissions with the faulty version are scored with the corrected one. */
  async correct(tx: Tx, campaign: Campaign): Promise<void> {
    await tx.query(
      `INSERT INTO spec_correction
         (institution_id, item_version_id, corrected_version_id, campaign_id)
       VALUES (app_institution(), $1, $2, $3)
       ON CONFLICT (institution_id, item_version_id) DO UPDATE
         SET corrected_version_id = EXCLUDED.corrected_version_id,
             campaign_id = EXCLUDED.campaign_id`,
      [campaign.fromVersionId, campaign.toVersionId, campaign.id],
    );
    await this.noteCorrection(tx, campaign.id);
  }

  async uncorrect(tx: Tx, campaign: Campaign): Promise<void> {
    await tx.query(`DELETE FROM spec_correction WHERE campaign_id = $1`, [campaign.id]);
    await this.noteCorrection(tx, campaign.id);
  }

  /**
   * A sweep over all attempts begins. It is the last one when every transaction that may still
   * score the way it was before the campaign changed that has ended: then nothing can be missed.
   */
  async beginSweep(tx: Tx, id: Id): Promise<void> {
    await tx.query(
      `UPDATE rescore_campaign SET sweep_is_final = pass = 'preview'
         OR corrected_xid < pg_snapshot_xmin(pg_current_snapshot())
       WHERE id = $1`,
      [id],
    );
  }

  async isSweepFinal(tx: Tx, id: Id): Promise<boolean> {
    const [row] = await tx.query<{ sweep_is_final: boolean }>(
      `SELECT sweep_is_final FROM rescore_campaign WHERE id = $1`,
      [id],
    );
    return row?.sweep_is_final === true;
  }

  private async noteCorrection(tx: Tx, id: Id): Promise<void> {
    await tx.query(
      `UPDATE rescore_campaign SET corrected_xid = pg_current_xact_id() WHERE id = $1`,
      [id],
    );
  }
}

const COLUMNS = `institution_id, id, item_id, from_version_id, to_version_id, reason, never_lower,
  state, pass, version, opened_by, opened_at, approved_by, approved_at, finished_at,
  cursor_assignment, cursor_attempt, counts`;

interface CampaignRow {
  id: Id;
  item_id: Id | null;
  from_version_id: Id;
  to_version_id: Id;
  reason: string;
  never_lower: boolean;
  state: CampaignState;
  pass: Campaign['pass'];
  version: number;
  opened_by: Id | null;
  opened_at: Date;
  approved_by: Id | null;
  approved_at: Date | null;
  finished_at: Date | null;
  cursor_assignment: Id;
  cursor_attempt: Id;
  counts: CampaignCounts;
}

function campaignOf(row: CampaignRow): Campaign {
  return {
    id: row.id,
    itemId: row.item_id,
    fromVersionId: row.from_version_id,
    toVersionId: row.to_version_id,
    reason: row.reason,
    neverLower: row.never_lower,
    state: row.state,
    pass: row.pass,
    version: row.version,
    openedBy: row.opened_by,
    openedAt: row.opened_at,
    approvedBy: row.approved_by,
    approvedAt: row.approved_at,
    finishedAt: row.finished_at,
    cursor: { assignmentId: row.cursor_assignment, attemptId: row.cursor_attempt },
    counts: row.counts,
  };
}
