import { Inject, Injectable } from '@nestjs/common';
import { MOMENTS, plusDays, type WallTime } from '@parlance/assessment';
import { type Clock, type Id, newId, notFound, storableText } from '@parlance/kernel';
import { type Actor, Database, once } from '@parlance/platform';
import { Assignments, withInstants } from './assignments.js';
import { CLOCK } from './clock.js';
import { type Template, TemplateStore } from './db/template.store.js';
import type { Assignment } from './domain/assignment.js';
import { WHOLE_CLASS } from './domain/audience.js';
import type { GivenSchedule } from './domain/schedule.js';
import { settingsOf, startingOn } from './domain/template.js';

/** Assignments made of others: copies in other classes, and templates to begin from. */
@Injectable()
export class Templates {
  constructor(
    private readonly database: Database,
    private readonly assignments: Assignments,
    private readonly store: TemplateStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * A draft like it in a class of the actor, by so many calendar days later. Whom it is for and
   * what differs for learners stays behind: those are others' learners.
   */
  async copy(
    actor: Actor,
    assignmentId: Id,
    to: { classId: Id; shiftDays: number },
    key: string | undefined,
  ): Promise<Assignment> {
    const request = { actor, key, operation: `copy-assignment:${assignmentId}`, body: to };
    const answer = await this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, request, async () => {
        const known = await this.assignments.taught(tx, actor, assignmentId);
        const { testId, title, category, maxAttempts, mode, policy } = known;
        const copy = await this.assignments.add(tx, actor, {
          ...{ classId: to.classId, testId, title, category, maxAttempts, mode },
          schedule: shifted(known, to.shiftDays),
          audience: WHOLE_CLASS,
        });
        return policy === null ? copy : this.assignments.withPolicy(tx, actor, copy, policy);
      }),
    );
    return withInstants(answer);
  }

  async keep(
    actor: Actor,
    given: { assignmentId: Id; name: string },
    key: string | undefined,
  ): Promise<Template> {
    const request = { actor, key, operation: 'create-template', body: given };
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, request, async () => {
        const known = await this.assignments.taught(tx, actor, given.assignmentId);
        const template = {
          id: newId(),
          name: storableText(given.name),
          settings: settingsOf(known),
        };
        const by = { actorId: actor.personId, at: this.clock.now() };
        await this.store.insert(tx, actor.institutionId, template, by);
        return template;
      }),
    );
  }

  /** Those of the institution, by name. */
  async list(actor: Actor): Promise<Template[]> {
    return this.database.inInstitution(actor.institutionId, (tx) =>
      this.store.list(tx, actor.institutionId),
    );
  }

  async remove(actor: Actor, id: Id): Promise<void> {
    const isGone = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.store.remove(tx, actor.institutionId, id, actor.personId),
    );
    if (!isGone) throw notFound('template');
  }

  /** A draft made of a template, opening on a day of the teacher's. */
  async use(
    actor: Actor,
    templateId: Id,
    to: { classId: Id; startsOn: string },
    key: string | undefined,
  ): Promise<Assignment> {
    const request = { actor, key, operation: `use-template:${templateId}`, body: to };
    const answer = await this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, request, async () => {
        const template = await this.store.find(tx, actor.institutionId, templateId);
        if (template === undefined) throw notFound('template');
        const { schedule, policy, ...fields } = template.settings;
        const draft = await this.assignments.add(tx, actor, {
          ...fields,
          classId: to.classId,
          schedule: startingOn(schedule, to.startsOn),
          audience: WHOLE_CLASS,
        });
        return policy === null ? draft : this.assignments.withPolicy(tx, actor, draft, policy);
      }),
    );
    return withInstants(answer);
  }
}

function shifted(known: Assignment, days: number): GivenSchedule {
  const local = { opens: known.opensLocal, due: known.dueLocal, closes: known.closesLocal };
  const moment = (at: WallTime | null) => at && { local: plusDays(at, days) };
  const moments = MOMENTS.map((name) => [name, moment(local[name])]);
  return { ...Object.fromEntries(moments), timeZone: known.timeZone };
}
