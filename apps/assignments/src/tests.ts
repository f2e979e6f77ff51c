import { Injectable } from '@nestjs/common';
import type { TestSection } from '@parlance/assessment';
import { type Id, Refusal } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { BoundedCache } from './bounded-cache.js';
import { type DeliverableItem, type TestVersion, TestStore } from './db/test.store.js';
import { type PinnedTest, testNotAvailable } from './domain/assignment.js';
import { itemVersionsOf, longestForm, MAX_FORM_LENGTH, sectionsById } from './domain/form.js';

/** Of stored JSON; the objects made of it take a few times as much memory. */
const MAX_CACHED_ITEM_BYTES = 32 * 1024 * 1024;
const MAX_CACHED_TEST_BYTES = 8 * 1024 * 1024;

export interface LoadedTest extends TestVersion {
  sections: ReadonlyMap<string, TestSection>;
  /** Whether learners may get different items. */
  isDrawing: boolean;
}

/**
 * Test and item versions at hand. They never change, so what was read once is kept in memory,
 * under the institution too: an id alone never opens another institution's item.
 */
@Injectable()
export class Tests {
  private readonly tests = new BoundedCache<LoadedTest>(MAX_CACHED_TEST_BYTES);
  private readonly items = new BoundedCache<DeliverableItem>(MAX_CACHED_ITEM_BYTES);

  constructor(private readonly store: TestStore) {}

  /** Refuses a test of which no version has arrived. */
  async requireArrived(tx: Tx, institutionId: Id, testId: Id): Promise<void> {
    const test = await this.store.newestVersionOf(tx, institutionId, testId);
    if (test === undefined) throw testNotAvailable();
  }

  /** The newest version of a test, once every item that it may draw on has arrived as well. */
  async newestComplete(tx: Tx, institutionId: Id, testId: Id): Promise<PinnedTest> {
    const test = await this.store.newestVersionOf(tx, institutionId, testId);
    if (test === undefined) throw testNotAvailable();
    const itemVersionIds = itemVersionsOf(test.structure);
    const length = longestForm(test.structure);
    if (length === 0) {
      throw new Refusal('unprocessable', 'test-empty', 'This test has no items to answer.');
    }
    if (length > MAX_FORM_LENGTH) {
      const detail = `A learner can get at most ${MAX_FORM_LENGTH} items; this test gives ${length}.`;
      throw new Refusal('unprocessable', 'test-too-long', detail);
    }
    const arrived = await this.store.countItems(tx, institutionId, itemVersionIds);
    if (arrived < itemVersionIds.length) throw testNotAvailable();
    return { testVersionId: test.id, pointsPossible: test.pointsPossible };
  }

  /** A version that something is pinned to. */
  async pinned(tx: Tx, institutionId: Id, testVersionId: Id): Promise<LoadedTest> {
    const key = `${institutionId}/${testVersionId}`;
    const kept = this.tests.get(key);
    if (kept !== undefined) return kept;
    const test = await this.store.version(tx, institutionId, testVersionId);
    if (test === undefined) throw new Error('A pinned test version is missing.');
    const sections = sectionsById(test.structure);
    const isDrawing = [...sections.values()].some(({ select }) => select !== null);
    const loaded = { ...test, sections, isDrawing };
    this.tests.put(key, loaded, test.bytes);
    return loaded;
  }

  /** Item versions that a form holds, by id. */
  async itemsOf(
    tx: Tx,
    institutionId: Id,
    itemVersionIds: readonly Id[],
  ): Promise<Map<Id, DeliverableItem>> {
    const found = new Map<Id, DeliverableItem>();
    const missing: Id[] = [];
    for (const id of new Set(itemVersionIds)) {
      const kept = this.items.get(`${institutionId}/${id}`);
      if (kept === undefined) missing.push(id);
      else found.set(id, kept);
    }
    if (missing.length === 0) return found;
    for (const item of await this.store.items(tx, institutionId, missing)) {
      found.set(item.itemVersionId, item);
      this.items.put(`${institutionId}/${item.itemVersionId}`, item, item.bytes);
    }
    return found;
  }
}
