import type { ItemDelivery } from '@parlance/assessment';
import {
  ItemTried,
  type ItemTriedData,
  ItemVersionPublished,
  TryScored,
  type TryScoredData,
} from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import type { TestAnswer, TestService } from '@parlance/platform/testing';
import { deliverTest, publishedAssignment, start, type World, world } from './builders.js';

export const TRIED: ItemDelivery = {
  schema: 1,
  identifier: 'tea',
  title: 'Tea',
  body: [],
  interactions: [
    { kind: 'text-entry', responseId: 'RESPONSE', baseType: 'string' },
    { kind: 'extended-text', responseId: 'WHY' },
  ],
  tries: 3,
};

/** The first item is tried, the second answered once. */
export async function tryingWorld(
  service: TestService,
  delivery: ItemDelivery = TRIED,
): Promise<World> {
  const made = await world(service, { length: 1 });
  const [itemVersionId, testId, testVersionId] = [newId(), newId(), newId()];
  await service.deliver(ItemVersionPublished, {
    institutionId: made.institutionId,
    version: 1,
    data: {
      ...{ itemId: newId(), itemVersionId, versionNumber: 1, hash: 'b'.repeat(64), title: 'Tea' },
      ...{ delivery: { ...delivery }, pointsPossible: 1 },
    },
  });
  const itemVersionIds = [itemVersionId, ...made.itemVersionIds];
  const tried = { ...made, testId, testVersionId, itemVersionIds };
  await deliverTest(tried);
  return tried;
}

export async function begun(of: World, fields: object = {}): Promise<Id> {
  return (await start(of, await publishedAssignment(of, fields))).body.id;
}

export interface GivenTry {
  key?: string;
  token?: string;
  slot?: number | string;
  more?: object;
}

export function tryWith(
  { service, learner }: World,
  id: Id,
  sequence: number,
  value: unknown,
  given: GivenTry = {},
): Promise<TestAnswer> {
  const { key = newId(), token = learner, slot = 1, more = {} } = given;
  return service.request('POST', `/attempts/${id}/items/${slot}/tries`, {
    ...{ token, headers: { 'idempotency-key': key } },
    body: { sequence, responses: { RESPONSE: value }, ...more },
  });
}

export function readTries(
  { service, learner }: World,
  id: Id,
  token = learner,
  slot: number | string = 1,
): Promise<TestAnswer> {
  return service.request('GET', `/attempts/${id}/items/${slot}/tries`, { token });
}

/** What grading was told of the tries of an attempt. */
export async function toldTries({ service }: World, id: Id): Promise<ItemTriedData[]> {
  const events = await service.emitted(ItemTried);
  return events.map(({ data }) => data).filter(({ attemptId }) => attemptId === id);
}

/** What grading says to a try. */
export async function answerTry(
  of: World,
  id: Id,
  tryNumber: number,
  more: Partial<TryScoredData> = {},
): Promise<void> {
  const tried = (await toldTries(of, id)).find(({ tries }) => tries.length === tryNumber);
  const data = {
    ...{ tryId: tried?.tryId ?? newId(), attemptId: id, slot: 1, tryNumber },
    ...{ triesCounted: tryNumber, completed: false, feedback: [] },
    ...{ scoredAt: '2026-03-02T09:00:00.000Z', ...more },
  };
  const { service, institutionId } = of;
  await service.deliver(TryScored, { institutionId, version: 1, data });
}
