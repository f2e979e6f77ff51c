import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  type EventEnvelope,
  ItemVersionCorrected,
  type ItemVersionCorrectedData,
} from '@parlance/events';
import type { EventContext } from '@parlance/messaging';
import { ItemCorrectionStore } from '../db/item-correction.store.js';

@Controller()
export class OnItemVersionCorrected {
  constructor(private readonly corrections: ItemCorrectionStore) {}

  /** Kept, and no more: whether scores change is for a person to decide. */
  @EventPattern<string>(ItemVersionCorrected.type)
  async handle(
    @Payload() event: EventEnvelope<ItemVersionCorrectedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    await this.corrections.add(context.tx, event.data);
  }
}
