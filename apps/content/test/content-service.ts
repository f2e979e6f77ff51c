import { type Id, newId } from '@parlance/kernel';
import type { Role } from '@parlance/platform';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { content } from '../src/content.module.js';
import { declaration, gapXml, itemXml, packageOf, testXml } from './qti/packages.js';

export const startContent = (): Promise<TestService> => startTestService(content);

/** Somebody of one institution, asking this service. */
export interface Person {
  institutionId: Id;
  personId: Id;
  token: string;
  get(path: string): ReturnType<TestService['request']>;
  post(path: string, body: unknown, key?: string): ReturnType<TestService['request']>;
  patch(path: string, seen: number, body: unknown): ReturnType<TestService['request']>;
  /** `seen` is sent as If-Match. */
  put(path: string, body: unknown, seen?: number): ReturnType<TestService['request']>;
  remove(path: string, seen?: number): ReturnType<TestService['request']>;
  review(path: string, seen: number, body: unknown): ReturnType<TestService['request']>;
  upload(zip: Buffer, key?: string): ReturnType<TestService['request']>;
}

export async function person(
  service: TestService,
  role: Role = 'teacher',
  institutionId: Id = service.institution(),
): Promise<Person> {
  const personId = newId();
  const token = await service.token({ institutionId, roles: [role], personId });
  const matching = (seen: number | undefined): Record<string, string> =>
    seen === undefined ? {} : { 'if-match': `"${seen}"` };
  const keyed = (key: string | undefined): Record<string, string> =>
    key === undefined ? {} : { 'idempotency-key': key };
  return {
    institutionId,
    personId,
    token,
    put: (path, body, seen) =>
      service.request('PUT', path, { token, body, headers: matching(seen) }),
    remove: (path, seen) => service.request('DELETE', path, { token, headers: matching(seen) }),
    review: (path, seen, body) =>
      service.request('POST', path, { token, body, headers: matching(seen) }),
    get: (path) => service.request('GET', path, { token }),
    post: (path, body, key) => service.request('POST', path, { token, body, headers: keyed(key) }),
    patch: (path, seen, body) =>
      service.request('PATCH', path, { token, body, headers: { 'if-match': `"${seen}"` } }),
    upload: (raw, key) =>
      service.request('POST', '/imports', {
        token,
        raw,
        headers: { 'content-type': 'application/zip', ...keyed(key) },
      }),
  };
}

/** An item with one gap and the key given. */
export function gapItem(identifier: string, key: string, text = ''): string {
  return itemXml({
    identifier,
    declarations: declaration({ baseType: 'string', correct: [key] }),
    body: `${gapXml()}<p>${text}</p>`,
  });
}

/** A package of gap items by identifier and key, with a test of them all. */
export function gapPackage(keys: Record<string, string>): Buffer {
  const files = Object.fromEntries(
    Object.entries(keys).map(([identifier, key]) => [
      `${identifier}.xml`,
      gapItem(identifier, key),
    ]),
  );
  return packageOf({ ...files, 'test.xml': testXml(Object.keys(files)) });
}

/** Every text in a value, keys of objects included. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

/** Rows of a table in one institution. */
export async function countRows(
  service: TestService,
  institutionId: Id,
  table: 'item' | 'item_version' | 'test_version' | 'import',
): Promise<number> {
  const [row] = await service.database.inInstitution(institutionId, (tx) =>
    tx.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`),
  );
  return row?.count ?? 0;
}

/** A question with three choices; `right` is the one that counts. */
export function choiceSource(identifier: string, right = 'goes', more: object = {}) {
  const choices = ['goes', 'go', 'going'].map((text) =>
    text === right ? { text, correct: true } : { text },
  );
  const prompt = 'She ___ to school every day.';
  return { type: 'single-choice', identifier, title: 'Every day', prompt, choices, ...more };
}

/** An item that was written, approved and published; its id. */
export async function publishedItem(
  author: Person,
  reviewer: Person,
  source: object,
  tags: object = {},
): Promise<{ itemId: Id; itemVersionId: Id }> {
  const { status, body } = await author.post('/items', { source, ...tags });
  expect([status, body.faults]).toEqual([201, []]);
  const path = `/items/${body.itemId}`;
  await author.put(`${path}/review-request`, undefined, 1);
  await reviewer.review(`${path}/reviews`, 1, { verdict: 'approve' });
  const published = await author.put(`${path}/publication`, {}, 1);
  expect(published.status).toBe(200);
  return { itemId: body.itemId, itemVersionId: published.body.latestVersionId };
}
