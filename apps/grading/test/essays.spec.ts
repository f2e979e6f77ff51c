import { createHash } from 'node:crypto';
import { AttemptSubmitted } from '@parlance/events';
import { newId } from '@parlance/kernel';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { grading } from '../src/grading.module.js';
import { Classroom } from './builders.js';
import { essaySpec } from './specs.js';

const MIB = 1_048_576;
const bucket = `large-${newId()}`;
const address = () => `${process.env.TEST_AWS_ENDPOINT_URL}/${bucket}`;
let service: TestService;
let room: Classroom;
let item: string;

beforeAll(async () => {
  expect((await fetch(address(), { method: 'PUT' })).status).toBe(200);
  service = await startTestService(grading, { env: { CLAIM_CHECK_BUCKET: bucket } });
  room = await Classroom.open(service);
  item = await room.publish(essaySpec(5), 5);
});

afterAll(() => service.stop());

/** As the outbox of assignments does with what is too large for a message. */
async function submitLarge(text: string, harm = (stored: string) => stored): Promise<string> {
  const data = room.submission([[item, { RESPONSE: text }]]);
  const eventId = newId();
  const body = JSON.stringify(data);
  const key = `assignments/${eventId}.json`;
  const put = await fetch(`${address()}/${key}`, { method: 'PUT', body: harm(body) });
  expect(put.status).toBe(200);
  const sha256 = createHash('sha256').update(body).digest('hex');
  const dataref = { bucket, key, sha256, bytes: Buffer.byteLength(body) };
  const { institutionId } = room;
  await service.deliver(AttemptSubmitted, { institutionId, version: 1, data, eventId, dataref });
  return data.attemptId;
}

it('an essay of 1 MiB becomes a review task that shows all of it', async () => {
  const text = 'She said: "It\'s a café" \\ 🎓\n'.repeat(MIB / 32);
  const attemptId = await submitLarge(text);
  const token = await room.teacher();
  const { body } = await service.request('POST', '/review-tasks/claims', { token, body: {} });
  expect(body).toMatchObject({ attemptId, slot: 1, responseId: 'RESPONSE', pointsPossible: 5 });
  expect(body.response).toBe(text);
  const mark = { points: 4, comment: 'Long.' };
  const path = `/review-tasks/${body.id}/mark`;
  expect((await service.request('PUT', path, { token, body: mark })).status).toBe(200);
  const [scored, reviewed] = await room.told(attemptId);
  expect(scored).toMatchObject({ status: 'provisional', points: 0 });
  expect(reviewed).toMatchObject({ status: 'final', points: 4 });
});

it('an essay that was changed on its way is a dead letter, and nothing is scored', async () => {
  const submitting = submitLarge('x'.repeat(300_000), (stored) => stored.replace('xxx', 'yyy'));
  await expect(submitting).rejects.toThrow('became a dead letter: claim-check');
});
