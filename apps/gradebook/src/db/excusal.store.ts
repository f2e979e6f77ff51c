import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

export interface Excusal {
  classId: Id;
  assignmentId: Id;
  learnerId: Id;
  isExcused: boolean;
  reason: string | null;
}

/** Who need not do what; the newest word counts. */
@Injectable()
export class ExcusalStore {
  /** Assignments by learner. */
  async ofLearners(tx: Tx, classId: Id, learnerIds: Id[]): Promise<Map<Id, Set<Id>>> {
    const rows = await tx.query<{ learner_id: Id; assignment_ids: Id[] }>(
      `SELECT learner_id, array_agg(assignment_id) AS assignment_ids FROM (
         SELECT DISTINCT ON (learner_id, assignment_id) learner_id, assignment_id, is_excused
         FROM excusal WHERE class_id = $1 AND learner_id = ANY ($2::uuid[])
         ORDER BY learner_id, assignment_id, version DESC) newest
       WHERE is_excused GROUP BY learner_id`,
      [classId, learnerIds],
    );
    return new Map(rows.map((row) => [row.learner_id, new Set(row.assignment_ids)]));
  }

  /** Nothing is written when it stands already. Two who write at once: the second says the same. */
  async say(
    tx: Tx,
    { classId, assignmentId, learnerId, isExcused, reason }: Excusal,
    origin: { actorId: Id; traceId: string | null; at: Date },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO excusal (institution_id, class_id, assignment_id, learner_id, version,
         is_excused, reason, actor_id, trace_id, changed_at)
       SELECT app_institution(), $1, $2, $3, coalesce(newest.version, 0) + 1, $4, $5, $6, $7, $8
       FROM (SELECT 1) one LEFT JOIN LATERAL (
         SELECT version, is_excused FROM excusal
         WHERE class_id = $1 AND assignment_id = $2 AND learner_id = $3
         ORDER BY version DESC LIMIT 1) newest ON true
       WHERE coalesce(newest.is_excused, false) <> $4
       ON CONFLICT DO NOTHING`,
      [
        ...[classId, assignmentId, learnerId, isExcused, reason],
        ...[origin.actorId, origin.traceId, origin.at],
      ],
    );
  }
}
