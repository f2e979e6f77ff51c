import { Injectable } from '@nestjs/common';
import { type Id, newId } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { ItemStatus, Step, Verdict } from '../domain/item-workflow.js';

/** One thing that happened to an item, and where it stood afterwards. */
export interface StepRow {
  id: Id;
  step: Step;
  status: ItemStatus;
  itemVersionId: Id | null;
  reason: string;
  actorId: Id;
  createdAt: Date;
}

export interface ReviewRow {
  id: Id;
  itemId: Id;
  draftVersion: number;
  reviewerId: Id;
  verdict: Verdict;
  comment: string;
  createdAt: Date;
}

export interface CommentRow {
  id: Id;
  itemId: Id;
  authorId: Id;
  text: string;
  resolvedBy: Id | null;
  resolvedAt: Date | null;
  createdAt: Date;
}

export interface PolicyRow {
  reviewRequired: boolean;
  /** 0 while nobody has set it. */
  version: number;
}

const STEP = `id, step, status, item_version_id AS "itemVersionId", reason,
  actor_id AS "actorId", created_at AS "createdAt"`;

const REVIEW = `id, item_id AS "itemId", draft_version AS "draftVersion",
  reviewer_id AS "reviewerId", verdict, comment, created_at AS "createdAt"`;

const COMMENT = `id, item_id AS "itemId", author_id AS "authorId", text,
  resolved_by AS "resolvedBy", resolved_at AS "resolvedAt", created_at AS "createdAt"`;

/** What a new step is about; `id` and time come with it. */
export interface NewStep {
  itemId: Id;
  step: Step;
  status: ItemStatus;
  itemVersionId?: Id | null;
  reason?: string;
  actorId: Id;
  traceId: string | null;
}

/** SQL of what is told about items beside themselves: steps, reviews, comments, the policy. */
@Injectable()
export class ItemRecordStore {
  async addSteps(tx: Tx, steps: readonly NewStep[]): Promise<void> {
    const column = <K extends keyof NewStep>(key: K) => steps.map((row) => row[key] ?? null);
    await tx.query(
      `INSERT INTO item_step (id, item_id, step, status, item_version_id, reason, actor_id,
                              trace_id)
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[],
                            $6::text[], $7::uuid[], $8::text[])`,
      [
        steps.map(() => newId()),
        column('itemId'),
        column('step'),
        column('status'),
        column('itemVersionId'),
        steps.map((row) => row.reason ?? ''),
        column('actorId'),
        column('traceId'),
      ],
    );
  }

  /** Newest first, one more than `limit`. */
  async steps(tx: Tx, itemId: Id, before: Id | null, limit: number): Promise<StepRow[]> {
    return tx.query<StepRow>(
      `SELECT ${STEP} FROM item_step WHERE item_id = $1 AND ($2::uuid IS NULL OR id < $2)
       ORDER BY id DESC LIMIT $3`,
      [itemId, before, limit + 1],
    );
  }

  async addReview(tx: Tx, review: Omit<ReviewRow, 'createdAt'>): Promise<ReviewRow> {
    const [row] = await tx.query<ReviewRow>(
      `INSERT INTO item_review (id, item_id, draft_version, reviewer_id, verdict, comment)
       VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${REVIEW}`,
      [
        review.id,
        review.itemId,
        review.draftVersion,
        review.reviewerId,
        review.verdict,
        review.comment,
      ],
    );
    return row as ReviewRow;
  }

  async reviews(tx: Tx, itemId: Id, before: Id | null, limit: number): Promise<ReviewRow[]> {
    return tx.query<ReviewRow>(
      `SELECT ${REVIEW} FROM item_review WHERE item_id = $1 AND ($2::uuid IS NULL OR id < $2)
       ORDER BY id DESC LIMIT $3`,
      [itemId, before, limit + 1],
    );
  }

  async addComment(tx: Tx, comment: { itemId: Id; authorId: Id; text: string }) {
    const [row] = await tx.query<CommentRow>(
      `INSERT INTO item_comment (id, item_id, author_id, text) VALUES ($1, $2, $3, $4)
       RETURNING ${COMMENT}`,
      [newId(), comment.itemId, comment.authorId, comment.text],
    );
    return row as CommentRow;
  }

  /** Oldest first, as they were written, one more than `limit`. */
  async comments(tx: Tx, itemId: Id, after: Id | null, limit: number): Promise<CommentRow[]> {
    return tx.query<CommentRow>(
      `SELECT ${COMMENT} FROM item_comment WHERE item_id = $1 AND ($2::uuid IS NULL OR id > $2)
       ORDER BY id LIMIT $3`,
      [itemId, after, limit + 1],
    );
  }

  /** Null opens it again; whoever resolved it first stays on record. Undefined: no such comment. */
  async resolve(
    tx: Tx,
    comment: { itemId: Id; id: Id; resolvedBy: Id | null },
  ): Promise<CommentRow | undefined> {
    const [row] = await tx.query<CommentRow>(
      `UPDATE item_comment SET
         resolved_at = CASE WHEN $3::uuid IS NULL THEN NULL ELSE coalesce(resolved_at, now()) END,
         resolved_by = CASE WHEN $3::uuid IS NULL THEN NULL ELSE coalesce(resolved_by, $3) END
       WHERE item_id = $1 AND id = $2 RETURNING ${COMMENT}`,
      [comment.itemId, comment.id, comment.resolvedBy],
    );
    return row;
  }

  async addCorrections(
    tx: Tx,
    correction: { itemId: Id; oldVersionIds: Id[]; newVersionId: Id; reason: string; actorId: Id },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO item_correction (old_version_id, new_version_id, item_id, reason, actor_id)
       SELECT old_version_id, $2, $3, $4, $5 FROM unnest($1::uuid[]) AS old_version_id`,
      [
        correction.oldVersionIds,
        correction.newVersionId,
        correction.itemId,
        correction.reason,
        correction.actorId,
      ],
    );
  }

  /** Review is required until an institution says otherwise. */
  async policy(tx: Tx): Promise<PolicyRow> {
    const [row] = await tx.query<PolicyRow>(
      `SELECT review_required AS "reviewRequired", version FROM bank_policy`,
    );
    return row ?? { reviewRequired: true, version: 0 };
  }

  /** False when somebody else set it at the same time. */
  async setPolicy(tx: Tx, policy: PolicyRow & { changedBy: Id }): Promise<boolean> {
    const rows = await tx.query(
      `INSERT INTO bank_policy (review_required, version, changed_by) VALUES ($1, $2, $3)
       ON CONFLICT (institution_id) DO UPDATE
         SET review_required = $1, version = $2, changed_by = $3
         WHERE bank_policy.version = $2 - 1
       RETURNING 1`,
      [policy.reviewRequired, policy.version, policy.changedBy],
    );
    return rows.length > 0;
  }
}
