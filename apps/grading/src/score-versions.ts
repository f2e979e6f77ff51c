import { Injectable } from '@nestjs/common';
import { AttemptScored } from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import { Outbox, type Tx } from '@parlance/messaging';
import { AttemptScoreStore, type Origin } from './db/attempt-score.store.js';
import { type AttemptScore, countingPoints } from './domain/attempt-score.js';
import type { ReviewNeed, ScoredItem } from './domain/score-attempt.js';

/** Writes score versions and tells the others: the only way a score comes to be or changes. */
@Injectable()
export class ScoreVersions {
  constructor(
    private readonly store: AttemptScoreStore,
    private readonly outbox: Outbox,
  ) {}

  /** Does nothing when the attempt has been scored before. */
  async first(
    tx: Tx,
    institutionId: Id,
    score: AttemptScore,
    scored: { items: ScoredItem[]; reviews: ReviewNeed[] },
    origin: Origin,
  ): Promise<void> {
    const tasks = scored.reviews.map((need) => ({ ...need, id: newId() }));
    const isFirst = await this.store.addFirst(tx, score, scored.items, tasks, origin);
    if (isFirst) await this.tell(tx, institutionId, score, origin);
  }

  /** `score` is the version after one that this transaction has locked. */
  async next(
    tx: Tx,
    institutionId: Id,
    score: AttemptScore,
    origin: Origin,
    items: ScoredItem[] | null = null,
  ): Promise<void> {
    await this.store.addNext(tx, score, origin, items);
    await this.tell(tx, institutionId, score, origin);
  }

  private async tell(tx: Tx, institutionId: Id, score: AttemptScore, origin: Origin) {
    const { attemptId, assignmentId, classId, learnerId, attemptNumber, version } = score;
    await this.outbox.add(tx, AttemptScored, {
      version,
      institutionId,
      data: {
        attemptId,
        assignmentId,
        classId,
        learnerId,
        attemptNumber,
        scoreVersion: version,
        status: score.status,
        points: countingPoints(score),
        computedPoints: score.computedPoints,
        pointsPossible: score.pointsPossible,
        overridden: score.override !== null,
        cause: origin.cause,
        actorId: origin.actorId,
        submittedAt: score.submittedAt.toISOString(),
        scoredAt: origin.at.toISOString(),
        scoreReleased: true,
      },
    });
  }
}
