import { Injectable } from '@nestjs/common';
import { correctResponses, type ItemDelivery, type Responses } from '@parlance/assessment';
import { type Id, notFound, type Page, pageOf } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, requireVersion } from '@parlance/platform';
import { ItemSearchStore } from './db/item-search.store.js';
import { ItemStore } from './db/item.store.js';
import type { ItemFilter, ItemRow, ItemVersionRow, WholeVersion } from './db/item.store.js';
import { idCursor, numberCursor, textCursor } from './domain/cursor.js';
import { type Difference, jsonDifferences, MAX_DIFFERENCES } from './domain/json-diff.js';
import { type CefrLevel, type Skill, skillSet, type TagKind, wordingSet } from './domain/tags.js';

export interface ItemView extends ItemRow {
  /** Null until its first publication. */
  latest: (ItemVersionRow & { delivery: ItemDelivery }) | null;
}

export interface KeyView {
  itemVersionId: Id;
  versionNumber: number;
  pointsPossible: number;
  /** An answer that earns the most, per response. */
  correct: Responses;
  /** What its author wrote, to begin the next draft with; null for an item of a package. */
  source: object | null;
}

export interface VersionDiff {
  before: { itemVersionId: Id; versionNumber: number };
  after: { itemVersionId: Id; versionNumber: number };
  /** Pointers begin with /source, /delivery or /scoring. */
  differences: Difference[];
  /** False when there are more than are told. */
  complete: boolean;
}

/** The item bank as teachers read and tag it. */
@Injectable()
export class Items {
  constructor(
    private readonly database: Database,
    private readonly store: ItemStore,
    private readonly search: ItemSearchStore,
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
      if (item.latestVersionId === null) return { ...item, latest: null };
      const latest = await this.store.version(tx, item.latestVersionId);
      if (latest === undefined) throw new Error('The latest version of an item is gone.');
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
      this.store.whole(tx, id, versionNumber),
    );
    if (version === undefined) throw notFound('item version');
    const { scoring, source } = version;
    return {
      source,
      itemVersionId: version.id,
      versionNumber,
      pointsPossible: scoring.pointsPossible,
      correct: correctResponses(scoring),
    };
  }

  /** What one version has that another has not, the keys among it. */
  async diff(actor: Actor, id: Id, before: number, after: number): Promise<VersionDiff> {
    const [one, other] = await this.database.inInstitution(actor.institutionId, async (tx) => [
      await this.store.whole(tx, id, before),
      await this.store.whole(tx, id, after),
    ]);
    if (one === undefined || other === undefined) throw notFound('item version');
    const differences = jsonDifferences(partsOf(one), partsOf(other));
    return {
      before: { itemVersionId: one.id, versionNumber: one.versionNumber },
      after: { itemVersionId: other.id, versionNumber: other.versionNumber },
      differences,
      complete: differences.length < MAX_DIFFERENCES,
    };
  }

  async tag(actor: Actor, id: Id, seen: number, tags: ItemTags): Promise<ItemRow> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const item = await this.store.lock(tx, id);
      if (item === undefined) throw notFound('item');
      requireVersion(seen, item.version);
      const tagged = { ...item, ...tagsOf(tags, item), version: item.version + 1 };
      await this.store.update(tx, tagged);
      await this.keepTags(tx, tagged);
      return tagged;
    });
  }

  /** Makes an item's tags known and findable; whoever makes or changes an item calls it. */
  async keepTags(tx: Tx, item: Pick<ItemRow, 'id' | 'topics' | 'canDo'>): Promise<void> {
    await this.search.addTags(tx, 'topic', item.topics);
    await this.search.addTags(tx, 'can-do', item.canDo);
    await this.search.refresh(tx, [item.id]);
  }

  /** The topics or can-do statements the institution has used. */
  async tags(
    actor: Actor,
    query: { kind: TagKind; prefix?: string; limit: number; cursor?: string },
  ): Promise<Page<{ word: string }>> {
    const { kind, limit } = query;
    const [prefix = ''] = wordingSet([query.prefix ?? '']);
    const after = textCursor(query.cursor);
    const rows = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.search.tags(tx, { kind, prefix, after, limit }),
    );
    return pageOf(rows, limit, ({ word }) => [word]);
  }
}

/** Tags as somebody sends them: what is left out stays, null clears the level. */
export interface ItemTags {
  cefrLevel?: CefrLevel | null;
  skills?: Skill[];
  topics?: string[];
  canDo?: string[];
}

/** The tags an item has when these are put on it. */
export function tagsOf(
  tags: ItemTags,
  before: Pick<ItemRow, 'cefrLevel' | 'skills' | 'topics' | 'canDo'> = NO_TAGS,
) {
  return {
    cefrLevel: tags.cefrLevel === undefined ? before.cefrLevel : tags.cefrLevel,
    skills: skillSet(tags.skills ?? before.skills),
    topics: tags.topics ? wordingSet(tags.topics) : before.topics,
    canDo: tags.canDo ? wordingSet(tags.canDo) : before.canDo,
  };
}

const NO_TAGS = { cefrLevel: null, skills: [], topics: [], canDo: [] };

function partsOf({ source, delivery, scoring }: WholeVersion): object {
  return { source: source ?? undefined, delivery, scoring };
}
