import { Injectable } from '@nestjs/common';
import type { Accommodation, WindowOverride } from '@parlance/assessment';
import { type Id, newId } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

export interface VersionedAccommodation extends Accommodation {
  learnerId: Id;
  version: number;
}

/** Who changed what for whom, and why. */
export interface ArrangementChange {
  kind: 'override' | 'accommodation' | 'reopening';
  assignmentId: Id | null;
  targetId: Id;
  before: object | null;
  after: object | null;
  reason: string | null;
  actorId: Id;
  traceId: string | null;
  at: Date;
}

/** What differs for some learners, and the record of its changes. */
@Injectable()
export class ArrangementStore {
  async overrides(tx: Tx, institutionId: Id, assignmentId: Id): Promise<WindowOverride[]> {
    const rows = await tx.query<{ rule: WindowOverride }>(
      `SELECT rule || jsonb_build_object('scope', scope, 'targetId', target_id) AS rule
       FROM assignment_override WHERE institution_id = $1 AND assignment_id = $2
       ORDER BY scope, target_id LIMIT 2000`,
      [institutionId, assignmentId],
    );
    return rows.map(({ rule }) => rule);
  }

  async override(
    tx: Tx,
    institutionId: Id,
    assignmentId: Id,
    targetId: Id,
  ): Promise<WindowOverride | null> {
    const [row] = await tx.query<{ rule: WindowOverride }>(
      `SELECT rule || jsonb_build_object('scope', scope, 'targetId', target_id) AS rule
       FROM assignment_override
       WHERE institution_id = $1 AND assignment_id = $2 AND target_id = $3`,
      [institutionId, assignmentId, targetId],
    );
    return row?.rule ?? null;
  }

  async putOverride(
    tx: Tx,
    institutionId: Id,
    assignmentId: Id,
    override: WindowOverride,
  ): Promise<void> {
    const { scope, targetId, ...rule } = override;
    await tx.query(
      `INSERT INTO assignment_override (institution_id, assignment_id, target_id, scope, rule)
       VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (institution_id, assignment_id, target_id)
         DO UPDATE SET scope = excluded.scope, rule = excluded.rule`,
      [institutionId, assignmentId, targetId, scope, JSON.stringify(rule)],
    );
  }

  async removeOverride(tx: Tx, institutionId: Id, assignmentId: Id, targetId: Id): Promise<void> {
    await tx.query(
      `DELETE FROM assignment_override
       WHERE institution_id = $1 AND assignment_id = $2 AND target_id = $3`,
      [institutionId, assignmentId, targetId],
    );
  }

  async accommodation(
    tx: Tx,
    institutionId: Id,
    learnerId: Id,
  ): Promise<VersionedAccommodation | null> {
    const [row] = await tx.query<{ version: number; granted: Accommodation }>(
      `SELECT version, granted FROM accommodation
       WHERE institution_id = $1 AND learner_id = $2`,
      [institutionId, learnerId],
    );
    return row === undefined ? null : { ...row.granted, learnerId, version: row.version };
  }

  /** False when somebody else wrote this version first. */
  async putAccommodation(
    tx: Tx,
    institutionId: Id,
    accommodation: VersionedAccommodation,
  ): Promise<boolean> {
    const { learnerId, version, ...granted } = accommodation;
    const rows = await tx.query(
      `INSERT INTO accommodation (institution_id, learner_id, version, granted)
       VALUES ($1, $2, $3, $4)
       ON CONFLICT (institution_id, learner_id) DO UPDATE SET version = excluded.version,
         granted = excluded.granted WHERE accommodation.version = excluded.version - 1
       RETURNING 1`,
      [institutionId, learnerId, version, JSON.stringify(granted)],
    );
    return rows.length > 0;
  }

  async record(tx: Tx, institutionId: Id, change: ArrangementChange): Promise<void> {
    const { before, after } = change;
    await tx.query(
      `INSERT INTO arrangement_change (institution_id, id, kind, assignment_id, target_id, before,
         after, reason, actor_id, trace_id, changed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...[institutionId, newId(), change.kind, change.assignmentId, change.targetId],
        ...[before && JSON.stringify(before), after && JSON.stringify(after), change.reason],
        ...[change.actorId, change.traceId, change.at],
      ],
    );
  }

  /** Newest first. */
  async changes(
    tx: Tx,
    institutionId: Id,
    targetId: Id,
    kind: ArrangementChange['kind'],
  ): Promise<Pick<ArrangementChange, 'before' | 'after' | 'reason' | 'actorId' | 'at'>[]> {
    return tx.query(
      `SELECT before, after, reason, actor_id AS "actorId", changed_at AS at
       FROM arrangement_change WHERE institution_id = $1 AND target_id = $2 AND kind = $3
       ORDER BY id DESC LIMIT 200`,
      [institutionId, targetId, kind],
    );
  }
}
