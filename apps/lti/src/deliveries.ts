import { Injectable } from '@nestjs/common';
import { type Id, notFound, type Page, pageOf, Refusal } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, hasRole } from '@parlance/platform';
import { ClassTeacherStore } from './db/class-teacher.store.js';
import {
  type DeliveryFilter,
  type DeliveryRow,
  DeliveryStore,
  type Undelivered,
} from './db/delivery.store.js';
import { DeliveryWorker } from './delivery-worker.js';
import { scoreBody, timestampStepMs } from './domain/score.js';

/** Grades taken up in one go; the rest follow in the next round of the same transaction. */
const BATCH = 500;

/** Scores on their way to LMSs. */
@Injectable()
export class Deliveries {
  constructor(
    private readonly database: Database,
    private readonly store: DeliveryStore,
    private readonly worker: DeliveryWorker,
    private readonly teachers: ClassTeacherStore,
  ) {}

  /**
   * Makes a delivery of every final grade that has a way to an LMS and none yet. Called whenever a
   * grade, a person's link or a line item arrives, in whichever order they come.
   */
  async takeUp(
    tx: Tx,
    of: { assignmentId?: Id; learnerId?: Id; resourceLink?: Id },
  ): Promise<void> {
    for (;;) {
      const scores = await this.store.undelivered(tx, of, BATCH);
      for (const score of scores) await this.add(tx, score);
      if (scores.length > 0) tx.afterCommit?.(() => this.worker.wake());
      if (scores.length < BATCH) return;
    }
  }

  private async add(tx: Tx, score: Undelivered): Promise<void> {
    const { productFamily, subject } = score;
    const stepMs = timestampStepMs(productFamily);
    const { streamId, scoredAt } = await this.store.allocate(tx, score, stepMs);
    const grade = { points: Number(score.points), pointsPossible: Number(score.pointsPossible) };
    // A maximum of 0 is no score to any platform; saying so beats sending what is refused.
    const refusal = grade.pointsPossible > 0 ? null : 'no-points-possible';
    const body = refusal === null ? scoreBody(subject, grade, scoredAt, productFamily) : '';
    await this.store.insert(tx, score, { streamId, scoredAt, body, refusal });
  }

  /** For admins, and for those who teach the assignment's class: nobody else knows of it. */
  list(actor: Actor, filter: DeliveryFilter): Promise<Page<DeliveryRow>> {
    const { personId, institutionId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      if (!hasRole(actor, 'admin')) {
        const { assignmentId } = filter;
        const isTheirs =
          assignmentId !== undefined &&
          (await this.teachers.teachesAssignment(tx, personId, assignmentId));
        if (!isTheirs) throw notFound('assignment');
      }
      const rows = await this.store.list(tx, { ...filter, limit: filter.limit + 1 });
      return pageOf(rows, filter.limit, (row) => [row.id]);
    });
  }

  /** Once more what failed for good, after somebody has mended the reason. */
  async retry(actor: Actor, id: Id): Promise<void> {
    await this.database.inInstitution(actor.institutionId, async (tx) => {
      if (!(await this.store.exists(tx, id))) throw notFound('delivery');
      if (!(await this.store.reopen(tx, id))) {
        const detail = 'Only the latest score of a learner can be retried, once it has failed.';
        throw new Refusal('conflict', 'delivery-not-retriable', detail);
      }
      tx.afterCommit?.(() => this.worker.wake());
    });
  }
}
