import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { MarkingSettings } from '../domain/marking-settings.js';

@Injectable()
export class MarkingSettingsStore {
  /** Writes the next version; the secret behind anonymous labels is made once. */
  async put(tx: Tx, assignmentId: Id, settings: MarkingSettings, by: Id, at: Date): Promise<void> {
    const { version, anonymous, doubleThreshold, slots, release } = settings;
    await tx.query(
      `INSERT INTO marking_settings (institution_id, assignment_id, version, anonymous,
         label_secret, double_threshold, slots, release, updated_by, updated_at)
       VALUES (app_institution(), $1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (institution_id, assignment_id) DO UPDATE
         SET version = EXCLUDED.version, anonymous = EXCLUDED.anonymous,
             double_threshold = EXCLUDED.double_threshold, slots = EXCLUDED.slots,
             release = EXCLUDED.release, updated_by = EXCLUDED.updated_by,
             updated_at = EXCLUDED.updated_at`,
      [
        ...[assignmentId, version, anonymous, randomBytes(24).toString('base64')],
        ...[doubleThreshold, JSON.stringify(slots), JSON.stringify(release), by, at],
      ],
    );
  }

  /** Makes those who change the settings of one assignment take turns. */
  async lock(tx: Tx, assignmentId: Id): Promise<void> {
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('marking ' || $1, 0))`, [
      assignmentId,
    ]);
  }

  /** The secret of each attempt of these whose marker must not know whose it is. */
  async anonymousSecrets(tx: Tx, attemptIds: readonly Id[]): Promise<Map<Id, string>> {
    const rows = await tx.query<{ attempt_id: Id; label_secret: string }>(
      `SELECT s.attempt_id, m.label_secret FROM attempt_score s
       JOIN marking_settings m ON m.assignment_id = s.assignment_id AND m.anonymous
       WHERE s.attempt_id = ANY($1::uuid[]) AND s.status = 'provisional'`,
      [[...new Set(attemptIds)]],
    );
    return new Map(rows.map((row) => [row.attempt_id, row.label_secret]));
  }

  /** Whether somebody has handed in what is not marked to its end. */
  async isBeingMarked(tx: Tx, assignmentId: Id): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM attempt_score WHERE assignment_id = $1 AND status = 'provisional' LIMIT 1`,
      [assignmentId],
    );
    return rows.length > 0;
  }

  /** Parts of which nobody has marked anything become double-marked, or single again. */
  async setThreshold(
    tx: Tx,
    assignmentId: Id,
    thresholds: readonly { slot: number; threshold: number | null }[],
  ): Promise<void> {
    for (const { slot, threshold } of thresholds) {
      await tx.query(SET_THRESHOLD, [assignmentId, slot, threshold]);
    }
  }

  /** Slots of an assignment somebody has to mark. */
  async slotsToMark(tx: Tx, assignmentId: Id): Promise<number[]> {
    const rows = await tx.query<{ slot: number }>(
      `SELECT DISTINCT slot FROM review_task WHERE assignment_id = $1 AND status = 'open'`,
      [assignmentId],
    );
    return rows.map(({ slot }) => slot);
  }
}

/** As newDayId of the kernel makes them: the day in milliseconds, and chance. */
const DAY_ID = `(lpad(to_hex(86400000 * floor(extract(epoch FROM clock_timestamp()) / 86400)::bigint),
  12, '0') || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid`;

/** $2 slot, $3 threshold. Second rounds are made or withdrawn; what anybody is at is left alone. */
const SET_THRESHOLD = `
WITH part AS (
  SELECT t.* FROM review_task t
  WHERE t.assignment_id = $1 AND t.slot = $2 AND t.round = 1 AND t.status = 'open'
    AND (t.lease_until IS NULL OR t.lease_until <= clock_timestamp())
    AND NOT EXISTS (SELECT 1 FROM review_task o WHERE o.attempt_id = t.attempt_id
      AND o.slot = t.slot AND o.response_id IS NOT DISTINCT FROM t.response_id
      AND (o.status = 'done' OR o.lease_until > clock_timestamp()))
  FOR UPDATE OF t SKIP LOCKED),
first AS (
  UPDATE review_task t SET double_threshold = $3 FROM part
  WHERE t.institution_id = part.institution_id AND t.id = part.id),
gone AS (
  UPDATE review_task t SET status = 'withdrawn' FROM part
  WHERE $3::numeric IS NULL AND t.attempt_id = part.attempt_id AND t.slot = part.slot
    AND t.response_id IS NOT DISTINCT FROM part.response_id AND t.round = 2)
INSERT INTO review_task AS t (institution_id, id, attempt_id, assignment_id, class_id, slot,
  item_version_id, response_id, points_possible, round, double_threshold)
SELECT institution_id, ${DAY_ID}, attempt_id, assignment_id, class_id, slot, item_version_id,
       response_id, points_possible, 2, $3 FROM part WHERE $3::numeric IS NOT NULL
ON CONFLICT (institution_id, attempt_id, slot, response_id, round) DO UPDATE
SET status = 'open', double_threshold = EXCLUDED.double_threshold`;
