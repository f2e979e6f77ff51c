import { Injectable } from '@nestjs/common';
import type { ItemVersionCorrectedData } from '@parlance/events';
import type { Tx } from '@parlance/messaging';

/** SQL of the corrections that content told of. */
@Injectable()
export class ItemCorrectionStore {
  async add(tx: Tx, correction: ItemVersionCorrectedData): Promise<void> {
    const { oldItemVersionId, newItemVersionId, itemId, reason, actorId } = correction;
    await tx.query(
      `INSERT INTO item_correction (old_item_version_id, new_item_version_id, item_id, reason,
                                    actor_id)
       VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
      [oldItemVersionId, newItemVersionId, itemId, reason, actorId],
    );
  }
}
