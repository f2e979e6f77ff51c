import { AttemptSubmitted } from '@parlance/events';
import { newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import {
  answers,
  deliverItem,
  deliverTest,
  draft,
  publishedAssignment,
  save,
  SetClock,
  start,
  startAssignments,
  submit,
  world,
} from './builders.js';

const clock = new SetClock();
let service: TestService;

beforeAll(async () => {
  service = await startAssignments(clock);
});
afterAll(() => service.stop());

/**
 * Content tells nothing when an item is held back, and never takes a version away. All it can do is
 * publish a test that is without the item, and an item version that replaces it.
 */
describe('an item that is taken out of its test', () => {
  it('stays with the attempt that has it, which is saved, read again and handed in', async () => {
    const here = await world(service, { length: 2 });
    const [first, withdrawn] = here.itemVersionIds;
    const assignmentId = await publishedAssignment(here);
    const { body: attempt } = await start(here, assignmentId);
    await save(here, attempt.id, [answers(1, 1, 'A')]);

    const replacement = newId();
    await deliverItem(here, replacement, 1);
    const next = { ...here, testVersionId: newId(), itemVersionIds: [first ?? '', replacement] };
    await deliverTest(next, { versionNumber: 2 });

    const again = await start(here, assignmentId);
    expect(again.body.id).toBe(attempt.id);
    expect(again.body.sections[1].items[0]).toMatchObject({ itemVersionId: withdrawn });
    const saved = await save(here, attempt.id, [answers(2, 2, 'went')]);
    expect(saved.status).toBe(200);
    expect((await submit(here, attempt.id)).status).toBe(201);
    const told = (await service.emitted(AttemptSubmitted)).find(
      ({ data }) => data.attemptId === attempt.id,
    );
    expect(told?.data.items).toMatchObject([
      { slot: 1, itemVersionId: first, responses: { RESPONSE: 'A' } },
      { slot: 2, itemVersionId: withdrawn, responses: { RESPONSE: 'went' } },
    ]);
  });

  it('is in later attempts at the same assignment, and not in a new assignment', async () => {
    const here = await world(service, { length: 2 });
    const [first, withdrawn] = here.itemVersionIds;
    const assignmentId = await publishedAssignment(here, { maxAttempts: 2 });
    await submit(here, (await start(here, assignmentId)).body.id);
    const next = { ...here, testVersionId: newId(), itemVersionIds: [first ?? ''] };
    await deliverTest(next, { versionNumber: 2 });

    const second = await start(here, assignmentId);
    expect(second.body).toMatchObject({ attemptNumber: 2 });
    expect(second.body.sections[1].items).toMatchObject([{ itemVersionId: withdrawn }]);
    const other = await start(here, await publishedAssignment(here));
    expect(JSON.stringify(other.body)).not.toContain(withdrawn);
  });

  it('cannot be lost here: what attempts pin may be read and added to alone', async () => {
    const here = await world(service, { length: 1 });
    for (const sql of ['DELETE FROM item_version', 'DELETE FROM test_version']) {
      const tried = service.database.inInstitution(here.institutionId, (tx) => tx.query(sql, []));
      await expect(tried).rejects.toThrow(/permission denied/);
    }
  });

  it('that never came keeps its test from being assigned, and is waited for', async () => {
    const here = await world(service, { length: 1 });
    const missing = newId();
    const data = { ...here, testVersionId: newId(), itemVersionIds: [missing] };
    await deliverTest(data, { versionNumber: 2 });
    const { body } = await draft(here);
    const path = `/assignments/${body.id}/publication`;
    const publish = () => service.request('PUT', path, { token: here.teacher, body: {} });
    const refused = await publish();
    expect([refused.status, refused.body.code]).toEqual([409, 'test-not-available']);
    await deliverItem(here, missing, 0);
    expect((await publish()).status).toBe(200);
  });
});
