import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { currentTraceId } from '@parlance/telemetry';
import type { Viewer } from '../domain/viewer.js';

export interface SchoolClass {
  id: Id;
  name: string;
  status: 'active' | 'archived';
  version: number;
}

const COLUMNS = 'c.id, c.name, c.status, c.version';

/** $1 institution, $2 scope, $3 viewer: all classes, or those the viewer is in. */
const VISIBLE = `c.institution_id = $1 AND ($2 = 'institution' OR EXISTS (
  SELECT FROM enrolment e WHERE e.institution_id = $1 AND e.class_id = c.id
    AND e.person_id = $3 AND e.status = 'active'))`;

function seenBy(viewer: Viewer): unknown[] {
  return [viewer.institutionId, viewer.scope, viewer.personId];
}

export interface SeenClass extends SchoolClass {
  /** The viewer teaches it. */
  taught: boolean;
}

export async function findClass(tx: Tx, viewer: Viewer, id: Id): Promise<SeenClass | undefined> {
  return selectClass(tx, viewer, id, '');
}

/** Keeps the class as it is until the transaction ends. */
export async function lockClass(tx: Tx, viewer: Viewer, id: Id): Promise<SeenClass | undefined> {
  return selectClass(tx, viewer, id, 'FOR UPDATE OF c');
}

async function selectClass(tx: Tx, viewer: Viewer, id: Id, lock: string) {
  const [row] = await tx.query<SeenClass>(
    `SELECT ${COLUMNS}, EXISTS (SELECT FROM enrolment t WHERE t.institution_id = $1
       AND t.class_id = c.id AND t.person_id = $3 AND t.role = 'teacher'
       AND t.status = 'active') AS taught
     FROM class c WHERE ${VISIBLE} AND c.id = $4 ${lock}`,
    [...seenBy(viewer), id],
  );
  return row;
}

/** Of `ids`, those that are active classes of the institution. */
export async function activeClasses(tx: Tx, institutionId: Id, ids: Id[]): Promise<Set<Id>> {
  const rows = await tx.query<{ id: Id }>(
    `SELECT id FROM class WHERE institution_id = $1 AND id = ANY($2::uuid[])
       AND status = 'active' FOR SHARE`,
    [institutionId, ids],
  );
  return new Set(rows.map((row) => row.id));
}

export function listClasses(
  tx: Tx,
  viewer: Viewer,
  after: readonly [string, Id] | undefined,
  limit: number,
): Promise<SchoolClass[]> {
  const [afterName, afterId] = after ?? [null, null];
  return tx.query<SchoolClass>(
    `SELECT ${COLUMNS} FROM class c WHERE ${VISIBLE}
       AND ($4::text IS NULL OR (c.name, c.id) > ($4, $5::uuid))
     ORDER BY c.name, c.id LIMIT $6`,
    [...seenBy(viewer), afterName, afterId, limit],
  );
}

export async function insertClass(tx: Tx, institutionId: Id, one: SchoolClass): Promise<void> {
  await tx.query(
    `INSERT INTO class (institution_id, id, name, status, version, trace_id)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [institutionId, one.id, one.name, one.status, one.version, currentTraceId()],
  );
}

export async function updateClass(tx: Tx, institutionId: Id, one: SchoolClass): Promise<void> {
  await tx.query(
    `UPDATE class SET name = $3, status = $4, version = $5, trace_id = $6
     WHERE institution_id = $1 AND id = $2`,
    [institutionId, one.id, one.name, one.status, one.version, currentTraceId()],
  );
}
