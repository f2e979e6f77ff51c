import { Inject, Injectable } from '@nestjs/common';
import { AttemptReopened, type AttemptReopenedData } from '@parlance/events';
import { type Clock, type Id, notFound, Refusal } from '@parlance/kernel';
import { Outbox, type Tx } from '@parlance/messaging';
import { type Actor, Database, once } from '@parlance/platform';
import { Arrangements } from './arrangements.js';
import { CLOCK } from './clock.js';
import { AttemptStore } from './db/attempt.store.js';
import type { Attempt } from './domain/attempt.js';
import { HandIns } from './hand-ins.js';
import { Rosters } from './rosters.js';

export interface Reopening {
  kind: AttemptReopenedData['kind'];
  /** How long the learner may work on; for `continue`. */
  minutes: number | null;
  reason: string | null;
}

/** What a teacher does about an attempt that was handed in. */
@Injectable()
export class Reopenings {
  constructor(
    private readonly database: Database,
    private readonly attempts: AttemptStore,
    private readonly rosters: Rosters,
    private readonly arrangements: Arrangements,
    private readonly handIns: HandIns,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * continue: the learner works on with the answers that are there, until then or without an end.
   * new-attempt: the learner has one attempt more. regrade-only: nothing changes but that it is
   * scored again.
   */
  async reopen(
    actor: Actor,
    attemptId: Id,
    reopening: Reopening,
    key: string | undefined,
  ): Promise<{ attemptId: Id; kind: Reopening['kind'] }> {
    const { institutionId } = actor;
    const request = { actor, key, operation: `reopen-attempt:${attemptId}`, body: reopening };
    return this.database.inInstitution(institutionId, (tx) =>
      once(tx, request, async () => {
        const known = await this.attempts.find(tx, institutionId, attemptId);
        if (known === undefined) throw notFound('attempt');
        await this.rosters.requireTeacherOf(tx, actor, known.classId, 'attempt');
        await this.apply(tx, actor, known, reopening);
        return { attemptId, kind: reopening.kind };
      }),
    );
  }

  private async apply(tx: Tx, actor: Actor, known: Attempt, reopening: Reopening): Promise<void> {
    const { institutionId } = actor;
    const { kind, reason } = reopening;
    await this.attempts.lockStarts(tx, known.assignmentId, known.learnerId);
    const attempt = await this.attempts.lock(tx, institutionId, known.id);
    if (attempt === undefined || attempt.submittedAt === null) {
      const detail = 'This attempt is not handed in; there is nothing to open again.';
      throw new Refusal('conflict', 'attempt-not-submitted', detail);
    }
    const reopenedAt = this.clock.now();
    const { submittedAt, endsAt, closesAt, version } = attempt;
    await this.arrangements.record(tx, actor, {
      ...{ kind: 'reopening', assignmentId: attempt.assignmentId, targetId: attempt.id },
      ...{ before: { submittedAt, endsAt, closesAt, version }, after: reopening, reason },
    });
    const next = await this.reopened(tx, institutionId, attempt, reopening, reopenedAt);
    await this.outbox.add(tx, AttemptReopened, {
      institutionId,
      version: next.version,
      data: {
        attemptId: attempt.id,
        assignmentId: attempt.assignmentId,
        classId: attempt.classId,
        learnerId: attempt.learnerId,
        attemptNumber: attempt.attemptNumber,
        kind,
        actorId: actor.personId,
        reopenedAt: reopenedAt.toISOString(),
      },
    });
    if (kind === 'regrade-only') await this.handIns.again(tx, institutionId, next);
  }

  private async reopened(
    tx: Tx,
    institutionId: Id,
    attempt: Attempt,
    { kind, minutes }: Reopening,
    now: Date,
  ): Promise<Attempt> {
    const version = attempt.version + 1;
    const next: Attempt = { ...attempt, version };
    if (kind !== 'continue') {
      await this.attempts.setVersion(tx, institutionId, next, kind === 'new-attempt');
      return next;
    }
    const endsAt = minutes === null ? null : new Date(now.getTime() + minutes * 60_000);
    const open: Attempt = { ...next, status: 'in-progress', submittedAt: null, endsAt };
    const isAlone = await this.attempts.continue(tx, institutionId, { ...open, closesAt: null });
    if (isAlone) return open;
    const detail = 'The learner is at work on another attempt at this assignment.';
    throw new Refusal('conflict', 'another-attempt-in-progress', detail);
  }
}
