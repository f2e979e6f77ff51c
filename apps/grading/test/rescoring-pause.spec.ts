import { type Id, newId } from '@parlance/kernel';
import { eventually } from '@parlance/messaging/testing';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { RescoreCampaignStore } from '../src/db/rescore-campaign.store.js';
import { grading } from '../src/grading.module.js';
import { RescoreBatches } from '../src/rescore-batches.js';
import { RescoreWorker } from '../src/rescore-worker.js';
import { Classroom } from './builders.js';
import { CampaignRoom } from './campaign-room.js';
import { choiceSpec } from './specs.js';

/** A campaign that is paused between two batches of a pass; the test is the worker. */
const ATTEMPTS = 5;
const BATCH = 2;
const LEASE_MS = 60_000;

let service: TestService;
let room: Classroom;
let campaigns: CampaignRoom;
let faulty: Id;
let corrected: Id;

beforeAll(async () => {
  service = await startTestService(grading);
  await service.get(RescoreWorker).onModuleDestroy();
});
beforeEach(async () => {
  room = await Classroom.open(service);
  campaigns = new CampaignRoom(room);
  faulty = await room.publish(choiceSpec('A'), 1);
  corrected = await room.publish(choiceSpec('B'), 1);
});
afterAll(() => service.stop());

const answered = () => room.submit([[faulty, { RESPONSE: 'B' }]], { learnerId: newId() });

const claim = () =>
  service.database.outsideInstitutions((tx) =>
    service.get(RescoreCampaignStore).claim(tx, newId(), LEASE_MS),
  );

/** Takes a campaign up, or fails where there is none to take. */
async function taken() {
  const lease = await claim();
  if (lease === undefined) throw new Error('There is no campaign to work on.');
  return {
    batch: () => service.get(RescoreBatches).run(lease, { batch: BATCH, leaseMs: LEASE_MS }),
  };
}

/** Works until the pass ends; what others are writing may have to be waited for. */
async function finish(): Promise<void> {
  const work = await taken();
  await eventually(async () => ((await work.batch()) === 'ended' ? true : undefined));
}

/** A draft over `ATTEMPTS` attempts that are worth 1 point with the corrected key, 0 without. */
async function draft() {
  const attempts: Id[] = [];
  for (let n = 0; n < ATTEMPTS; n += 1) attempts.push(await answered());
  const { body } = await campaigns.open(faulty, corrected);
  await finish();
  const campaign = await campaigns.read(body.id);
  expect(campaign).toMatchObject({ state: 'draft', progress: { attempts: ATTEMPTS, raised: 5 } });
  return { attempts, campaign };
}

async function step(id: Id, state: string) {
  const { status, body } = await campaigns.put(await campaigns.read(id), 'state', { state });
  expect(status).toBe(200);
  return body;
}

const pointsOf = async (attempts: readonly Id[]) => {
  const points: number[] = [];
  for (const attemptId of attempts) points.push((await campaigns.score(attemptId)).points);
  return points.sort();
};

const causesOf = async (attempts: readonly Id[]) => {
  const all: string[][] = [];
  for (const attemptId of attempts)
    all.push((await room.told(attemptId)).map(({ cause }) => cause));
  return all;
};

it('a pass that is paused stops after its batch, and goes on where it was', async () => {
  const { attempts, campaign } = await draft();
  await campaigns.put(campaign, 'approval');
  const work = await taken();
  expect(await work.batch()).toBe('more');
  const paused = await step(campaign.id, 'paused');
  expect(paused).toMatchObject({ state: 'paused', pass: 'apply', progress: { attempts: BATCH } });
  // Who held it has lost it, and nobody else can take it up.
  expect(await work.batch()).toBe('lost');
  expect(await claim()).toBeUndefined();
  expect(await pointsOf(attempts)).toEqual([0, 0, 0, 1, 1]);
  const between = await answered();
  expect(await campaigns.score(between)).toMatchObject({ version: 1, points: 1 });
  expect(await step(campaign.id, 'running')).toMatchObject({ state: 'applying' });
  await finish();
  expect(await campaigns.read(campaign.id)).toMatchObject({
    ...{ state: 'applied', progress: { attempts: ATTEMPTS, rescored: ATTEMPTS, raised: ATTEMPTS } },
  });
  expect(await pointsOf([...attempts, between])).toEqual([1, 1, 1, 1, 1, 1]);
  expect(await causesOf(attempts)).toEqual(Array(ATTEMPTS).fill(['scored', 'rescored']));
  expect(await causesOf([between])).toEqual([['scored']]);
});

it('a revert that is paused goes on as a revert, and cannot be cancelled', async () => {
  const { attempts, campaign } = await draft();
  await campaigns.put(campaign, 'approval');
  await finish();
  await step(campaign.id, 'reverted');
  expect(await (await taken()).batch()).toBe('more');
  const paused = await step(campaign.id, 'paused');
  expect(paused).toMatchObject({ pass: 'revert', progress: { attempts: BATCH } });
  expect(await pointsOf(attempts)).toEqual([0, 0, 1, 1, 1]);
  const cancelled = await campaigns.put(paused, 'state', { state: 'cancelled' });
  expect(cancelled.body).toMatchObject({ status: 409, code: 'wrong-campaign-state' });
  expect(await step(campaign.id, 'running')).toMatchObject({ state: 'reverting' });
  await finish();
  expect(await campaigns.read(campaign.id)).toMatchObject({ state: 'reverted' });
  expect(await pointsOf(attempts)).toEqual([0, 0, 0, 0, 0]);
  const causes = ['scored', 'rescored', 'rescore-reverted'];
  expect(await causesOf(attempts)).toEqual(Array(ATTEMPTS).fill(causes));
});

it('a pass that is paused and then cancelled leaves what it did, which can be reverted', async () => {
  const { attempts, campaign } = await draft();
  await campaigns.put(campaign, 'approval');
  expect(await (await taken()).batch()).toBe('more');
  await step(campaign.id, 'paused');
  await step(campaign.id, 'cancelled');
  expect(await claim()).toBeUndefined();
  expect(await pointsOf(attempts)).toEqual([0, 0, 0, 1, 1]);
  expect(await campaigns.score(await answered())).toMatchObject({ points: 0 });
  await step(campaign.id, 'reverted');
  await finish();
  expect(await campaigns.read(campaign.id)).toMatchObject({ progress: { attempts: BATCH } });
  expect(await pointsOf(attempts)).toEqual([0, 0, 0, 0, 0]);
});

it('only what is at work can be paused, and only what is paused resumed', async () => {
  const { campaign } = await draft();
  const refused = async (state: string) => {
    const { body } = await campaigns.put(await campaigns.read(campaign.id), 'state', { state });
    expect(body).toMatchObject({ status: 409, code: 'wrong-campaign-state' });
  };
  await refused('paused');
  await refused('running');
  await campaigns.put(campaign, 'approval');
  await refused('running');
  await step(campaign.id, 'paused');
  await refused('paused');
});
