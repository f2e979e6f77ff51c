import { Injectable } from '@nestjs/common';
import { type FieldFault, type Id, newId, notFound, Refusal, storableText } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { type Actor, Database, once, requireVersion } from '@parlance/platform';
import { currentTraceId } from '@parlance/telemetry';
import { type DraftRow, DraftStore } from './db/draft.store.js';
import { ItemRecordStore } from './db/item-record.store.js';
import { type ItemRow, ItemStore } from './db/item.store.js';
import { MediaStore } from './db/media.store.js';
import { type ReadSource, readSource } from './domain/item-source.js';
import { requireEditable, type Step } from './domain/item-workflow.js';
import { mediaIn } from './domain/media-refs.js';
import { plannedItem, tooLarge } from './import-plan.js';
import { Items, type ItemTags, tagsOf } from './items.js';

export interface NewItem extends ItemTags {
  source: object;
  /** What the item is called in packages; by default as its source says, or else its id. */
  identifier?: string;
}

const MAX_IDENTIFIER = 250;

/** Items as they are written: one draft an item, saved as often as its authors like. */
@Injectable()
export class Drafts {
  constructor(
    private readonly database: Database,
    private readonly items: ItemStore,
    private readonly store: DraftStore,
    private readonly records: ItemRecordStore,
    private readonly media: MediaStore,
    private readonly bank: Items,
  ) {}

  async create(actor: Actor, body: NewItem, key?: string): Promise<DraftRow> {
    const read = readSource(body.source);
    return this.database.inInstitution(actor.institutionId, (tx) =>
      once(tx, { actor, key, operation: 'create-item', body }, async () => {
        const id = newId();
        const identifier = await this.freeIdentifier(tx, body, id);
        const { title, type } = read;
        const standing = { status: 'draft' as const, authorId: actor.personId, version: 1 };
        const item = { id, identifier, title, type, ...tagsOf(body), ...standing };
        await this.items.insert(tx, item);
        await this.bank.keepTags(tx, item);
        const draft = await this.save(tx, id, read, { version: 1, editorIds: [actor.personId] });
        await this.record(tx, actor, id, 'created', 'draft');
        // What is answered again for the same key is JSON, which knows no Date.
        return JSON.parse(JSON.stringify(draft)) as DraftRow;
      }),
    );
  }

  async get(actor: Actor, itemId: Id): Promise<DraftRow> {
    const draft = await this.database.inInstitution(actor.institutionId, (tx) =>
      this.store.find(tx, itemId),
    );
    if (draft === undefined) throw notFound('draft');
    return draft;
  }

  /** Version 0 begins a draft of an item that has none. */
  async put(actor: Actor, itemId: Id, seen: number, source: object): Promise<DraftRow> {
    const read = readSource(source);
    return this.database.inInstitution(actor.institutionId, async (tx) => {
      const { item, draft } = await this.locked(tx, itemId);
      requireVersion(seen, draft?.version ?? 0);
      if (draft !== undefined) requireEditable(draft);
      const editorIds = [...new Set([...(draft?.editorIds ?? []), actor.personId])];
      const saved = await this.save(tx, itemId, read, { version: seen + 1, editorIds });
      if (item.latestVersionId === null) {
        const { title, type } = read;
        await this.items.update(tx, { ...item, title, type, version: item.version + 1 });
        await this.bank.keepTags(tx, item);
      }
      return saved;
    });
  }

  /** Gives up what is written of the next version; an item that was never published stays. */
  async discard(actor: Actor, itemId: Id, seen: number): Promise<void> {
    await this.database.inInstitution(actor.institutionId, async (tx) => {
      const { item, draft } = await this.locked(tx, itemId);
      if (draft === undefined) throw notFound('draft');
      requireVersion(seen, draft.version);
      requireEditable(draft);
      if (item.latestVersionId === null) {
        const detail = 'The item has nothing but this draft; change it instead.';
        throw new Refusal('conflict', 'never-published', detail);
      }
      await this.store.remove(tx, itemId);
      await this.record(tx, actor, itemId, 'draft-discarded', item.status);
    });
  }

  /** The item and its draft, the item held until the end of the transaction. */
  async locked(tx: Tx, itemId: Id): Promise<{ item: ItemRow; draft: DraftRow | undefined }> {
    const item = await this.items.lock(tx, itemId);
    if (item === undefined) throw notFound('item');
    return { item, draft: await this.store.find(tx, itemId) };
  }

  /** What keeps a source from being published, files that nobody has uploaded among it. */
  async faultsOf(tx: Tx, read: ReadSource): Promise<FieldFault[]> {
    if (read.item === undefined) return read.faults;
    const { delivery, scoring } = read.item;
    const large = tooLarge(
      plannedItem({ file: '', identifier: '', title: read.title, delivery, scoring }),
    );
    const used = mediaIn(delivery).map(({ sha256 }) => sha256);
    const ready = await this.media.ready(tx, used);
    return [
      ...(large === undefined ? [] : [{ pointer: '', detail: large }]),
      ...used
        .filter((sha256) => !ready.has(sha256))
        .map((sha256) => ({ pointer: '', detail: `the file ${sha256} has not been uploaded` })),
    ];
  }

  private async save(
    tx: Tx,
    itemId: Id,
    read: ReadSource,
    about: { version: number; editorIds: Id[] },
  ): Promise<DraftRow> {
    const { source, title, warnings } = read;
    const faults = await this.faultsOf(tx, read);
    const standing = { state: 'draft' as const, approvedBy: null };
    return this.store.save(tx, { itemId, source, title, warnings, faults, ...standing, ...about });
  }

  private async record(tx: Tx, actor: Actor, itemId: Id, step: Step, status: ItemRow['status']) {
    const traceId = currentTraceId() ?? null;
    await this.records.addSteps(tx, [{ itemId, step, status, actorId: actor.personId, traceId }]);
  }

  private async freeIdentifier(tx: Tx, body: NewItem, id: Id): Promise<string> {
    const { identifier: own } = body.source as { identifier?: unknown };
    const asked = body.identifier ?? (typeof own === 'string' ? own : '');
    const identifier = storableText(asked).trim().slice(0, MAX_IDENTIFIER);
    if (identifier === '') return id;
    if (!(await this.items.identifierExists(tx, identifier))) return identifier;
    throw new Refusal('conflict', 'identifier-taken', 'Another item has this identifier.', [
      { pointer: '/identifier', detail: 'must be one that no other item has' },
    ]);
  }
}
