import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { assembleForm } from '@parlance/assessment';
import { type Clock, type Id, newId, notFound, Refusal } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database } from '@parlance/platform';
import { AttemptForms, type AttemptForm } from './attempt-forms.js';
import { CLOCK } from './clock.js';
import { AssignmentStore } from './db/assignment.store.js';
import { AttemptStore, type NewAttempt } from './db/attempt.store.js';
import { ResponseStore } from './db/response.store.js';
import type { Assignment } from './domain/assignment.js';
import {
  type Attempt,
  isEnded,
  nextAttemptNumber,
  requireOnScreen,
  requireOpen,
} from './domain/attempt.js';
import { packForm } from './domain/form.js';
import { Rosters } from './rosters.js';
import { Tests } from './tests.js';
import { type LearnerWindow, limitEnd, Windows } from './windows.js';

/** Others may start or submit between our look and our insert; each time the rules decide anew. */
const MAX_TRIES = 5;

/** Starting attempts and looking at them. */
@Injectable()
export class Attempts {
  constructor(
    private readonly database: Database,
    private readonly assignments: AssignmentStore,
    private readonly windows: Windows,
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
      await this.attempts.lockStarts(tx, assignmentId, personId);
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const facts = await this.attempts.startFacts(tx, institutionId, assignmentId, personId);
        const assignment = await this.assignments.find(tx, institutionId, assignmentId);
        const mayKnow = facts?.isAudience === true && assignment?.status !== 'draft';
        if (facts === undefined || assignment === undefined || !mayKnow) {
          throw notFound('assignment');
        }
        const now = this.clock.now();
        const [window] = await this.windows.of(tx, institutionId, assignment, [personId]);
        if (window === undefined) throw notFound('assignment');
        const { opens, closes } = window;
        const opening = { opensAt: opens?.at ?? null, closesAt: closes?.at ?? null };
        requireOnScreen(assignment.mode);
        if (facts.inProgressId !== null) {
          return this.resume(tx, institutionId, facts.inProgressId, now);
        }
        requireOpen({ status: assignment.status, ...opening }, now);
        const attemptNumber = nextAttemptNumber(facts.used, window.maxAttempts + facts.granted);
        const attempt = await this.assemble(tx, institutionId, assignment, window, attemptNumber);
        if (!(await this.attempts.insert(tx, institutionId, attempt))) continue;
        return this.forms.of(tx, institutionId, asStarted(attempt, assignment), []);
      }
      const detail = 'This attempt is being started elsewhere; try again.';
      throw new Refusal('conflict', 'start-contended', detail, [], 1);
    });
  }

  /**
   * One's own attempt; of a class one teaches, where it stands and nothing of what is in it. What
   * was answered is read where it is marked, by the rules of marking: here it would tell whoever
   * marks without names whose work it is.
   */
  async get(actor: Actor, id: Id): Promise<AttemptForm> {
    const { institutionId, personId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      const attempt = await this.attempts.find(tx, institutionId, id);
      if (attempt === undefined) throw notFound('attempt');
      if (attempt.learnerId !== personId) {
        await this.rosters.requireTeacherOf(tx, actor, attempt.classId, 'attempt');
        return { attempt, isEnded: isEnded(attempt, this.clock.now()), sections: [] };
      }
      return this.form(tx, institutionId, attempt);
    });
  }

  /** The attempt in progress, as long as its own window is open. */
  private async resume(tx: Tx, institutionId: Id, id: Id, now: Date): Promise<AttemptForm> {
    const attempt = await this.attempts.find(tx, institutionId, id);
    if (attempt === undefined) throw new Error('An attempt in progress is gone.');
    const { assignmentStatus: status, closesAt, startedAt: opensAt } = attempt;
    requireOpen({ status, opensAt, closesAt }, now);
    return this.form(tx, institutionId, attempt);
  }

  private async form(tx: Tx, institutionId: Id, attempt: Attempt): Promise<AttemptForm> {
    const saved = await this.responses.latest(tx, institutionId, attempt.id);
    return this.forms.of(tx, institutionId, attempt, saved);
  }

  /** With what the learner has not seen yet wherever a section draws from more than it takes. */
  async assemble(
    tx: Tx,
    institutionId: Id,
    assignment: Assignment,
    { learnerId, due, closes, timeLimitSeconds }: LearnerWindow,
    attemptNumber: number,
  ): Promise<NewAttempt> {
    if (assignment.testVersionId === null)
      throw new Error('A published assignment has no test version.');
    const test = await this.tests.pinned(tx, institutionId, assignment.testVersionId);
    // A live class looks at one thing together, so all of it has the same form.
    const isLive = assignment.mode === 'live';
    const seed = isLive ? assignment.id : randomBytes(16).toString('base64url');
    const seen =
      test.isDrawing && !isLive
        ? await this.attempts.seenItems(tx, institutionId, learnerId)
        : undefined;
    const startedAt = this.clock.now();
    return {
      id: newId(),
      assignmentId: assignment.id,
      classId: assignment.classId,
      learnerId,
      attemptNumber,
      testVersionId: test.id,
      seed,
      form: packForm(assembleForm(test.structure, seed, seen)),
      startedAt,
      endsAt: limitEnd(startedAt, timeLimitSeconds),
      dueAt: due?.at ?? null,
      closesAt: closes?.at ?? null,
      timeLimitSeconds,
      policyVersion: assignment.policyVersion,
    };
  }
}

/** A new attempt as it would be read. */
export function asStarted(attempt: NewAttempt, assignment: Assignment): Attempt {
  return {
    ...attempt,
    status: 'in-progress',
    version: 1,
    submittedAt: null,
    late: null,
    submissionKey: null,
    handedInBy: null,
    deviceId: null,
    lease: null,
    bundleIssuedAt: null,
    assignmentStatus: assignment.status,
    mode: assignment.mode,
    liveSlot: assignment.liveSlot,
  };
}
