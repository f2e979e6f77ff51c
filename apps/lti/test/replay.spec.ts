import { CellChanged } from '@parlance/events';
import { newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import { Lms, score } from './lms.js';
import { eventually, startLti, World } from './world.js';

let service: TestService;
let lms: Lms;
let world: World;

beforeAll(async () => {
  service = await startLti();
});
beforeEach(async () => {
  lms = await Lms.start();
  world = await World.create(service, lms);
  await world.publishAssignment();
});
afterEach(() => lms.stop());
afterAll(() => service.stop());

test('a repair delivers a grade that never came, and none that was delivered', async () => {
  const known = await world.readyLearner('user-1');
  const lost = await world.readyLearner('user-2');
  const { institutionId } = world;
  const eventId = newId();
  const delivery = (cellId: string, personId: string) => {
    const data = world.cell(personId, cellId);
    return { institutionId, version: data.cellVersion, data };
  };
  const ofKnown = { ...delivery(known.cellId, known.personId), eventId };
  await service.deliver(CellChanged, ofKnown);
  await world.untilStatus('delivered');
  const replayId = newId();
  const request = { id: replayId, mode: 'repair', reason: 'test', createdBy: 'test' };
  expect((await service.operate('POST', 'replay-admissions', request)).status).toBe(201);
  await service.publish(CellChanged, { ...ofKnown, replayId });
  await service.deliver(CellChanged, { ...delivery(lost.cellId, lost.personId), replayId });
  const path = `replay-admissions/${replayId}`;
  await eventually(async () => {
    const { applied, skipped } = (await service.operate('GET', path)).body;
    return applied === 1 && skipped === 1 && lms.scores.length === 2 ? true : undefined;
  }, 'both grades told again, and two scores at the LMS');
  expect(lms.scores.map((one) => score(one).userId)).toEqual(['user-1', 'user-2']);
  expect((await service.operate('PUT', `${path}/state`, { state: 'done' })).status).toBe(200);
});
