import { ItemVersionCorrected, ItemVersionPublished, ScoringSpecPublished } from '@parlance/events';
import { newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import {
  choiceSource,
  gapPackage,
  type Person,
  person,
  publishedItem,
  startContent,
  textsIn,
} from './content-service.js';

let service: TestService;
let author: Person;
let reviewer: Person;
let admin: Person;

beforeAll(async () => {
  service = await startContent();
  author = await person(service);
  reviewer = await person(service, 'teacher', author.institutionId);
  admin = await person(service, 'admin', author.institutionId);
});
afterAll(() => service.stop());

const created = async (source: object) => {
  const { status, body } = await author.post('/items', { source });
  expect(status).toBe(201);
  return `/items/${body.itemId}`;
};
const codeOf = (answer: { status: number; body: { code?: string } }) => [
  answer.status,
  answer.body.code,
];
const stepsOf = async (path: string) => {
  const { body } = await author.get(`${path}/history`);
  return body.items.map((row: { step: string }) => row.step);
};

describe('a draft', () => {
  it('may be unfinished, and tells what is missing', async () => {
    const { status, body } = await author.post('/items', {
      source: { type: 'single-choice', title: 'Half\u0000 done' },
    });
    expect([status, body.state, body.title, body.version]).toEqual([201, 'draft', 'Half done', 1]);
    expect(body.faults.length).toBeGreaterThan(0);
    const path = `/items/${body.itemId}`;
    const request = await author.put(`${path}/review-request`, undefined, 1);
    expect(codeOf(request)).toEqual([422, 'draft-has-faults']);
    expect(request.body.errors.length).toBeGreaterThan(0);
    const saved = await author.put(`${path}/draft`, { source: choiceSource('half-done') }, 1);
    expect([saved.status, saved.body.version, saved.body.faults]).toEqual([200, 2, []]);
    expect(saved.headers.get('etag')).toBe('"2"');
    expect(saved.headers.get('cache-control')).toBe('no-store');
  });

  it('is not overwritten by whoever saw an older one', async () => {
    const path = await created(choiceSource('two-writers'));
    const saves = ['go', 'going'].map((right) =>
      author.put(`${path}/draft`, { source: choiceSource('two-writers', right) }, 1),
    );
    const statuses = (await Promise.all(saves)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 412]);
  });

  it('is made once for one Idempotency-Key, and takes no identifier twice', async () => {
    const key = newId();
    const body = { source: choiceSource('once') };
    const first = await author.post('/items', body, key);
    const again = await author.post('/items', body, key);
    expect(again.body).toEqual(first.body);
    expect(codeOf(await author.post('/items', body))).toEqual([409, 'identifier-taken']);
  });

  it('holds at most so much, at so many levels', async () => {
    const deep = JSON.parse(`${'['.repeat(80)}${']'.repeat(80)}`) as object;
    const tooDeep = await author.post('/items', { source: { type: 'x', deep } });
    expect(codeOf(tooDeep)).toEqual([400, 'source-too-deep']);
    const large = await author.post('/items', { source: { type: 'x', text: 'x'.repeat(300_000) } });
    expect(codeOf(large)).toEqual([413, 'source-too-large']);
    const unheardOf = await author.post('/items', { source: { type: 'telepathy' } });
    expect(unheardOf.body.faults).toEqual([{ pointer: '/type', detail: 'is not an item type' }]);
  });

  it('cannot use a file that nobody has uploaded', async () => {
    const sha256 = 'a'.repeat(64);
    const media = [{ sha256, mediaType: 'audio/mpeg', sizeBytes: 1000, alt: 'A voice' }];
    const { body } = await author.post('/items', {
      source: choiceSource('silent', 'go', { media }),
    });
    expect(body.faults).toEqual([
      { pointer: '', detail: `the file ${sha256} has not been uploaded` },
    ]);
    const request = await author.put(`/items/${body.itemId}/review-request`, undefined, 1);
    expect(codeOf(request)).toEqual([422, 'draft-has-faults']);
  });
});

describe('a review', () => {
  it('is for somebody who did not write, and what was approved is published', async () => {
    const path = await created(choiceSource('reviewed'));
    const early = await reviewer.review(`${path}/reviews`, 1, { verdict: 'approve' });
    expect(codeOf(early)).toEqual([409, 'not-in-review']);
    expect(codeOf(await author.put(`${path}/publication`, {}, 1))).toEqual([409, 'review-missing']);

    const asked = await author.put(`${path}/review-request`, undefined, 1);
    expect(asked.body.state).toBe('in-review');
    expect((await author.get(path)).body).toMatchObject({ status: 'in-review', latest: null });
    const own = await author.review(`${path}/reviews`, 1, { verdict: 'approve' });
    expect(codeOf(own)).toEqual([403, 'reviewer-is-author']);
    const edit = await author.put(`${path}/draft`, { source: choiceSource('reviewed') }, 1);
    expect(codeOf(edit)).toEqual([409, 'draft-in-review']);
    const bare = await reviewer.review(`${path}/reviews`, 1, { verdict: 'request-changes' });
    expect(codeOf(bare)).toEqual([400, 'comment-required']);
    const changes = { verdict: 'request-changes', comment: 'Too easy.' };
    expect((await reviewer.review(`${path}/reviews`, 1, changes)).status).toBe(201);

    await author.put(`${path}/draft`, { source: choiceSource('reviewed', 'go') }, 1);
    await author.put(`${path}/review-request`, undefined, 2);
    const stale = await reviewer.review(`${path}/reviews`, 1, { verdict: 'approve' });
    expect(codeOf(stale)).toEqual([412, 'version-changed']);
    await reviewer.review(`${path}/reviews`, 2, { verdict: 'approve' });
    const published = await author.put(`${path}/publication`, {}, 2);
    expect(published.body).toMatchObject({
      ...{ status: 'published', type: 'single-choice', latestVersionNumber: 1 },
      authorId: author.personId,
    });
    expect((await author.get(`${path}/draft`)).status).toBe(404);
    expect(codeOf(await author.put(`${path}/publication`, {}, 2))).toEqual([
      404,
      'draft-not-found',
    ]);
    expect(await stepsOf(path)).toEqual([
      ...['published', 'approved', 'review-requested', 'changes-requested'],
      ...['review-requested', 'created'],
    ]);
    const { body } = await author.get(`${path}/reviews?limit=1`);
    expect(body.items).toMatchObject([{ verdict: 'approve', reviewerId: reviewer.personId }]);
    expect(body.nextCursor).not.toBeNull();
  });

  it('can be withdrawn, and an approval goes with it', async () => {
    const path = await created(choiceSource('withdrawn'));
    await author.put(`${path}/review-request`, undefined, 1);
    await reviewer.review(`${path}/reviews`, 1, { verdict: 'approve' });
    const back = await author.remove(`${path}/review-request`, 1);
    expect(back.body).toMatchObject({ state: 'draft', approvedBy: null });
    expect(codeOf(await author.put(`${path}/publication`, {}, 1))).toEqual([409, 'review-missing']);
  });

  it('is not needed where an admin says so', async () => {
    const chief = await person(service, 'admin');
    const own = await person(service, 'teacher', chief.institutionId);
    expect((await own.get('/bank-policy')).body).toEqual({ reviewRequired: true, version: 0 });
    expect((await own.put('/bank-policy', { reviewRequired: false }, 0)).status).toBe(403);
    const set = await chief.put('/bank-policy', { reviewRequired: false }, 0);
    expect(set.body).toEqual({ reviewRequired: false, version: 1 });
    expect((await chief.put('/bank-policy', { reviewRequired: true }, 0)).status).toBe(412);
    const { body } = await own.post('/items', { source: choiceSource('alone') });
    expect((await own.put(`/items/${body.itemId}/publication`, {}, 1)).status).toBe(200);
  });

  it('has comments, which are resolved and opened again', async () => {
    const path = await created(choiceSource('discussed'));
    const said = await reviewer.post(`${path}/comments`, { text: ' Is "goes" the only one? ' });
    expect(said.body).toMatchObject({ text: 'Is "goes" the only one?', resolvedAt: null });
    const at = `${path}/comments/${said.body.id}/resolution`;
    const resolved = await author.put(at, { resolved: true });
    expect(resolved.body.resolvedBy).toBe(author.personId);
    expect((await reviewer.put(at, { resolved: true })).body).toEqual(resolved.body);
    expect((await reviewer.put(at, { resolved: false })).body.resolvedAt).toBeNull();
    expect((await author.get(`${path}/comments`)).body.items).toHaveLength(1);
    const elsewhere = `${await created(choiceSource('elsewhere'))}/comments/${said.body.id}`;
    expect((await author.put(`${elsewhere}/resolution`, { resolved: true })).status).toBe(404);
    expect((await author.post(`${path}/comments`, { text: '\u0000 ' })).status).toBe(400);
  });
});

describe('what is published', () => {
  it('is told without the key to assignments, and with it to grading alone', async () => {
    const { itemId, itemVersionId } = await publishedItem(
      author,
      reviewer,
      choiceSource('told', 'going'),
      { cefrLevel: 'A2' },
    );
    const versions = await service.emitted(ItemVersionPublished);
    const told = versions.find(({ data }) => data.itemId === itemId)?.data;
    expect(told).toMatchObject({ itemVersionId, versionNumber: 1, cefrLevel: 'A2' });
    expect(textsIn(told)).not.toContain('correct');
    const specs = await service.emitted(ScoringSpecPublished);
    expect(specs.filter(({ data }) => data.itemVersionId === itemVersionId)).toHaveLength(1);
    const { body } = await author.get(`/items/${itemId}`);
    expect(body.latest.hash).toBe(told?.hash);
    expect(textsIn(body)).not.toContain('correct');
  });

  it('is compared version by version, and corrected by a later one', async () => {
    const source = choiceSource('corrected');
    const { itemId, itemVersionId } = await publishedItem(author, reviewer, source);
    const path = `/items/${itemId}`;
    expect((await author.put(`${path}/draft`, { source }, 0)).status).toBe(200);
    await author.put(`${path}/review-request`, undefined, 1);
    await reviewer.review(`${path}/reviews`, 1, { verdict: 'approve' });
    expect(codeOf(await author.put(`${path}/publication`, {}, 1))).toEqual([
      ...[409, 'nothing-changed'],
    ]);
    await author.remove(`${path}/review-request`, 1);
    await author.put(`${path}/draft`, { source: choiceSource('corrected', 'going') }, 1);
    await author.put(`${path}/review-request`, undefined, 2);
    await reviewer.review(`${path}/reviews`, 2, { verdict: 'approve' });
    const correction = { correctedVersionIds: [itemVersionId] };
    expect(codeOf(await author.put(`${path}/publication`, correction, 2))).toEqual([
      ...[400, 'reason-required'],
    ]);
    const odd = { correctedVersionIds: ['x'], reason: 'x' };
    expect((await author.put(`${path}/publication`, odd, 2)).status).toBe(400);
    const foreign = { correctedVersionIds: [newId()], reason: 'x' };
    expect(codeOf(await author.put(`${path}/publication`, foreign, 2))).toEqual([
      ...[422, 'item-version-not-found'],
    ]);
    const reason = 'The key was wrong.';
    const { body } = await author.put(`${path}/publication`, { ...correction, reason }, 2);
    expect(body.latestVersionNumber).toBe(2);
    const events = await service.emitted(ItemVersionCorrected);
    expect(events.map(({ data }) => data)).toEqual([
      {
        ...{ itemId, reason, actorId: author.personId },
        ...{ oldItemVersionId: itemVersionId, newItemVersionId: body.latestVersionId },
      },
    ]);
    const diff = await author.get(`${path}/versions/1/diff/2`);
    expect(diff.headers.get('cache-control')).toBe('no-store');
    expect(diff.body).toMatchObject({ complete: true, before: { versionNumber: 1 } });
    const pointers = diff.body.differences.map((one: { pointer: string }) => one.pointer);
    expect(pointers).toEqual(
      expect.arrayContaining(['/source/choices/0/correct', '/source/choices/2/correct']),
    );
    expect(pointers.some((pointer: string) => pointer.startsWith('/scoring/'))).toBe(true);
    expect((await author.get(`${path}/versions/1/diff/1`)).body.differences).toEqual([]);
    expect((await author.get(`${path}/versions/1/diff/3`)).status).toBe(404);
  });

  it('is held back by anybody who teaches, and let in by an admin', async () => {
    const { itemId } = await publishedItem(author, reviewer, choiceSource('held'));
    const path = `/items/${itemId}`;
    expect((await reviewer.put(`${path}/quarantine`, { reason: ' ' })).status).toBe(400);
    const held = await reviewer.put(`${path}/quarantine`, { reason: 'It leaked.' });
    expect(held.body.status).toBe('quarantined');
    expect((await author.put(`${path}/quarantine`, { reason: 'Again' })).body).toEqual(held.body);
    expect((await author.remove(`${path}/quarantine`)).status).toBe(403);
    expect((await admin.remove(`${path}/retirement`)).body.status).toBe('quarantined');
    expect((await admin.remove(`${path}/quarantine`)).body.status).toBe('published');
    await author.put(`${path}/retirement`, { reason: 'Old.' });
    await author.put(`${path}/draft`, { source: choiceSource('held', 'go') }, 0);
    expect(codeOf(await author.put(`${path}/publication`, {}, 1))).toEqual([409, 'item-retired']);
    expect((await author.remove(`${path}/draft`, 1)).status).toBe(204);
    expect(await stepsOf(path)).toEqual([
      ...['draft-discarded', 'retired', 'released', 'quarantined', 'published'],
      ...['approved', 'review-requested', 'created'],
    ]);
  });

  it('stays held back when a package brings it anew', async () => {
    const importer = await person(service);
    await importer.upload(gapPackage({ q1: 'a' }));
    const [{ id }] = (await importer.get('/items')).body.items;
    await importer.put(`/items/${id}/quarantine`, { reason: 'Leaked.' });
    await importer.upload(gapPackage({ q1: 'b' }));
    const { body } = await importer.get(`/items/${id}`);
    expect(body).toMatchObject({ status: 'quarantined', latestVersionNumber: 2 });
    expect((await importer.get('/items')).body.items).toEqual([]);
  });

  it('has never been while it is a draft', async () => {
    const path = await created(choiceSource('never'));
    const retired = await author.put(`${path}/retirement`, { reason: 'x' });
    expect(codeOf(retired)).toEqual([409, 'never-published']);
    expect(codeOf(await author.remove(`${path}/draft`, 1))).toEqual([409, 'never-published']);
  });
});
