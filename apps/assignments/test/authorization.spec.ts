import { newId } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import {
  draft,
  enrol,
  publishedAssignment,
  SetClock,
  startAssignments,
  type World,
  world,
} from './builders.js';

let service: TestService;
let here: World;

beforeAll(async () => {
  service = await startAssignments(new SetClock());
  here = await world(service);
});

afterAll(() => service.stop());

const publication = (method: string, id: string, token = here.teacher) =>
  service.request(method, `/assignments/${id}/publication`, { token });

describe('who may', () => {
  it('asks everybody for a token', async () => {
    for (const [method, path] of [
      ['GET', '/assignments'],
      ['POST', '/assignments'],
      ['GET', `/assignments/${newId()}`],
      ['POST', `/assignments/${newId()}/attempts`],
      ['GET', `/attempts/${newId()}`],
      ['PUT', `/attempts/${newId()}/responses`],
      ['POST', `/attempts/${newId()}/submission`],
    ] as const) {
      expect((await service.request(method, path)).status).toBe(401);
    }
  });

  it('lets learners neither assign nor publish', async () => {
    const { body } = await draft(here);
    const asLearner = { ...here, teacher: here.learner };
    expect((await draft(asLearner)).status).toBe(403);
    expect((await publication('PUT', body.id, here.learner)).status).toBe(403);
    const track = { token: here.learner };
    expect((await service.request('GET', `/assignments/${body.id}/attempts`, track)).status).toBe(
      403,
    );
  });

  it('hides a class from teachers of other classes, not from admins', async () => {
    const { institutionId } = here;
    const stranger = await service.token({ institutionId, roles: ['teacher'] });
    const { body } = await draft(here);
    expect((await draft({ ...here, teacher: stranger })).body.code).toBe('class-not-found');
    for (const [method, path] of [
      ['GET', `/assignments/${body.id}`],
      ['PUT', `/assignments/${body.id}/publication`],
      ['GET', `/assignments/${body.id}/attempts`],
    ] as const) {
      expect((await service.request(method, path, { token: stranger })).status).toBe(404);
      expect((await service.request(method, path, { token: here.admin })).status).toBe(200);
    }
  });

  it('hides everything from other institutions, admins included', async () => {
    const there = await world(service, { length: 1 });
    const id = await publishedAssignment(here);
    for (const token of [there.admin, there.teacher]) {
      expect((await service.request('GET', `/assignments/${id}`, { token })).status).toBe(404);
      expect((await publication('DELETE', id, token)).status).toBe(404);
      expect((await draft({ ...here, teacher: token })).status).toBe(404);
    }
    const list = await service.request('GET', '/assignments', { token: there.admin });
    expect(list.body).toEqual({ items: [], nextCursor: null });
    const borrowed = await draft({ ...there, testId: here.testId });
    expect(borrowed.body.code).toBe('test-not-available');
  });

  it('shows learners what is published to their class, and no drafts', async () => {
    const there = await world(service, { length: 1 });
    const id = await publishedAssignment(there);
    const { body } = await draft(there);
    const get = (one: string) =>
      service.request('GET', `/assignments/${one}`, { token: there.learner });
    expect((await get(id)).status).toBe(200);
    expect((await get(body.id)).status).toBe(404);
    const list = await service.request('GET', '/assignments', { token: there.learner });
    expect(list.body.items.map((one: { id: string }) => one.id)).toEqual([id]);
    const outsider = newId();
    const { institutionId } = there;
    const token = await service.token({ personId: outsider, institutionId, roles: ['learner'] });
    expect((await service.request('GET', `/assignments/${id}`, { token })).status).toBe(404);
    await enrol(there, outsider, 'learner', 'Late Comer');
    expect((await service.request('GET', `/assignments/${id}`, { token })).status).toBe(200);
  });
});
