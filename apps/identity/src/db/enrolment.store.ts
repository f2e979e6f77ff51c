import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { currentTraceId } from '@parlance/telemetry';
import type { Viewer } from '../domain/viewer.js';

export interface Enrolment {
  id: Id;
  classId: Id;
  personId: Id;
  role: 'learner' | 'teacher';
  status: 'active' | 'ended';
  version: number;
}

export interface NamedEnrolment extends Enrolment {
  displayName: string;
}

const COLUMNS = `e.id, e.class_id AS "classId", e.person_id AS "personId", e.role, e.status,
  e.version`;

/** Enrolments of these people in the class, active and ended, locked; by person. */
export async function lockEnrolments(
  tx: Tx,
  institutionId: Id,
  classId: Id,
  personIds: Id[],
): Promise<Map<Id, Enrolment>> {
  const rows = await tx.query<Enrolment>(
    `SELECT ${COLUMNS} FROM enrolment e
     WHERE e.institution_id = $1 AND e.class_id = $2 AND e.person_id = ANY($3::uuid[])
     ORDER BY e.id FOR UPDATE`,
    [institutionId, classId, personIds],
  );
  return new Map(rows.map((row) => [row.personId, row]));
}

export async function lockEnrolment(
  tx: Tx,
  institutionId: Id,
  classId: Id,
  id: Id,
): Promise<Enrolment | undefined> {
  const [row] = await tx.query<Enrolment>(
    `SELECT ${COLUMNS} FROM enrolment e
     WHERE e.institution_id = $1 AND e.class_id = $2 AND e.id = $3 FOR UPDATE`,
    [institutionId, classId, id],
  );
  return row;
}

/** New rows and changed ones in one statement. */
export async function saveEnrolments(
  tx: Tx,
  institutionId: Id,
  enrolments: readonly Enrolment[],
): Promise<void> {
  await tx.query(
    `INSERT INTO enrolment
       (institution_id, id, class_id, person_id, role, status, version, trace_id)
     SELECT $1, r.id, r."classId", r."personId", r.role, r.status, r.version, $3
     FROM jsonb_to_recordset($2::jsonb) AS r(id uuid, "classId" uuid, "personId" uuid,
       role text, status text, version integer)
     ON CONFLICT (institution_id, id) DO UPDATE SET role = EXCLUDED.role,
       status = EXCLUDED.status, version = EXCLUDED.version, trace_id = EXCLUDED.trace_id`,
    [institutionId, JSON.stringify(enrolments), currentTraceId()],
  );
}

/** Learners find themselves in the list, everybody else the whole class. */
export function listEnrolments(
  tx: Tx,
  viewer: Viewer,
  classId: Id,
  onlyOwn: boolean,
  page: { after: readonly [string, Id] | undefined; limit: number },
): Promise<NamedEnrolment[]> {
  const [afterName, afterId] = page.after ?? [null, null];
  return tx.query<NamedEnrolment>(
    `SELECT ${COLUMNS}, p.display_name AS "displayName" FROM enrolment e
     JOIN person p ON p.institution_id = e.institution_id AND p.id = e.person_id
     WHERE e.institution_id = $1 AND e.class_id = $2 AND e.status = 'active'
       AND (NOT $3 OR e.person_id = $4)
       AND ($5::text IS NULL OR (p.display_name, e.id) > ($5, $6::uuid))
     ORDER BY p.display_name, e.id LIMIT $7`,
    [viewer.institutionId, classId, onlyOwn, viewer.personId, afterName, afterId, page.limit],
  );
}
