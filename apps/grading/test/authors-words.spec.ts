import { AssignmentPublished } from '@parlance/events';
import { compileItem, type ScoringSpec } from '@parlance/assessment';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { grading } from '../src/grading.module.js';
import { Classroom } from './builders.js';

let service: TestService;
let room: Classroom;

beforeAll(async () => {
  service = await startTestService(grading);
});
beforeEach(async () => {
  room = await Classroom.open(service);
  const { institutionId, classId, assignmentId } = room;
  const data = {
    ...{ assignmentId, classId, title: 'Unit 1', category: 'Homework', pointsPossible: 1 },
    ...{ status: 'published' as const, opensAt: '2026-03-01T08:00:00.000Z', timeZone: 'UTC' },
  };
  await service.deliver(AssignmentPublished, { institutionId, version: 1, data });
});
afterAll(() => service.stop());

const TRANSCRIPT = 'I am off to work.';

function listening(): ScoringSpec {
  const compiled = compileItem({
    ...{ type: 'listening', identifier: 'phone', title: 'On the phone', transcript: TRANSCRIPT },
    recording: { sha256: 'a'.repeat(64), mediaType: 'audio/mpeg', sizeBytes: 48_000 },
    questions: [
      {
        ...{ type: 'single-choice', prompt: 'Where is she going?' },
        choices: [
          { id: 'W', text: 'To work', correct: true },
          { id: 'H', text: 'Home', feedback: 'That is where she was.' },
        ],
      },
    ],
  });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.faults));
  expect(JSON.stringify(compiled.item.delivery)).not.toMatch(/off to work|where she was/);
  return compiled.item.scoring;
}

const scoreFor = async (token: string, attemptId: string) =>
  (await service.request('GET', `/scores/${attemptId}`, { token })).body;

async function withhold(...parts: string[]): Promise<void> {
  const policyOf = (part: string) => (parts.includes(part) ? 'manual' : 'immediately');
  const release = Object.fromEntries(
    ['score', 'answers', 'feedback'].map((part) => [part, policyOf(part)]),
  );
  const { status } = await service.request('PUT', `/marking-settings/${room.assignmentId}`, {
    token: await room.teacher(),
    headers: { 'if-match': '"0"' },
    body: { anonymous: false, slots: [], release },
  });
  expect(status).toBe(200);
}

const submit = async () => {
  const itemVersionId = await room.publish(listening(), 1);
  // The recording is the first thing that could be answered: R1 counts its plays.
  return room.submit([[itemVersionId, { R1: '1', R2: 'H' }]]);
};

const said = [{ choice: 'H', text: 'That is where she was.' }];

describe('what an author says', () => {
  it('comes with the released answers and feedback', async () => {
    const score = await scoreFor(await room.learner(), await submit());
    expect(score).toMatchObject({
      transcripts: [{ slot: 1, text: TRANSCRIPT }],
      parts: [{ given: 'H', verdict: 'incorrect', choiceFeedback: said }],
    });
  });

  it('is kept back with the feedback, the transcript not', async () => {
    await withhold('feedback');
    const attemptId = await submit();
    const score = await scoreFor(await room.learner(), attemptId);
    expect(score.parts[0]).toMatchObject({ given: 'H', verdict: 'incorrect' });
    expect(score.parts[0]).not.toHaveProperty('choiceFeedback');
    expect(score.transcripts).toHaveLength(1);
    const ofTeacher = await scoreFor(await room.teacher(), attemptId);
    expect(ofTeacher.parts[0].choiceFeedback).toEqual(said);
  });

  it.each(['answers', 'score'])('is kept back, transcript and all, with the %s', async (part) => {
    await withhold(part);
    const attemptId = await submit();
    const score = await scoreFor(await room.learner(), attemptId);
    expect(score).not.toHaveProperty('transcripts');
    expect(JSON.stringify(score)).not.toMatch(/off to work|where she was/);
    expect((await scoreFor(await room.teacher(), attemptId)).transcripts).toHaveLength(1);
  });
});
