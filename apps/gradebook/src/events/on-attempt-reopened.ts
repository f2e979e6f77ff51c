import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { AttemptReopened, type AttemptReopenedData, type EventEnvelope } from '@parlance/events';
import type { EventContext } from '@parlance/messaging';
import { Cells } from '../cells.js';

@Controller()
export class OnAttemptReopened {
  constructor(private readonly cells: Cells) {}

  @EventPattern<string>(AttemptReopened.type)
  async handle(
    @Payload() event: EventEnvelope<AttemptReopenedData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    await this.cells.reopen(event.data, context);
  }
}
