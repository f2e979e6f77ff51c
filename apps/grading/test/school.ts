import { compileItem } from '@parlance/assessment';
import {
  ClassChanged,
  EnrolmentChanged,
  type EventDefinition,
  ItemVersionPublished,
  PersonChanged,
  ScoringSpecPublished,
  type ServiceName,
  TestVersionPublished,
} from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import { eventually } from '@parlance/messaging/testing';
import type { Role, ServiceDefinition } from '@parlance/platform';
import { startTestService, type TestRequest, type TestService } from '@parlance/platform/testing';
import { grading } from '../src/grading.module.js';

/** Services do not import each other; this spec is about what comes of them together. */
async function definitionOf(name: ServiceName): Promise<ServiceDefinition> {
  const file = new URL(`../../../${name}/dist/src/${name}.module.js`, import.meta.url);
  return ((await import(file.href)) as Record<string, ServiceDefinition>)[name]!;
}

type Name = 'assignments' | 'grading' | 'gradebook';

/** Assignments, grading and gradebook on one set of topics, with one class of one institution. */
export class School {
  readonly institutionId: Id = newId();
  readonly classId: Id = newId();
  readonly teacherId: Id = newId();

  private constructor(readonly services: Record<Name, TestService>) {}

  static async open(): Promise<School> {
    const prefix = `school-${newId().slice(-12)}`;
    const env = { TOPOLOGY_PREFIX: prefix, OBJECT_BUCKET: `${prefix}-objects` };
    const start = (definition: ServiceDefinition) => startTestService(definition, { env });
    const school = new School({
      grading: await start(grading),
      assignments: await start(await definitionOf('assignments')),
      gradebook: await start(await definitionOf('gradebook')),
    });
    const { classId } = school;
    await school.tell(ClassChanged, { classId, name: 'B1 evening', status: 'active' });
    await school.enrol(school.teacherId, 'teacher', 'Tove Teacher');
    return school;
  }

  async stop(): Promise<void> {
    for (const service of Object.values(this.services)) await service.stop();
  }

  /** An event of a service that is not here, to every service here that has to know of it. */
  async tell<T extends object>(event: EventDefinition<T>, data: NoInfer<T>): Promise<void> {
    const delivery = { institutionId: this.institutionId, version: 1, data, eventId: newId() };
    for (const [name, service] of Object.entries(this.services)) {
      if (event.consumers.includes(name as Name)) await service.deliver(event, delivery);
    }
  }

  async enrol(personId: Id, role: 'learner' | 'teacher', displayName: string): Promise<void> {
    await this.tell(PersonChanged, { personId, displayName, status: 'active' });
    const { classId } = this;
    const enrolment = { enrolmentId: newId(), classId, personId, role, status: 'active' } as const;
    await this.tell(EnrolmentChanged, enrolment);
  }

  /** A new learner of the class. */
  async learner(displayName: string): Promise<Id> {
    const personId = newId();
    await this.enrol(personId, 'learner', displayName);
    return personId;
  }

  async as(name: Name, personId: Id, role: Role, method: string, path: string, rest?: TestRequest) {
    const service = this.services[name];
    const token = await service.token({
      personId,
      institutionId: this.institutionId,
      roles: [role],
    });
    return service.request(method, path, { ...rest, token });
  }

  teacher(name: Name, method: string, path: string, rest?: TestRequest) {
    return this.as(name, this.teacherId, 'teacher', method, path, rest);
  }

  /** Publishes an item as its author wrote it, to whoever shows it and to whoever scores it. */
  async publishItem(source: { type: string } & Record<string, unknown>): Promise<Id> {
    const about = { identifier: `item-${newId()}`, title: source.type };
    const compiled = compileItem({ ...about, ...source });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
    const { delivery, scoring } = compiled.item;
    const itemVersionId = newId();
    const { pointsPossible } = scoring;
    const version = { itemVersionId, hash: 'a'.repeat(64), pointsPossible };
    await this.tell(ScoringSpecPublished, { ...version, spec: { ...scoring } });
    await this.tell(ItemVersionPublished, {
      ...{ ...version, itemId: newId(), versionNumber: 1, title: about.title },
      delivery: { ...delivery },
    });
    return itemVersionId;
  }

  /** A test of these items in their order, assigned to the class; returns the assignment. */
  async assign(itemVersionIds: Id[], pointsPossible: number): Promise<Id> {
    const testId = newId();
    const items = itemVersionIds.map((itemVersionId, index) => ({
      ...{ identifier: `item-${index}`, itemVersionId, fixed: true },
    }));
    const section = { id: 'S1', title: 'All', instructions: [], select: null, shuffle: false };
    await this.tell(TestVersionPublished, {
      ...{ testId, testVersionId: newId(), versionNumber: 1, title: 'Unit 3', pointsPossible },
      structure: { title: 'Unit 3', sections: [{ ...section, items }] },
    });
    const body = { classId: this.classId, testId, title: 'Homework 3' };
    const { body: draft } = await this.teacher('assignments', 'POST', '/assignments', { body });
    const path = `/assignments/${draft.id}/publication`;
    const { status } = await this.teacher('assignments', 'PUT', path, { body: {} });
    if (status !== 200) throw new Error('The assignment was not published.');
    await eventually(async () => {
      const answer = await this.teacher('grading', 'GET', `/marking-settings/${draft.id}`);
      return answer.status === 200 ? true : undefined;
    });
    return draft.id;
  }

  async start(assignmentId: Id, learnerId: Id): Promise<Id> {
    const path = `/assignments/${assignmentId}/attempts`;
    return (await this.as('assignments', learnerId, 'learner', 'POST', path)).body.id;
  }

  async save(attemptId: Id, learnerId: Id, responses: object[]): Promise<void> {
    const path = `/attempts/${attemptId}/responses`;
    const body = { responses };
    const answer = await this.as('assignments', learnerId, 'learner', 'PUT', path, { body });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  }

  async submit(attemptId: Id, learnerId: Id): Promise<void> {
    const headers = { 'idempotency-key': newId() };
    const path = `/attempts/${attemptId}/submission`;
    const rest = { headers, body: {} };
    const answer = await this.as('assignments', learnerId, 'learner', 'POST', path, rest);
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  }
}

export const answer = (slot: number, value: unknown, sequence = 1) => ({
  ...{ slot, sequence, responses: { R1: value } },
});
