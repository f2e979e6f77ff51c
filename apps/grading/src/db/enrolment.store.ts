import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

export interface Enrolment {
  enrolmentId: Id;
  classId: Id;
  personId: Id;
  role: 'learner' | 'teacher';
  status: 'active' | 'ended';
}

/** SQL that is true when the person in $1 teaches the class of row `alias`. */
export function teachesClassOf(alias: string): string {
  return `EXISTS (SELECT 1 FROM enrolment e WHERE e.person_id = $1 AND e.class_id = ${alias}.class_id
            AND e.role = 'teacher' AND e.status = 'active')`;
}

@Injectable()
export class EnrolmentStore {
  /** Keeps the newest version; an older one that comes late changes nothing. */
  async put(tx: Tx, enrolment: Enrolment, version: number): Promise<void> {
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

  async teaches(tx: Tx, personId: Id, classId: Id): Promise<boolean> {
    return this.isIn(tx, personId, classId, 'teacher');
  }

  async learnsIn(tx: Tx, personId: Id, classId: Id): Promise<boolean> {
    return this.isIn(tx, personId, classId, 'learner');
  }

  private async isIn(tx: Tx, personId: Id, classId: Id, role: string): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM enrolment
       WHERE person_id = $1 AND class_id = $2 AND role = $3 AND status = 'active' LIMIT 1`,
      [personId, classId, role],
    );
    return rows.length > 0;
  }
}
