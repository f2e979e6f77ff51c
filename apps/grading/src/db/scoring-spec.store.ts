import { Injectable } from '@nestjs/common';
import type { ScoringSpec } from '@parlance/assessment';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { StoredSpec } from '../domain/score-attempt.js';

export interface PublishedSpec {
  itemVersionId: Id;
  hash: string;
  spec: object;
  pointsPossible: number;
}

@Injectable()
export class ScoringSpecStore {
  /** An item version never changes, so what is there stays. */
  async add(tx: Tx, published: PublishedSpec): Promise<void> {
    const { itemVersionId, hash, spec, pointsPossible } = published;
    await tx.query(
      `INSERT INTO scoring_spec (institution_id, item_version_id, hash, spec, points_possible)
       VALUES (app_institution(), $1, $2, $3, $4) ON CONFLICT DO NOTHING`,
      [itemVersionId, hash, JSON.stringify(spec), pointsPossible],
    );
  }

  async byItemVersion(tx: Tx, itemVersionIds: Id[]): Promise<Map<Id, StoredSpec>> {
    const rows = await tx.query<{ id: Id; spec: ScoringSpec; points_possible: string }>(
      `SELECT item_version_id AS id, spec, points_possible FROM scoring_spec
       WHERE item_version_id = ANY($1::uuid[])`,
      [itemVersionIds],
    );
    return new Map(
      rows.map((row) => [row.id, { spec: row.spec, pointsPossible: Number(row.points_possible) }]),
    );
  }
}
