import { Inject, Injectable } from '@nestjs/common';
import { ItemTried, type TryScoredData } from '@parlance/events';
import type { TryFeedback } from '@parlance/assessment';
import { type Clock, type Id, newId, notFound } from '@parlance/kernel';
import { type EventContext, Outbox, type Tx, Unprocessable } from '@parlance/messaging';
import { type Actor, Database, once } from '@parlance/platform';
import { AttemptForms } from './attempt-forms.js';
import { CLOCK } from './clock.js';
import { AttemptStore } from './db/attempt.store.js';
import { PlayStore } from './db/play.store.js';
import { ResponseStore } from './db/response.store.js';
import type { DeliverableItem } from './db/test.store.js';
import { TryStore } from './db/try.store.js';
import { checkedAnswers, completeResponses, requireWithinAttempt } from './domain/answers.js';
import { type Attempt, requireSaving } from './domain/attempt.js';
import { isReached } from './domain/live.js';
import { maxTriesOf, type ScoredTry, triesLeft, tryNumberOf } from './domain/tries.js';
import { requireWriter } from './domain/writer.js';
import type { SaveOrigin } from './submissions.js';
import { UploadAnswers } from './upload-answers.js';

/** The answers of a try, as a client sends them. */
export interface GivenTry {
  sequence: number;
  responses: Record<string, unknown>;
  origin: SaveOrigin;
}

export interface TryReceipt {
  number: number;
  triesLeft: number;
}

export interface ItemTries {
  maxTries: number;
  /** 0 also when the attempt is handed in. */
  triesLeft: number;
  tries: ScoredTry[];
}

/** Items that answer while the learner is at work: grading says what, by events alone. */
@Injectable()
export class Tries {
  constructor(
    private readonly database: Database,
    private readonly attempts: AttemptStore,
    private readonly store: TryStore,
    private readonly responses: ResponseStore,
    private readonly plays: PlayStore,
    private readonly forms: AttemptForms,
    private readonly uploads: UploadAnswers,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Keeps a try and asks grading about it; it is a save of its answers too. */
  async make(
    actor: Actor,
    attemptId: Id,
    slot: number,
    given: GivenTry,
    key: string,
  ): Promise<TryReceipt> {
    const { institutionId, personId } = actor;
    const request = { actor, key, operation: `try:${attemptId}:${slot}`, body: given };
    return this.database.inInstitution(institutionId, async (tx) => {
      const attempt = await this.attempts.lockOwn(tx, institutionId, attemptId, personId);
      if (attempt === undefined) throw notFound('attempt');
      // Before all that may forbid it: a retry gets its receipt although the time is over.
      return once(tx, request, () => this.add(tx, institutionId, attempt, slot, given));
    });
  }

  /** One's own: teachers read answers where they are marked, by the rules of marking. */
  async list(actor: Actor, attemptId: Id, slot: number): Promise<ItemTries> {
    const { institutionId, personId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      const attempt = await this.attempts.find(tx, institutionId, attemptId);
      if (attempt?.learnerId !== personId) throw notFound('attempt');
      const { delivery } = await this.itemIn(tx, institutionId, attempt, slot);
      const maxTries = maxTriesOf(delivery);
      const tries = await this.store.ofSlot(tx, institutionId, attemptId, slot);
      const isOpen = attempt.status === 'in-progress';
      return { maxTries, triesLeft: isOpen ? triesLeft(tries, maxTries) : 0, tries };
    });
  }

  /** What grading said; the tries of an attempt need not be answered in their order. */
  async learn(data: TryScoredData, { tx, institutionId }: EventContext): Promise<void> {
    const { attemptId, slot, tryNumber, tryId } = data;
    const of = { attemptId, slot, number: tryNumber, tryId };
    const isKnown = await this.store.addResult(tx, institutionId, of, {
      completed: data.completed,
      triesCounted: data.triesCounted,
      feedback: data.feedback as TryFeedback[],
      points: data.points ?? null,
      pointsPossible: data.pointsPossible ?? null,
      scoredAt: new Date(data.scoredAt),
    });
    if (!isKnown) throw new Unprocessable('The try that was scored is not one of ours.');
  }

  private async add(
    tx: Tx,
    institutionId: Id,
    attempt: Attempt,
    slot: number,
    given: GivenTry,
  ): Promise<TryReceipt> {
    const { origin, sequence } = given;
    const triedAt = this.clock.now();
    requireSaving(attempt, triedAt);
    requireWriter(attempt, origin.lease);
    const item = await this.itemIn(tx, institutionId, attempt, slot);
    const maxTries = maxTriesOf(item.delivery);
    const items = new Map([[slot, item]]);
    const checked = checkedAnswers([{ ...given, slot }], () => item.delivery, '');
    await this.uploads.requireFinished(tx, institutionId, attempt.id, checked, items);
    const plays = await this.plays.counted(tx, institutionId, attempt.id, items);
    const responses = {
      ...completeResponses(item.delivery, checked[0]?.responses),
      ...plays.get(slot),
    };
    const made = await this.store.ofSlot(tx, institutionId, attempt.id, slot);
    const { number, isRepeated } = tryNumberOf(made, { sequence, responses }, maxTries);
    if (isRepeated) return { number, triesLeft: triesLeft(made, maxTries) };
    const next = { id: newId(), slot, number, sequence, responses, triedAt };
    await this.store.add(tx, institutionId, attempt.id, next, origin);
    const received = { ...origin, receivedAt: triedAt };
    await this.responses.append(tx, institutionId, attempt.id, checked, received);
    requireWithinAttempt(await this.responses.totalBytes(tx, institutionId, attempt.id));
    await this.outbox.add(tx, ItemTried, {
      institutionId,
      version: 1,
      data: {
        tryId: next.id,
        attemptId: attempt.id,
        assignmentId: attempt.assignmentId,
        slot,
        itemVersionId: item.itemVersionId,
        tries: [...made.map((one) => one.responses), responses],
      },
    });
    return { number, triesLeft: maxTries - number };
  }

  /** An item the class has not come to is not there for its learners. */
  private async itemIn(
    tx: Tx,
    institutionId: Id,
    attempt: Attempt,
    slot: number,
  ): Promise<DeliverableItem> {
    const items = await this.forms.deliveries(tx, institutionId, attempt);
    const item = items.get(slot);
    if (item === undefined || !isReached(attempt, slot)) throw notFound('item');
    return item;
  }
}
