import { Inject, Injectable } from '@nestjs/common';
import { AssignmentPublished } from '@parlance/events';
import { type Clock, type Id, newId, notFound, storableText } from '@parlance/kernel';
import { Outbox, type Tx } from '@parlance/messaging';
import { type Actor, Database, hasRole, once, requireVersion } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { CLOCK } from './clock.js';
import { AssignmentStore, type Viewer } from './db/assignment.store.js';
import {
  type Assignment,
  type AssignmentChange,
  changed,
  published,
  withdrawn,
} from './domain/assignment.js';
import { requireOrder, requireTimeZone } from './domain/window.js';
import { Rosters } from './rosters.js';
import { Tests } from './tests.js';

export type NewAssignment = Omit<
  Assignment,
  'id' | 'testVersionId' | 'pointsPossible' | 'status' | 'version' | 'createdAt'
>;

/** What teachers do with assignments, from draft to withdrawal. */
@Injectable()
export class Assignments {
  constructor(
    private readonly database: Database,
    private readonly store: AssignmentStore,
    private readonly rosters: Rosters,
    private readonly tests: Tests,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(actor: Actor, given: NewAssignment, key: string | undefined): Promise<Assignment> {
    requireOrder(given);
    requireTimeZone(given.timeZone);
    const request = { actor, key, operation: 'create-assignment', body: given };
    const answer = await this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, request, async () => {
        await this.rosters.requireActiveClassOf(tx, actor, given.classId);
        await this.tests.requireArrived(tx, actor.institutionId, given.testId);
        const assignment: Assignment = {
          ...withStorableTexts(given),
          id: newId(),
          testVersionId: null,
          pointsPossible: null,
          status: 'draft',
          version: 1,
          createdAt: this.clock.now(),
        };
        const by = { personId: actor.personId, traceId: currentTraceId() };
        await this.store.insert(tx, actor.institutionId, assignment, by);
        return assignment;
      }),
    );
    return withInstants(answer);
  }

  async get(actor: Actor, id: Id): Promise<Assignment> {
    const { institutionId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      const assignment = await this.store.visible(tx, institutionId, id, viewerOf(actor));
      if (assignment === undefined) throw notFound('assignment');
      return assignment;
    });
  }

  /** Newest first, one more than `limit` when there are more. */
  async list(
    actor: Actor,
    page: { classId: Id | null; beforeId: Id | null; limit: number },
  ): Promise<Assignment[]> {
    return this.database.inInstitution(actor.institutionId, (tx) =>
      this.store.list(tx, actor.institutionId, viewerOf(actor), page),
    );
  }

  async change(
    actor: Actor,
    id: Id,
    change: AssignmentChange,
    seenVersion: number,
  ): Promise<Assignment> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const assignment = await this.lock(tx, actor, id);
      requireVersion(seenVersion, assignment.version);
      const next = changed(assignment, withStorableTexts(change), this.clock.now());
      requireOrder(next);
      requireTimeZone(next.timeZone);
      return this.save(tx, actor, next);
    });
  }

  /** Repeating it changes nothing; after a withdrawal the same test version is out again. */
  async publish(actor: Actor, id: Id): Promise<Assignment> {
    const { institutionId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      const assignment = await this.lock(tx, actor, id);
      if (assignment.status === 'published') return assignment;
      await this.rosters.requireActiveClassOf(tx, actor, assignment.classId);
      const { testVersionId, pointsPossible, testId } = assignment;
      const test =
        testVersionId !== null && pointsPossible !== null
          ? { testVersionId, pointsPossible }
          : await this.tests.newestComplete(tx, institutionId, testId);
      const next = published(assignment, test, this.clock.now());
      // A close in the past of an assignment without an opening would put them out of order.
      requireOrder(next);
      return this.save(tx, actor, next);
    });
  }

  async withdraw(actor: Actor, id: Id): Promise<Assignment> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const assignment = await this.lock(tx, actor, id);
      if (assignment.status === 'withdrawn') return assignment;
      return this.save(tx, actor, withdrawn(assignment));
    });
  }

  /** The locked assignment, if the actor teaches its class. */
  private async lock(tx: Tx, actor: Actor, id: Id): Promise<Assignment> {
    const assignment = await this.store.lock(tx, actor.institutionId, id);
    if (assignment === undefined) throw notFound('assignment');
    await this.rosters.requireTeacherOf(tx, actor, assignment.classId, 'assignment');
    return assignment;
  }

  private async save(tx: Tx, actor: Actor, assignment: Assignment): Promise<Assignment> {
    const { institutionId } = actor;
    await this.store.update(tx, institutionId, assignment, currentTraceId());
    const { status, version, opensAt, dueAt, closesAt } = assignment;
    if (status === 'draft') return assignment;
    if (opensAt === null || assignment.pointsPossible === null) {
      throw new Error('A published assignment has neither opening nor points.');
    }
    await this.outbox.add(tx, AssignmentPublished, {
      institutionId,
      version,
      data: {
        assignmentId: assignment.id,
        classId: assignment.classId,
        title: assignment.title,
        category: assignment.category,
        pointsPossible: assignment.pointsPossible,
        status,
        opensAt: opensAt.toISOString(),
        ...(dueAt === null ? {} : { dueAt: dueAt.toISOString() }),
        ...(closesAt === null ? {} : { closesAt: closesAt.toISOString() }),
        timeZone: assignment.timeZone,
      },
    });
    return assignment;
  }
}

export function viewerOf(actor: Actor): Viewer {
  return {
    personId: actor.personId,
    seesAll: hasRole(actor, 'admin'),
    teaches: hasRole(actor, 'teacher'),
    learns: hasRole(actor, 'learner'),
  };
}

function withStorableTexts<T extends { title?: string; category?: string }>(given: T): T {
  const { title, category } = given;
  return {
    ...given,
    ...(title === undefined ? {} : { title: storableText(title) }),
    ...(category === undefined ? {} : { category: storableText(category) }),
  };
}

/** An answer kept for an Idempotency-Key comes back as JSON, its instants as text. */
function withInstants(assignment: Assignment): Assignment {
  const instant = (value: Date | null) => value && new Date(value);
  return {
    ...assignment,
    opensAt: instant(assignment.opensAt),
    dueAt: instant(assignment.dueAt),
    closesAt: instant(assignment.closesAt),
    createdAt: new Date(assignment.createdAt),
  };
}
