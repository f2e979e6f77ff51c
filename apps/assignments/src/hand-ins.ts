import { Injectable } from '@nestjs/common';
import { AttemptSubmitted } from '@parlance/events';
import type { Id } from '@parlance/kernel';
import { Outbox, type Tx } from '@parlance/messaging';
import { currentTraceId } from '@parlance/telemetry';
import { AttemptForms } from './attempt-forms.js';
import { PlayStore } from './db/play.store.js';
import { ResponseStore, type SavedAnswers } from './db/response.store.js';
import { TryStore } from './db/try.store.js';
import { completeResponses } from './domain/answers.js';
import { type Attempt, type HandedInBy, handedInAt, isLate } from './domain/attempt.js';
import { handedIn } from './domain/tries.js';

export interface HandIn {
  by: HandedInBy;
  /** What a retry is known by; null when no request did it. */
  key: string | null;
  now: Date;
}

/** The handing-in of a locked attempt, whoever does it: learner, sweeper or teacher. */
@Injectable()
export class HandIns {
  constructor(
    private readonly responses: ResponseStore,
    private readonly plays: PlayStore,
    private readonly tries: TryStore,
    private readonly forms: AttemptForms,
    private readonly outbox: Outbox,
  ) {}

  async handIn(tx: Tx, institutionId: Id, attempt: Attempt, how: HandIn): Promise<Attempt> {
    const submittedAt = handedInAt(attempt, how.now);
    const late = isLate(submittedAt, attempt.dueAt);
    const version = attempt.version + 1;
    const submission = {
      ...{ submittedAt, late, version, key: how.key, by: how.by },
      traceId: currentTraceId(),
    };
    const answers = await this.responses.submit(tx, institutionId, attempt.id, submission);
    const next: Attempt = {
      ...attempt,
      ...{ status: 'submitted', submittedAt, late, version },
      handedInBy: how.by,
      submissionKey: how.key,
    };
    await this.tell(tx, institutionId, next, answers);
    return next;
  }

  /** Tells again what was handed in, as the next version of the locked attempt. */
  async again(tx: Tx, institutionId: Id, attempt: Attempt): Promise<Attempt> {
    const version = attempt.version + 1;
    const answers = await this.responses.retell(tx, institutionId, attempt.id, version);
    const next = { ...attempt, version };
    await this.tell(tx, institutionId, next, answers);
    return next;
  }

  private async tell(
    tx: Tx,
    institutionId: Id,
    attempt: Attempt,
    answers: readonly SavedAnswers[],
  ): Promise<void> {
    const items = await this.forms.deliveries(tx, institutionId, attempt);
    const plays = await this.plays.counted(tx, institutionId, attempt.id, items);
    const tried = await this.tries.ofAttempt(tx, institutionId, attempt.id, items);
    const saved = new Map(answers.map((one) => [one.slot, one]));
    const { submittedAt, dueAt } = attempt;
    if (submittedAt === null) throw new Error('Only what was handed in can be told.');
    await this.outbox.add(tx, AttemptSubmitted, {
      institutionId,
      version: attempt.version,
      data: {
        attemptId: attempt.id,
        assignmentId: attempt.assignmentId,
        classId: attempt.classId,
        learnerId: attempt.learnerId,
        attemptNumber: attempt.attemptNumber,
        submittedAt: submittedAt.toISOString(),
        ...(dueAt === null ? {} : { dueAt: dueAt.toISOString() }),
        policyVersion: attempt.policyVersion,
        handedInBy: attempt.handedInBy ?? 'learner',
        items: [...items].map(([slot, { itemVersionId, delivery }]) => {
          const made = tried.get(slot) ?? [];
          const { responses, tries } = handedIn(saved.get(slot), made, delivery.tries ?? 1);
          return {
            slot,
            itemVersionId,
            responses: { ...completeResponses(delivery, responses), ...plays.get(slot) },
            ...(tries.length === 0 ? {} : { tries }),
          };
        }),
      },
    });
  }
}
