import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { Dispute, DisputeState } from '../domain/dispute.js';
import { teachesClassOf } from './enrolment.store.js';
import type { Reviewer } from './review-task.store.js';

export interface DisputeMessage {
  version: number;
  authorId: Id;
  byLearner: boolean;
  state: DisputeState;
  text: string;
  at: Date;
}

@Injectable()
export class DisputeStore {
  /** False when there is an undecided dispute about the slot already. */
  async add(tx: Tx, dispute: Dispute): Promise<boolean> {
    const rows = await tx.query(
      `INSERT INTO score_dispute (institution_id, id, attempt_id, class_id, learner_id, slot, state,
         version, opened_at)
       VALUES (app_institution(), $1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT DO NOTHING RETURNING 1`,
      [
        ...[dispute.id, dispute.attemptId, dispute.classId, dispute.learnerId, dispute.slot],
        ...[dispute.state, dispute.version, dispute.openedAt],
      ],
    );
    return rows.length > 0;
  }

  async say(
    tx: Tx,
    dispute: Dispute,
    message: Pick<DisputeMessage, 'authorId' | 'byLearner' | 'text' | 'at'>,
    traceId: string | null,
  ): Promise<void> {
    const { authorId, byLearner, text, at } = message;
    await tx.query(`UPDATE score_dispute SET state = $2, version = $3 WHERE id = $1`, [
      ...[dispute.id, dispute.state, dispute.version],
    ]);
    await tx.query(
      `INSERT INTO dispute_message (institution_id, dispute_id, version, author_id, by_learner,
         state, body, trace_id, created_at)
       VALUES (app_institution(), $1, $2, $3, $4, $5, $6, $7, $8)`,
      [dispute.id, dispute.version, authorId, byLearner, dispute.state, text, traceId, at],
    );
  }

  /** The dispute, locked, when it is the person's own or of a class they teach. */
  async lock(tx: Tx, who: Reviewer, id: Id) {
    const [row] = await tx.query<Dispute & { isTaught: boolean }>(
      `SELECT ${COLUMNS}, ($2::boolean OR ${teachesClassOf('d')}) AS "isTaught"
       FROM score_dispute d WHERE d.id = $3 AND (${SEEN}) FOR UPDATE OF d`,
      [who.personId, who.isAdmin, id],
    );
    return row ?? null;
  }

  list(
    tx: Tx,
    who: Reviewer,
    filter: { attemptId: Id | null; state: DisputeState | null },
    page: { after: Id | null; limit: number },
  ): Promise<Dispute[]> {
    return tx.query<Dispute>(
      `SELECT ${COLUMNS} FROM score_dispute d
       WHERE (${SEEN}) AND ($3::uuid IS NULL OR d.attempt_id = $3)
         AND ($4::text IS NULL OR d.state = $4) AND ($5::uuid IS NULL OR d.id > $5)
       ORDER BY d.id LIMIT $6`,
      [who.personId, who.isAdmin, filter.attemptId, filter.state, page.after, page.limit],
    );
  }

  messages(tx: Tx, disputeId: Id): Promise<DisputeMessage[]> {
    return tx.query<DisputeMessage>(
      `SELECT version, author_id AS "authorId", by_learner AS "byLearner", state, body AS text,
              created_at AS at
       FROM dispute_message WHERE dispute_id = $1 ORDER BY version`,
      [disputeId],
    );
  }

  /** Whoever marked the slot, or anybody else, can mark it again. */
  async reopenMarks(tx: Tx, attemptId: Id, slot: number): Promise<void> {
    await tx.query(
      `UPDATE review_task SET needs_remark = true
       WHERE attempt_id = $1 AND slot = $2 AND status = 'done'`,
      [attemptId, slot],
    );
  }
}

const COLUMNS = `d.id, d.attempt_id AS "attemptId", d.class_id AS "classId",
  d.learner_id AS "learnerId", d.slot, d.state, d.version, d.opened_at AS "openedAt"`;

/** Of what is marked without names teachers see nothing: a dispute is somebody's. */
const SEEN = `$2::boolean OR d.learner_id = $1 OR (${teachesClassOf('d')} AND NOT EXISTS (
  SELECT 1 FROM attempt_score s JOIN marking_settings m
    ON m.institution_id = s.institution_id AND m.assignment_id = s.assignment_id AND m.anonymous
  WHERE s.institution_id = d.institution_id AND s.attempt_id = d.attempt_id
    AND s.status = 'provisional'))`;
