import { Inject, Injectable } from '@nestjs/common';
import { instantAt, type WallTime } from '@parlance/assessment';
import { type Clock, type Id, Refusal } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database } from '@parlance/platform';
import { Announcements } from './announcements.js';
import { Assignments } from './assignments.js';
import { CLOCK } from './clock.js';
import { AssignmentStore } from './db/assignment.store.js';
import { DeadlineStore } from './db/deadline.store.js';
import { type Assignment, published, withdrawn } from './domain/assignment.js';
import { requireOrder } from './domain/window.js';
import { Rosters } from './rosters.js';
import { Tests } from './tests.js';

/** Giving assignments out, now or at a time, and taking them back. */
@Injectable()
export class Publications {
  constructor(
    private readonly database: Database,
    private readonly assignments: Assignments,
    private readonly store: AssignmentStore,
    private readonly deadlines: DeadlineStore,
    private readonly rosters: Rosters,
    private readonly tests: Tests,
    private readonly announcements: Announcements,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Repeating it changes nothing; after a withdrawal the same test version is out again. */
  async publish(actor: Actor, id: Id): Promise<Assignment> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const assignment = await this.assignments.lock(tx, actor, id);
      if (assignment.status === 'published') return assignment;
      await this.rosters.requireActiveClassOf(tx, actor, assignment.classId);
      return this.publishLocked(tx, actor.institutionId, assignment);
    });
  }

  async withdraw(actor: Actor, id: Id): Promise<Assignment> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const assignment = await this.assignments.lock(tx, actor, id);
      if (assignment.status === 'withdrawn') return assignment;
      return this.announcements.save(tx, actor.institutionId, withdrawn(assignment));
    });
  }

  /** A draft that publishes itself at a wall time in its zone; null: it no longer does. */
  async schedule(actor: Actor, id: Id, publishLocal: WallTime | null): Promise<Assignment> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const assignment = await this.assignments.lock(tx, actor, id);
      requireDraft(assignment);
      const publishAt = publishLocal === null ? null : instantAt(publishLocal, assignment.timeZone);
      const version = assignment.version + 1;
      const next: Assignment = { ...assignment, publishLocal, publishAt, version };
      await this.setDeadline(tx, actor.institutionId, next);
      return this.announcements.save(tx, actor.institutionId, next);
    });
  }

  /** What the sweeper does with a publication that is due; whoever comes second finds nothing. */
  async publishDue(institutionId: Id, id: Id): Promise<void> {
    await this.database.inInstitution(institutionId, async (tx) => {
      const assignment = await this.store.lockIdle(tx, institutionId, id);
      if (assignment === undefined) return;
      const { publishAt, status } = assignment;
      const isDue = publishAt !== null && publishAt <= this.clock.now();
      if (status === 'draft' && isDue) await this.publishLocked(tx, institutionId, assignment);
      else await this.setDeadline(tx, institutionId, assignment);
    });
  }

  private async publishLocked(tx: Tx, institutionId: Id, assignment: Assignment) {
    const { testVersionId, pointsPossible, testId } = assignment;
    const test =
      testVersionId !== null && pointsPossible !== null
        ? { testVersionId, pointsPossible }
        : await this.tests.newestComplete(tx, institutionId, testId);
    const next = published(assignment, test, this.clock.now());
    // A close in the past of an assignment without an opening would put them out of order.
    requireOrder(next);
    if (assignment.publishAt !== null) await this.setDeadline(tx, institutionId, next);
    return this.announcements.save(tx, institutionId, next);
  }

  private setDeadline(tx: Tx, institutionId: Id, { id, publishAt, status }: Assignment) {
    const deadline = { institutionId, kind: 'publication' as const, objectId: id };
    return this.deadlines.put(tx, deadline, status === 'draft' ? publishAt : null);
  }
}

function requireDraft({ status }: Assignment): void {
  if (status === 'draft') return;
  const detail = 'Only a draft can be published at a time.';
  throw new Refusal('conflict', 'assignment-published', detail);
}
