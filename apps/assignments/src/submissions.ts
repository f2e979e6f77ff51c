import { Inject, Injectable } from '@nestjs/common';
import { AttemptSubmitted } from '@parlance/events';
import { type Clock, type Id, notFound } from '@parlance/kernel';
import { Outbox, type Tx } from '@parlance/messaging';
import { type Actor, Database } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { AttemptForms } from './attempt-forms.js';
import { CLOCK } from './clock.js';
import { AssignmentStore } from './db/assignment.store.js';
import { AttemptStore } from './db/attempt.store.js';
import { ResponseStore, type SavedAnswers } from './db/response.store.js';
import { type LearnerProgress, type ProgressCounts, TrackingStore } from './db/tracking.store.js';
import {
  checkedAnswers,
  completeResponses,
  mayBeTooMuch,
  requireWithinAttempt,
  type SlotAnswers,
} from './domain/answers.js';
import { type Attempt, isLate, requireSaving, requireSubmitting } from './domain/attempt.js';
import { Rosters } from './rosters.js';

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

/** Saving answers, handing them in, and watching who has. */
@Injectable()
export class Submissions {
  constructor(
    private readonly database: Database,
    private readonly assignments: AssignmentStore,
    private readonly attempts: AttemptStore,
    private readonly responses: ResponseStore,
    private readonly tracking: TrackingStore,
    private readonly forms: AttemptForms,
    private readonly rosters: Rosters,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Saves a batch of answers or none of them. Answers older than the saved ones change nothing. */
  async save(actor: Actor, attemptId: Id, batch: readonly SlotAnswers[]): Promise<SaveReceipt> {
    const { institutionId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      const attempt = await this.lockOwn(tx, actor, attemptId);
      const savedAt = this.clock.now();
      requireSaving(attempt, savedAt);
      const items = await this.forms.deliveries(tx, institutionId, attempt);
      const checked = checkedAnswers(batch, (slot) => items.get(slot)?.delivery);
      const saved = await this.responses.append(tx, institutionId, attemptId, checked, savedAt);
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
   * so its row can tell a retry from a second submission without a table of keys.
   */
  async submit(actor: Actor, attemptId: Id, key: string): Promise<SubmissionReceipt> {
    const { institutionId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      const attempt = await this.lockOwn(tx, actor, attemptId);
      const { submittedAt: before, submissionKey, late: wasLate } = attempt;
      if (before !== null && submissionKey === key) {
        return receipt(attemptId, before, wasLate === true);
      }
      const submittedAt = this.clock.now();
      requireSubmitting(attempt, submittedAt);
      const late = isLate(submittedAt, attempt.dueAt);
      const version = attempt.version + 1;
      const traceId = currentTraceId();
      const submission = { submittedAt, late, key, version, traceId };
      const answers = await this.responses.submit(tx, institutionId, attemptId, submission);
      await this.emit(tx, institutionId, { ...attempt, version, submittedAt }, answers);
      return receipt(attemptId, submittedAt, late);
    });
  }

  /** How far each learner is, by name; one more than `limit` when there are more. */
  async track(
    actor: Actor,
    assignmentId: Id,
    page: { afterId: Id | null; limit: number },
  ): Promise<{ learners: LearnerProgress[]; counts: ProgressCounts }> {
    const { institutionId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      const assignment = await this.assignments.find(tx, institutionId, assignmentId);
      if (assignment === undefined) throw notFound('assignment');
      await this.rosters.requireTeacherOf(tx, actor, assignment.classId, 'assignment');
      const learners = await this.tracking.page(tx, institutionId, assignmentId, page);
      const counts = await this.tracking.counts(tx, institutionId, assignmentId);
      return { learners, counts };
    });
  }

  private async lockOwn(tx: Tx, actor: Actor, attemptId: Id): Promise<Attempt> {
    const { institutionId, personId } = actor;
    const attempt = await this.attempts.lockOwn(tx, institutionId, attemptId, personId);
    if (attempt === undefined) throw notFound('attempt');
    return attempt;
  }

  private async emit(
    tx: Tx,
    institutionId: Id,
    attempt: Attempt & { submittedAt: Date },
    answers: readonly SavedAnswers[],
  ): Promise<void> {
    const items = await this.forms.deliveries(tx, institutionId, attempt);
    const saved = new Map(answers.map(({ slot, responses }) => [slot, responses]));
    await this.outbox.add(tx, AttemptSubmitted, {
      institutionId,
      version: attempt.version,
      data: {
        attemptId: attempt.id,
        assignmentId: attempt.assignmentId,
        classId: attempt.classId,
        learnerId: attempt.learnerId,
        attemptNumber: attempt.attemptNumber,
        submittedAt: attempt.submittedAt.toISOString(),
        ...(attempt.dueAt === null ? {} : { dueAt: attempt.dueAt.toISOString() }),
        items: [...items].map(([slot, { itemVersionId, delivery }]) => ({
          slot,
          itemVersionId,
          responses: completeResponses(delivery, saved.get(slot)),
        })),
      },
    });
  }
}

function receipt(attemptId: Id, submittedAt: Date, late: boolean): SubmissionReceipt {
  return { attemptId, status: 'submitted', submittedAt, late };
}
