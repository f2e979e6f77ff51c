import { Injectable } from '@nestjs/common';
import type { Candidate } from '@parlance/assessment';
import { type Id, newId } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { TitledPool } from '../domain/pools.js';

export interface BlueprintRow {
  id: Id;
  title: string;
  version: number;
  latestVersionId: Id;
  pools: TitledPool[];
}

/** A candidate with what a test names it by. */
export type BankItem = Candidate & { itemId: Id; identifier: string };

const BLUEPRINT = `blueprint.id, blueprint.title, blueprint.version,
  blueprint.latest_version_id AS "latestVersionId", latest.pools`;

const FROM = `FROM blueprint JOIN blueprint_version latest
  ON latest.institution_id = blueprint.institution_id AND latest.id = blueprint.latest_version_id`;

/** SQL of blueprints, and of what forms are drawn from. */
@Injectable()
export class BlueprintStore {
  /** Oldest first, one more than `limit`. */
  async list(tx: Tx, after: Id | null, limit: number): Promise<BlueprintRow[]> {
    return tx.query<BlueprintRow>(
      `SELECT ${BLUEPRINT} ${FROM} WHERE $1::uuid IS NULL OR blueprint.id > $1
       ORDER BY blueprint.id LIMIT $2`,
      [after, limit + 1],
    );
  }

  async find(tx: Tx, id: Id): Promise<BlueprintRow | undefined> {
    const [row] = await tx.query<BlueprintRow>(
      `SELECT ${BLUEPRINT} ${FROM} WHERE blueprint.id = $1`,
      [id],
    );
    return row;
  }

  async lock(tx: Tx, id: Id): Promise<boolean> {
    const rows = await tx.query(`SELECT 1 FROM blueprint WHERE id = $1 FOR NO KEY UPDATE`, [id]);
    return rows.length > 0;
  }

  /** The first version makes the blueprint, each later one takes the place of the one before. */
  async addVersion(tx: Tx, blueprint: BlueprintRow, authorId: Id): Promise<void> {
    const { id, title, version, latestVersionId, pools } = blueprint;
    await tx.query(
      `INSERT INTO blueprint (id, title, version, latest_version_id) VALUES ($1, $2, $3, $4)
       ON CONFLICT (institution_id, id) DO UPDATE
         SET title = $2, version = $3, latest_version_id = $4`,
      [id, title, version, latestVersionId],
    );
    await tx.query(
      `INSERT INTO blueprint_version (id, blueprint_id, version_number, title, pools, author_id)
       VALUES ($1, $2, $3, $4, $5::jsonb, $6)`,
      [latestVersionId, id, version, title, JSON.stringify(pools), authorId],
    );
  }

  /** One draw at a time in an institution, so that each counts what the one before exposed. */
  async waitForTurn(tx: Tx): Promise<void> {
    await tx.query(
      `SELECT pg_advisory_xact_lock(hashtextextended('draw-forms ' || app_institution(), 0))`,
    );
  }

  /** The latest version of every published item, with how often it was put into a form. */
  async bank(tx: Tx): Promise<BankItem[]> {
    return tx.query<BankItem>(
      `SELECT item.id AS "itemId", item.identifier, latest.id AS "itemVersionId",
              item.cefr_level AS "cefrLevel", item.skills, item.topics, item.type,
              latest.points_possible::float8 AS "pointsPossible",
              coalesce(uses.count, 0) AS exposure
       FROM item JOIN item_version latest
         ON latest.institution_id = item.institution_id AND latest.id = item.latest_version_id
       LEFT JOIN (SELECT item_version_id, count(*)::int AS count FROM item_use
                  GROUP BY item_version_id) AS uses
         ON uses.item_version_id = latest.id
       WHERE item.status = 'published'
       ORDER BY latest.id`,
    );
  }

  /** Items that came, in any version, into any version of these tests. */
  async itemsIn(tx: Tx, testIds: readonly Id[]): Promise<Set<Id>> {
    const rows = await tx.query<{ itemId: Id }>(
      `SELECT DISTINCT item_id AS "itemId" FROM item_use WHERE test_id = ANY($1)`,
      [testIds],
    );
    return new Set(rows.map(({ itemId }) => itemId));
  }

  /** The same candidates are one snapshot, however often forms are drawn from them. */
  async snapshot(tx: Tx, hash: string, candidates: string): Promise<Id> {
    await tx.query(
      `INSERT INTO bank_snapshot (id, hash, candidates) VALUES ($1, $2, $3::jsonb)
       ON CONFLICT (institution_id, hash) DO NOTHING`,
      [newId(), hash, candidates],
    );
    const [row] = await tx.query<{ id: Id }>(`SELECT id FROM bank_snapshot WHERE hash = $1`, [
      hash,
    ]);
    return (row as { id: Id }).id;
  }

  async addDraw(
    tx: Tx,
    draw: {
      id: Id;
      blueprintVersionId: Id;
      snapshotId: Id;
      options: object;
      testVersionIds: Id[];
      actorId: Id;
      traceId: string | null;
    },
  ): Promise<void> {
    await tx.query(
      `INSERT INTO form_draw (id, blueprint_version_id, snapshot_id, options, test_version_ids,
                              actor_id, trace_id)
       VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7)`,
      [
        ...[draw.id, draw.blueprintVersionId, draw.snapshotId, JSON.stringify(draw.options)],
        ...[draw.testVersionIds, draw.actorId, draw.traceId],
      ],
    );
  }
}
