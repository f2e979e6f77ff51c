import type { Id } from '@parlance/kernel';
import type { Role } from '@parlance/platform';
import { startTestService, type TestService } from '@parlance/platform/testing';
import { content } from '../src/content.module.js';
import { declaration, gapXml, itemXml, packageOf, testXml } from './qti/packages.js';

export const startContent = (): Promise<TestService> => startTestService(content);

/** Somebody of one institution, asking this service. */
export interface Person {
  institutionId: Id;
  token: string;
  get(path: string): ReturnType<TestService['request']>;
  post(path: string, body: unknown, key?: string): ReturnType<TestService['request']>;
  patch(path: string, seen: number, body: unknown): ReturnType<TestService['request']>;
  upload(zip: Buffer, key?: string): ReturnType<TestService['request']>;
}

export async function person(
  service: TestService,
  role: Role = 'teacher',
  institutionId: Id = service.institution(),
): Promise<Person> {
  const token = await service.token({ institutionId, roles: [role] });
  const keyed = (key: string | undefined): Record<string, string> =>
    key === undefined ? {} : { 'idempotency-key': key };
  return {
    institutionId,
    token,
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
