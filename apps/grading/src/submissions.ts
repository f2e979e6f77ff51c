import { Inject, Injectable } from '@nestjs/common';
import type { AttemptSubmittedData, SubmittedItem } from '@parlance/events';
import type { Id } from '@parlance/kernel';
import type { Responses } from '@parlance/assessment';
import { type EventContext, RetryLater } from '@parlance/messaging';
import { LOGGER } from '@parlance/platform';
import type { Logger } from '@parlance/telemetry';
import { AssignmentStore } from './db/assignment.store.js';
import type { AttemptScore } from './domain/attempt-score.js';
import { type AnsweredItem, scoreAttempt } from './domain/score-attempt.js';
import { ScoreVersions } from './score-versions.js';
import { ScoringSpecs } from './scoring-specs.js';

/** Attempts as they are handed in. */
@Injectable()
export class Submissions {
  constructor(
    private readonly specs: ScoringSpecs,
    private readonly assignments: AssignmentStore,
    private readonly versions: ScoreVersions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Scores with the item versions the attempt was taken with, whatever was published since. */
  async score(attempt: AttemptSubmittedData, context: EventContext): Promise<void> {
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
    await this.versions.first(tx, institutionId, score, scored, origin, facts);
  }
}

/** With the corrected version where there is one. */
function answerOf(item: SubmittedItem, corrections: ReadonlyMap<Id, Id>): AnsweredItem {
  const { slot, itemVersionId } = item;
  const scoredWith = corrections.get(itemVersionId);
  const responses = item.responses as Responses;
  return { slot, itemVersionId, responses, ...(scoredWith !== undefined && { scoredWith }) };
}
