import { Inject, Injectable } from '@nestjs/common';
import type { AttemptSubmittedData, SubmittedItem } from '@parlance/events';
import type { Id } from '@parlance/kernel';
import type { Responses } from '@parlance/assessment';
import { type EventContext, RetryLater, type Tx } from '@parlance/messaging';
import { LOGGER } from '@parlance/platform';
import type { Logger } from '@parlance/telemetry';
import { AssignmentStore } from './db/assignment.store.js';
import { AttemptScoreStore, type Origin } from './db/attempt-score.store.js';
import { MarkStore } from './db/mark.store.js';
import { ReviewTaskWrites } from './db/review-task-writes.store.js';
import type { AttemptScore } from './domain/attempt-score.js';
import { regraded } from './domain/regrade.js';
import { type AnsweredItem, scoreAttempt, type ScoredAttempt } from './domain/score-attempt.js';
import { ScoreVersions } from './score-versions.js';
import { ScoringSpecs } from './scoring-specs.js';

/** Attempts as they are handed in. */
@Injectable()
export class Submissions {
  constructor(
    private readonly specs: ScoringSpecs,
    private readonly assignments: AssignmentStore,
    private readonly versions: ScoreVersions,
    private readonly scores: AttemptScoreStore,
    private readonly marks: MarkStore,
    private readonly tasks: ReviewTaskWrites,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Scores with the item versions the attempt was taken with, whatever was published since. */
  async score(
    attempt: AttemptSubmittedData,
    submission: number,
    context: EventContext,
  ): Promise<void> {
    const { tx, institutionId } = context;
    const itemVersionIds = attempt.items.map((item) => item.itemVersionId);
    const { facts, corrections } = await this.assignments.factsAndCorrections(
      tx,
      attempt.assignmentId,
      itemVersionIds,
    );
    const answers = attempt.items.map((item) => answerOf(item, corrections));
    const used = answers.map((answer) => answer.scoredWith ?? answer.itemVersionId);
    const specs = await this.specs.of(tx, institutionId, used);
    const missing = used.find((id) => !specs.has(id));
    if (missing !== undefined) {
      throw new RetryLater(`The scoring of item version ${missing} has not arrived.`);
    }
    const scored = scoreAttempt(answers, specs);
    for (const { slot, fault } of scored.faults) {
      const about = { attempt_id: attempt.attemptId, slot, fault };
      this.logger.error(about, 'an item could not be scored and goes to a person');
    }
    const at = new Date();
    const score: AttemptScore = {
      attemptId: attempt.attemptId,
      assignmentId: attempt.assignmentId,
      classId: attempt.classId,
      learnerId: attempt.learnerId,
      attemptNumber: attempt.attemptNumber,
      submittedAt: new Date(attempt.submittedAt),
      dueAt: attempt.dueAt === undefined ? null : new Date(attempt.dueAt),
      submission,
      version: 1,
      status: scored.reviews.length > 0 ? 'provisional' : 'final',
      autoPoints: scored.autoPoints,
      computedPoints: scored.autoPoints,
      pointsPossible: scored.pointsPossible,
      override: null,
      firstScoredAt: at,
      runAts: [at],
    };
    const origin = {
      cause: 'scored',
      actorId: null,
      traceId: context.traceId ?? null,
      at,
    } as const;
    const isFirst = await this.versions.first(tx, institutionId, score, scored, origin, facts);
    if (!isFirst) await this.again(tx, institutionId, score, scored, origin);
  }

  /**
   * An attempt that was opened again: handed in anew, or told again to be graded anew. Marks stay
   * where the answer is the one that was marked; the others are asked for again.
   */
  private async again(
    tx: Tx,
    institutionId: Id,
    fresh: AttemptScore,
    scored: ScoredAttempt,
    origin: Origin,
  ): Promise<void> {
    const before = await this.scores.lockRuns(tx, fresh.attemptId);
    if (before === null || !isNewer(fresh, before.score)) return;
    const tasks = await this.marks.ofAttempt(tx, fresh.attemptId);
    const result = regraded(before.score, before.items, tasks, fresh, scored);
    const isAnew = fresh.submittedAt.getTime() !== before.score.submittedAt.getTime();
    const cause = isAnew ? 'resubmitted' : 'rescored';
    await this.tasks.change(tx, [{ ...result, items: scored.items }]);
    const next = { ...result.score, runAts: [...before.score.runAts, origin.at] };
    await this.versions.next(tx, institutionId, next, { ...origin, cause }, scored.items);
  }
}

/** Older hand-ins that come late, and the same one told again, change nothing. */
function isNewer(fresh: AttemptScore, before: AttemptScore): boolean {
  if (before.submission === null) return fresh.submittedAt > before.submittedAt;
  return (fresh.submission ?? 0) > before.submission;
}

/** With the corrected version where there is one. */
function answerOf(item: SubmittedItem, corrections: ReadonlyMap<Id, Id>): AnsweredItem {
  const { slot, itemVersionId } = item;
  const scoredWith = corrections.get(itemVersionId);
  const { responses, tries } = item as { responses: Responses; tries?: Responses[] };
  return {
    ...{ slot, itemVersionId, responses },
    ...(tries !== undefined && { tries }),
    ...(scoredWith !== undefined && { scoredWith }),
  };
}
