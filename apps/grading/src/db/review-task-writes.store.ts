import { Injectable } from '@nestjs/common';
import { newDayId } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { AttemptScore } from '../domain/attempt-score.js';
import { type NewTask, tasksOf, UNKNOWN_ASSIGNMENT } from '../domain/marking-settings.js';
import type { ReviewNeed, ScoredItem } from '../domain/score-attempt.js';
import { AssignmentStore } from './assignment.store.js';

/** What a scoring run of an attempt means for what people have to mark. */
export interface TaskChange {
  score: AttemptScore;
  items: ScoredItem[];
  added: readonly ReviewNeed[];
  withdrawn: readonly { slot: number; responseId: string | null }[];
}

/** Review tasks that come, go or change with scoring; what people do with them is elsewhere. */
@Injectable()
export class ReviewTaskWrites {
  constructor(private readonly assignments: AssignmentStore) {}

  /** For many attempts at once. Marks stay; the scores' rows are locked. */
  async change(tx: Tx, changes: readonly TaskChange[]): Promise<void> {
    await this.withdraw(tx, changes);
    const asking = changes.filter(({ added }) => added.length > 0);
    if (asking.length > 0) {
      const ids = asking.map(({ score }) => score.assignmentId);
      const facts = await this.assignments.facts(tx, ids);
      for (const { score, added } of asking) {
        const { settings } = facts.get(score.assignmentId) ?? UNKNOWN_ASSIGNMENT;
        await this.add(tx, score, tasksOf(added, settings));
      }
    }
    await this.setPossible(tx, changes);
  }

  /** A task that was withdrawn opens again. */
  async add(tx: Tx, score: AttemptScore, tasks: readonly NewTask[]): Promise<void> {
    if (tasks.length === 0) return;
    const rows = tasks.map((task) => ({ ...task, id: newDayId() }));
    const { attemptId, assignmentId, classId } = score;
    await tx.query(
      `INSERT INTO review_task AS t (institution_id, id, attempt_id, assignment_id, class_id, slot,
         item_version_id, response_id, points_possible, round, double_threshold)
       SELECT app_institution(), id, $1, $2, $3, slot, "itemVersionId", "responseId",
              "pointsPossible", round, "doubleThreshold"
       FROM jsonb_to_recordset($4::jsonb) AS need(id uuid, slot integer, "itemVersionId" uuid,
         "responseId" text, "pointsPossible" numeric, round smallint, "doubleThreshold" numeric)
       ON CONFLICT (institution_id, attempt_id, slot, response_id, round) DO UPDATE
         SET status = 'open', points = NULL, comment = NULL, annotations = NULL, rubric = NULL,
             marked_by = NULL, marked_at = NULL, claimed_by = NULL, lease_until = NULL,
             points_possible = EXCLUDED.points_possible, needs_remark = false`,
      [attemptId, assignmentId, classId, JSON.stringify(rows)],
    );
  }

  private async withdraw(tx: Tx, changes: readonly TaskChange[]): Promise<void> {
    const rows = changes.flatMap(({ score, withdrawn }) =>
      withdrawn.map((part) => ({ ...part, attempt: score.attemptId })),
    );
    if (rows.length === 0) return;
    await tx.query(
      `UPDATE review_task t SET status = 'withdrawn', claimed_by = NULL, lease_until = NULL
       FROM jsonb_to_recordset($1::jsonb) AS gone(attempt uuid, slot integer, "responseId" text)
       WHERE t.attempt_id = gone.attempt AND t.slot = gone.slot AND t.status = 'open'
         AND t.response_id IS NOT DISTINCT FROM gone."responseId"`,
      [JSON.stringify(rows)],
    );
  }

  /** What a part is worth now, where it still waits. */
  private async setPossible(tx: Tx, changes: readonly TaskChange[]): Promise<void> {
    const rows = changes.flatMap(({ score, items }) =>
      items.flatMap((item) =>
        possibleOf(item).map((one) => ({ ...one, attempt: score.attemptId })),
      ),
    );
    if (rows.length === 0) return;
    await tx.query(
      `UPDATE review_task t SET points_possible = new.possible
       FROM jsonb_to_recordset($1::jsonb)
         AS new(attempt uuid, slot integer, "responseId" text, possible numeric)
       WHERE t.attempt_id = new.attempt AND t.slot = new.slot AND t.status = 'open'
         AND t.response_id IS NOT DISTINCT FROM new."responseId"
         AND t.points_possible <> new.possible`,
      [JSON.stringify(rows)],
    );
  }
}

function possibleOf(
  item: ScoredItem,
): { slot: number; responseId: string | null; possible: number }[] {
  const { slot } = item;
  if (item.waitsFor === 'nobody') return [];
  if (item.waitsFor === 'item') return [{ slot, responseId: null, possible: item.pointsPossible }];
  return item.parts
    .filter((part) => part.points === null)
    .map(({ responseId, pointsPossible }) => ({ slot, responseId, possible: pointsPossible ?? 0 }));
}
