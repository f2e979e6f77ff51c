import { Inject, Injectable } from '@nestjs/common';
import { feedbackOnTry, scoreItem, type ScoringSpec } from '@parlance/assessment';
import { type ItemTriedData, TryScored, type TryScoredData } from '@parlance/events';
import { type EventContext, Outbox, RetryLater } from '@parlance/messaging';
import { LOGGER } from '@parlance/platform';
import type { Logger } from '@parlance/telemetry';
import { AssignmentStore } from './db/assignment.store.js';
import { ScoringSpecs } from './scoring-specs.js';

/** What the event holds at most; an item has far fewer parts. */
const MAX_FEEDBACK = 1000;

/** What a learner at work may hear of a try. */
type TryAnswer = Omit<TryScoredData, 'tryId' | 'attemptId' | 'slot' | 'tryNumber' | 'scoredAt'>;

/** Answers tries of learners who are at work. It keeps nothing: a try is no score. */
@Injectable()
export class Tries {
  constructor(
    private readonly specs: ScoringSpecs,
    private readonly assignments: AssignmentStore,
    private readonly outbox: Outbox,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** With the item version of the attempt, or the one that mends it, as for submissions. */
  async answer(tried: ItemTriedData, { tx, institutionId }: EventContext): Promise<void> {
    const { tryId, attemptId, assignmentId, slot, itemVersionId, tries } = tried;
    const { corrections } = await this.assignments.factsAndCorrections(tx, assignmentId, [
      itemVersionId,
    ]);
    const scoredWith = corrections.get(itemVersionId) ?? itemVersionId;
    const specs = await this.specs.of(tx, institutionId, [scoredWith]);
    const stored = specs.get(scoredWith);
    if (stored === undefined) {
      throw new RetryLater(`The scoring of item version ${scoredWith} has not arrived.`);
    }
    await this.outbox.add(tx, TryScored, {
      institutionId,
      version: 1,
      data: {
        ...{ tryId, attemptId, slot, tryNumber: tries.length },
        ...this.answerOf(stored.spec, tries, { attempt_id: attemptId, slot }),
        scoredAt: new Date().toISOString(),
      },
    });
  }

  /** Our own fault costs the learner a hint and nothing else: the item is scored when handed in. */
  private answerOf(spec: ScoringSpec, tries: ItemTriedData['tries'], about: object): TryAnswer {
    try {
      return answerTo(spec, tries);
    } catch (error) {
      const fault = error instanceof Error ? error.name : typeof error;
      this.logger.error(
        { ...about, fault },
        'a try could not be scored and is answered by nothing',
      );
      return { triesCounted: tries.length, completed: false, feedback: [] };
    }
  }
}

function answerTo(spec: ScoringSpec, tries: ItemTriedData['tries']): TryAnswer {
  const score = scoreItem(spec, tries.at(-1) ?? {}, { tries: tries.slice(0, -1) });
  const { points, pointsPossible } = score;
  const isShown = spec.tries?.showPoints === true && points !== null;
  return {
    triesCounted: score.triesCounted ?? tries.length,
    completed: score.completed ?? false,
    feedback: feedbackOnTry(spec, score).slice(0, MAX_FEEDBACK),
    ...(isShown ? { points, pointsPossible } : {}),
  };
}
