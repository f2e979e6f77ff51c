import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { RescoreOutcome } from '../domain/rescore.js';

/** Samples kept of each class. */
const SAMPLES = 5;

/** What a campaign would do to one class, or did. */
export interface ClassImpact {
  classId: Id;
  attempts: number;
  raised: number;
  lowered: number;
  same: number;
  /** Kept, marked by a person, or not to be scored: they stay as they are. */
  untouched: number;
  /** Points, over the attempts that are rescored; null when there are none. */
  meanChange: number | null;
  samples: { attemptId: Id; before: number; after: number }[];
}

export interface Foreseen {
  attemptId: Id;
  classId: Id;
  outcome: RescoreOutcome;
  before: number;
  after: number;
}

export interface ListedOutcome {
  attemptId: Id;
  classId: Id;
  outcome: RescoreOutcome;
  pointsBefore: number;
  pointsAfter: number;
  scoreVersion: number;
}

@Injectable()
export class RescoreImpactStore {
  async clear(tx: Tx, campaignId: Id): Promise<void> {
    await tx.query(`DELETE FROM rescore_impact WHERE campaign_id = $1`, [campaignId]);
  }

  /** Adds a batch of the dry run to what is there. */
  async add(tx: Tx, campaignId: Id, foreseen: readonly Foreseen[]): Promise<void> {
    if (foreseen.length === 0) return;
    await tx.query(ADD, [campaignId, JSON.stringify(foreseen)]);
  }

  async list(tx: Tx, campaignId: Id, page: { after: Id | null; limit: number }) {
    const rows = await tx.query<ImpactRow>(
      `SELECT class_id, attempts, raised, lowered, same, untouched, samples,
              points_change / nullif(raised + lowered + same, 0) AS mean_change
       FROM rescore_impact WHERE campaign_id = $1 AND ($2::uuid IS NULL OR class_id > $2)
       ORDER BY class_id LIMIT $3`,
      [campaignId, page.after, page.limit],
    );
    return rows.map((row): ClassImpact => ({
      classId: row.class_id,
      attempts: row.attempts,
      raised: row.raised,
      lowered: row.lowered,
      same: row.same,
      untouched: row.untouched,
      meanChange: row.mean_change === null ? null : Number(Number(row.mean_change).toFixed(6)),
      samples: row.samples,
    }));
  }

  /** What the campaign did, attempt by attempt; of one outcome when that is given. */
  async outcomes(
    tx: Tx,
    campaignId: Id,
    filter: { pass: 'apply' | 'revert'; outcome: RescoreOutcome | null },
    page: { after: Id | null; limit: number },
  ): Promise<ListedOutcome[]> {
    const rows = await tx.query<OutcomeRow>(
      `SELECT attempt_id, class_id, outcome, points_before, points_after, score_version
       FROM rescore_outcome
       WHERE campaign_id = $1 AND pass = $2 AND ($3::text IS NULL OR outcome = $3)
         AND ($4::uuid IS NULL OR attempt_id > $4)
       ORDER BY attempt_id LIMIT $5`,
      [campaignId, filter.pass, filter.outcome, page.after, page.limit],
    );
    return rows.map((row) => ({
      attemptId: row.attempt_id,
      classId: row.class_id,
      outcome: row.outcome,
      pointsBefore: Number(row.points_before),
      pointsAfter: Number(row.points_after),
      scoreVersion: row.score_version,
    }));
  }
}

interface ImpactRow {
  class_id: Id;
  attempts: number;
  raised: number;
  lowered: number;
  same: number;
  untouched: number;
  mean_change: string | null;
  samples: ClassImpact['samples'];
}

interface OutcomeRow {
  attempt_id: Id;
  class_id: Id;
  outcome: RescoreOutcome;
  points_before: string;
  points_after: string;
  score_version: number;
}

const ADD = `
INSERT INTO rescore_impact AS i (institution_id, campaign_id, class_id, attempts, raised, lowered,
  same, untouched, points_change, samples)
SELECT app_institution(), $1, f."classId", count(*),
  count(*) FILTER (WHERE outcome = 'rescored' AND after > before),
  count(*) FILTER (WHERE outcome = 'rescored' AND after < before),
  count(*) FILTER (WHERE outcome = 'rescored' AND after = before),
  count(*) FILTER (WHERE outcome <> 'rescored'),
  coalesce(sum(after - before) FILTER (WHERE outcome = 'rescored'), 0),
  coalesce(jsonb_agg(jsonb_build_object('attemptId', "attemptId", 'before', before, 'after', after)
    ORDER BY "attemptId") FILTER (WHERE outcome = 'rescored' AND after <> before AND place <= ${SAMPLES}), '[]')
FROM (SELECT *, row_number() OVER (PARTITION BY "classId", outcome = 'rescored' AND after <> before
                                   ORDER BY "attemptId") AS place
      FROM jsonb_to_recordset($2::jsonb) AS f("attemptId" uuid, "classId" uuid, outcome text,
        before numeric, after numeric)) AS f
GROUP BY f."classId"
ON CONFLICT (institution_id, campaign_id, class_id) DO UPDATE
SET attempts = i.attempts + EXCLUDED.attempts, raised = i.raised + EXCLUDED.raised,
    lowered = i.lowered + EXCLUDED.lowered, same = i.same + EXCLUDED.same,
    untouched = i.untouched + EXCLUDED.untouched,
    points_change = i.points_change + EXCLUDED.points_change,
    samples = CASE WHEN jsonb_array_length(i.samples) >= ${SAMPLES} THEN i.samples
                   ELSE jsonb_path_query_array(i.samples || EXCLUDED.samples,
                          '$[0 to ${SAMPLES - 1}]') END`;
