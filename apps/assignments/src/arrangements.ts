import { Inject, Injectable } from '@nestjs/common';
import { type Accommodation, NO_ACCOMMODATION, type WindowOverride } from '@parlance/assessment';
import { type Clock, type Id, Refusal, storableText } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, requireVersion } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { Announcements } from './announcements.js';
import { Assignments } from './assignments.js';
import { CLOCK } from './clock.js';
import {
  type ArrangementChange,
  ArrangementStore,
  type VersionedAccommodation,
} from './db/arrangement.store.js';
import { AttemptStore } from './db/attempt.store.js';
import { WindowStore } from './db/window.store.js';
import type { Assignment } from './domain/assignment.js';
import { Groups } from './groups.js';
import { Rosters } from './rosters.js';

/** What differs for a class, a group or a learner: overrides of one assignment, accommodations. */
@Injectable()
export class Arrangements {
  constructor(
    private readonly database: Database,
    private readonly assignments: Assignments,
    private readonly store: ArrangementStore,
    private readonly attempts: AttemptStore,
    private readonly windows: WindowStore,
    private readonly groups: Groups,
    private readonly rosters: Rosters,
    private readonly announcements: Announcements,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async overrides(actor: Actor, assignmentId: Id): Promise<WindowOverride[]> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      await this.assignments.taught(tx, actor, assignmentId);
      return this.store.overrides(tx, actor.institutionId, assignmentId);
    });
  }

  /** Sets what differs for a target; attempts in progress have it at once. */
  async setOverride(
    actor: Actor,
    assignmentId: Id,
    override: WindowOverride,
    reason: string | null,
  ): Promise<WindowOverride> {
    const { institutionId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      const assignment = await this.assignments.lock(tx, actor, assignmentId);
      await this.requireTarget(tx, actor, assignment, override);
      const { targetId } = override;
      const before = await this.store.override(tx, institutionId, assignmentId, targetId);
      await this.store.putOverride(tx, institutionId, assignmentId, override);
      await this.recordOverride(tx, actor, assignmentId, targetId, {
        before,
        after: override,
        reason,
      });
      await this.announcements.changed(tx, institutionId, assignmentId);
      return override;
    });
  }

  async removeOverride(actor: Actor, assignmentId: Id, targetId: Id): Promise<void> {
    const { institutionId } = actor;
    await this.database.inInstitution(institutionId, async (tx) => {
      await this.assignments.lock(tx, actor, assignmentId);
      const before = await this.store.override(tx, institutionId, assignmentId, targetId);
      if (before === null) return;
      await this.store.removeOverride(tx, institutionId, assignmentId, targetId);
      await this.recordOverride(tx, actor, assignmentId, targetId, {
        ...{ before, after: null, reason: null },
      });
      await this.announcements.changed(tx, institutionId, assignmentId);
    });
  }

  /** Learners see their own. Nothing granted is version 0. */
  async accommodation(actor: Actor, learnerId: Id): Promise<VersionedAccommodation> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      if (learnerId !== actor.personId) {
        await this.rosters.requireTeacherOfLearner(tx, actor, learnerId);
      }
      const known = await this.store.accommodation(tx, actor.institutionId, learnerId);
      return known ?? { ...NO_ACCOMMODATION, learnerId, version: 0 };
    });
  }

  /** Grants it everywhere, at once, to attempts in progress too. */
  async setAccommodation(
    actor: Actor,
    learnerId: Id,
    given: { granted: Accommodation; reason: string | null; seen: number },
  ): Promise<VersionedAccommodation> {
    const { institutionId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      await this.rosters.requireTeacherOfLearner(tx, actor, learnerId);
      await this.attempts.lockWindows(tx, learnerId);
      const before = await this.store.accommodation(tx, institutionId, learnerId);
      requireVersion(given.seen, before?.version ?? 0);
      const next = { ...given.granted, learnerId, version: given.seen + 1 };
      if (!(await this.store.putAccommodation(tx, institutionId, next))) {
        requireVersion(given.seen, next.version);
      }
      await this.record(tx, actor, {
        ...{ kind: 'accommodation', assignmentId: null, targetId: learnerId },
        ...{ before, after: next, reason: given.reason },
      });
      for (const id of await this.windows.assignmentsOf(tx, institutionId, learnerId)) {
        await this.announcements.changed(tx, institutionId, id);
      }
      return next;
    });
  }

  async accommodationChanges(actor: Actor, learnerId: Id) {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      await this.rosters.requireTeacherOfLearner(tx, actor, learnerId);
      return this.store.changes(tx, actor.institutionId, learnerId, 'accommodation');
    });
  }

  async record(
    tx: Tx,
    actor: Actor,
    change: Omit<ArrangementChange, 'actorId' | 'traceId' | 'at'>,
  ): Promise<void> {
    const origin = { actorId: actor.personId, traceId: currentTraceId() ?? null };
    const reason = change.reason === null ? null : storableText(change.reason);
    const at = this.clock.now();
    await this.store.record(tx, actor.institutionId, { ...change, ...origin, reason, at });
  }

  private recordOverride(
    tx: Tx,
    actor: Actor,
    assignmentId: Id,
    targetId: Id,
    change: Pick<ArrangementChange, 'before' | 'after' | 'reason'>,
  ): Promise<void> {
    return this.record(tx, actor, { kind: 'override', assignmentId, targetId, ...change });
  }

  private async requireTarget(
    tx: Tx,
    actor: Actor,
    { classId }: Assignment,
    { scope, targetId }: WindowOverride,
  ): Promise<void> {
    const { institutionId } = actor;
    if (scope === 'group') {
      return this.groups.requireOfClass(tx, institutionId, classId, [targetId]);
    }
    if (scope === 'learner') {
      return this.rosters.requireLearnersOf(tx, institutionId, classId, [targetId]);
    }
    if (targetId !== classId) {
      const detail = 'An override for a class must be for the class of the assignment.';
      throw new Refusal('unprocessable', 'not-its-class', detail);
    }
  }
}
