import { newId } from '@parlance/kernel';
import { ObjectStore, uploadKey } from '@parlance/platform';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { grading } from '../src/grading.module.js';
import { Classroom } from './builders.js';
import { essaySpec } from './specs.js';

let service: TestService;
let room: Classroom;

beforeAll(async () => {
  service = await startTestService(grading);
  room = await Classroom.open(service);
});

afterAll(() => service.stop());

/** An attempt whose answer is an upload; with its sound in the store, or without. */
async function handIn(uploadId: string, sound?: Buffer): Promise<string> {
  const item = await room.publish(essaySpec(5), 5);
  const attemptId = await room.submit([[item, { RESPONSE: uploadId }]]);
  const key = uploadKey(room.institutionId, attemptId, uploadId);
  if (sound !== undefined) await service.get(ObjectStore).put(key, sound, 'audio/webm');
  const token = await room.teacher();
  const { body } = await service.request('GET', '/review-tasks', { token });
  const tasks = body.items as { id: string; attemptId: string }[];
  return tasks.find((task) => task.attemptId === attemptId)?.id ?? '';
}

const recordingOf = (taskId: string, token: string) =>
  service.request('GET', `/review-tasks/${taskId}/recording`, { token });

it('a marker hears what was recorded, and nobody else gets the address', async () => {
  const sound = Buffer.from('a sound');
  const taskId = await handIn(newId(), sound);
  const { status, body } = await recordingOf(taskId, await room.teacher());
  expect([status, body.mediaType]).toEqual([200, 'audio/webm']);
  const heard = await fetch(String(body.url));
  expect(Buffer.from(await heard.arrayBuffer())).toEqual(sound);
  expect(heard.headers.get('content-type')).toBe('audio/webm');
  const others = [await room.learner(), await room.as(newId(), 'teacher')];
  const answers = await Promise.all(others.map((token) => recordingOf(taskId, token)));
  expect(answers.map((one) => one.status)).toEqual([403, 404]);
});

it('an answer that is no upload, or whose upload is gone, has no recording', async () => {
  const token = await room.teacher();
  for (const taskId of [await handIn('I said it aloud.'), await handIn(newId())]) {
    const { status, body } = await recordingOf(taskId, token);
    expect([status, body.code]).toEqual([404, 'recording-not-found']);
  }
});
