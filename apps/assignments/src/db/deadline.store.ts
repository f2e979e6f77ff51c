import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';

export type DeadlineKind = 'attempt' | 'publication';

export interface Deadline {
  institutionId: Id;
  kind: DeadlineKind;
  objectId: Id;
}

/** What will be due. Its rows are written under the lock of what they are about. */
@Injectable()
export class DeadlineStore {
  /** In every institution, so for a transaction of messaging alone. */
  async due(tx: Tx, at: Date, limit: number): Promise<Deadline[]> {
    return tx.query<Deadline>(
      `SELECT institution_id AS "institutionId", kind, object_id AS "objectId" FROM deadline
       WHERE due_at <= $1 ORDER BY due_at LIMIT $2`,
      [at, limit],
    );
  }

  /** Sets it, moves it, or with null takes it away. */
  async put(tx: Tx, deadline: Deadline, dueAt: Date | null): Promise<void> {
    const { institutionId, kind, objectId } = deadline;
    if (dueAt === null) {
      await tx.query(
        `DELETE FROM deadline WHERE institution_id = $1 AND kind = $2 AND object_id = $3`,
        [institutionId, kind, objectId],
      );
      return;
    }
    await tx.query(
      `INSERT INTO deadline (institution_id, kind, object_id, due_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (institution_id, kind, object_id) DO UPDATE SET due_at = excluded.due_at`,
      [institutionId, kind, objectId, dueAt],
    );
  }

  /** Later, unless it is gone by now. */
  async postpone(tx: Tx, deadline: Deadline, dueAt: Date): Promise<void> {
    const { institutionId, kind, objectId } = deadline;
    await tx.query(
      `UPDATE deadline SET due_at = $4
       WHERE institution_id = $1 AND kind = $2 AND object_id = $3`,
      [institutionId, kind, objectId, dueAt],
    );
  }
}
