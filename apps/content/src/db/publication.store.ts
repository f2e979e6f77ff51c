import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { ItemStatus } from '../domain/item-workflow.js';
import type { Named, Standing } from '../domain/publication.js';
import type { CefrLevel } from '../domain/tags.js';

/** A version about to be stored; JSON fields hold canonical JSON. */
export interface NewItemVersion {
  id: Id;
  itemId: Id;
  versionNumber: number;
  hash: string;
  title: string;
  delivery: string;
  scoring: string;
  pointsPossible: number;
  /** What its author wrote; null for an imported one. */
  source: string | null;
}

export interface NewTestVersion {
  id: Id;
  testId: Id;
  versionNumber: number;
  hash: string;
  title: string;
  structure: string;
  pointsPossible: number;
  timeLimitSeconds: number | undefined;
}

/** What brought the versions about. */
export interface Origin {
  /** Null for what was written here. */
  importId: Id | null;
  actorId: Id;
  traceId: string | null;
}

export type StandingItem = Standing & { cefrLevel: CefrLevel | null; status: ItemStatus };

const STANDING = `id, identifier, version, latest_version_id AS "latestVersionId",
  latest_version_number AS "latestVersionNumber", latest_hash AS "latestHash"`;

/**
 * SQL that publishes versions, a handful of statements however many there are. Rows are locked in
 * the order of their identifiers, so that two imports of one package wait and never deadlock.
 */
@Injectable()
export class PublicationStore {
  /** The items of these identifiers, made where they are missing, locked until the end. */
  async lockItems(tx: Tx, items: readonly Named[]): Promise<StandingItem[]> {
    await this.insertMissing(tx, 'item', items);
    // A statement of its own: it must see what another import committed while ours waited.
    return tx.query<StandingItem>(
      `SELECT ${STANDING}, cefr_level AS "cefrLevel", status FROM item
       WHERE identifier = ANY($1) ORDER BY identifier COLLATE "C" FOR NO KEY UPDATE`,
      [items.map((item) => item.identifier)],
    );
  }

  async lockTest(tx: Tx, test: Named): Promise<Standing> {
    await this.insertMissing(tx, 'test', [test]);
    const [row] = await tx.query<Standing>(
      `SELECT ${STANDING} FROM test WHERE identifier = $1 FOR NO KEY UPDATE`,
      [test.identifier],
    );
    if (row === undefined) throw new Error('A test vanished between two statements.');
    return row;
  }

  async addItemVersions(tx: Tx, versions: readonly NewItemVersion[], by: Origin): Promise<void> {
    const column = <K extends keyof NewItemVersion>(key: K) => versions.map((row) => row[key]);
    await tx.query(
      `INSERT INTO item_version (id, item_id, version_number, hash, title, delivery, scoring,
                                 points_possible, source, import_id, trace_id, published_by)
       SELECT id, item_id, version_number, hash, title, delivery::jsonb, scoring::jsonb, points,
              source::jsonb, $10, $11, $12
       FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[], $6::text[],
                   $7::text[], $8::numeric[], $9::text[])
         AS new (id, item_id, version_number, hash, title, delivery, scoring, points, source)`,
      [
        column('id'),
        column('itemId'),
        column('versionNumber'),
        column('hash'),
        column('title'),
        column('delivery'),
        column('scoring'),
        column('pointsPossible'),
        column('source'),
        by.importId,
        by.traceId,
        by.actorId,
      ],
    );
    await tx.query(
      // An import lets nothing back in; a reviewed version is what ends a quarantine.
      `UPDATE item SET status = CASE
                WHEN item.status = 'retired' THEN 'retired'
                WHEN item.status = 'quarantined' AND $6::uuid IS NOT NULL THEN 'quarantined'
                ELSE 'published' END,
              type = coalesce(version.source ->> 'type',
                              version.delivery #>> '{interactions,0,kind}', ''),
              title = new.title, version = item.version + 1, latest_version_id = new.id,
              latest_version_number = new.version_number, latest_hash = new.hash
       FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[])
         AS new (item_id, id, version_number, hash, title)
       JOIN item_version version ON version.id = new.id
       WHERE item.id = new.item_id`,
      [
        ...[column('itemId'), column('id'), column('versionNumber'), column('hash')],
        ...[column('title'), by.importId],
      ],
    );
  }

  async addTestVersion(tx: Tx, version: NewTestVersion, by: Origin): Promise<void> {
    const { id, testId, versionNumber, hash, title } = version;
    await tx.query(
      `INSERT INTO test_version (id, test_id, version_number, hash, title, structure,
                                 points_possible, time_limit_seconds, import_id, trace_id,
                                 published_by)
       VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11)`,
      [
        id,
        testId,
        versionNumber,
        hash,
        title,
        version.structure,
        version.pointsPossible,
        version.timeLimitSeconds ?? null,
        by.importId,
        by.traceId,
        by.actorId,
      ],
    );
    await tx.query(
      `UPDATE test SET title = $5, version = version + 1, latest_version_id = $2,
              latest_version_number = $3, latest_hash = $4
       WHERE id = $1`,
      [testId, id, versionNumber, hash, title],
    );
  }

  private async insertMissing(
    tx: Tx,
    table: 'item' | 'test',
    rows: readonly Named[],
  ): Promise<void> {
    await tx.query(
      `INSERT INTO ${table} (id, identifier, title)
       SELECT id, identifier, title FROM unnest($1::uuid[], $2::text[], $3::text[])
         AS new (id, identifier, title)
       ORDER BY identifier COLLATE "C"
       ON CONFLICT (institution_id, identifier) DO NOTHING`,
      [rows.map((row) => row.id), rows.map((row) => row.identifier), rows.map((row) => row.title)],
    );
  }
}
