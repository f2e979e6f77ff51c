import { Injectable } from '@nestjs/common';
import {
  attemptEndsAt,
  type BaseWindow,
  type EffectiveWindow,
  effectiveWindow,
  type Moment,
  type WallTime,
  wallTimeAt,
} from '@parlance/assessment';
import { type Id, notFound } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database } from '@parlance/platform';
import { AssignmentStore } from './db/assignment.store.js';
import { type LearnerFacts, WindowStore } from './db/window.store.js';
import type { Assignment } from './domain/assignment.js';
import { Rosters } from './rosters.js';
import { Tests } from './tests.js';

export interface LearnerWindow extends EffectiveWindow {
  learnerId: Id;
  isAudience: boolean;
}

/** When each learner may work on an assignment, and why. */
@Injectable()
export class Windows {
  constructor(
    private readonly database: Database,
    private readonly assignments: AssignmentStore,
    private readonly store: WindowStore,
    private readonly tests: Tests,
    private readonly rosters: Rosters,
  ) {}

  /** The way to a learner's dates, rule by rule: for themselves, and for teachers of the class. */
  async explain(actor: Actor, assignmentId: Id, learnerId: Id): Promise<LearnerWindow> {
    const { institutionId, personId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      const assignment = await this.assignments.find(tx, institutionId, assignmentId);
      if (assignment === undefined) throw notFound('assignment');
      if (learnerId !== personId) {
        await this.rosters.requireTeacherOf(tx, actor, assignment.classId, 'assignment');
      }
      const [window] = await this.of(tx, institutionId, assignment, [learnerId]);
      const isOthers = learnerId === personId && !isVisible(assignment, window);
      if (window === undefined || isOthers) throw notFound('assignment');
      return window;
    });
  }

  /** Of the learners named who are in the class now, or of all in it. */
  async of(
    tx: Tx,
    institutionId: Id,
    assignment: Assignment,
    learnerIds: readonly Id[] | null,
  ): Promise<LearnerWindow[]> {
    const base = await this.baseOf(tx, institutionId, assignment);
    const facts = await this.store.facts(tx, institutionId, assignment.id, learnerIds);
    return facts.map((one) => windowOf(assignment, base, one));
  }

  /**
   * Gives attempts in progress the window that holds now, at once. A learner who has left the
   * class keeps the one they had.
   */
  async refresh(
    tx: Tx,
    institutionId: Id,
    assignment: Assignment,
    learnerIds: readonly Id[] | null,
  ): Promise<void> {
    const { store } = this;
    const open = await store.lockOpenAttempts(tx, institutionId, assignment.id, learnerIds);
    if (open.length === 0) return;
    const ids = open.map(({ learnerId }) => learnerId);
    const windows = await this.of(tx, institutionId, assignment, ids);
    const byLearner = new Map(windows.map((window) => [window.learnerId, window]));
    for (const attempt of open) {
      const window = byLearner.get(attempt.learnerId);
      if (window === undefined) continue;
      await store.setWindow(tx, institutionId, {
        ...attempt,
        dueAt: window.due?.at ?? null,
        closesAt: window.closes?.at ?? null,
        endsAt: limitEnd(attempt.startedAt, window.timeLimitSeconds),
        timeLimitSeconds: window.timeLimitSeconds,
      });
    }
  }

  private async baseOf(tx: Tx, institutionId: Id, a: Assignment): Promise<BaseWindow> {
    const { testVersionId, timeZone, maxAttempts } = a;
    const test =
      testVersionId === null ? null : await this.tests.pinned(tx, institutionId, testVersionId);
    const moment = (at: Date | null, local: WallTime | null): Moment =>
      at && { at, wallTime: local ?? wallTimeAt(at, timeZone) };
    return {
      timeZone,
      opens: moment(a.opensAt, a.opensLocal),
      due: moment(a.dueAt, a.dueLocal),
      closes: moment(a.closesAt, a.closesLocal),
      maxAttempts,
      timeLimitSeconds: test?.timeLimitSeconds ?? null,
    };
  }
}

/** When the time limit alone is over. */
export function limitEnd(startedAt: Date, timeLimitSeconds: number | null): Date | null {
  return attemptEndsAt(startedAt, timeLimitSeconds, null);
}

function windowOf(assignment: Assignment, base: BaseWindow, facts: LearnerFacts): LearnerWindow {
  const { learnerId, isAudience, joinedAt, overrides, accommodation } = facts;
  const { opensAt, lateJoinerDays: days } = assignment;
  const isLate = joinedAt !== null && opensAt !== null && joinedAt > opensAt;
  const lateJoiner = isLate ? { joinedAt, days } : null;
  const window = effectiveWindow({ base, overrides, accommodation, lateJoiner });
  return { ...window, learnerId, isAudience };
}

function isVisible({ status }: Assignment, window: LearnerWindow | undefined): boolean {
  return status !== 'draft' && window?.isAudience === true;
}
