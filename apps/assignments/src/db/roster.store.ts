import { Injectable } from '@nestjs/common';
import type { ClassChangedData, EnrolmentChangedData, PersonChangedData } from '@parlance/events';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

export interface ClassForTeacher {
  id: Id;
  status: 'active' | 'archived';
  /** Whether the person in question is enrolled as an active teacher. */
  teaches: boolean;
}

/** Classes, people and enrolments as identity tells of them. */
@Injectable()
export class RosterStore {
  async putClass(tx: Tx, institutionId: Id, data: ClassChangedData): Promise<void> {
    await tx.query(
      `INSERT INTO class (institution_id, id, name, status) VALUES ($1, $2, $3, $4)
       ON CONFLICT (institution_id, id) DO UPDATE SET name = excluded.name,
         status = excluded.status`,
      [institutionId, data.classId, data.name, data.status],
    );
  }

  async putPerson(tx: Tx, institutionId: Id, data: PersonChangedData): Promise<void> {
    await tx.query(
      `INSERT INTO person (institution_id, id, display_name, status) VALUES ($1, $2, $3, $4)
       ON CONFLICT (institution_id, id) DO UPDATE SET display_name = excluded.display_name,
         status = excluded.status`,
      [institutionId, data.personId, data.displayName, data.status],
    );
  }

  /** Who joins does so when they are first heard of; ending and beginning again changes nothing. */
  async putEnrolment(
    tx: Tx,
    institutionId: Id,
    data: EnrolmentChangedData,
    changedAt: Date,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO enrolment (institution_id, id, class_id, person_id, role, status, joined_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (institution_id, id) DO UPDATE SET class_id = excluded.class_id,
         person_id = excluded.person_id, role = excluded.role, status = excluded.status`,
      [
        ...[institutionId, data.enrolmentId, data.classId, data.personId, data.role],
        ...[data.status, changedAt],
      ],
    );
  }

  /** Those of the ids that are learners of the class now. */
  async learnersOf(
    tx: Tx,
    institutionId: Id,
    classId: Id,
    learnerIds: readonly Id[],
  ): Promise<Set<Id>> {
    const rows = await tx.query<{ id: Id }>(
      `SELECT DISTINCT person_id AS id FROM enrolment
       WHERE institution_id = $1 AND class_id = $2 AND person_id = ANY ($3::uuid[])
         AND role = 'learner' AND status = 'active'`,
      [institutionId, classId, learnerIds],
    );
    return new Set(rows.map(({ id }) => id));
  }

  async sharesClass(tx: Tx, institutionId: Id, teacherId: Id, learnerId: Id): Promise<boolean> {
    const rows = await tx.query(
      `SELECT FROM enrolment l JOIN enrolment t
         ON t.institution_id = l.institution_id AND t.class_id = l.class_id
       WHERE l.institution_id = $1 AND l.person_id = $3 AND l.role = 'learner'
         AND l.status = 'active' AND t.person_id = $2 AND t.role = 'teacher'
         AND t.status = 'active' LIMIT 1`,
      [institutionId, teacherId, learnerId],
    );
    return rows.length > 0;
  }

  async classForTeacher(
    tx: Tx,
    institutionId: Id,
    classId: Id,
    personId: Id,
  ): Promise<ClassForTeacher | undefined> {
    const [row] = await tx.query<ClassForTeacher>(
      `SELECT c.id, c.status, EXISTS (
         SELECT FROM enrolment e
         WHERE e.institution_id = c.institution_id AND e.class_id = c.id AND e.person_id = $3
           AND e.role = 'teacher' AND e.status = 'active') AS teaches
       FROM class c WHERE c.institution_id = $1 AND c.id = $2`,
      [institutionId, classId, personId],
    );
    return row;
  }
}
