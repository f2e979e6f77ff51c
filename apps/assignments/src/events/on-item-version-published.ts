import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  ItemVersionPublished,
  type ItemVersionPublishedData,
  type EventEnvelope,
} from '@parlance/events';
import { type EventContext, Unprocessable } from '@parlance/messaging';
import { TestStore } from '../db/test.store.js';
import { isDelivery } from '../domain/published.js';

@Controller()
export class OnItemVersionPublished {
  constructor(private readonly store: TestStore) {}

  @EventPattern<string>(ItemVersionPublished.type)
  async handle(
    @Payload() event: EventEnvelope<ItemVersionPublishedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    if (!isDelivery(event.data.delivery)) {
      throw new Unprocessable('The delivery of the item is of another shape than expected.');
    }
    // An item version never changes: a second event for it says the same.
    await this.store.addItemVersion(context.tx, context.institutionId, event.data);
  }
}
