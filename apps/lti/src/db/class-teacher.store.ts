import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

export interface ClassTeacher {
  enrolmentId: Id;
  classId: Id;
  personId: Id;
  isTeaching: boolean;
}

/** Who teaches which class, as identity tells. */
@Injectable()
export class ClassTeacherStore {
  /** Keeps the newest version; an older one that comes late changes nothing. */
  async put(tx: Tx, teacher: ClassTeacher, version: number): Promise<void> {
    const { enrolmentId, classId, personId, isTeaching } = teacher;
    await tx.query(
      `INSERT INTO class_teacher
         (institution_id, enrolment_id, class_id, person_id, is_teaching, version)
       VALUES (app_institution(), $1, $2, $3, $4, $5)
       ON CONFLICT (institution_id, enrolment_id) DO UPDATE
         SET is_teaching = EXCLUDED.is_teaching, version = EXCLUDED.version
         WHERE class_teacher.version < EXCLUDED.version`,
      [enrolmentId, classId, personId, isTeaching, version],
    );
  }

  /** Whether the person teaches the class that the assignment was given to. */
  async teachesAssignment(tx: Tx, personId: Id, assignmentId: Id): Promise<boolean> {
    const rows = await tx.query(
      `SELECT 1 FROM class_teacher t JOIN assignment a ON a.class_id = t.class_id
       WHERE t.person_id = $1 AND a.id = $2 AND t.is_teaching`,
      [personId, assignmentId],
    );
    return rows.length > 0;
  }
}
