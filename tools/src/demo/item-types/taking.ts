import { randomUUID } from 'node:crypto';
import type { Api } from '../../api.js';
import { onceArrived, submitAttempt } from '../attempts.js';
import { type Answers, answersTo, type DeliveredInteraction } from './answering.js';
import { send } from './authoring.js';
import type { ItemExample } from './example.js';
import { tone } from './media.js';

interface Slot {
  slot: number;
  delivery: { identifier: string; interactions: DeliveredInteraction[] };
}

interface Started {
  id: string;
  sections: { items: Slot[] }[];
}

const RECORDED_SECONDS = 2;

/** One learner's attempt: listens, records, answers everything and hands it in. */
export async function takeExamples(
  api: Api,
  token: string,
  assignmentId: string,
  examples: readonly ItemExample[],
  which: number,
): Promise<string> {
  const attempt = await onceArrived(() =>
    api.get<Started>('POST', `/assignments/${assignmentId}/attempts`, {
      token,
      body: {},
      headers: { 'idempotency-key': randomUUID() },
    }),
  );
  const slots = attempt.sections.flatMap((section) => section.items);
  const responses: { slot: number; sequence: number; responses: Answers }[] = [];
  for (const [index, { slot, delivery }] of slots.entries()) {
    const said = examples[index]?.answers[which]?.said ?? [];
    const answers = answersTo(delivery.interactions, said);
    for (const { kind, responseId } of delivery.interactions) {
      const place = { attemptId: attempt.id, slot, responseId };
      if (kind === 'media') await listen(api, token, place);
      if (kind === 'recording') answers[responseId] = await record(api, token, place);
    }
    if (Object.keys(answers).length > 0) responses.push({ slot, sequence: 1, responses: answers });
  }
  await api.get('PUT', `/attempts/${attempt.id}/responses`, { token, body: { responses } });
  await submitAttempt(api, token, attempt.id);
  return attempt.id;
}

interface Place {
  attemptId: string;
  slot: number;
  responseId: string;
}

async function listen(api: Api, token: string, { attemptId, slot, responseId }: Place) {
  const { media } = await api.get<{ media: { url: string } }>(
    'POST',
    `/attempts/${attemptId}/slots/${slot}/plays`,
    { token, body: { responseId }, headers: { 'idempotency-key': randomUUID() } },
  );
  const sound = await fetch(media.url);
  if (!sound.ok) throw new Error(`The sound answered ${sound.status}.`);
  await sound.arrayBuffer();
}

/** Records two seconds and uploads them in parts; the answer is the upload. */
async function record(api: Api, token: string, place: Place): Promise<string> {
  const { attemptId, slot, responseId } = place;
  const file = tone(RECORDED_SECONDS, 220);
  const upload = await api.get<{ id: string; partBytes: number; partCount: number }>(
    'POST',
    `/attempts/${attemptId}/uploads`,
    {
      token,
      headers: { 'idempotency-key': randomUUID() },
      body: {
        ...{ slot, responseId, mediaType: 'audio/wav', sizeBytes: file.length },
        durationSeconds: RECORDED_SECONDS,
      },
    },
  );
  const path = `/attempts/${attemptId}/uploads/${upload.id}`;
  for (let part = 1; part <= upload.partCount; part += 1) {
    const bytes = file.subarray((part - 1) * upload.partBytes, part * upload.partBytes);
    const request = await api.get<{ url: string; headers: Record<string, string> }>(
      'POST',
      `${path}/parts/${part}`,
      { token },
    );
    const etag = await send(request.url, request.headers, bytes);
    await api.get('PUT', `${path}/parts/${part}`, { token, body: { etag } });
  }
  await api.get('PUT', `${path}/completion`, { token });
  return upload.id;
}
