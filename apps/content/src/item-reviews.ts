import { Injectable } from '@nestjs/common';
import {
  type Id,
  newId,
  notFound,
  type Page,
  pageOf,
  Refusal,
  storableText,
} from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, once, requireVersion } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { type DraftRow, DraftStore } from './db/draft.store.js';
import { type CommentRow, ItemRecordStore } from './db/item-record.store.js';
import type { ReviewRow } from './db/item-record.store.js';
import { type ItemRow, ItemStore } from './db/item.store.js';
import { idCursor } from './domain/cursor.js';
import { readSource } from './domain/item-source.js';
import * as workflow from './domain/item-workflow.js';
import type { DraftState, Step, Verdict } from './domain/item-workflow.js';
import { Drafts } from './drafts.js';
import { Items } from './items.js';

type PageAsked = { limit: number; cursor?: string };

/** Reviews of drafts, and what people say about items. */
@Injectable()
export class ItemReviews {
  constructor(
    private readonly database: Database,
    private readonly items: ItemStore,
    private readonly store: DraftStore,
    private readonly records: ItemRecordStore,
    private readonly drafts: Drafts,
    private readonly bank: Items,
  ) {}

  /** Repeated, it changes nothing. */
  async request(actor: Actor, itemId: Id, seen: number): Promise<DraftRow> {
    return this.withDraft(actor, itemId, seen, async (tx, item, draft) => {
      if (draft.state === 'in-review') return draft;
      // Rules and files may have changed since it was saved.
      const faults = await this.drafts.faultsOf(tx, readSource(draft.source));
      workflow.requireSound({ faults });
      return this.move(tx, actor, item, { ...draft, faults }, 'review-requested', 'in-review');
    });
  }

  /** Takes the draft back, approved or not; repeated, it changes nothing. */
  async withdraw(actor: Actor, itemId: Id, seen: number): Promise<DraftRow> {
    return this.withDraft(actor, itemId, seen, async (tx, item, draft) =>
      draft.state === 'draft'
        ? draft
        : this.move(tx, actor, item, { ...draft, approvedBy: null }, 'review-withdrawn', 'draft'),
    );
  }

  async review(
    actor: Actor,
    itemId: Id,
    seen: number,
    body: { verdict: Verdict; comment?: string },
    key?: string,
  ): Promise<ReviewRow> {
    const comment = storableText(body.comment ?? '').trim();
    if (body.verdict === 'request-changes' && comment === '') {
      throw new Refusal('invalid', 'comment-required', 'Say what has to change.', [
        { pointer: '/comment', detail: 'must say what has to change' },
      ]);
    }
    const operation = `review-item:${itemId}`;
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, { actor, key, operation, body }, async () => {
        const { item, draft } = await this.present(tx, itemId, seen);
        workflow.requireReviewer(draft, actor.personId);
        const isGood = body.verdict === 'approve';
        const judged = { ...draft, approvedBy: isGood ? actor.personId : null };
        const step = isGood ? 'approved' : 'changes-requested';
        await this.move(tx, actor, item, judged, step, isGood ? 'in-review' : 'draft', comment);
        const about = { itemId, draftVersion: draft.version, reviewerId: actor.personId };
        const { verdict } = body;
        const review = await this.records.addReview(tx, {
          id: newId(),
          ...about,
          verdict,
          comment,
        });
        return JSON.parse(JSON.stringify(review)) as ReviewRow;
      }),
    );
  }

  reviews(actor: Actor, itemId: Id, query: PageAsked): Promise<Page<ReviewRow>> {
    return this.page(actor, itemId, query, this.records.reviews.bind(this.records));
  }

  comments(actor: Actor, itemId: Id, query: PageAsked): Promise<Page<CommentRow>> {
    return this.page(actor, itemId, query, this.records.comments.bind(this.records));
  }

  async comment(
    actor: Actor,
    itemId: Id,
    body: { text: string },
    key?: string,
  ): Promise<CommentRow> {
    const text = storableText(body.text).trim();
    if (text === '') {
      throw new Refusal('invalid', 'invalid-input', 'The input does not fit.', [
        { pointer: '/text', detail: 'text must have at least one visible character' },
      ]);
    }
    const operation = `comment-item:${itemId}`;
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, { actor, key, operation, body }, async () => {
        if ((await this.items.find(tx, itemId)) === undefined) throw notFound('item');
        const comment = { itemId, authorId: actor.personId, text };
        const row = await this.records.addComment(tx, comment);
        return JSON.parse(JSON.stringify(row)) as CommentRow;
      }),
    );
  }

  async resolve(actor: Actor, itemId: Id, id: Id, resolved: boolean): Promise<CommentRow> {
    const resolvedBy = resolved ? actor.personId : null;
    const row = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.records.resolve(tx, { itemId, id, resolvedBy }),
    );
    if (row === undefined) throw notFound('comment');
    return row;
  }

  private async page<T extends { id: Id }>(
    actor: Actor,
    itemId: Id,
    query: PageAsked,
    read: (tx: Tx, itemId: Id, from: Id | null, limit: number) => Promise<T[]>,
  ): Promise<Page<T>> {
    const from = idCursor(query.cursor);
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      if ((await this.items.find(tx, itemId)) === undefined) throw notFound('item');
      return pageOf(await read(tx, itemId, from, query.limit), query.limit, (row) => [row.id]);
    });
  }

  private withDraft(
    actor: Actor,
    itemId: Id,
    seen: number,
    work: (tx: Tx, item: ItemRow, draft: DraftRow) => Promise<DraftRow>,
  ): Promise<DraftRow> {
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const { item, draft } = await this.present(tx, itemId, seen);
      return work(tx, item, draft);
    });
  }

  private async present(tx: Tx, itemId: Id, seen: number) {
    const { item, draft } = await this.drafts.locked(tx, itemId);
    if (draft === undefined) throw notFound('draft');
    requireVersion(seen, draft.version);
    return { item, draft };
  }

  private async move(
    tx: Tx,
    actor: Actor,
    item: ItemRow,
    draft: DraftRow,
    step: Step,
    state: DraftState,
    reason = '',
  ): Promise<DraftRow> {
    const moved = { ...draft, state };
    await this.store.move(tx, moved);
    // An item with a version stands where that stands, whatever happens to its next one.
    const status = item.latestVersionId === null ? state : item.status;
    if (status !== item.status) {
      await this.items.update(tx, { ...item, status, version: item.version + 1 });
      await this.bank.keepTags(tx, item);
    }
    const by = { actorId: actor.personId, traceId: currentTraceId() ?? null };
    await this.records.addSteps(tx, [{ itemId: item.id, step, status, reason, ...by }]);
    return moved;
  }
}
