import { Injectable } from '@nestjs/common';
import { ItemVersionCorrected } from '@parlance/events';
import { type Id, notFound, type Page, pageOf, Refusal, storableText } from '@parlance/kernel';
import { Outbox, type Tx } from '@parlance/messaging';
import { type Actor, Database, hasRole, requireVersion } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { DraftStore } from './db/draft.store.js';
import { ItemRecordStore, type StepRow } from './db/item-record.store.js';
import { type ItemRow, ItemStore } from './db/item.store.js';
import { idCursor } from './domain/cursor.js';
import { readSource } from './domain/item-source.js';
import * as workflow from './domain/item-workflow.js';
import type { ItemStatus, Step } from './domain/item-workflow.js';
import type { Published } from './domain/publication.js';
import { Drafts } from './drafts.js';
import { plannedItem } from './import-plan.js';
import { Items } from './items.js';
import { Publications } from './publications.js';

export interface PublicationRequest {
  /** Versions whose fault this one mends: what was answered under them is scored anew. */
  correctedVersionIds?: Id[];
  /** What was wrong; required of a correction. */
  reason?: string;
}

/** Which items are in the bank for others to use, and which versions mend which. */
@Injectable()
export class ItemPublications {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly items: ItemStore,
    private readonly store: DraftStore,
    private readonly records: ItemRecordStore,
    private readonly drafts: Drafts,
    private readonly bank: Items,
    private readonly publications: Publications,
  ) {}

  /** Makes the draft the next version of its item, and leaves no draft. */
  async publish(
    actor: Actor,
    itemId: Id,
    seen: number,
    request: PublicationRequest,
  ): Promise<ItemRow> {
    const reason = storableText(request.reason ?? '').trim();
    const corrected = [...new Set(request.correctedVersionIds ?? [])];
    if (corrected.length > 0 && reason === '') throw reasonRequired('/reason');
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const { item, draft } = await this.drafts.locked(tx, itemId);
      if (draft === undefined) throw notFound('draft');
      requireVersion(seen, draft.version);
      const read = readSource(draft.source);
      const faults = await this.drafts.faultsOf(tx, read);
      const policy = await this.records.policy(tx);
      workflow.requirePublishable(item, { ...draft, faults }, policy);
      if (read.item === undefined) throw new Error('A source without faults made no item.');
      await this.requireVersionsOf(tx, itemId, corrected);
      const { identifier } = item;
      const { title, source } = read;
      const planned = { ...plannedItem({ file: itemId, identifier, title, ...read.item }), source };
      const traceId = currentTraceId() ?? null;
      const { institutionId, personId: actorId } = actor;
      const context = { importId: null, institutionId, actorId, traceId };
      const published = (await this.publications.items(tx, [planned], context)).get(itemId);
      if (published === undefined) throw new Error('A published item vanished.');
      if (published.change === 'unchanged') {
        const detail = 'The draft is the very same as the published version.';
        throw new Refusal('conflict', 'nothing-changed', detail);
      }
      await this.store.remove(tx, itemId);
      if (corrected.length > 0) await this.correct(tx, actor, published, corrected, reason);
      return this.present(tx, itemId);
    });
  }

  /** Repeated, it changes nothing: whoever held it back first stays on record. */
  hold(
    actor: Actor,
    itemId: Id,
    status: 'retired' | 'quarantined',
    given: string,
  ): Promise<ItemRow> {
    const reason = storableText(given).trim();
    if (reason === '') throw reasonRequired('/reason');
    return this.change(actor, itemId, async (item) => {
      workflow.requirePublished(item);
      return item.status === status ? null : { status, step: status, reason };
    });
  }

  /** Lets an item back in: anybody who teaches may hold one back, only an admin does this. */
  letIn(actor: Actor, itemId: Id, from: 'retired' | 'quarantined'): Promise<ItemRow> {
    if (!hasRole(actor, 'admin')) {
      const detail = 'Only an admin lets an item back in.';
      throw new Refusal('forbidden', 'role-required', detail);
    }
    const step = from === 'retired' ? 'reinstated' : 'released';
    return this.change(actor, itemId, async (item) =>
      item.status === from ? { status: 'published', step, reason: '' } : null,
    );
  }

  async history(
    actor: Actor,
    itemId: Id,
    query: { limit: number; cursor?: string },
  ): Promise<Page<StepRow>> {
    const before = idCursor(query.cursor);
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      await this.present(tx, itemId);
      const rows = await this.records.steps(tx, itemId, before, query.limit);
      return pageOf(rows, query.limit, (row) => [row.id]);
    });
  }

  private async change(
    actor: Actor,
    itemId: Id,
    decide: (item: ItemRow) => Promise<{ status: ItemStatus; step: Step; reason: string } | null>,
  ): Promise<ItemRow> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const item = await this.items.lock(tx, itemId);
      if (item === undefined) throw notFound('item');
      const decided = await decide(item);
      if (decided === null) return item;
      const changed = { ...item, status: decided.status, version: item.version + 1 };
      await this.items.update(tx, changed);
      await this.bank.keepTags(tx, item);
      const by = { actorId: actor.personId, traceId: currentTraceId() ?? null };
      const itemVersionId = item.latestVersionId;
      await this.records.addSteps(tx, [{ itemId, itemVersionId, ...decided, ...by }]);
      return changed;
    });
  }

  private async present(tx: Tx, itemId: Id): Promise<ItemRow> {
    const item = await this.items.find(tx, itemId);
    if (item === undefined) throw notFound('item');
    return item;
  }

  private async requireVersionsOf(tx: Tx, itemId: Id, versionIds: readonly Id[]): Promise<void> {
    if (versionIds.length === 0) return;
    const found = await this.items.numbersOf(tx, itemId, versionIds);
    if (found.length === versionIds.length) return;
    const detail = 'Only versions of this item can be corrected.';
    throw new Refusal('unprocessable', 'item-version-not-found', detail, [
      { pointer: '/correctedVersionIds', detail: 'must be ids of versions of this item' },
    ]);
  }

  private async correct(
    tx: Tx,
    actor: Actor,
    { id: itemId, versionId, versionNumber }: Published,
    oldVersionIds: Id[],
    reason: string,
  ): Promise<void> {
    const { personId: actorId, institutionId } = actor;
    const shared = { itemId, reason, actorId };
    await this.records.addCorrections(tx, { ...shared, oldVersionIds, newVersionId: versionId });
    await this.outbox.addAll(
      tx,
      ItemVersionCorrected,
      oldVersionIds.map((oldItemVersionId) => ({
        version: versionNumber,
        institutionId,
        data: { ...shared, oldItemVersionId, newItemVersionId: versionId },
      })),
    );
  }
}

function reasonRequired(pointer: string): Refusal {
  return new Refusal('invalid', 'reason-required', 'Say why.', [
    { pointer, detail: 'must say why' },
  ]);
}
