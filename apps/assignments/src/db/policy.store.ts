import { Injectable } from '@nestjs/common';
import type { GradePolicy } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

export interface PolicyVersion {
  version: number;
  policy: GradePolicy;
  actorId: Id;
  createdAt: Date;
}

/** Versions of grade policies: added, never changed. */
@Injectable()
export class PolicyStore {
  async add(
    tx: Tx,
    institutionId: Id,
    assignmentId: Id,
    kept: { version: number; policy: GradePolicy },
    origin: { actorId: Id; traceId: string | null; at: Date },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO assignment_policy (institution_id, assignment_id, version, policy, actor_id,
         trace_id, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [
        ...[institutionId, assignmentId, kept.version, JSON.stringify(kept.policy)],
        ...[origin.actorId, origin.traceId, origin.at],
      ],
    );
  }

  async versions(tx: Tx, institutionId: Id, assignmentId: Id): Promise<PolicyVersion[]> {
    return tx.query<PolicyVersion>(
      `SELECT version, policy, actor_id AS "actorId", created_at AS "createdAt"
       FROM assignment_policy WHERE institution_id = $1 AND assignment_id = $2 ORDER BY version`,
      [institutionId, assignmentId],
    );
  }
}
