import { Injectable } from '@nestjs/common';
import type { Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type PublishedSpec, ScoringSpecStore } from './db/scoring-spec.store.js';
import type { StoredSpec } from './domain/score-attempt.js';

/** Specs kept in memory: some hundred tests in use at a time, at a few kilobytes an item. */
const MAX_CACHED = 5000;

/** The answer keys. They never change once published, so what was read once need not be again. */
@Injectable()
export class ScoringSpecs {
  private readonly cache = new Map<string, StoredSpec>();

  constructor(private readonly store: ScoringSpecStore) {}

  add(tx: Tx, published: PublishedSpec): Promise<void> {
    return this.store.add(tx, published);
  }

  /** The specs that are known; who asks decides what a missing one means. */
  async of(tx: Tx, institutionId: Id, itemVersionIds: Id[]): Promise<Map<Id, StoredSpec>> {
    const found = new Map<Id, StoredSpec>();
    const missing: Id[] = [];
    for (const id of new Set(itemVersionIds)) {
      const spec = this.recall(`${institutionId} ${id}`);
      if (spec === undefined) missing.push(id);
      else found.set(id, spec);
    }
    if (missing.length === 0) return found;
    for (const [id, spec] of await this.store.byItemVersion(tx, missing)) {
      found.set(id, spec);
      this.remember(`${institutionId} ${id}`, spec);
    }
    return found;
  }

  /** Whatever is used moves to the end, so that the first is the one not used for longest. */
  private recall(key: string): StoredSpec | undefined {
    const spec = this.cache.get(key);
    if (spec === undefined) return undefined;
    this.cache.delete(key);
    this.cache.set(key, spec);
    return spec;
  }

  private remember(key: string, spec: StoredSpec): void {
    this.cache.set(key, spec);
    if (this.cache.size <= MAX_CACHED) return;
    const [oldest] = this.cache.keys();
    if (oldest !== undefined) this.cache.delete(oldest);
  }
}
