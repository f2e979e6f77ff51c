import { Injectable } from '@nestjs/common';
import type { ClassChangedData, EnrolmentChangedData, PersonChangedData } from '@parlance/events';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

export interface ClassAccess {
  name: string;
  isTaught: boolean;
}

export interface Learner {
  learnerId: Id;
  displayName: string;
}

/**
 * People, classes and enrolments as identity tells of them. Each keeps its newest version; an
 * older one that comes late changes nothing.
 */
@Injectable()
export class RosterStore {
  async putPerson(tx: Tx, person: PersonChangedData, version: number): Promise<void> {
    await tx.query(
      `INSERT INTO person (institution_id, person_id, display_name, version)
       VALUES (app_institution(), $1, $2, $3)
       ON CONFLICT (institution_id, person_id) DO UPDATE
         SET display_name = EXCLUDED.display_name, version = EXCLUDED.version
         WHERE person.version < EXCLUDED.version`,
      [person.personId, person.displayName, version],
    );
  }

  async putClass(tx: Tx, one: ClassChangedData, version: number): Promise<void> {
    await tx.query(
      `INSERT INTO class (institution_id, class_id, name, status, version)
       VALUES (app_institution(), $1, $2, $3, $4)
       ON CONFLICT (institution_id, class_id) DO UPDATE
         SET name = EXCLUDED.name, status = EXCLUDED.status, version = EXCLUDED.version
         WHERE class.version < EXCLUDED.version`,
      [one.classId, one.name, one.status, version],
    );
  }

  async putEnrolment(tx: Tx, enrolment: EnrolmentChangedData, version: number): Promise<void> {
    const { enrolmentId, classId, personId, role, status } = enrolment;
    await tx.query(
      `INSERT INTO enrolment
         (institution_id, enrolment_id, class_id, person_id, role, status, version)
       VALUES (app_institution(), $1, $2, $3, $4, $5, $6)
       ON CONFLICT (institution_id, enrolment_id) DO UPDATE
         SET class_id = EXCLUDED.class_id, person_id = EXCLUDED.person_id,
             role = EXCLUDED.role, status = EXCLUDED.status, version = EXCLUDED.version
         WHERE enrolment.version < EXCLUDED.version`,
      [enrolmentId, classId, personId, role, status, version],
    );
  }

  async classFor(tx: Tx, classId: Id, personId: Id): Promise<ClassAccess | null> {
    const [row] = await tx.query<{ name: string; is_taught: boolean }>(
      `SELECT c.name, EXISTS (
         SELECT 1 FROM enrolment e WHERE e.class_id = c.class_id AND e.person_id = $2
           AND e.role = 'teacher' AND e.status = 'active') AS is_taught
       FROM class c WHERE c.class_id = $1`,
      [classId, personId],
    );
    return row === undefined ? null : { name: row.name, isTaught: row.is_taught };
  }

  /**
   * Learners of a class by name, beginning after the one named. The cursor is an id and not a
   * name, because cursors end up in addresses and addresses in logs.
   */
  async learnersAfter(tx: Tx, classId: Id, after: Id | null, limit: number): Promise<Learner[]> {
    const rows = await tx.query<LearnerRow>(
      `${LEARNERS}
       SELECT learner_id, display_name FROM learner
       WHERE $2::uuid IS NULL OR (display_name ${BY_LANGUAGE}, learner_id) > (
         (SELECT coalesce(max(p.display_name), '') ${BY_LANGUAGE} FROM person p
          WHERE p.person_id = $2::uuid), $2::uuid)
       ORDER BY display_name ${BY_LANGUAGE}, learner_id LIMIT $3`,
      [classId, after, limit],
    );
    return rows.map(learnerOf);
  }

  async learner(tx: Tx, classId: Id, learnerId: Id): Promise<Learner | null> {
    const [row] = await tx.query<LearnerRow>(
      `${LEARNERS} SELECT learner_id, display_name FROM learner WHERE learner_id = $2`,
      [classId, learnerId],
    );
    return row === undefined ? null : learnerOf(row);
  }
}

/** The order people expect of a list of names, whatever script and accents they are in. */
const BY_LANGUAGE = 'COLLATE "und-x-icu"';

/** A person enrolled twice is one learner; a name that has not arrived yet is empty. */
const LEARNERS = `
WITH learner AS (
  SELECT e.person_id AS learner_id, coalesce(p.display_name, '') AS display_name
  FROM (SELECT DISTINCT institution_id, person_id FROM enrolment
        WHERE class_id = $1 AND role = 'learner' AND status = 'active') e
  LEFT JOIN person p ON p.institution_id = e.institution_id AND p.person_id = e.person_id)`;

interface LearnerRow {
  learner_id: Id;
  display_name: string;
}

function learnerOf(row: LearnerRow): Learner {
  return { learnerId: row.learner_id, displayName: row.display_name };
}
