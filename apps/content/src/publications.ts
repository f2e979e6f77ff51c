import { Injectable } from '@nestjs/common';
import type { ItemDelivery, ScoringSpec, TestStructure } from '@parlance/assessment';
import {
  ItemVersionPublished,
  type ItemVersionPublishedData,
  ScoringSpecPublished,
  type ScoringSpecPublishedData,
  TestVersionPublished,
} from '@parlance/events';
import { type Id, newId } from '@parlance/kernel';
import { Outbox, type Tx } from '@parlance/messaging';
import { contentHash } from './content-hash.js';
import { ItemRecordStore } from './db/item-record.store.js';
import { ItemSearchStore } from './db/item-search.store.js';
import { PublicationStore } from './db/publication.store.js';
import type { NewItemVersion, Origin, StandingItem } from './db/publication.store.js';
import { canonicalJson } from './domain/canonical-json.js';
import type { ItemStatus } from './domain/item-workflow.js';
import { publish, type Published } from './domain/publication.js';
import { clippedTitle } from './domain/titles.js';
import { greatestPoints, type PlannedItem } from './import-plan.js';
import { testStructure } from './qti/index.js';
import type { TestReading } from './qti/index.js';

/**
 * Keys over which the events of one import are spread. Each key is a lock in the database and a
 * turn in the queue: one per item would be thousands of locks, one in all a queue without end.
 */
const LANES = 16;

/** What publishing happens for: whose it is, who did it, and the import that brought it. */
export interface PublicationContext extends Origin {
  institutionId: Id;
}

/** Makes versions of items and tests and tells the other services, in the caller's transaction. */
@Injectable()
export class Publications {
  constructor(
    private readonly store: PublicationStore,
    private readonly outbox: Outbox,
    private readonly records: ItemRecordStore,
    private readonly search: ItemSearchStore,
  ) {}

  /** By the file each item came from. */
  async items(
    tx: Tx,
    planned: readonly PlannedItem[],
    context: PublicationContext,
  ): Promise<Map<string, Published>> {
    const standing = await this.store.lockItems(
      tx,
      planned.map(({ identifier, title }) => ({ id: newId(), identifier, title })),
    );
    const byIdentifier = new Map(standing.map((item) => [item.identifier, item]));
    const decided = planned.map((item) => {
      const found = byIdentifier.get(item.identifier);
      if (found === undefined) throw new Error('An item vanished between two statements.');
      return { item, found, published: publish(found, item.hash, newId()) };
    });
    const changed = decided.filter(({ published }) => published.change !== 'unchanged');
    await this.store.addItemVersions(
      tx,
      changed.map(({ item, published }) => versionOf(item, published)),
      context,
    );
    await this.records.addSteps(
      tx,
      changed.map(({ found, published }) => ({
        itemId: published.id,
        step: 'published' as const,
        status: statusAfter(found.status, context),
        itemVersionId: published.versionId,
        actorId: context.actorId,
        traceId: context.traceId,
      })),
    );
    await this.search.refresh(
      tx,
      changed.map(({ published }) => published.id),
    );
    await this.tellItems(tx, changed, context);
    return new Map(decided.map(({ item, published }) => [item.file, published]));
  }

  async test(
    tx: Tx,
    test: TestReading,
    items: ReadonlyMap<string, { versionId: Id; pointsPossible: number }>,
    context: PublicationContext,
  ): Promise<Published> {
    const title = clippedTitle(test.title, test.identifier);
    const structure = testStructure({ ...test, title }, (file) => versionIn(items, file));
    const points = new Map([...items.values()].map((one) => [one.versionId, one.pointsPossible]));
    const { identifier } = test;
    const timeLimitSeconds = test.timeLimitSeconds ?? undefined;
    return this.structure(tx, { identifier, structure, points, timeLimitSeconds }, context);
  }

  /** A test whose structure names item versions already. */
  async structure(tx: Tx, test: NewTest, context: PublicationContext): Promise<Published> {
    const { identifier, structure, points, timeLimitSeconds } = test;
    const { title } = structure;
    const canonical = canonicalJson(structure);
    const hash = contentHash(
      `{"structure":${canonical},"timeLimitSeconds":${timeLimitSeconds ?? 'null'}}`,
    );
    const standing = await this.store.lockTest(tx, { id: newId(), identifier, title });
    const published = publish(standing, hash, newId());
    if (published.change === 'unchanged') return published;
    const { id: testId, versionId, versionNumber } = published;
    const pointsPossible = greatestPoints(structure, (id) => points.get(id) ?? 0);
    const version = { testId, versionNumber, title, pointsPossible, timeLimitSeconds };
    const row = { ...version, id: versionId, hash, structure: canonical };
    await this.store.addTestVersion(tx, row, context);
    await this.search.addUses(tx, { testId, testVersionId: versionId });
    await this.outbox.add(tx, TestVersionPublished, {
      version: versionNumber,
      institutionId: context.institutionId,
      data: { ...version, testVersionId: versionId, structure: { ...structure } },
    });
    return published;
  }

  /** Two events for each: only the second holds the key, and only grading consumes it. */
  private async tellItems(
    tx: Tx,
    items: readonly PublishedItem[],
    { institutionId, importId }: PublicationContext,
  ): Promise<void> {
    const about = items.map((told, index) => ({
      told,
      version: told.published.versionNumber,
      institutionId,
      partitionKey: `${importId ?? told.published.id}:${index % LANES}`,
    }));
    const versions = about.map((one) => ({ ...one, data: deliveryOf(one.told) }));
    await this.outbox.addAll(tx, ItemVersionPublished, versions);
    const specs = about.map((one) => ({ ...one, data: specOf(one.told) }));
    await this.outbox.addAll(tx, ScoringSpecPublished, specs);
  }
}

/** A test to be published under its identifier; `points` are those of each item version. */
export interface NewTest {
  identifier: string;
  structure: TestStructure;
  points: ReadonlyMap<Id, number>;
  timeLimitSeconds: number | undefined;
}

/** As the store decides it too. */
function statusAfter(status: ItemStatus, { importId }: PublicationContext): ItemStatus {
  const staysAway = status === 'retired' || (status === 'quarantined' && importId !== null);
  return staysAway ? status : 'published';
}

interface PublishedItem {
  item: PlannedItem;
  found: StandingItem;
  published: Published;
}

function deliveryOf({ item, found, published }: PublishedItem): ItemVersionPublishedData {
  const { hash, title, pointsPossible } = item;
  const { cefrLevel } = found;
  const delivery = JSON.parse(item.delivery) as ItemDelivery;
  return {
    itemId: published.id,
    itemVersionId: published.versionId,
    versionNumber: published.versionNumber,
    hash,
    title,
    delivery: { ...delivery },
    pointsPossible,
    ...(cefrLevel === null ? {} : { cefrLevel }),
  };
}

function specOf({ item, published }: PublishedItem): ScoringSpecPublishedData {
  const { hash, pointsPossible } = item;
  const spec = JSON.parse(item.scoring) as ScoringSpec;
  return { itemVersionId: published.versionId, hash, spec: { ...spec }, pointsPossible };
}

function versionOf(item: PlannedItem, published: Published): NewItemVersion {
  const { hash, title, delivery, scoring, pointsPossible, source = null } = item;
  const { id: itemId, versionId: id, versionNumber } = published;
  return { id, itemId, versionNumber, hash, title, delivery, scoring, pointsPossible, source };
}

function versionIn(items: ReadonlyMap<string, { versionId: Id }>, file: string): Id {
  const item = items.get(file);
  if (item === undefined) throw new Error('A test names an item that was not imported.');
  return item.versionId;
}
