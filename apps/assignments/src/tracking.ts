import { Inject, Injectable } from '@nestjs/common';
import type { Clock, Id } from '@parlance/kernel';
import { type Actor, Database } from '@parlance/platform';
import { Assignments } from './assignments.js';
import { CLOCK } from './clock.js';
import { type LearnerProgress, type ProgressCounts, TrackingStore } from './db/tracking.store.js';

export interface TrackedLearner extends LearnerProgress {
  /** Seconds until no answer is taken any more; 0 when that is over, null without an end. */
  secondsLeft: number | null;
}

/** Watching who has handed in, who is at work, and who has not begun. */
@Injectable()
export class Tracking {
  constructor(
    private readonly database: Database,
    private readonly assignments: Assignments,
    private readonly store: TrackingStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** How far each learner is, by name; one more than `limit` when there are more. */
  async track(
    actor: Actor,
    assignmentId: Id,
    page: { afterId: Id | null; limit: number },
  ): Promise<{ learners: TrackedLearner[]; counts: ProgressCounts }> {
    const { institutionId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      await this.assignments.taught(tx, actor, assignmentId);
      const { learners, counts } = await this.store.progress(tx, institutionId, assignmentId, page);
      const nowMs = this.clock.now().getTime();
      const tracked = learners.map((one) => ({ ...one, secondsLeft: secondsLeft(one, nowMs) }));
      return { learners: tracked, counts };
    });
  }
}

function secondsLeft({ status, endsAt }: LearnerProgress, nowMs: number): number | null {
  if (status !== 'in-progress' || endsAt === null) return null;
  return Math.max(0, Math.ceil((endsAt.getTime() - nowMs) / 1000));
}
