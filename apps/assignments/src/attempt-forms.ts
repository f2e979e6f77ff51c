import { Inject, Injectable } from '@nestjs/common';
import {
  type BodyNode,
  type ItemDelivery,
  type Responses,
  shuffleChoices,
} from '@parlance/assessment';
import type { Clock, Id } from '@parlance/kernel';
import type { Tx } from '@parlance/messaging';
import { CLOCK } from './clock.js';
import type { DeliverableItem } from './db/test.store.js';
import type { SavedAnswers } from './db/response.store.js';
import { type Attempt, isEnded } from './domain/attempt.js';
import { isReached } from './domain/live.js';
import { type FormSlot, runsOf, slotsOf } from './domain/form.js';
import { Tests } from './tests.js';

export interface AttemptFormItem {
  slot: number;
  itemVersionId: Id;
  identifier: string;
  pointsPossible: number;
  delivery: ItemDelivery;
  responses: Responses;
  /** Of the answers saved last; 0 when there are none. */
  sequence: number;
}

export interface AttemptFormSection {
  id: string;
  title: string;
  instructions: BodyNode[];
  items: AttemptFormItem[];
}

/** An attempt with all that its learner sees; of a live one, what the class has come to. */
export interface AttemptForm {
  attempt: Attempt;
  /** Nobody has handed it in, but nothing can be saved any more. */
  isEnded: boolean;
  sections: AttemptFormSection[];
}

/** Makes what a learner sees out of what an attempt pins. Nothing it reads holds a key. */
@Injectable()
export class AttemptForms {
  constructor(
    private readonly tests: Tests,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async of(
    tx: Tx,
    institutionId: Id,
    attempt: Attempt,
    saved: readonly SavedAnswers[],
  ): Promise<AttemptForm> {
    const test = await this.tests.pinned(tx, institutionId, attempt.testVersionId);
    const items = await this.items(tx, institutionId, attempt);
    const savedBySlot = new Map(saved.map((answers) => [answers.slot, answers]));
    const sections = runsOf(attempt.form).map(({ sectionId, slots }) => {
      const { title = '', instructions = [] } = test.sections.get(sectionId) ?? {};
      const shown = slots
        .filter(({ slot }) => isReached(attempt, slot))
        .map((slot) =>
          shownItem(slot, pinned(items, slot), attempt.seed, savedBySlot.get(slot.slot)),
        );
      return { id: sectionId, title, instructions, items: shown };
    });
    return { attempt, isEnded: isEnded(attempt, this.clock.now()), sections };
  }

  /** The item of each slot. */
  async deliveries(
    tx: Tx,
    institutionId: Id,
    attempt: Attempt,
  ): Promise<Map<number, DeliverableItem>> {
    const items = await this.items(tx, institutionId, attempt);
    return new Map(slotsOf(attempt.form).map((slot) => [slot.slot, pinned(items, slot)]));
  }

  private items(tx: Tx, institutionId: Id, { form }: Attempt) {
    const ids = slotsOf(form).map(({ itemVersionId }) => itemVersionId);
    return this.tests.itemsOf(tx, institutionId, ids);
  }
}

function shownItem(
  { slot, itemVersionId }: FormSlot,
  item: DeliverableItem,
  seed: string,
  saved: SavedAnswers | undefined,
): AttemptFormItem {
  return {
    slot,
    itemVersionId,
    identifier: item.delivery.identifier,
    pointsPossible: item.pointsPossible,
    delivery: shuffleChoices(item.delivery, `${seed}/${slot}`),
    responses: saved?.responses ?? {},
    sequence: saved?.sequence ?? 0,
  };
}

function pinned(items: Map<Id, DeliverableItem>, { itemVersionId }: FormSlot): DeliverableItem {
  const item = items.get(itemVersionId);
  if (item === undefined) throw new Error('A pinned item version is missing.');
  return item;
}
