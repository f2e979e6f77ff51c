import { AssignmentPublished, AttemptSubmitted } from '@parlance/events';
import type { Id } from '@parlance/kernel';
import type { TestService } from '@parlance/platform/testing';
import { Sweeper } from '../src/sweeper.js';
import {
  answers,
  draft,
  HOUR_MS,
  publishedAssignment,
  save,
  SetClock,
  start,
  startAssignments,
  submit,
  type World,
  world,
} from './builders.js';

const clock = new SetClock();
let service: TestService;
let here: World;

beforeAll(async () => {
  service = await startAssignments(clock);
  here = await world(service, { length: 3, timeLimitSeconds: 600 });
});
afterAll(() => service.stop());

const byTeacher = (method: string, path: string, body?: object) =>
  service.request(method, path, { token: here.teacher, ...(body && { body }) });
const attempt = async (id: Id) =>
  (await service.request('GET', `/attempts/${id}`, { token: here.learner })).body;
const told = async (assignmentId: Id) =>
  (await service.emitted(AssignmentPublished)).filter(({ subject }) => subject === assignmentId);

describe('the sweeper', () => {
  const sweepers = () => Promise.all([1, 2, 3].map(() => service.get(Sweeper).sweep()));
  const submitted = async (id: Id) =>
    (await service.emitted(AttemptSubmitted)).filter(({ subject }) => subject === id);

  it('hands in what is over with what was saved, once, whoever sweeps', async () => {
    const id = await publishedAssignment(here);
    const { body } = await start(here, id);
    await save(here, body.id, [answers(2, 1, 'went')]);
    clock.move(600_000);
    const ended = await attempt(body.id);
    expect(ended).toMatchObject({ status: 'in-progress', ended: true });
    expect((await save(here, body.id, [answers(2, 2, 'x')])).body.code).toBe('attempt-time-over');
    await sweepers();
    expect(await submitted(body.id)).toEqual([]);
    const endedAt = clock.in(0);
    clock.move(60_000);
    await sweepers();
    const [event, ...others] = await submitted(body.id);
    expect(others).toEqual([]);
    expect(event?.data).toMatchObject({ submittedAt: endedAt, handedInBy: 'time' });
    expect(event?.data.items[1]?.responses).toEqual({ RESPONSE: 'went' });
    // The learner who presses the button now gets the receipt of that.
    const late = await submit(here, body.id);
    expect([late.status, late.body.submittedAt]).toEqual([201, endedAt]);
    expect(await submitted(body.id)).toHaveLength(1);
  });

  it('publishes drafts at their local time', async () => {
    const { body } = await draft(here);
    const publishLocal = clock.in(HOUR_MS).slice(0, 19);
    const path = `/assignments/${body.id}/publication-schedule`;
    expect((await byTeacher('PUT', path, { publishLocal })).status).toBe(200);
    await sweepers();
    const status = async () => (await byTeacher('GET', `/assignments/${body.id}`)).body.status;
    expect(await status()).toBe('draft');
    clock.move(HOUR_MS);
    await sweepers();
    expect(await status()).toBe('published');
    expect(await told(body.id)).toHaveLength(1);
    expect((await byTeacher('PUT', path, { publishLocal })).body.code).toBe('assignment-published');
  });
});
