import { Injectable } from '@nestjs/common';
import { type FieldFault, type Id, Refusal } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import type { DeliverableItem } from './db/test.store.js';
import { UploadStore } from './db/upload.store.js';
import type { CheckedAnswers } from './domain/answers.js';

/** Answers that name an upload: recordings and files. */
@Injectable()
export class UploadAnswers {
  constructor(private readonly store: UploadStore) {}

  /** Refuses an upload that is not finished, or not of this attempt and slot. */
  async requireFinished(
    tx: Tx,
    institutionId: Id,
    attemptId: Id,
    batch: readonly CheckedAnswers[],
    items: ReadonlyMap<number, DeliverableItem>,
  ): Promise<void> {
    const unfinished = await this.unfinished(tx, institutionId, attemptId, batch, items);
    const faults = unfinished.map(({ index, responseId }): FieldFault => {
      const pointer = `/responses/${index}/responses/${responseId}`;
      return { pointer, detail: 'is no finished upload for this answer' };
    });
    if (faults.length === 0) return;
    const detail = 'An answer names an upload that is not finished; nothing was saved.';
    throw new Refusal('unprocessable', 'upload-not-finished', detail, faults);
  }

  /** By their place in the batch. Batches without recordings or files cost no statement. */
  async unfinished(
    tx: Tx,
    institutionId: Id,
    attemptId: Id,
    batch: readonly CheckedAnswers[],
    items: ReadonlyMap<number, DeliverableItem>,
  ): Promise<{ index: number; responseId: string }[]> {
    const named = batch.flatMap(({ slot, responses }, index) =>
      uploadsIn(items.get(slot), responses).map((one) => ({ ...one, slot, index })),
    );
    if (named.length === 0) return [];
    const finished = await this.store.finished(tx, institutionId, attemptId);
    return named.filter(({ slot, responseId, uploadId }) => {
      const upload = finished.get(uploadId);
      return upload?.slot !== slot || upload.responseId !== responseId;
    });
  }
}

function uploadsIn(item: DeliverableItem | undefined, responses: CheckedAnswers['responses']) {
  const kinds: readonly string[] = ['recording', 'upload'];
  return (item?.delivery.interactions ?? []).flatMap(({ kind, responseId }) => {
    const value = kinds.includes(kind) ? responses[responseId] : undefined;
    return typeof value === 'string' ? [{ responseId, uploadId: value }] : [];
  });
}
