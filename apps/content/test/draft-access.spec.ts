import type { TestService } from '@parlance/platform/testing';
import { choiceSource, countRows, type Person, person, startContent } from './content-service.js';

let service: TestService;
let author: Person;

beforeAll(async () => {
  service = await startContent();
  author = await person(service);
});
afterAll(() => service.stop());

test('drafts and their way are neither for learners nor for other institutions', async () => {
  const { body } = await author.post('/items', { source: choiceSource('secret') });
  const path = `/items/${body.itemId}`;
  const learner = await person(service, 'learner', author.institutionId);
  const support = await person(service, 'support', author.institutionId);
  const stranger = await person(service, 'admin');
  const source = choiceSource('secret', 'go');
  const reads = ['draft', 'history', 'reviews', 'comments', 'versions/1/diff/2'];
  for (const [who, status] of [
    [learner, 403],
    [support, 403],
    [stranger, 404],
  ] as const) {
    for (const read of reads) expect((await who.get(`${path}/${read}`)).status).toBe(status);
    const answers = [
      await who.put(`${path}/draft`, { source }, 1),
      await who.put(`${path}/review-request`, undefined, 1),
      await who.remove(`${path}/review-request`, 1),
      await who.review(`${path}/reviews`, 1, { verdict: 'approve' }),
      await who.put(`${path}/publication`, {}, 1),
      await who.put(`${path}/quarantine`, { reason: 'x' }),
      await who.put(`${path}/retirement`, { reason: 'x' }),
      await who.post(`${path}/comments`, { text: 'x' }),
    ];
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => status));
  }
  expect((await learner.post('/items', { source })).status).toBe(403);
  expect((await learner.get('/bank-policy')).status).toBe(403);
  expect(await countRows(service, stranger.institutionId, 'item')).toBe(0);
});
