import { Inject, Injectable } from '@nestjs/common';
import type { GradePolicy } from '@parlance/assessment';
import { type Clock, type Id, newId, notFound, storableText } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, hasRole, once, requireVersion } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { Announcements } from './announcements.js';
import { CLOCK } from './clock.js';
import { AssignmentStore, type Viewer } from './db/assignment.store.js';
import { PolicyStore, type PolicyVersion } from './db/policy.store.js';
import { type Assignment, type AssignmentChange, changed, type Mode } from './domain/assignment.js';
import { type Audience, requireSomebody } from './domain/audience.js';
import { type GivenSchedule, rescheduled } from './domain/schedule.js';
import { requireOrder } from './domain/window.js';
import { Groups } from './groups.js';
import { Rosters } from './rosters.js';
import { Tests } from './tests.js';

export interface NewAssignment {
  classId: Id;
  testId: Id;
  title: string;
  category: string;
  maxAttempts: number;
  mode: Mode;
  schedule: GivenSchedule;
  audience: Audience;
}

/** What teachers do with assignments beside publishing them. */
@Injectable()
export class Assignments {
  constructor(
    private readonly database: Database,
    private readonly store: AssignmentStore,
    private readonly policies: PolicyStore,
    private readonly rosters: Rosters,
    private readonly groups: Groups,
    private readonly tests: Tests,
    private readonly announcements: Announcements,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(actor: Actor, given: NewAssignment, key: string | undefined): Promise<Assignment> {
    const request = { actor, key, operation: 'create-assignment', body: given };
    const answer = await this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, request, () => this.add(tx, actor, given)),
    );
    return withInstants(answer);
  }

  /** A new draft, within a transaction. */
  async add(tx: Tx, actor: Actor, given: NewAssignment): Promise<Assignment> {
    const { schedule: asked, audience, ...fields } = given;
    const schedule = rescheduled(null, asked);
    requireOrder(schedule);
    await this.rosters.requireActiveClassOf(tx, actor, given.classId);
    await this.requireAudience(tx, actor, given.classId, audience);
    await this.tests.requireArrived(tx, actor.institutionId, given.testId);
    const assignment: Assignment = {
      ...withStorableTexts(fields),
      ...schedule,
      ...audience,
      id: newId(),
      testVersionId: null,
      pointsPossible: null,
      liveSlot: 0,
      policyVersion: 0,
      policy: null,
      publishLocal: null,
      publishAt: null,
      status: 'draft',
      version: 1,
      createdAt: this.clock.now(),
    };
    const by = { personId: actor.personId, traceId: currentTraceId() };
    await this.store.insert(tx, actor.institutionId, assignment, by);
    return assignment;
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

  async change(actor: Actor, id: Id, change: AssignmentChange, seen: number): Promise<Assignment> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const assignment = await this.lock(tx, actor, id);
      requireVersion(seen, assignment.version);
      const next = changed(assignment, withStorableTexts(change), this.clock.now());
      requireOrder(next);
      await this.requireAudience(tx, actor, next.classId, next);
      return this.announcements.save(tx, actor.institutionId, next);
    });
  }

  /** A new version of how attempts become grades; those before stay what they were. */
  async setPolicy(actor: Actor, id: Id, policy: GradePolicy, seen: number): Promise<Assignment> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const assignment = await this.lock(tx, actor, id);
      requireVersion(seen, assignment.version);
      return this.withPolicy(tx, actor, assignment, policy);
    });
  }

  /** The locked assignment with a policy of the next version. */
  async withPolicy(
    tx: Tx,
    actor: Actor,
    assignment: Assignment,
    policy: GradePolicy,
  ): Promise<Assignment> {
    const { institutionId, personId: actorId } = actor;
    const policyVersion = assignment.policyVersion + 1;
    const origin = { actorId, traceId: currentTraceId() ?? null, at: this.clock.now() };
    const kept = { version: policyVersion, policy };
    await this.policies.add(tx, institutionId, assignment.id, kept, origin);
    const version = assignment.version + 1;
    return this.announcements.save(tx, institutionId, {
      ...{ ...assignment, policyVersion, policy, version },
    });
  }

  /** Whom it is for; the learners it names are for teachers alone to know. */
  async audience(actor: Actor, id: Id): Promise<Audience> {
    return this.database.inInstitution(actor.institutionId, (tx) => this.taught(tx, actor, id));
  }

  /** Every version of the policy, oldest first. */
  async policyVersions(actor: Actor, id: Id): Promise<PolicyVersion[]> {
    const { institutionId } = actor;
    return this.database.inInstitution(institutionId, async (tx) => {
      await this.taught(tx, actor, id);
      return this.policies.versions(tx, institutionId, id);
    });
  }

  /** The assignment, if the actor teaches its class. */
  async taught(tx: Tx, actor: Actor, id: Id): Promise<Assignment> {
    return this.requireTaught(tx, actor, await this.store.find(tx, actor.institutionId, id));
  }

  /** As `taught`, and nobody else changes it until the transaction ends. */
  async lock(tx: Tx, actor: Actor, id: Id): Promise<Assignment> {
    return this.requireTaught(tx, actor, await this.store.lock(tx, actor.institutionId, id));
  }

  private async requireTaught(tx: Tx, actor: Actor, assignment: Assignment | undefined) {
    if (assignment === undefined) throw notFound('assignment');
    await this.rosters.requireTeacherOf(tx, actor, assignment.classId, 'assignment');
    return assignment;
  }

  private async requireAudience(tx: Tx, actor: Actor, classId: Id, audience: Audience) {
    requireSomebody(audience);
    const { institutionId } = actor;
    await this.groups.requireOfClass(tx, institutionId, classId, audience.groupIds ?? []);
    await this.rosters.requireLearnersOf(tx, institutionId, classId, audience.learnerIds ?? []);
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
export function withInstants(assignment: Assignment): Assignment {
  const instant = (value: Date | null) => value && new Date(value);
  return {
    ...assignment,
    opensAt: instant(assignment.opensAt),
    dueAt: instant(assignment.dueAt),
    closesAt: instant(assignment.closesAt),
    publishAt: instant(assignment.publishAt),
    createdAt: new Date(assignment.createdAt),
  };
}
