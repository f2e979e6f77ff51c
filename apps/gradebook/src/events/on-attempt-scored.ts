import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { AttemptScored, type AttemptScoredData, type EventEnvelope } from '@parlance/events';
import type { EventContext } from '@parlance/messaging';
import { Cells } from '../cells.js';

@Controller()
export class OnAttemptScored {
  constructor(private readonly cells: Cells) {}

  @EventPattern<string>(AttemptScored.type)
  async handle(
    @Payload() event: EventEnvelope<AttemptScoredData>,
    @Ctx() context: EventContext,
  ): Promise<void> {
    await this.cells.apply(event.data, context);
  }
}
