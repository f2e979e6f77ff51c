import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { TemplateSettings } from '../domain/template.js';

export interface Template {
  id: Id;
  name: string;
  settings: TemplateSettings;
}

/** Assignments to begin from, shared by the teachers of an institution. */
@Injectable()
export class TemplateStore {
  async insert(
    tx: Tx,
    institutionId: Id,
    { id, name, settings }: Template,
    by: { actorId: Id; at: Date },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO assignment_template (institution_id, id, name, settings, created_by, created_at)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [institutionId, id, name, JSON.stringify(settings), by.actorId, by.at],
    );
  }

  async find(tx: Tx, institutionId: Id, id: Id): Promise<Template | undefined> {
    const [row] = await tx.query<Template>(
      `SELECT id, name, settings FROM assignment_template WHERE institution_id = $1 AND id = $2`,
      [institutionId, id],
    );
    return row;
  }

  async list(tx: Tx, institutionId: Id): Promise<Template[]> {
    return tx.query<Template>(
      `SELECT id, name, settings FROM assignment_template WHERE institution_id = $1
       ORDER BY name, id LIMIT 200`,
      [institutionId],
    );
  }

  /** By whoever made it; false when there is none of theirs. */
  async remove(tx: Tx, institutionId: Id, id: Id, actorId: Id): Promise<boolean> {
    const rows = await tx.query(
      `DELETE FROM assignment_template
       WHERE institution_id = $1 AND id = $2 AND created_by = $3 RETURNING 1`,
      [institutionId, id, actorId],
    );
    return rows.length > 0;
  }
}
