import { Inject, Injectable } from '@nestjs/common';
import { type Clock, type Id, notFound } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database } from '@parlance/platform';
import { AttemptForms } from './attempt-forms.js';
import { CLOCK } from './clock.js';
import { AttemptStore } from './db/attempt.store.js';
import { type DeviceClaim, ResponseStore } from './db/response.store.js';
import {
  checkedAnswers,
  mayBeTooMuch,
  requireWithinAttempt,
  type SlotAnswers,
} from './domain/answers.js';
import { type Attempt, requireSaving, requireSubmitting } from './domain/attempt.js';
import { requireReached } from './domain/live.js';
import { requireWriter } from './domain/writer.js';
import { HandIns } from './hand-ins.js';
import { UploadAnswers } from './upload-answers.js';

export interface SaveReceipt {
  savedAt: Date;
  slots: { slot: number; sequence: number; outcome: 'saved' | 'stale' }[];
}

export interface SubmissionReceipt {
  attemptId: Id;
  status: 'submitted';
  submittedAt: Date;
  late: boolean;
}

/** What a client sends with answers, beside them. */
export interface SaveOrigin extends DeviceClaim {
  lease: Id | null;
}

/** Saving answers and handing them in. */
@Injectable()
export class Submissions {
  constructor(
    private readonly database: Database,
    private readonly attempts: AttemptStore,
    private readonly responses: ResponseStore,
    private readonly forms: AttemptForms,
    private readonly uploads: UploadAnswers,
    private readonly handIns: HandIns,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Saves a batch of answers or none of them. Answers older than the saved ones change nothing.
   * The attempt is read once, under its lock, with all that may forbid saving: a save is two
   * statements for a form of typed answers and choices.
   */
  async save(
    actor: Actor,
    attemptId: Id,
    batch: readonly SlotAnswers[],
    origin: SaveOrigin,
  ): Promise<SaveReceipt> {
    const { institutionId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      const attempt = await this.lockOwn(tx, actor, attemptId);
      const savedAt = this.clock.now();
      requireSaving(attempt, savedAt);
      requireWriter(attempt, origin.lease);
      requireReached(attempt, batch);
      const items = await this.forms.deliveries(tx, institutionId, attempt);
      const checked = checkedAnswers(batch, (slot) => items.get(slot)?.delivery);
      await this.uploads.requireFinished(tx, institutionId, attemptId, checked, items);
      const received = { ...origin, receivedAt: savedAt };
      const saved = await this.responses.append(tx, institutionId, attemptId, checked, received);
      if (mayBeTooMuch(checked)) {
        requireWithinAttempt(await this.responses.totalBytes(tx, institutionId, attemptId));
      }
      const slots = checked.map(({ slot, sequence }) => ({
        slot,
        sequence,
        outcome: saved.has(slot) ? ('saved' as const) : ('stale' as const),
      }));
      return { savedAt, slots };
    });
  }

  /**
   * Hands in what is saved. The key is kept on the attempt itself: an attempt is submitted once,
   * so its row can tell a retry from a second submission without a table of keys. Whoever comes
   * after the end gets the receipt of the hand-in that the end itself was.
   */
  async submit(
    actor: Actor,
    attemptId: Id,
    key: string,
    lease: Id | null,
  ): Promise<SubmissionReceipt> {
    const { institutionId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      const attempt = await this.lockOwn(tx, actor, attemptId);
      if (attempt.submittedAt !== null) {
        const isRetry = attempt.submissionKey === key || attempt.handedInBy === 'time';
        if (isRetry) return receiptOf(attempt);
      }
      requireSubmitting(attempt);
      requireWriter(attempt, lease);
      const now = this.clock.now();
      return receiptOf(
        await this.handIns.handIn(tx, institutionId, attempt, { by: 'learner', key, now }),
      );
    });
  }

  private async lockOwn(tx: Tx, actor: Actor, attemptId: Id): Promise<Attempt> {
    const { institutionId, personId } = actor;
    const attempt = await this.attempts.lockOwn(tx, institutionId, attemptId, personId);
    if (attempt === undefined) throw notFound('attempt');
    return attempt;
  }
}

function receiptOf({ id, submittedAt, late }: Attempt): SubmissionReceipt {
  if (submittedAt === null) throw new Error('An attempt that was handed in has its instant.');
  return { attemptId: id, status: 'submitted', submittedAt, late: late === true };
}
