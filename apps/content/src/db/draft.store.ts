import { Injectable } from '@nestjs/common';
import type { FieldFault, Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { DraftState } from '../domain/item-workflow.js';

export interface DraftRow {
  itemId: Id;
  version: number;
  state: DraftState;
  title: string;
  source: object;
  faults: FieldFault[];
  warnings: string[];
  editorIds: Id[];
  approvedBy: Id | null;
  updatedAt: Date;
}

/** A draft about to be stored; `source` is canonical JSON. */
export type NewDraft = Omit<DraftRow, 'source' | 'updatedAt'> & { source: string };

const DRAFT = `item_id AS "itemId", version, state, title, source, faults, warnings,
  editor_ids AS "editorIds", approved_by AS "approvedBy", updated_at AS "updatedAt"`;

/** SQL of drafts. The item is locked before its draft, always. */
@Injectable()
export class DraftStore {
  async find(tx: Tx, itemId: Id): Promise<DraftRow | undefined> {
    const [row] = await tx.query<DraftRow>(`SELECT ${DRAFT} FROM item_draft WHERE item_id = $1`, [
      itemId,
    ]);
    return row;
  }

  async save(tx: Tx, draft: NewDraft): Promise<DraftRow> {
    const [row] = await tx.query<DraftRow>(
      `INSERT INTO item_draft (item_id, version, state, title, source, faults, warnings,
                               editor_ids, approved_by)
       VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7, $8, $9)
       ON CONFLICT (institution_id, item_id) DO UPDATE
         SET version = $2, state = $3, title = $4, source = $5::jsonb, faults = $6::jsonb,
             warnings = $7, editor_ids = $8, approved_by = $9, updated_at = now()
       RETURNING ${DRAFT}`,
      [
        draft.itemId,
        draft.version,
        draft.state,
        draft.title,
        draft.source,
        JSON.stringify(draft.faults),
        draft.warnings,
        draft.editorIds,
        draft.approvedBy,
      ],
    );
    if (row === undefined) throw new Error('A draft was saved and is not there.');
    return row;
  }

  /** Where it stands in review, and what was found when it was last checked. */
  async move(
    tx: Tx,
    draft: Pick<DraftRow, 'itemId' | 'state' | 'approvedBy' | 'faults'>,
  ): Promise<void> {
    await tx.query(
      `UPDATE item_draft SET state = $2, approved_by = $3, faults = $4::jsonb WHERE item_id = $1`,
      [draft.itemId, draft.state, draft.approvedBy, JSON.stringify(draft.faults)],
    );
  }

  async remove(tx: Tx, itemId: Id): Promise<void> {
    await tx.query(`DELETE FROM item_draft WHERE item_id = $1`, [itemId]);
  }
}
