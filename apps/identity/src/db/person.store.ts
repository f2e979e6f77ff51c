import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { Role } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import type { Viewer } from '../domain/viewer.js';

export interface Person {
  id: Id;
  displayName: string;
  email: string | null;
  roles: Role[];
  status: 'active' | 'suspended';
  locale: string | null;
  version: number;
}

const COLUMNS = `p.id, p.display_name AS "displayName", p.email, p.roles, p.status, p.locale,
  p.version`;

/** $1 institution, $2 scope, $3 viewer: the people a viewer may know of. */
const VISIBLE = `p.institution_id = $1 AND ($2 = 'institution' OR p.id = $3 OR ($2 = 'classes'
  AND EXISTS (SELECT FROM enrolment mine
    JOIN enrolment theirs USING (institution_id, class_id)
    WHERE mine.institution_id = $1 AND mine.person_id = $3 AND mine.role = 'teacher'
      AND mine.status = 'active' AND theirs.status = 'active' AND theirs.person_id = p.id)))`;

function seenBy(viewer: Viewer): unknown[] {
  return [viewer.institutionId, viewer.scope, viewer.personId];
}

export async function findPerson(tx: Tx, viewer: Viewer, id: Id): Promise<Person | undefined> {
  const [row] = await tx.query<Person>(
    `SELECT ${COLUMNS} FROM person p WHERE ${VISIBLE} AND p.id = $4`,
    [...seenBy(viewer), id],
  );
  return row;
}

/** Of `ids`, those the viewer may know of. */
export async function findPeople(tx: Tx, viewer: Viewer, ids: Id[]): Promise<Map<Id, Person>> {
  const rows = await tx.query<Person>(
    `SELECT ${COLUMNS} FROM person p WHERE ${VISIBLE} AND p.id = ANY($4::uuid[])`,
    [...seenBy(viewer), ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

export interface PeopleFilter {
  role: Role | undefined;
  after: readonly [string, Id] | undefined;
  limit: number;
}

export function listPeople(tx: Tx, viewer: Viewer, filter: PeopleFilter): Promise<Person[]> {
  const [afterName, afterId] = filter.after ?? [null, null];
  return tx.query<Person>(
    `SELECT ${COLUMNS} FROM person p
     WHERE ${VISIBLE} AND ($4::text IS NULL OR $4 = ANY(p.roles))
       AND ($5::text IS NULL OR (p.display_name, p.id) > ($5, $6::uuid))
     ORDER BY p.display_name, p.id LIMIT $7`,
    [...seenBy(viewer), filter.role ?? null, afterName, afterId, filter.limit],
  );
}

export async function lockPerson(tx: Tx, institutionId: Id, id: Id): Promise<Person | undefined> {
  const [row] = await tx.query<Person>(
    `SELECT ${COLUMNS} FROM person p WHERE p.institution_id = $1 AND p.id = $2 FOR UPDATE`,
    [institutionId, id],
  );
  return row;
}

/** Inserts what it can in one statement; ids whose address is taken are missing from the result. */
export async function insertPeople(tx: Tx, institutionId: Id, people: Person[]): Promise<Set<Id>> {
  const rows = await tx.query<{ id: Id }>(
    `INSERT INTO person
       (institution_id, id, display_name, email, roles, status, locale, version, trace_id)
     SELECT $1, r.id, r."displayName", r.email, r.roles, r.status, r.locale, r.version, $3
     FROM jsonb_to_recordset($2::jsonb) AS r(id uuid, "displayName" text, email text,
       roles text[], status text, locale text, version integer)
     ON CONFLICT (institution_id, email) DO NOTHING RETURNING id`,
    [institutionId, JSON.stringify(people), currentTraceId()],
  );
  return new Set(rows.map((row) => row.id));
}

export async function updatePerson(tx: Tx, institutionId: Id, person: Person): Promise<void> {
  await tx.query(
    `UPDATE person SET display_name = $3, email = $4, roles = $5, status = $6, locale = $7,
       version = $8, trace_id = $9
     WHERE institution_id = $1 AND id = $2`,
    [
      institutionId,
      person.id,
      person.displayName,
      person.email,
      person.roles,
      person.status,
      person.locale,
      person.version,
      currentTraceId(),
    ],
  );
}
