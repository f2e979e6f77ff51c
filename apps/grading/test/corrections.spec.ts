import { ItemVersionCorrected } from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { grading } from '../src/grading.module.js';
import { Classroom } from './builders.js';
import { CampaignRoom } from './campaign-room.js';
import { choiceSpec } from './specs.js';

let service: TestService;
let room: Classroom;
let campaigns: CampaignRoom;
/** One question with a wrong key, and as it was corrected. */
let faulty: Id;
let corrected: Id;

beforeAll(async () => {
  service = await startTestService(grading);
});
beforeEach(async () => {
  room = await Classroom.open(service);
  campaigns = new CampaignRoom(room);
  faulty = await room.publish(choiceSpec('A'), 1);
  corrected = await room.publish(choiceSpec('B'), 1);
});
afterAll(() => service.stop());

/** That the newer version mends the older one, as content tells it. */
function correction(from = faulty, to = corrected, institutionId = room.institutionId) {
  const versions = { oldItemVersionId: from, newItemVersionId: to };
  const data = { itemId: newId(), ...versions, reason: 'The key was wrong.', actorId: newId() };
  return { institutionId, version: 2, data, eventId: newId() };
}

async function campaignsIn(where: CampaignRoom) {
  const token = await where.opener();
  return (await service.request('GET', '/rescore-campaigns', { token })).body.items;
}

describe('a correction of an item version', () => {
  it('opens a campaign with its dry run, and no score changes by itself', async () => {
    const attemptId = await room.submit([[faulty, { RESPONSE: 'B' }]]);
    const told = correction();
    await service.deliver(ItemVersionCorrected, told);
    const [opened] = await campaignsIn(campaigns);
    const draft = await campaigns.until(opened.id, 'draft');
    expect(draft).toMatchObject({
      fromVersionId: faulty,
      toVersionId: corrected,
      reason: 'The key was wrong.',
      openedBy: told.data.actorId,
      neverLower: false,
      progress: { attempts: 1, raised: 1, lowered: 0 },
    });
    expect(await campaigns.score(attemptId)).toMatchObject({ version: 1, points: 0 });

    await campaigns.apply(draft);
    expect(await campaigns.score(attemptId)).toMatchObject({ version: 2, points: 1 });
  });

  it('is one campaign, however often it is delivered or told', async () => {
    const told = correction();
    await service.deliver(ItemVersionCorrected, told);
    await service.deliver(ItemVersionCorrected, told);
    await service.deliver(ItemVersionCorrected, { ...told, eventId: newId() });
    expect(await campaignsIn(campaigns)).toHaveLength(1);
  });

  it('leaves a campaign alone that somebody opened for it already', async () => {
    const byHand = await campaigns.draft(faulty, corrected, { neverLower: true });
    await service.deliver(ItemVersionCorrected, correction());
    expect(await campaignsIn(campaigns)).toMatchObject([{ id: byHand.id, neverLower: true }]);
  });

  it('waits for the scoring of the new version, whatever order they come in', async () => {
    const late = newId();
    const told = correction(faulty, late);
    await service.publish(ItemVersionCorrected, told);
    expect(await campaignsIn(campaigns)).toEqual([]);
    await room.publishAs(late, choiceSpec('C'), 1);
    await service.deliver(ItemVersionCorrected, told);
    expect(await campaignsIn(campaigns)).toMatchObject([{ toVersionId: late }]);
  });

  it('of a version that nobody was scored with finds nothing to do', async () => {
    await room.submit([[corrected, { RESPONSE: 'A' }]]);
    await service.deliver(ItemVersionCorrected, correction(newId()));
    const [opened] = await campaignsIn(campaigns);
    expect(await campaigns.until(opened.id, 'draft')).toMatchObject({ progress: { attempts: 0 } });
  });

  it('touches no other institution, even with versions of the same ids', async () => {
    const elsewhere = await Classroom.open(service);
    const theirs = new CampaignRoom(elsewhere);
    await elsewhere.publishAs(faulty, choiceSpec('A'), 1);
    const attemptId = await elsewhere.submit([[faulty, { RESPONSE: 'B' }]]);
    await service.deliver(ItemVersionCorrected, correction());
    const [opened] = await campaignsIn(campaigns);
    expect(await campaigns.until(opened.id, 'draft')).toMatchObject({ progress: { attempts: 0 } });
    expect(await campaignsIn(theirs)).toEqual([]);
    expect((await theirs.get(opened.id)).status).toBe(404);

    // Their own correction waits for a scoring of theirs: that of another is none.
    const told = correction(faulty, corrected, elsewhere.institutionId);
    await service.publish(ItemVersionCorrected, told);
    await elsewhere.publishAs(corrected, choiceSpec('C'), 1);
    await service.deliver(ItemVersionCorrected, told);
    const [own] = await campaignsIn(theirs);
    await theirs.apply(await theirs.until(own.id, 'draft'));
    const { parts } = await theirs.score(attemptId);
    expect(parts[0]).toMatchObject({ expected: 'C' });
  });

  it('takes no scoring away: what was answered under it can always be scored', async () => {
    await service.deliver(ItemVersionCorrected, correction());
    const tried = service.database.inInstitution(room.institutionId, (tx) =>
      tx.query('DELETE FROM scoring_spec WHERE item_version_id = $1', [faulty]),
    );
    await expect(tried).rejects.toThrow(/permission denied/);
    const attemptId = await room.submit([[faulty, { RESPONSE: 'A' }]]);
    expect(await campaigns.score(attemptId)).toMatchObject({ points: 1 });
  });
});
