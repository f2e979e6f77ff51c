import { Module } from '@nestjs/common';
import type { ItemDelivery, TestStructure } from '@parlance/assessment';
import {
  ClassChanged,
  EnrolmentChanged,
  ItemVersionPublished,
  PersonChanged,
  TestVersionPublished,
} from '@parlance/events';
import { type Clock, type Id, newId } from '@parlance/kernel';
import {
  startTestService,
  type TestAnswer,
  type TestService,
  type TestServiceOptions,
} from '@parlance/platform/testing';
import { assignments, assignmentsParts } from '../src/assignments.module.js';
import { CLOCK } from '../src/clock.js';

/** Stands still until a test moves it. */
export class SetClock implements Clock {
  private instantMs = Date.now();

  now(): Date {
    return new Date(this.instantMs);
  }

  move(ms: number): void {
    this.instantMs += ms;
  }

  /** The instant so far from now, as clients write it. */
  in(ms: number): string {
    return new Date(this.instantMs + ms).toISOString();
  }
}

export const HOUR_MS = 3_600_000;

/** The whole service, but for its clock. */
export async function startAssignments(
  clock: Clock,
  options: Pick<TestServiceOptions, 'upgrade'> = {},
): Promise<TestService> {
  const { controllers, providers } = assignmentsParts;
  @Module({ controllers, providers: [...providers, { provide: CLOCK, useValue: clock }] })
  class ClockedAssignments {}
  const env = { CLAIM_CHECK_BUCKET: await bucket() };
  return startTestService({ ...assignments, module: ClockedAssignments }, { env, ...options });
}

/** A new bucket of the emulator, for events larger than a message. */
async function bucket(): Promise<string> {
  const name = `large-${newId()}`;
  const { status } = await fetch(`${process.env.TEST_AWS_ENDPOINT_URL}/${name}`, { method: 'PUT' });
  if (status !== 200) throw new Error(`The emulator answered ${status} for a bucket.`);
  return name;
}

export interface World {
  service: TestService;
  institutionId: Id;
  classId: Id;
  teacherId: Id;
  learnerId: Id;
  teacher: string;
  learner: string;
  admin: string;
  testId: Id;
  testVersionId: Id;
  itemVersionIds: Id[];
}

/** One class of an institution of its own: a teacher, a learner, and a test of `length` items. */
export async function world(
  service: TestService,
  options: { length?: number; timeLimitSeconds?: number } = {},
): Promise<World> {
  const institutionId = service.institution();
  const [classId, teacherId, learnerId, testId, testVersionId] = [1, 2, 3, 4, 5].map(newId) as [
    Id,
    Id,
    Id,
    Id,
    Id,
  ];
  const { length = 3, timeLimitSeconds } = options;
  const itemVersionIds = Array.from({ length }, () => newId());
  const made = { service, institutionId, classId, teacherId, learnerId, testId, testVersionId };
  const token = (personId: Id, role: 'teacher' | 'learner' | 'admin') =>
    service.token({ personId, institutionId, roles: [role] });
  const result = {
    ...made,
    itemVersionIds,
    teacher: await token(teacherId, 'teacher'),
    learner: await token(learnerId, 'learner'),
    admin: await token(newId(), 'admin'),
  };
  await Promise.all([
    service.deliver(ClassChanged, {
      institutionId,
      version: 1,
      data: { classId, name: 'B1 evening', status: 'active' },
    }),
    enrol(result, teacherId, 'teacher', 'Tove Teacher'),
    enrol(result, learnerId, 'learner', 'Lea Learner'),
    deliverTest(result, { timeLimitSeconds }),
    ...itemVersionIds.map((id, index) => deliverItem(result, id, index)),
  ]);
  return result;
}

export type TenantTest = Pick<World, 'service' | 'institutionId' | 'testId'> & {
  testVersionId: Id;
  itemVersionIds: Id[];
};

export async function deliverTest(
  { service, institutionId, testId, testVersionId, itemVersionIds }: TenantTest,
  options: { timeLimitSeconds?: number | undefined; versionNumber?: number } = {},
): Promise<void> {
  const { timeLimitSeconds, versionNumber = 1 } = options;
  await service.deliver(TestVersionPublished, {
    institutionId,
    version: 1,
    data: {
      testId,
      testVersionId,
      versionNumber,
      title: 'Unit 3',
      structure: structureOf(itemVersionIds) as unknown as Record<string, unknown>,
      pointsPossible: itemVersionIds.length,
      ...(timeLimitSeconds === undefined ? {} : { timeLimitSeconds }),
    },
  });
}

export async function deliverItem(
  { service, institutionId }: Pick<World, 'service' | 'institutionId'>,
  itemVersionId: Id,
  index: number,
): Promise<void> {
  await service.deliver(ItemVersionPublished, {
    institutionId,
    version: 1,
    data: {
      itemId: newId(),
      itemVersionId,
      versionNumber: 1,
      hash: 'a'.repeat(64),
      title: `Item ${index}`,
      delivery: deliveryOf(index) as unknown as Record<string, unknown>,
      pointsPossible: 1,
    },
  });
}

export async function enrol(
  { service, institutionId, classId }: Pick<World, 'service' | 'institutionId' | 'classId'>,
  personId: Id,
  role: 'teacher' | 'learner',
  displayName: string,
): Promise<Id> {
  const enrolmentId = newId();
  const data = { enrolmentId, classId, personId, role, status: 'active' as const };
  await Promise.all([
    service.deliver(EnrolmentChanged, { institutionId, version: 1, data }),
    service.deliver(PersonChanged, {
      institutionId,
      version: 1,
      data: { personId, displayName, status: 'active' },
    }),
  ]);
  return enrolmentId;
}

/** Three kinds of item in turn: a choice, a gap, and an essay. */
export function deliveryOf(index: number): ItemDelivery {
  const item = {
    schema: 1 as const,
    identifier: `item-${index}`,
    title: `Item ${index}`,
    body: [],
  };
  if (index % 3 === 1) {
    return {
      ...item,
      interactions: [{ kind: 'text-entry', responseId: 'RESPONSE', baseType: 'string' }],
    };
  }
  if (index % 3 === 2) {
    return { ...item, interactions: [{ kind: 'extended-text', responseId: 'RESPONSE' }] };
  }
  const choices = ['A', 'B', 'C', 'D'].map((id) => ({ id, fixed: false, content: [] }));
  const choice = {
    kind: 'choice' as const,
    responseId: 'RESPONSE',
    cardinality: 'single' as const,
  };
  return {
    ...item,
    interactions: [{ ...choice, shuffle: true, minChoices: 0, maxChoices: 1, choices }],
  };
}

/** The first item alone, then the others. */
function structureOf(itemVersionIds: Id[]): TestStructure {
  const items = itemVersionIds.map((itemVersionId, index) => ({
    identifier: `item-${index}`,
    itemVersionId,
    fixed: true,
  }));
  const section = { instructions: [], select: null, shuffle: false };
  return {
    title: 'Unit 3',
    sections: [
      { ...section, id: 'S1', title: 'Warm-up', items: items.slice(0, 1) },
      { ...section, id: 'S2', title: 'Main part', items: items.slice(1) },
    ],
  };
}

export async function draft(world: World, fields: object = {}): Promise<TestAnswer> {
  const { service, teacher, classId, testId } = world;
  const body = { classId, testId, title: 'Homework 3', ...fields };
  return service.request('POST', '/assignments', { token: teacher, body });
}

/** The id of an assignment that is open, unless `fields` says otherwise. */
export async function publishedAssignment(world: World, fields: object = {}): Promise<Id> {
  const { body } = await draft(world, fields);
  const path = `/assignments/${body.id}/publication`;
  const answer = await world.service.request('PUT', path, { token: world.teacher, body: {} });
  if (answer.status !== 200) throw new Error(`It was not published: ${answer.body.code}`);
  return body.id;
}

export function start(world: World, assignmentId: Id, token = world.learner): Promise<TestAnswer> {
  return world.service.request('POST', `/assignments/${assignmentId}/attempts`, { token });
}

export function save(
  world: World,
  attemptId: Id,
  responses: unknown[],
  token = world.learner,
): Promise<TestAnswer> {
  const body = { responses };
  return world.service.request('PUT', `/attempts/${attemptId}/responses`, { token, body });
}

export function submit(
  world: World,
  attemptId: Id,
  key: string = newId(),
  token = world.learner,
): Promise<TestAnswer> {
  const headers = { 'idempotency-key': key };
  const path = `/attempts/${attemptId}/submission`;
  return world.service.request('POST', path, { token, headers, body: {} });
}

export function answers(slot: number, sequence: number, value: unknown) {
  return { slot, sequence, responses: { RESPONSE: value } };
}
