import { Injectable } from '@nestjs/common';
import { correctResponses, type ItemDelivery, type Responses } from '@parlance/assessment';
import { type Id, notFound, type Page, pageOf } from '@parlance/kernel';
import { type Actor, Database, requireVersion } from '@parlance/platform';
import { ItemStore } from './db/item.store.js';
import type { ItemFilter, ItemRow, ItemVersionRow } from './db/item.store.js';
import { idCursor, numberCursor } from './domain/cursor.js';
import { type CefrLevel, type Skill, skillSet } from './domain/tags.js';

export interface ItemView extends ItemRow {
  latest: ItemVersionRow & { delivery: ItemDelivery };
}

export interface KeyView {
  itemVersionId: Id;
  versionNumber: number;
  pointsPossible: number;
  /** An answer that earns the most, per response. */
  correct: Responses;
}

/** The item bank as teachers read and tag it. */
@Injectable()
export class Items {
  constructor(
    private readonly database: Database,
    private readonly store: ItemStore,
  ) {}

  async list(
    actor: Actor,
    query: ItemFilter & { limit: number; cursor?: string },
  ): Promise<Page<ItemRow>> {
    const after = idCursor(query.cursor);
    const rows = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.store.list(tx, query, after, query.limit),
    );
    return pageOf(rows, query.limit, (row) => [row.id]);
  }

  async get(actor: Actor, id: Id): Promise<ItemView> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const item = await this.store.find(tx, id);
      if (item === undefined) throw notFound('item');
      const latest = await this.store.version(tx, item.latestVersionId);
      if (latest === undefined) throw new Error('An item has no version.');
      return { ...item, latest };
    });
  }

  async versions(
    actor: Actor,
    id: Id,
    query: { limit: number; cursor?: string },
  ): Promise<Page<ItemVersionRow>> {
    const before = numberCursor(query.cursor, 2_147_483_647);
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      if ((await this.store.find(tx, id)) === undefined) throw notFound('item');
      const rows = await this.store.versions(tx, id, before, query.limit);
      return pageOf(rows, query.limit, (row) => [row.versionNumber]);
    });
  }

  /** The one answer that tells a key, for whoever may write tests. */
  async key(actor: Actor, id: Id, versionNumber: number): Promise<KeyView> {
    const version = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.store.scoring(tx, id, versionNumber),
    );
    if (version === undefined) throw notFound('item version');
    const { scoring } = version;
    return {
      itemVersionId: version.id,
      versionNumber,
      pointsPossible: scoring.pointsPossible,
      correct: correctResponses(scoring),
    };
  }

  async tag(
    actor: Actor,
    id: Id,
    seen: number,
    tags: { cefrLevel?: CefrLevel | null; skills?: Skill[] },
  ): Promise<ItemRow> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const item = await this.store.lock(tx, id);
      if (item === undefined) throw notFound('item');
      requireVersion(seen, item.version);
      const tagged = {
        ...item,
        cefrLevel: tags.cefrLevel === undefined ? item.cefrLevel : tags.cefrLevel,
        skills: skillSet(tags.skills ?? item.skills),
        version: item.version + 1,
      };
      await this.store.tag(tx, tagged);
      return tagged;
    });
  }
}
