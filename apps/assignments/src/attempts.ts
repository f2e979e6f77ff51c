import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { assembleForm } from '@parlance/assessment';
import { type Clock, type Id, newId, notFound, Refusal } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database } from '@parlance/platform';
import { AttemptForms, type AttemptForm } from './attempt-forms.js';
import { CLOCK } from './clock.js';
import { AttemptStore, type NewAttempt, type StartFacts } from './db/attempt.store.js';
import { ResponseStore } from './db/response.store.js';
import { type Attempt, nextAttemptNumber, requireOpen } from './domain/attempt.js';
import { packForm } from './domain/form.js';
import { Rosters } from './rosters.js';
import { Tests } from './tests.js';

/** Others may start or submit between our look and our insert; each time the rules decide anew. */
const MAX_TRIES = 5;

/** Starting attempts and looking at them. */
@Injectable()
export class Attempts {
  constructor(
    private readonly database: Database,
    private readonly attempts: AttemptStore,
    private readonly responses: ResponseStore,
    private readonly tests: Tests,
    private readonly forms: AttemptForms,
    private readonly rosters: Rosters,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** A new attempt, or the one that the learner has in progress. */
  async start(actor: Actor, assignmentId: Id): Promise<AttemptForm> {
    const { institutionId, personId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const facts = await this.attempts.startFacts(tx, institutionId, assignmentId, personId);
        const now = this.clock.now();
        const mayKnow = facts?.enrolled === true && facts.status !== 'draft';
        if (facts === undefined || !mayKnow) throw notFound('assignment');
        requireOpen(facts, now);
        if (facts.inProgressId !== null) return this.read(tx, institutionId, facts.inProgressId);
        const attempt = await this.assemble(tx, institutionId, personId, facts, now);
        if (!(await this.attempts.insert(tx, institutionId, attempt))) continue;
        return this.forms.of(tx, institutionId, asStarted(attempt, facts), []);
      }
      const detail = 'This attempt is being started elsewhere; try again.';
      throw new Refusal('conflict', 'start-contended', detail, [], 1);
    });
  }

  /** One's own attempt, or one of a class one teaches. */
  async get(actor: Actor, id: Id): Promise<AttemptForm> {
    const { institutionId, personId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      const attempt = await this.attempts.find(tx, institutionId, id);
      if (attempt === undefined) throw notFound('attempt');
      if (attempt.learnerId !== personId) {
        await this.rosters.requireTeacherOf(tx, actor, attempt.classId, 'attempt');
      }
      return this.form(tx, institutionId, attempt);
    });
  }

  private async read(tx: Tx, institutionId: Id, id: Id): Promise<AttemptForm> {
    const attempt = await this.attempts.find(tx, institutionId, id);
    if (attempt === undefined) throw new Error('An attempt in progress is gone.');
    return this.form(tx, institutionId, attempt);
  }

  private async form(tx: Tx, institutionId: Id, attempt: Attempt): Promise<AttemptForm> {
    const saved = await this.responses.latest(tx, institutionId, attempt.id);
    return this.forms.of(tx, institutionId, attempt, saved);
  }

  private async assemble(
    tx: Tx,
    institutionId: Id,
    learnerId: Id,
    facts: StartFacts,
    now: Date,
  ): Promise<NewAttempt> {
    const attemptNumber = nextAttemptNumber(facts.used, facts.maxAttempts);
    if (facts.testVersionId === null)
      throw new Error('A published assignment has no test version.');
    const test = await this.tests.pinned(tx, institutionId, facts.testVersionId);
    const seed = randomBytes(16).toString('base64url');
    const { timeLimitSeconds } = test;
    return {
      id: newId(),
      assignmentId: facts.id,
      classId: facts.classId,
      learnerId,
      attemptNumber,
      testVersionId: test.id,
      seed,
      form: packForm(assembleForm(test.structure, seed)),
      startedAt: now,
      endsAt: timeLimitSeconds === null ? null : new Date(now.getTime() + timeLimitSeconds * 1000),
    };
  }
}

function asStarted(attempt: NewAttempt, facts: StartFacts): Attempt {
  return {
    ...attempt,
    status: 'in-progress',
    version: 1,
    submittedAt: null,
    late: null,
    submissionKey: null,
    assignmentStatus: facts.status,
    dueAt: facts.dueAt,
    closesAt: facts.closesAt,
  };
}
