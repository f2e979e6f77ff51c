import { Inject, Injectable } from '@nestjs/common';
import { type Clock, type Id, notFound, Refusal } from '@parlance/kernel';
import { type Actor, Database } from '@parlance/platform';
import { Announcements } from './announcements.js';
import { Assignments } from './assignments.js';
import { asStarted, Attempts } from './attempts.js';
import { CLOCK } from './clock.js';
import { AttemptStore } from './db/attempt.store.js';
import type { Assignment } from './domain/assignment.js';
import type { Attempt } from './domain/attempt.js';
import { HandIns } from './hand-ins.js';
import { Windows } from './windows.js';

/** What a teacher steers in the classroom: the pace of a live class, who has done what. */
@Injectable()
export class InClass {
  constructor(
    private readonly database: Database,
    private readonly assignments: Assignments,
    private readonly announcements: Announcements,
    private readonly attempts: Attempts,
    private readonly attemptStore: AttemptStore,
    private readonly windows: Windows,
    private readonly handIns: HandIns,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Takes the class to a slot; learners see and answer what is up to it. */
  async moveTo(actor: Actor, assignmentId: Id, slot: number): Promise<Assignment> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const assignment = await this.assignments.lock(tx, actor, assignmentId);
      if (assignment.mode !== 'live') {
        const detail = 'Only a live assignment is paced by its teacher.';
        throw new Refusal('conflict', 'assignment-not-live', detail);
      }
      const next = { ...assignment, liveSlot: slot, version: assignment.version + 1 };
      return this.announcements.save(tx, actor.institutionId, next);
    });
  }

  /**
   * Notes that a learner has done it in class or on paper: an attempt without answers, whose parts
   * grading gives to a teacher to enter. Repeating it changes nothing.
   */
  async markDone(actor: Actor, assignmentId: Id, learnerId: Id): Promise<Attempt> {
    const { institutionId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      const assignment = await this.assignments.taught(tx, actor, assignmentId);
      requireOffScreen(assignment);
      await this.attemptStore.lockStarts(tx, assignmentId, learnerId);
      const { attemptStore } = this;
      const facts = await attemptStore.startFacts(tx, institutionId, assignmentId, learnerId);
      const [window] = await this.windows.of(tx, institutionId, assignment, [learnerId]);
      if (facts?.isAudience !== true || window === undefined) throw notFound('learner');
      const done = await attemptStore.newestOf(tx, institutionId, assignmentId, learnerId);
      if (done !== undefined) return done;
      const made = await this.attempts.assemble(tx, institutionId, assignment, window, 1);
      if (!(await attemptStore.insert(tx, institutionId, made))) {
        throw new Error('An attempt came to be under the lock of its learner.');
      }
      const attempt = asStarted(made, assignment);
      const now = this.clock.now();
      return this.handIns.handIn(tx, institutionId, attempt, { by: 'teacher', key: null, now });
    });
  }
}

function requireOffScreen({ mode, status }: Assignment): void {
  if (status !== 'published') {
    const detail = 'This assignment is not published.';
    throw new Refusal('conflict', 'assignment-not-published', detail);
  }
  if (mode === 'in-class' || mode === 'paper') return;
  const detail = 'Learners hand this in themselves.';
  throw new Refusal('conflict', 'assignment-on-screen', detail);
}
