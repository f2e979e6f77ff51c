import { randomUUID } from 'node:crypto';
import type { Api } from '../../api.js';
import { onceArrived } from '../attempts.js';
import type { ItemExample } from './example.js';
import { type MediaRef, mediaRefOf, tone } from './media.js';

/** The people of an item bank: who writes an item does not review it. */
export interface BankStaff {
  author: string;
  reviewer: string;
}

const SOUND_SECONDS = 1;

/** Uploads a sound to the bank by the URL it gives, and answers how items name it. */
export async function uploadSound(api: Api, token: string): Promise<MediaRef> {
  const file = tone(SOUND_SECONDS, 440);
  const media = mediaRefOf(file, SOUND_SECONDS);
  const { sha256, mediaType } = media;
  const { upload } = await api.get<{ upload?: { url: string; headers: Record<string, string> } }>(
    'POST',
    '/media',
    { token, body: { sha256, mediaType, bytes: file.length } },
  );
  if (upload !== undefined) await send(upload.url, upload.headers, file);
  await api.get('PUT', `/media/${sha256}/completion`, { token });
  return media;
}

/** Sends bytes to the store; answers the ETag it gave them. */
export async function send(
  url: string,
  headers: Record<string, string>,
  file: Buffer,
): Promise<string> {
  const answer = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(file) });
  if (!answer.ok) throw new Error(`The object store answered ${answer.status}.`);
  return answer.headers.get('etag') ?? '';
}

interface Draft {
  itemId: string;
  faults: { pointer: string; detail: string }[];
}

/** Writes, submits, reviews and publishes an item; answers its id. */
export async function publishItem(
  api: Api,
  { author, reviewer }: BankStaff,
  { source }: ItemExample,
): Promise<string> {
  const { type } = source;
  const unique = randomUUID().slice(0, 8);
  const written = { identifier: `demo-${type}-${unique}`, title: `Example: ${type}`, ...source };
  const idempotent = () => ({ 'idempotency-key': randomUUID() });
  const created = await api.expect<Draft>('POST', '/items', {
    token: author,
    body: { source: written, cefrLevel: 'B1' },
    headers: idempotent(),
  });
  const { itemId, faults } = created.body;
  if (faults.length > 0) throw new Error(`${type}: ${JSON.stringify(faults)}`);
  const requested = await api.expect('PUT', `/items/${itemId}/review-request`, {
    token: author,
    headers: { 'if-match': created.headers.get('etag') ?? '' },
  });
  const seen = { 'if-match': requested.headers.get('etag') ?? '' };
  await api.get('POST', `/items/${itemId}/reviews`, {
    token: reviewer,
    body: { verdict: 'approve' },
    headers: { ...seen, ...idempotent() },
  });
  const draft = await api.expect('GET', `/items/${itemId}/draft`, { token: author });
  await api.get('PUT', `/items/${itemId}/publication`, {
    token: author,
    body: {},
    headers: { 'if-match': draft.headers.get('etag') ?? '' },
  });
  return itemId;
}

/** A test of these items in their order. */
export async function buildTest(api: Api, token: string, itemIds: string[]): Promise<string> {
  const body = {
    title: 'One of every item type',
    sections: [{ title: 'Everything', items: itemIds.map((itemId) => ({ itemId })) }],
  };
  const headers = { 'idempotency-key': randomUUID() };
  return (await api.get<{ id: string }>('POST', '/tests', { token, body, headers })).id;
}

/** Has an assignment marked without names, and shown to learners when all of it is marked. */
export async function markWithoutNames(
  api: Api,
  token: string,
  assignmentId: string,
): Promise<void> {
  const path = `/marking-settings/${assignmentId}`;
  const settings = await onceArrived(() => api.expect('GET', path, { token }));
  await api.get('PUT', path, {
    token,
    headers: { 'if-match': settings.headers.get('etag') ?? '' },
    body: {
      anonymous: true,
      slots: [],
      release: { score: 'when-final', answers: 'when-final', feedback: 'when-final' },
    },
  });
}
