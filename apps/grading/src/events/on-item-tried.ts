import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { type EventEnvelope, ItemTried, type ItemTriedData } from '@parlance/events';
import type { EventContext } from '@parlance/messaging';
import { Tries } from '../tries.js';

@Controller()
export class OnItemTried {
  constructor(private readonly tries: Tries) {}

  @EventPattern<string>(ItemTried.type)
  async handle(
    @Payload() event: EventEnvelope<ItemTriedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    await this.tries.answer(event.data, context);
  }
}
